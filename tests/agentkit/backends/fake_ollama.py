"""A double of Ollama's HTTP API on loopback, as its documentation describes it.

It is not Ollama: what a real server does beyond the documentation is not seen here.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from agentkit.prompting import estimate_tokens

LLAMA = {
    "general.architecture": "llama",
    "llama.context_length": 131072,
    "tokenizer.ggml.model": "gpt2",
    "tokenizer.ggml.pre": "llama-bpe",
}


class FakeOllama:
    """A server in a thread, with one model.

    Attributes:
        model: its name.
        template: what `/api/show` tells as its template.
        pieces: what the model writes.
        facts: what `/api/show` tells of it.
        remote: what `/api/show` tells of a model that is passed on to a cloud.
        window: what it is given at most; a longer prompt is cut, silently.
        reports_window: whether `/api/ps` tells the window.
        pace: seconds that a token of the prompt takes; a written one takes four.
        misbehave: replaces the answer to `/api/generate`.
        received: paths and bodies, as they came.
    """

    def __init__(self) -> None:
        self.model = "llama3.2:1b"
        self.template = "{{ .Prompt }}"
        self.pieces = ["It is", " three."]
        self.facts: dict[str, Any] = dict(LLAMA)
        self.remote: dict[str, str] = {}
        self.window = 131072
        self.reports_window = True
        self.pace = 0.0
        self.misbehave: Callable[[Handler], None] | None = None
        self.received: list[tuple[str, dict[str, Any]]] = []
        self.closing = Event()
        handler = type("BoundHandler", (Handler,), {"ollama": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    @property
    def host(self) -> str:
        """Its address, as in OLLAMA_HOST."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def asked(self) -> dict[str, Any]:
        """The body of the last request to generate."""
        bodies = [body for path, body in self.received if path == "/api/generate"]
        return bodies[-1]

    def close(self) -> None:
        """Let hanging answers go and shut down."""
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Keep quiet when a client hangs up, which is what some tests are about."""


class Handler(BaseHTTPRequestHandler):
    """Answers one connection."""

    protocol_version = "HTTP/1.1"
    ollama: FakeOllama

    def do_GET(self) -> None:
        name = self.ollama.model
        entry: dict[str, Any] = {"name": name, "model": name}
        if self.path == "/api/ps":
            if self.ollama.reports_window:
                entry["context_length"] = self.ollama.window
            self.answer({"models": [entry]})
        elif self.path == "/api/tags":
            details = {"parameter_size": "1.2B", "quantization_level": "Q8_0"}
            entry |= {"size": 1_321_098_329, "details": {**details, "format": "gguf"}}
            self.answer({"models": [entry]})
        else:
            self.answer({"error": "not found"}, 404)

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body: dict[str, Any] = json.loads(raw)
        self.ollama.received.append((self.path, body))
        if body["model"] != self.ollama.model:
            self.answer({"error": f"model '{body['model']}' not found"}, 404)
        elif self.path == "/api/show":
            told = {"model_info": self.ollama.facts, "template": self.ollama.template}
            self.answer({**told, **self.ollama.remote})
        elif self.ollama.misbehave is not None:
            self.ollama.misbehave(self)
        else:
            self._generate(body)

    def _generate(self, body: dict[str, Any]) -> None:
        self.begin()
        tokens = min(estimate_tokens(body["prompt"]) + 1, self.ollama.window)
        written = len(self.ollama.pieces)
        time.sleep(self.ollama.pace * (tokens + 4 * written))
        for piece in self.ollama.pieces:
            self.line({"model": body["model"], "response": piece, "done": False})
        counts = {"prompt_eval_count": tokens, "eval_count": written}
        self.line({"response": "", "done": True, "done_reason": "stop", **counts})
        self.wfile.write(b"0\r\n\r\n")

    def begin(self) -> None:
        """Start a stream of lines."""
        self.send_response(200)
        self.send_header("Content-Type", "application/x-ndjson")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def line(self, facts: object) -> None:
        """Send one line."""
        data = json.dumps(facts).encode() + b"\n"
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def answer(self, facts: object, status: int = 200) -> None:
        """Send one document."""
        data = json.dumps(facts).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test output quiet."""


def hang(handler: Handler) -> None:
    """Say nothing until the test is over."""
    handler.ollama.closing.wait()
    handler.close_connection = True


def stall(handler: Handler) -> None:
    """Start to answer, and say nothing more."""
    handler.begin()
    handler.line({"response": "Well, let me see. ", "done": False})
    hang(handler)


def vanish(handler: Handler) -> None:
    """Start to answer, and close the connection."""
    handler.begin()
    handler.line({"response": "Well, ", "done": False})
    handler.close_connection = True


def end_early(handler: Handler) -> None:
    """End the stream properly, without the line that ends an answer."""
    handler.begin()
    handler.line({"response": "Well, ", "done": False})
    handler.wfile.write(b"0\r\n\r\n")


def fail_midway(handler: Handler) -> None:
    """Tell of an error in mid-answer, as a line of the stream."""
    handler.begin()
    handler.line({"response": "Well, ", "done": False})
    handler.line({"error": "an error was encountered while running the model\x1b[31m"})


def page(handler: Handler) -> None:
    """Answer with a web page."""
    data = b"<html>Welcome</html>"
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data)


def redirect(handler: Handler) -> None:
    """Answer that it moved."""
    handler.send_response(307)
    handler.send_header("Location", "http://192.0.2.1/")
    handler.send_header("Content-Length", "0")
    handler.end_headers()
