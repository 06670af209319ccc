"""A stand-in for the gateway that encodes by the book, or with one flaw on purpose: what selftest.py judges the judge by.

Serves MCP just far enough for the judge. Handles the documents in specs/ and no more.
"""

import http.client
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote

import bodies
import operations
from fake_encoder import Encoder, Refused, schema_of, text
from generate import Validator
from values import dump, parse, plain

OWNED = {"host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "proxy-authorization", "mcp-session-id"}


class Tool:
    """An operation as a tool."""

    def __init__(self, operation, name):
        self.operation, self.name = operation, name
        self.parameters = [p for p in operation.parameters if not p.ignored and not (
            p.place == "header" and p.name.lower() in OWNED)]
        names = [p.name for p in self.parameters]
        self.argument = {(p.name, p.place): re.sub("[^A-Za-z0-9_.-]+", "_", p.name if names.count(p.name) == 1 else f"{p.name}_{p.place}").strip("_") for p in self.parameters}
        self.media = operation.body[0] if operation.body else None
        properties = {self.argument[p.name, p.place]: schema_of((p.media.schema if p.media else p.schema)) for p in self.parameters}
        if self.media:
            properties["body"] = self.body_schema()
        self.schema = {"type": "object", "properties": properties, "additionalProperties": False, "required": [
            self.argument[p.name, p.place] for p in self.parameters if p.required] + (["body"] if operation.body_required else [])}

    def body_schema(self):
        """The body argument; files in multipart as objects with base64 data."""
        media = self.media
        if media.fields is not None:
            schema = {"type": "object", "properties": {k: schema_of(n) for k, n in media.fields.items()},
                      "required": [k for k, n in media.fields.items() if n.get("required")], "additionalProperties": False}
        else:
            schema = schema_of(media.schema) if media.schema else {"type": "string", "contentEncoding": "base64"}
        if media.name.startswith("multipart/"):
            file = {"type": "object", "required": ["data"], "additionalProperties": False, "properties": {
                "data": {"type": "string", "contentEncoding": "base64"}, "filename": {"type": "string"}}}
            for name, part in schema["properties"].items():
                if media.rule(name).binary:
                    schema["properties"][name] = {"type": "array", "items": file} if part.get("type") == "array" else file
        elif not bodies.is_json(media.name) and media.name.split("/")[0] not in ("text",) and "properties" not in schema:
            schema = {"type": "string", "contentEncoding": "base64"}
        return schema

    def report(self):
        """As `inspect --json` has it."""
        return {"name": self.name, "method": self.operation.method, "path": self.operation.path, "parameters": [
            {"name": p.name, "in": p.place, "argument": self.argument[p.name, p.place], "required": p.required}
            for p in self.parameters], "body": self.media and {"content_type": self.media.name, "required": self.operation.body_required}}


class Fake:
    """The server; serves until the process ends."""

    def __init__(self, specs, upstream, flaw=None):
        self.flaw, self.upstream, self.encoder = flaw, upstream, Encoder(flaw)
        self.tools = {}
        for spec in specs:
            listed = [Tool(o, o.identifier) for o in operations.read(spec.entry)]
            self.tools[spec.name] = {t.name: t for t in listed}
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self):
                """MCP."""
                request = parse(self.rfile.read(int(self.headers["Content-Length"])).decode())
                answer = fake.answer(self.path.split("/")[1], request["method"], request["params"])
                body = json.dumps({"jsonrpc": "2.0", "id": 1, "result": answer}).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                """Quiet."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.port = self.http.server_address[1]
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def answer(self, server, method, params):
        """tools/list and tools/call."""
        tools = self.tools[server]
        if method == "tools/list":
            return {"tools": [{"name": t.name, "inputSchema": t.schema} for t in tools.values()]}
        try:
            self.send(server, tools[params["name"]], params.get("arguments") or {})
        except Refused as error:
            return {"isError": True, "content": [{"type": "text", "text": str(error)}]}
        return {"content": [{"type": "text", "text": "ok"}]}

    def send(self, server, tool, arguments):
        """One call as one request (or two, or none, by the flaw)."""
        if not Validator(tool.schema).is_valid(plain(arguments)):
            raise Refused("the arguments do not meet the schema")
        encoder, target, query, headers, cookies = self.encoder, f"/{server}{tool.operation.path}", [], {}, []
        for p in tool.parameters:
            name = tool.argument[p.name, p.place]
            if name not in arguments:
                if self.flaw == "send defaults" and p.schema and p.schema.get("default") is not None:
                    query.append((p.name, str(p.schema.get("default"))))
                continue
            value = arguments[name]
            if p.place == "path":
                target = target.replace("{" + p.name + "}", encoder.path(p, value))
            elif p.place == "query":
                query += encoder.pairs(p, value, lambda v, p=p: encoder.percent(v, p.reserved))
            elif p.place == "querystring":
                form = p.media.name.endswith("urlencoded")
                query.append((encoder.form(p.media, value).replace("+", "%20") if form else quote(dump(value), safe=""), None))
            elif p.place == "header" and self.flaw != "no headers":
                sep = "|" if p.style == "pipeDelimited" else ","
                headers[p.name] = dump(value) if p.media else encoder.joined(value, sep, text, p.explode)
                if not re.fullmatch("[ -~]*", headers[p.name]):
                    raise Refused("not a header value")
            elif p.place == "cookie":
                cookies += encoder.pairs(p, value, text if p.style == "cookie" else encoder.percent)
                if any(";" in v for _, v in cookies):
                    raise Refused("not a cookie value")
        if query:
            joined = "&".join(k if v is None else f"{k}={v}" for k, v in query)
            target += ("&" if "?" in target else "?") + joined + ("&admin=true" if self.flaw == "extra query" else "")
        if any(segment in ("", ".", "..") for segment in target.partition("?")[0].split("/")[2:]):
            raise Refused("a path value leaves its segment")
        if cookies:
            headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in cookies)
        body = None
        if tool.media and "body" in arguments:
            headers["Content-Type"], body = encoder.body(tool.media, arguments["body"])
        if self.flaw == "extra header":
            headers["X-Trace"] = "1"
        method = "GET" if self.flaw == "get for all" and tool.operation.method != "HEAD" else tool.operation.method
        for _ in range({"twice": 2, "never": 0}.get(self.flaw, 1)):
            connection = http.client.HTTPConnection(*self.upstream)
            connection.request(method, target, body, headers)
            connection.getresponse().read()
            connection.close()

    def close(self):
        """Stops."""
        self.http.shutdown()
        self.http.server_close()
