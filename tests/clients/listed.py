"""Serves tool lists as the compiler wrote them, without the tools: an MCP server for whoever only wants to read them.

    listed.py PORT FOLDER

`/NAME/mcp` lists the tools of every *.json of FOLDER/NAME/src, with the input schemas as a client sees them.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(sys.argv[2])


def tools(name: str) -> list:
    return [tool for path in sorted((ROOT / name / "src").glob("*.json")) for tool in json.loads(path.read_text())]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        results = {
            "initialize": lambda: {
                "protocolVersion": "2025-11-25",
                "capabilities": {"tools": {}},
                "serverInfo": {"name": "listed", "version": "1"},
            },
            "tools/list": lambda: {"tools": tools(self.path.split("/")[1])},
            "ping": dict,
        }
        if "id" not in asked:
            return self.answer(202, b"")
        answer: dict = {"jsonrpc": "2.0", "id": asked["id"]}
        if asked["method"] in results:
            answer["result"] = results[asked["method"]]()
        else:
            answer["error"] = {"code": -32601, "message": "no such method"}
        self.answer(200, json.dumps(answer).encode())

    def do_GET(self) -> None:
        self.answer(405, b"")

    do_DELETE = do_GET

    def answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
