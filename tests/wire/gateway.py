"""Starts a gateway and calls its tools over MCP (Streamable HTTP, protocol 2025-06-18)."""

import http.client
import json
import socket
import subprocess
import time

from values import parse, plain

VERSION = "2025-06-18"


def free_port():
    """A loopback port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Gateway:
    """A running gateway process, ended with `close` by its own handle."""

    def __init__(self, command, port, log):
        self.port, self.log = port, open(log, "wb")
        self.process = subprocess.Popen(command, stdout=self.log, stderr=subprocess.STDOUT)
        self.connection, self.number = None, 0
        deadline = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    self.close()
                    raise RuntimeError(f"the gateway did not start; see {log}") from None
                time.sleep(0.1)

    def post(self, server, method, params):
        """One JSON-RPC request; `params` is JSON text. Answers (HTTP status, parsed answer)."""
        self.number += 1
        body = f'{{"jsonrpc":"2.0","id":{self.number},"method":"{method}","params":{params}}}'.encode()
        headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream",
                   "MCP-Protocol-Version": VERSION}
        for attempt in (0, 1):
            try:
                if self.connection is None:
                    self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                    self.connection.connect()
                    self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.connection.request("POST", f"/{server}/mcp", body, headers)
                response = self.connection.getresponse()
                text = response.read().decode("utf-8")
                return response.status, parse(text)
            except (http.client.RemoteDisconnected, ConnectionError):
                self.connection = None
                if attempt or self.process.poll() is not None:
                    raise
        raise RuntimeError("unreachable")

    def tools(self, server):
        """Every tool of a server over all pages, numbers as Python has them."""
        found, cursor = [], None
        while True:
            status, answer = self.post(server, "tools/list", json.dumps({"cursor": cursor} if cursor else {}))
            if status != 200 or "result" not in answer:
                raise RuntimeError(f"tools/list of {server}: {status} {answer}")
            result = plain(answer["result"])
            found += result["tools"]
            cursor = result.get("nextCursor")
            if not cursor:
                return found

    def call(self, server, tool, arguments):
        """tools/call with arguments as JSON text (None: absent). Answers (is error, text of what came back)."""
        params = f'{{"name":{json.dumps(tool)}' + (f',"arguments":{arguments}' if arguments is not None else "") + "}"
        status, answer = self.post(server, "tools/call", params)
        if "result" not in answer:
            return True, f"HTTP {status}, JSON-RPC error {answer.get('error')}"
        result = answer["result"]
        text = "\n".join(c.get("text", f"<{c.get('type')}>") for c in result.get("content", []))
        return bool(result.get("isError")), text

    def close(self):
        """Ends the process."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.log.close()

