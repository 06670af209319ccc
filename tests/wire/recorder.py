"""A recording HTTP/1.1 upstream: the raw target, headers in order, body bytes; canned answers.

Parses by hand so that nothing is normalised. What follows a request on the same connection is parsed as another
request, which is how smuggled ones show. Ends only itself.
"""

import socketserver
import threading
from dataclasses import dataclass, field


@dataclass
class Seen:
    """One request as it arrived."""

    method: str
    target: str
    headers: list = field(default_factory=list)  # (name as sent, value as latin-1 text)
    body: bytes = b""
    malformed: str = ""

    def all(self, name):
        """Every value of a header."""
        return [v for n, v in self.headers if n.lower() == name.lower()]

    def one(self, name):
        """The first value of a header, or None."""
        return next(iter(self.all(name)), None)

    def show(self):
        """For a report."""
        lines = [f"{self.method} {self.target}"] + [f"{n}: {v}" for n, v in self.headers]
        return "\n".join(lines) + (f"\n\n{self.body[:600]!r}" if self.body else "")


class _Handler(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True

    def handle(self):
        while True:
            try:
                seen = self._read()
            except (ConnectionError, ValueError, OSError) as error:
                self.server.recorder.note(Seen("?", "", malformed=repr(error)))
                return
            if seen is None:
                return
            self.server.recorder.note(seen)
            status, kind, body = self.server.recorder.answer(seen)
            head = f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
            self.wfile.write(head.encode() + (b"" if seen.method == "HEAD" else body))
            self.wfile.flush()

    def _read(self):
        line = self.rfile.readline(1 << 20)
        if not line:
            return None
        method, target, version = line.decode("latin-1").rstrip("\r\n").split(" ")
        seen = Seen(method, target)
        while (line := self.rfile.readline(1 << 20)) not in (b"\r\n", b"\n"):
            if not line:
                raise ValueError("the head ended early")
            name, _, value = line.decode("latin-1").rstrip("\r\n").partition(":")
            seen.headers.append((name, value.strip(" \t")))
        if (seen.one("transfer-encoding") or "").lower() == "chunked":
            seen.body = self._chunks()
        elif seen.one("content-length"):
            seen.body = self.rfile.read(int(seen.one("content-length")))
        return seen

    def _chunks(self):
        body = b""
        while size := int(self.rfile.readline(1 << 16).split(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline(8)
        while self.rfile.readline(1 << 16) not in (b"\r\n", b"\n", b""):
            pass
        return body


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128


class Recorder:
    """Starts on a free loopback port. `drain` answers what arrived since the last call of it."""

    def __init__(self, host="127.0.0.1"):
        self._seen, self._lock = [], threading.Lock()
        self.answers = {}  # target prefix -> (status, content type, body)
        self.connections = 0
        self._server = _Server((host, 0), _Handler)
        self._server.recorder = self
        self.port = self._server.server_address[1]
        self.url = f"http://{host}:{self.port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def note(self, seen):
        """Called by the handler."""
        with self._lock:
            self._seen.append(seen)

    def answer(self, seen):
        """The canned response for a request."""
        for prefix, answer in self.answers.items():
            if seen.target.startswith(prefix):
                return answer
        return 200, "application/json", b"{}"

    def drain(self):
        """The requests since the last drain, oldest first."""
        with self._lock:
            seen, self._seen = self._seen, []
        return seen

    def close(self):
        """Stops listening."""
        self._server.shutdown()
        self._server.server_close()


__all__ = ["Recorder", "Seen"]
