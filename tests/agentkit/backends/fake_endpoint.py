"""An OpenAI-compatible server on loopback that answers, or misbehaves, as told."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from tests.turned_clock import TurnedClock


@dataclass(frozen=True, slots=True)
class Received:
    """A request as it arrived."""

    path: str
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> dict[str, Any]:
        """The JSON in it."""
        body: dict[str, Any] = json.loads(self.raw)
        return body


class Handler(BaseHTTPRequestHandler):
    """Hands each POST to the next answer of the endpoint's script."""

    endpoint: FakeEndpoint

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        raw = self.rfile.read(length)
        headers = {key.lower(): value for key, value in self.headers.items()}
        self.endpoint.received.append(Received(self.path, headers, raw))
        self.endpoint.next_answer()(self)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test output quiet."""

    def start(self, status: int, kind: str, length: int | None = None) -> None:
        """Send status line and headers."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.end_headers()

    def event(self, data: str) -> None:
        """Send one server-sent event."""
        self.wfile.write(f"data: {data}\n\n".encode())
        self.wfile.flush()


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Keep quiet when a client hangs up, which is what some tests are about."""


Answer = Callable[[Handler], None]


class FakeEndpoint:
    """A server in a thread; the last answer of its script repeats.

    Attributes:
        received: what arrived.
        closing: set when the test is over.
        clock: what its clients run by, where silence is to be waited for.
    """

    def __init__(self) -> None:
        self.clock = TurnedClock()
        handler = type("BoundHandler", (Handler,), {"endpoint": self})
        self.received: list[Received] = []
        self.closing = Event()
        self._script: list[Answer] = []
        self._server = _Server(("127.0.0.1", 0), handler)
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    @property
    def port(self) -> int:
        """Its port on loopback."""
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """Its base URL."""
        return f"http://127.0.0.1:{self.port}/v1"

    def script(self, *answers: Answer) -> None:
        """Set what it answers, in order."""
        self._script = list(answers)

    def next_answer(self) -> Answer:
        """Take the next answer."""
        return self._script.pop(0) if len(self._script) > 1 else self._script[0]

    def close(self) -> None:
        """Let hanging answers go and shut down."""
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def delta(
    content: str | None = None, calls: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    """Make a chat chunk."""
    return {
        "choices": [{"index": 0, "delta": {"content": content, "tool_calls": calls}}]
    }


def piece(
    index: int | None, name: str | None, arguments: Any, id: str | None = None
) -> dict[str, Any]:
    """Make a part of a call in a chat chunk."""
    function = {"name": name, "arguments": arguments}
    return {"index": index, "id": id, "function": function}


def finished(reason: str = "stop") -> dict[str, Any]:
    """Make the chunk that ends an answer."""
    return {"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]}


def stream(*chunks: object, reason: str = "stop", read: int = 11) -> Answer:
    """Answer with chunks, an end and a count of tokens."""
    usage = {"usage": {"prompt_tokens": read, "completion_tokens": 7}}
    events: list[object] = [*chunks, finished(reason), usage]
    return raw_stream([*map(json.dumps, events), "[DONE]"])


def raw_stream(events: Iterable[str], promised: int | None = None) -> Answer:
    """Answer with events as they are; fewer bytes than promised is a dropped line."""

    def answer(handler: Handler) -> None:
        handler.start(200, "text/event-stream", promised)
        for data in events:
            handler.event(data)

    return answer


def text(words: str) -> Answer:
    """Answer with a text in one chunk."""
    return stream(delta(words))


def completion(*words: str) -> Answer:
    """Answer a raw completion."""
    end = {"choices": [{"text": "", "finish_reason": "stop"}]}
    return stream(*({"choices": [{"text": word}]} for word in words), end)


def page(status: int, body: str, kind: str = "application/json") -> Answer:
    """Answer with a status and a body."""

    def answer(handler: Handler) -> None:
        data = body.encode()
        handler.start(status, kind, len(data))
        handler.wfile.write(data)

    return answer


def refusal(status: int, message: str = "") -> Answer:
    """Answer with an error as OpenAI words it."""
    return page(status, json.dumps({"error": {"message": message}}))


def redirect(to: str) -> Answer:
    """Answer that the endpoint moved."""

    def answer(handler: Handler) -> None:
        handler.send_response(307)
        handler.send_header("Location", to)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def hang(handler: Handler) -> None:
    """Say nothing until the test is over; the clients' time goes by."""
    while not handler.endpoint.closing.wait(0.01):
        handler.endpoint.clock.turn()


def stall(handler: Handler) -> None:
    """Start to answer, and say nothing more."""
    handler.start(200, "text/event-stream")
    handler.event(json.dumps(delta("Well, let me see. ")))
    hang(handler)


def vanish(handler: Handler) -> None:
    """Close the connection without a word."""
    handler.close_connection = True
