"""The judge judged: by the book, the stand-in gateway passes; with each flaw, it does not."""

import sys

from fake_gateway import Fake
from gateway import Gateway
from recorder import Recorder
from run import judge_expected, judge_spec, own

FLAWS = ["python booleans", "float numbers", "raw slash", "plus for space", "host notation", "drop falsy", "reversed",
         "number text", "json for all", "no headers", "send defaults", "extra query", "extra header", "get for all", "twice",
         "never", "no attributes"]


def plain():
    """Our documents that the stand-in can encode."""
    return [spec for spec in own() if not spec.label.startswith("further-")]


class Client(Gateway):
    """A Gateway without a process."""

    def __init__(self, port):
        self.port, self.connection, self.number = port, None, 0

    def close(self):
        """Nothing to end."""


def failures(flaw):
    """(failures, calls, values cross-checked) over our own documents with one flaw."""
    recorder = Recorder()
    fake = Fake(plain(), ("127.0.0.1", recorder.port), flaw)
    client, found, calls, crossed = Client(fake.port), [], 0, 0
    for spec in plain():
        report = {"tools": [t.report() for t in fake.tools[spec.name].values()], "problems": [],
                  "losses": [f"`{name}`" for name in ("Host", "Content-Length", "Transfer-Encoding", "Connection", "Upgrade", "TE",
                                                      "Proxy-Authorization", "Mcp-Session-Id")]}
        tally = judge_spec(spec, report, client, recorder, 8)
        found += tally.failures
        if flaw is None:
            found += judge_expected(spec, client, recorder).failures
        calls += tally.calls
        crossed += tally.crossed
        if flaw is None and tally.skipped:
            found += [{"errors": [f"{spec.label}: skipped {tally.skipped}"], "tool": "", "arguments": "", "wire": []}]
    fake.close()
    recorder.close()
    return found, calls, crossed


def main():
    """Exit 1 when the judge is wrong."""
    clean, calls, crossed = failures(None)
    for failure in clean[:8]:
        print("FALSE ALARM", failure["tool"], failure["errors"], failure["arguments"], *failure["wire"], sep="\n  ")
    print(f"by the book: {len(clean)} failures in {calls} calls, {crossed} values cross-checked")
    blind = []
    for flaw in FLAWS:
        found = failures(flaw)[0]
        print(f"{flaw}: {len(found)} failures, e.g. {found[0]['errors'][0][:110] if found else '-'}")
        blind += [flaw] if not found else []
    print("blind to:", blind or "nothing")
    sys.exit(1 if clean or blind else 0)


if __name__ == "__main__":
    main()
