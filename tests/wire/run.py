"""Judges the wire: every tool of documents through the built gateway to a recording upstream, and back.

    run.py SPEC…     documents by path or corpus name        --sample   the list that CI runs
    run.py --all     the whole corpus                         --own      only tests/wire/specs with expected.yaml
"""

import argparse
import collections
import json
import re
import sys
import time
import zlib

import crosscheck
import expected
import judge
import operations
from gateway import Gateway, free_port
from generate import argument_sets
from recorder import Recorder
from strings import Impossible
from values import dump
from workspace import HERE, SCRATCH, Spec, Workspace, corpus, find

SAMPLE = ["readme-parameters-style", "redocly-query-styles", "oadiff-parameters-matrix", "petstore-2.0", "petstore-3.0",
          "petstore-3.1", "petstore-fake-2.0", "petstore-fake-3.0", "connexion-simple-2.0", "connexion-simple-3.0",
          "readme-file-uploads", "mermade-multipart-mixed", "fastapi-shop", "fastapi-meteo", "oai-tags-3.2",
          "redocly-lint-3.2", "redocly-cafe-split-3.2-multi", "readme-path-quirks"]


class Tally:
    """What happened to one document."""

    def __init__(self, label):
        self.label, self.tools, self.calls, self.refused = label, 0, 0, 0
        self.failures, self.skipped, self.left, self.crossed = [], [], 0, 0

    def fail(self, tool, errors, arguments=None, seen=(), mode=""):
        """Records a failure with what reproduces it."""
        self.failures.append({"spec": self.label, "tool": tool, "mode": mode, "errors": errors,
                              "arguments": arguments, "wire": [s.show() for s in seen]})

    def line(self):
        """One line for the summary."""
        return (f"{self.label:34} {self.tools:5} tools {self.calls:6} calls {len(self.failures):5} failures "
                f"{len(self.skipped):4} skipped {self.refused:3} refused {self.left:4} arguments left out "
                f"{self.crossed:6} cross-checked")


def own():
    """The documents beside this file."""
    return [Spec(p.stem, p) for p in sorted((HERE / "specs").glob("*.yaml")) if p.stem != "expected"]


def judge_spec(spec, report, gateway, recorder, rounds):
    """Calls every tool of a document. Answers its Tally."""
    tally = Tally(spec.label)
    known = {(o.method.upper(), "/" + o.path.lstrip("/")): o for o in operations.read(spec.entry)}
    listed = {t["name"]: t for t in gateway.tools(spec.name)}
    dropped = {(t["method"].upper(), "/" + t["path"].lstrip("/")) for t in report["tools"]}
    losses = json.dumps([report["losses"], report["problems"]], ensure_ascii=False)
    for method, path in known:
        if (method, path) not in dropped and path[1:].replace("~", "~0").replace("/", "~1") not in losses:
            tally.fail(f"{method} {path}", ["the operation is neither a tool nor a loss"])
    for entry in report["tools"]:
        tally.tools += 1
        operation, tool = known.get((entry["method"].upper(), "/" + entry["path"].lstrip("/"))), listed.get(entry["name"])
        if operation is None or tool is None:
            tally.fail(entry["name"], ["in the report, but not in " + ("tools/list" if tool is None else "the document")])
            continue
        case = judge.Case(entry, operation, tool["inputSchema"])
        errors = [e for e in judge.missing(case) if not _is_loss(e, losses)]
        if errors:
            tally.fail(entry["name"], errors)
        judge_tool(spec, case, gateway, recorder, tally, rounds)
    return tally


def _is_loss(error, losses):
    found = re.match(r"parameter (.*) in \w+ is not in the report", error)
    return found is not None and f"`{found[1]}`" in losses


def judge_tool(spec, case, gateway, recorder, tally, rounds):
    """All argument sets of one tool."""
    name, prefix = case.report["name"], f"/{spec.name}"
    seed = zlib.crc32(f"{spec.label}/{name}".encode())
    try:
        for mode, arguments, left in argument_sets(case.schema, case.places(), seed, rounds):
            tally.left += len(left)
            text = None if not arguments and mode == "required" else dump(arguments)
            recorder.drain()
            is_error, answer = gateway.call(spec.name, name, text)
            seen = recorder.drain()
            tally.calls += 1
            tally.refused += is_error and not seen and judge.refusable(case, arguments)
            errors = judge.check(case, prefix, arguments, seen, is_error, answer)
            if len(seen) == 1 and not errors:
                compared, errors = crosscheck.check(case, prefix, arguments, seen[0])
                tally.crossed += compared
            if errors:
                tally.fail(name, errors, text, seen, mode)
    except Impossible as error:
        tally.skipped.append((name, str(error)))
    except RecursionError:
        tally.skipped.append((name, "the schema is too deep for the generator"))


def judge_expected(spec, gateway, recorder):
    """The literal table of one of our own documents."""
    tally = Tally(spec.label + " (expected)")
    for entry in expected.entries(spec.label):
        recorder.drain()
        is_error, answer = gateway.call(spec.name, entry["tool"], expected.arguments(entry))
        seen = recorder.drain()
        tally.calls += 1
        errors = expected.check(entry, f"/{spec.name}", seen, is_error, answer)
        if errors:
            tally.fail(entry["tool"], errors, expected.arguments(entry), seen, "expected")
    return tally


def start(workspace, specs, recorder, folder):
    """The gateway over all specs, each server's upstream being a folder of the recorder."""
    lines = ["mcp_servers:"]
    for spec in specs:
        lines += [f"  {spec.name}:", f"    url: {recorder.url}/{spec.name}", "    extra_headers: []", "    rate: off"]
    config, port = folder / "toolwright.yaml", free_port()
    config.write_text("\n".join(lines) + "\n")
    command = [str(workspace.server), "serve", "--config", str(config), "--listen", f"127.0.0.1:{port}"]
    return Gateway(command, port, folder / "gateway.log")


def report(tallies, broken, folder, limit):
    """Prints totals and the first failures; writes all of them to report.json. Answers whether all is well."""
    failures = [f for t in tallies for f in t.failures]
    (folder / "report.json").write_text(json.dumps({
        "broken": broken, "failures": failures, "skipped": {t.label: t.skipped for t in tallies if t.skipped}}, indent=1))
    for label, error in broken.items():
        print(f"\nBROKEN {label}: {error}")
    shown = collections.Counter()
    for failure in failures:
        key = (failure["spec"], failure["errors"][0][:24])
        shown[key] += 1
        if shown[key] <= limit:
            print(f"\nFAILURE {failure['spec']} {failure['tool']} ({failure['mode']})\n  " + "\n  ".join(e[:600] for e in failure["errors"][:5])
                  + f"\n  arguments: {(failure['arguments'] or 'absent')[:700]}\n  wire: "
                  + "\n        ".join([line[:300] for line in "\n".join(failure["wire"]).split("\n")[:14]]))
    print()
    for tally in tallies:
        print(tally.line())
        for name, reason in tally.skipped[:4]:
            print(f"    skipped {name}: {reason[:160]}")
    total = (sum(t.tools for t in tallies), sum(t.calls for t in tallies), len(failures), len(broken),
             sum(len(t.skipped) for t in tallies))
    print("total: %d tools, %d calls, %d failures, %d broken documents, %d skipped tools" % total)
    return not failures and not broken


def main():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("specs", nargs="*")
    for flag in ("--all", "--sample", "--own"):
        parser.add_argument(flag, action="store_true")
    parser.add_argument("--committed", action="store_true", help="build HEAD, not the working tree")
    parser.add_argument("--reuse", action="store_true", help="judge what was built last, without building")
    parser.add_argument("--rounds", type=int, default=3, help="random argument sets for each tool")
    parser.add_argument("--limit", type=int, default=2, help="failures of one kind to print for each document")
    options = parser.parse_args()
    mine = [] if options.specs and not options.own else own()
    sample = SAMPLE if options.sample and corpus() else []
    if options.sample and not corpus():
        print("the spec corpus was not found (TOOLWRIGHT_CORPUS): only tests/wire/specs are judged", file=sys.stderr)
    specs = mine + find(options.specs + sample, options.all)
    workspace, recorder, began = Workspace(), Recorder(), time.monotonic()
    if not options.reuse:
        workspace.sync(options.committed)
        workspace.build_xtask()
    reports, broken = {}, {}
    for spec in specs:
        reports[spec.label], error = workspace.inspect(spec)
        if error:
            broken[spec.label] = error
    specs = [s for s in specs if s.label not in broken]
    if options.reuse:
        broken |= {s.label: "not built; run without --reuse" for s in specs if s.name not in workspace.members()}
    else:
        broken |= workspace.add(specs)
        broken |= workspace.build([s for s in specs if s.label not in broken])
    specs = [s for s in specs if s.label not in broken]
    print(f"{len(specs)} documents built in {time.monotonic() - began:.0f} s", file=sys.stderr)
    gateway = start(workspace, specs, recorder, SCRATCH)
    tallies = []
    try:
        for spec in specs:
            tallies.append(judge_spec(spec, reports[spec.label], gateway, recorder, options.rounds))
            print(tallies[-1].line(), file=sys.stderr)
            if spec in mine:
                tallies.append(judge_expected(spec, gateway, recorder))
    finally:
        gateway.close()
        recorder.close()
    sys.exit(0 if report(tallies, broken, SCRATCH, options.limit) else 1)


if __name__ == "__main__":
    main()
