"""A proxy before the server that fails in the way a test asks for."""

from __future__ import annotations

import http.client
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

Fault = Literal["", "drop", "drop-after", "half", "stall"]


@dataclass
class Script:
    """What the proxy does to requests of a method.

    Attributes:
        fault: how it fails; `drop-after` is after the server has done what was asked.
        status: answered in the server's place, where it is not 0.
        body: of that answer.
        headers: of that answer.
        times: how many requests it happens to.
        log: requests that came, method and path.
    """

    port: int
    method: str = ""
    fault: Fault = ""
    status: int = 0
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict[str, str])
    times: int = 1_000_000
    log: list[str] = field(default_factory=list[str])
    released: threading.Event = field(default_factory=threading.Event)

    def fail(self, method: str, **how: Any) -> None:
        """Fail requests of a method from now on."""
        self.method, self.fault, self.status, self.body = method, "", 0, b""
        self.headers, self.times = {}, 1_000_000
        for name, value in how.items():
            setattr(self, name, value)

    def heal(self) -> None:
        """Fail no more."""
        self.released.set()
        self.fail("")


class Meddler(BaseHTTPRequestHandler):
    """Passes requests on, save for those that are to fail."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    script: Script

    def handle_one_request(self) -> None:
        """Handle any method alike."""
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        length = int(self.headers.get("Content-Length") or 0)
        self._pass(self.rfile.read(length))

    def _pass(self, body: bytes) -> None:
        script = self.script
        script.log.append(f"{self.command} {self.path}")
        hit = script.times > 0 and self.command == script.method
        if hit:
            script.times -= 1
        if hit and script.fault == "stall":
            script.released.wait(600)
        if hit and script.fault in ("drop", "stall"):
            self.close_connection = True
        elif hit and script.status:
            self._answer(script.status, script.headers, script.body)
        else:
            self._forward(body, script.fault if hit else "")

    def _forward(self, body: bytes, fault: str) -> None:
        link = http.client.HTTPConnection("127.0.0.1", self.script.port, timeout=600)
        link.request(self.command, self.path, body, dict(self.headers.items()))
        found = link.getresponse()
        content = found.read()
        link.close()
        if fault == "drop-after":
            self.close_connection = True
            return
        kept = ("Content-Type", "ETag", "WWW-Authenticate", "Location")
        headers = {n: v for n in kept if (v := found.headers.get(n))}
        self._answer(found.status, headers, content, half=fault == "half")

    def _answer(
        self, status: int, headers: dict[str, str], body: bytes, *, half: bool = False
    ) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if half else body)
        self.close_connection = self.close_connection or half

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def start(port: int) -> tuple[ThreadingHTTPServer, Script]:
    """Start a proxy before the server at a port of this machine."""
    script = Script(port)
    handler = type("Handler", (Meddler,), {"script": script})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, script
