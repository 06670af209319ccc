"""Hostile argument values at the built gateway: path, query, header, cookie and body (the threat list, rows 1 to 9).

What must be refused is refused before any request; everything else arrives as exactly one request that decodes equal;
nothing ever connects elsewhere.
"""

import argparse
import os
import random
import sys
from pathlib import Path

import judge
import operations
from gateway import Gateway, free_port
from recorder import Recorder
from values import dump
from workspace import HERE, SCRATCH, Spec, Workspace

DOTS = ["", ".", ".."]
SPELLINGS = ["%252e", "%2e", "%2E", "%2e%2e", "%2E.", ".%2e", "%2E%2E"]  # refused, or encoded once more: both are safe
PATHS = ["..%2f", "..\\", "../", "../..", "/etc/passwd", "//evil", "a/b", "a//b", "\\\\evil", "?a=b", "#x", ";x", "@evil",
         ":8080", "\0", "a\0b", "\n", "\r\n", "\t", "．．", "..;", "...", "%", "%zz", "%2", "%00", "~", "~root", "*", "a b", " ", "+",
         "&", "=", "http://evil/", "..\u200b", "é", "🙂", "x" * 4000, "{p}", "[::1]", "|", "^", "`", "<>", '"', "'", "a\u202eb", "\x7f"]
QUERIES = ["a&admin=true", "a&q=b", "a=b", "#frag", "a#b&c=d", "+", "a+b", "%26admin%3Dtrue", "%", "[k]", "]=1&x[", ";", ",", "a,b", "",
           "\0", "\r\nX: 1", "\n", "é", "🙂", "?", "??", "&&", "==", "admin=true&", "x" * 4000, "http://evil/", "a|b", " ", "\\", "true"]
HEADERS = ["a\rb", "a\nb", "a\r\nX-Evil: 1", "\0", "a\0b", "\x7f", "é", "🙂", "x" * 100_000, "\r", "\n", "a\x01b", "\x1b[31m", "\u2028"]
PLAIN = ["a; b", "a: b", '"', "a,b", "%0d%0aX: 1", "a=b", "http://evil/", "\\r\\n"]
COOKIES = ["a;b", "a; two=evil", "a,b", "a=b", "a\r\nX-Evil: 1", "\r\n", "\0", '"', "\\", " ", "é", "🙂", "%3B", "", "a&b", "\t"]
SMUGGLED = ["\r\n0\r\n\r\nGET /evil HTTP/1.1\r\nHost: x\r\n\r\n", "0\r\n\r\n", "\r\n\r\nPOST /evil HTTP/1.1\r\n\r\n", "--", "\r\n--XbX--\r\n",
            "\r\n--boundary\r\nContent-Disposition: form-data; name=\"evil\"\r\n\r\n1", "\0", "a&admin=true", "]]>", "<!DOCTYPE x>",
            "<evil/>", "&amp;", "\"", "'", "\u2028", "é", "\r", "\n"]


class Attack:
    """The gateway under attack."""

    def __init__(self, gateway, upstream, canary, spec, report):
        self.gateway, self.upstream, self.canary, self.spec = gateway, upstream, canary, spec
        known = {(o.method.upper(), o.path): o for o in operations.read(spec.entry)}
        listed = {t["name"]: t["inputSchema"] for t in gateway.tools(spec.name)}
        self.cases = {t["name"]: judge.Case(t, known[t["method"].upper(), t["path"]], listed[t["name"]]) for t in report["tools"]}
        self.checks, self.failures = {}, []

    def shoot(self, row, tool, arguments, refuse):
        """One call. `refuse`: True, it must be refused; False, it must arrive; None, either."""
        self.checks[row] = self.checks.get(row, 0) + 1
        self.upstream.drain()
        is_error, text = self.gateway.call(self.spec.name, tool, dump(arguments))
        seen = self.upstream.drain()
        if refuse is not False and is_error and not seen:
            errors = []
        elif refuse:
            errors = [f"not refused: {[s.show()[:300] for s in seen]}" if seen else f"no request, no error: {text[:200]}"]
        else:
            errors = judge.check(self.cases[tool], f"/{self.spec.name}", arguments, seen, is_error, text)
        if errors:
            self.failures.append((row, tool, dump(arguments)[:300], errors))
        return seen

    def paths(self):
        """Rows 1 and 8: every path parameter; a whole dot segment never leaves."""
        for value in DOTS + SPELLINGS + PATHS + self.hosts():
            refuse = True if value in DOTS else None if value in SPELLINGS else False
            for tool in ("path_middle", "path_last", "path_first"):
                self.shoot(1, tool, {"p": value}, refuse)
            label = True if value in ("", ".") else None if value in SPELLINGS else False
            self.shoot(1, "path_styles", {"p": value, "m": "a", "l": ["a"]}, label)
            self.shoot(1, "path_styles", {"p": "a", "m": value, "l": ["a"]}, False)
            self.shoot(1, "path_styles", {"p": "a", "m": "a", "l": [value]}, refuse)
            self.shoot(1, "path_styles", {"p": "a", "m": "a", "l": [value, value]}, False)

    def random_text(self, count):
        """Row 2: any text leaves origin, segment count, fixed segments and other parameters alone."""
        rng = random.Random(20)
        for _ in range(count):
            size = rng.choice([1, 2, 3, 8, 40])
            value = "".join(chr(rng.choice([rng.randrange(128), rng.randrange(0xD800), rng.randrange(0xE000, 0x110000)]))
                            for _ in range(size))
            refuse = True if value in DOTS else None if value in SPELLINGS else False
            self.shoot(2, "path_middle", {"p": value, "q": value[::-1]}, refuse)

    def queries(self):
        """Rows 3 and 8: exactly the declared keys arrive."""
        for value in QUERIES + PATHS + self.hosts():
            for arguments in ({"q": value}, {"list": [value, "b"]}, {"csv": [value, "b"]}, {"deep": {"k": value}},
                              {"deep": {value: "v"}}, {"open": value, "q": "x"}, {"json": {"k": value}}, {"q": value, "open": value}):
                self.shoot(3, "query", arguments, False)

    def headers(self):
        """Row 4: control characters, DEL, non-ASCII and giants are refused; the rest arrives as it is."""
        for value in HEADERS:
            self.shoot(4, "header", {"X-One": value}, True)
            self.shoot(4, "header", {"X-Many": ["a", value]}, True)
        for value in PLAIN + self.hosts():
            self.shoot(4, "header", {"X-One": value}, False)

    def cookies(self):
        """Row 5: encoded or refused; one pair."""
        for value in COOKIES + QUERIES:
            self.shoot(5, "cookie", {"one": value}, None)
            self.shoot(5, "cookie", {"one": value, "two": "b"}, None)

    def framing(self):
        """Row 6: names that the gateway owns never come from arguments."""
        names = self.cases["framing"].schema.get("properties", {})
        plain = self.shoot(6, "framing", {"X-Plain": "a", "body": {}}, False)
        for name, value in {"Host": "evil.example", "Content-Length": "1", "Transfer-Encoding": "chunked", "Connection": "close, x-plain",
                            "Authorization": "Bearer evil", "Content-Type": "text/evil", "Proxy-Authorization": "evil",
                            "Upgrade": "websocket", "TE": "trailers", "Mcp-Session-Id": "evil"}.items():
            seen = self.shoot(6, "framing", {name: value, "X-Plain": "a", "body": {}}, None)
            if name in names:
                self.failures.append((6, "framing", name, [f"{name} is offered to the model"]))
            if seen and sorted(h for h in seen[0].headers) != sorted(h for h in plain[0].headers):
                self.failures.append((6, "framing", name, [f"{name} changed the head: {seen[0].show()}"]))

    def bodies(self):
        """Row 7: one request, byte for byte."""
        for value in SMUGGLED + PATHS:
            arguments = {"body": {"text": value, "more": value}}
            self.shoot(7, "json", arguments, False)
            self.shoot(7, "form", arguments, False)
            self.shoot(7, "multipart", arguments, False)
            self.shoot(7, "text", {"body": value}, False)
            legal = all(c in "\t\n\r" or c >= " " for c in value) and "\ufffe" not in value
            self.shoot(7, "xml", arguments, False if legal else None)
            self.shoot(7, "multipart", {"body": {"file": {"data": "aGk=", "filename": value}}}, None if "\0" in value else False)
            self.shoot(7, "multipart", {"body": {"file": {"data": "aGk=", "content_type": value}}}, True if set(value) & set("\r\n\0") else None)

    def hosts(self):
        """Row 8: values that look like the address of the canary."""
        port = self.canary.port
        return [f"http://127.0.0.1:{port}/", f"//127.0.0.1:{port}/", f"127.0.0.1:{port}", f"@127.0.0.1:{port}", f"x@127.0.0.1:{port}/",
                f"\\\\127.0.0.1:{port}\\", f".127.0.0.1:{port}", f"http:127.0.0.1:{port}"]

    def sockets(self):
        """Rows 8 and 9: nobody came to the canary, which `spec_path` names too; no file of a spec is open."""
        self.checks[9] = 1
        if self.canary.drain():
            self.failures.append((8, "", "", ["something connected to the canary"]))
        folder = Path(f"/proc/{self.gateway.process.pid}/fd")
        for descriptor in folder.iterdir() if folder.exists() else []:
            target = os.readlink(descriptor)
            if target.endswith((".json", ".yaml", ".yml")):
                self.failures.append((9, "", "", [f"the server holds {target} open"]))


def main():
    """Builds, attacks, reports; exit 1 on any failure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2000, help="random texts of row 2")
    parser.add_argument("--reuse", action="store_true", help="attack what was built last, without building")
    options = parser.parse_args()
    spec, workspace, upstream, canary = Spec("hostile-3.0", HERE / "specs" / "hostile-3.0.yaml"), Workspace(), Recorder(), Recorder()
    if not options.reuse:
        workspace.sync()
        workspace.build_xtask()
    report, error = workspace.inspect(spec)
    if not options.reuse and spec.name not in workspace.members():
        error = error or workspace.add([spec])
    error = error or (not options.reuse and workspace.build([spec]))
    if error:
        sys.exit(f"hostile-3.0 is not compiled in: {error}")
    config, port = SCRATCH / "hostile.yaml", free_port()
    config.write_text(f"mcp_servers:\n  {spec.name}:\n    url: {upstream.url}/{spec.name}\n"
                      f"    spec_path: {canary.url}/openapi.json\n    spec: {spec.name}\n")
    command = [str(workspace.server), "serve", "--config", str(config), "--listen", f"127.0.0.1:{port}"]
    gateway = Gateway(command, port, SCRATCH / "hostile.log")
    try:
        attack = Attack(gateway, upstream, canary, spec, report)
        for step in (attack.paths, lambda: attack.random_text(options.count), attack.queries, attack.headers, attack.cookies, attack.framing,
                     attack.bodies, attack.sockets):
            step()
    finally:
        gateway.close()
    for row, tool, arguments, errors in attack.failures[:60]:
        print(f"\nROW {row} {tool} {arguments}\n  " + "\n  ".join(errors[:4]))
    rows = {row: sum(f[0] == row for f in attack.failures) for row in sorted(attack.checks)}
    print("\n" + "\n".join(f"row {row}: {attack.checks[row]} checks, {bad} failures" for row, bad in rows.items()))
    sys.exit(1 if attack.failures else 0)


if __name__ == "__main__":
    main()
