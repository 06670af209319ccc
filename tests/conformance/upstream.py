"""The API behind openapi.yaml, and enough of the data API for clients to call. Standard library alone.

    upstream.py PORT

Each request is one line of JSON on standard output: method, target, and the headers by lower-case name.
"""

import json
import struct
import sys
import time
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BOUNDARY = "between-parts"


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


# One red pixel, an eighth of a second of silence, and the shortest thing that calls itself PDF.
PNG = (
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    + chunk(b"IDAT", zlib.compress(b"\0\xff\0\0"))
    + chunk(b"IEND", b"")
)
SILENCE = b"\x80" * 1000
WAV = (
    b"RIFF"
    + struct.pack("<I", 36 + len(SILENCE))
    + b"WAVEfmt "
    + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 8000, 1, 8)
    + b"data"
    + struct.pack("<I", len(SILENCE))
    + SILENCE
)
PDF = b"%PDF-1.4\n%%EOF\n"

FIXED = {
    "/text": (200, "text/plain; charset=utf-8", b"This is a simple text response for testing."),
    "/image": (200, "image/png", PNG),
    "/audio": (200, "audio/wav", WAV),
    "/resource": (200, "application/pdf", PDF),
    "/error": (500, "text/plain; charset=utf-8", b"This tool intentionally returns an error for testing"),
    "/elicitation": (200, "text/plain", b"Nothing was asked."),
    "/logging": (200, "text/plain", b"Nothing was logged."),
}


def mixed() -> bytes:
    parts = [("text/plain", b"Multiple content types test:"), ("image/png", PNG), ("application/pdf", PDF)]
    body = b"".join(
        f"--{BOUNDARY}\r\nContent-Type: {kind}\r\n\r\n".encode() + data + b"\r\n" for kind, data in parts
    )
    return body + f"--{BOUNDARY}--\r\n".encode()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def in_pieces(self) -> None:
        """Four pieces, each a tenth of a second after the one before."""
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for piece in (b"0 of 100\n", b"50 of 100\n", b"100 of 100\n", b"done\n"):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            self.wfile.flush()
            time.sleep(0.1)
        self.wfile.write(b"0\r\n\r\n")

    def handle_any(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        headers: dict[str, list[str]] = {}
        for name, value in self.headers.items():
            headers.setdefault(name.lower(), []).append(value)
        print(json.dumps({"method": self.command, "target": self.path, "headers": headers}), flush=True)
        path = self.path.split("?")[0]
        if path in FIXED:
            self.answer(*FIXED[path])
        elif path == "/mixed":
            self.answer(200, f'multipart/mixed; boundary="{BOUNDARY}"', mixed())
        elif path == "/progress":
            self.in_pieces()
        elif path == "/contacts":
            self.answer(200, "application/json", body)
        elif path.startswith("/regions/"):
            self.answer(200, "application/json", json.dumps({"region": path.split("/")[2]}).encode())
        elif path.startswith("/items/"):
            item = {"id": int(path.split("/")[2]), "x-token": headers.get("x-token", [])}
            self.answer(200, "application/json", json.dumps(item).encode())
        else:
            self.answer(404, "application/json", b'{"detail":"nothing is here"}')

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any

    def log_message(self, format: str, *args: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


if __name__ == "__main__":
    Server(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
