"""Servers that mean harm: other hosts, packed and endless bodies, bad TLS, echoed keys."""

from __future__ import annotations

import asyncio
import datetime
import gzip
import json
import ssl
from collections.abc import AsyncIterator, Iterator
from http.server import ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from agentkit.backends import OpenAIBackend, Reply
from agentkit.backends.server_bounds import LONGEST_LINE, MOST_BYTES, within_bounds
from agentkit.errors import BackendProtocolError, BackendUnavailable
from tests.agentkit.backends.conftest import Asking
from tests.agentkit.backends.fake_endpoint import (
    Answer,
    FakeEndpoint,
    Handler,
    delta,
    piece,
    stream,
    text,
)

pytestmark = pytest.mark.skipif(
    find_spec("openai") is None, reason="pip install -e '.[openai]'"
)

KEY = "sk-very-secret-0123456789"


@pytest.fixture
def elsewhere() -> Iterator[FakeEndpoint]:
    """Another server, which nothing should reach."""
    server = FakeEndpoint()
    server.script(text("Got you."))
    yield server
    server.close()


def backend(url: str, **options: Any) -> OpenAIBackend:
    wanted: dict[str, Any] = {
        "timeout": 600.0,
        "retry_wait": 0.01,
        "api_key": KEY,
        **options,
    }
    return OpenAIBackend("tiny", base_url=url, **wanted)


def ask(used: OpenAIBackend, asking: Asking) -> Reply:
    return asyncio.run(used.reply(asking.request()))


def moved(status: int, to: str) -> Answer:
    def answer(handler: Handler) -> None:
        handler.send_response(status)
        handler.send_header("Location", to)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_carries_nothing_elsewhere(
    endpoint: FakeEndpoint, elsewhere: FakeEndpoint, asking: Asking, status: int
) -> None:
    """Neither key nor text reaches the host that a server names."""
    endpoint.script(moved(status, elsewhere.url + "/chat/completions"))
    with pytest.raises(BackendUnavailable, match="redirects elsewhere"):
        ask(backend(endpoint.url), asking)
    assert (len(endpoint.received), elsewhere.received) == (1, [])


def packed(handler: Handler) -> None:
    """Answer a body that is a thousand times larger when unpacked."""
    body = gzip.compress(b" " * 30_000_000)
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Encoding", "gzip")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def endless_line(status: int, kind: str) -> Answer:
    """Answer one line that does not end."""

    def answer(handler: Handler) -> None:
        handler.start(status, kind)
        while not handler.endpoint.closing.is_set():
            handler.wfile.write(b"x" * 500_000)

    return answer


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        pytest.param(packed, "packed its answer", id="a packed body"),
        pytest.param(
            endless_line(200, "text/event-stream"), "more than an answer", id="events"
        ),
        pytest.param(
            endless_line(200, "application/json"), "not an event stream", id="whole"
        ),
        pytest.param(
            endless_line(500, "application/json"), "more than an answer", id="an error"
        ),
    ],
)
def test_memory_is_bounded(
    endpoint: FakeEndpoint, asking: Asking, fault: Answer, words: str
) -> None:
    """What never ends, or grows when unpacked, is given up, and not asked for again."""
    endpoint.script(fault)
    with pytest.raises(BackendProtocolError, match=words):
        ask(backend(endpoint.url), asking)
    assert len(endpoint.received) == 1
    assert endpoint.received[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    ("pieces", "passes"),
    [
        pytest.param([b"a\n" * 1000] * 100, True, id="lines"),
        pytest.param([b"x" * LONGEST_LINE], True, id="a long line"),
        pytest.param([b"x" * LONGEST_LINE, b"x"], False, id="a longer line"),
        pytest.param(
            [b"x" * LONGEST_LINE, b"\n", b"x" * LONGEST_LINE], True, id="two lines"
        ),
        pytest.param([b"x\n" * 4_000_000] * 8, True, id="as much as may be"),
        pytest.param([b"x\n" * 4_000_000] * 9, False, id="more"),
    ],
)
def test_bounds_of_what_is_read(pieces: list[bytes], passes: bool) -> None:
    """Bytes are counted in all, and since the last end of a line."""

    async def read() -> int:
        async def sent() -> AsyncIterator[bytes]:
            for one in pieces:
                yield one

        return sum([len(one) async for one in within_bounds(sent())])

    if passes:
        assert asyncio.run(read()) == sum(map(len, pieces)) <= MOST_BYTES
    else:
        with pytest.raises(BackendProtocolError, match="more than an answer"):
            asyncio.run(read())


def retry_after(said: str) -> Answer:
    def answer(handler: Handler) -> None:
        handler.send_response(503)
        handler.send_header("Retry-After", said)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


@pytest.mark.parametrize("said", ["1e9", "99999999999999999999", "3600"])
def test_a_huge_wait_is_not_waited_for(
    endpoint: FakeEndpoint, asking: Asking, said: str
) -> None:
    """A server that wants hours is told of at once."""
    endpoint.script(retry_after(said))
    with pytest.raises(BackendUnavailable, match="503"):
        ask(backend(endpoint.url), asking)
    assert len(endpoint.received) == 1


@pytest.mark.parametrize("said", ["inf", "nan", "-5", "1e999", "soon", ""])
def test_a_wait_that_is_none(endpoint: FakeEndpoint, asking: Asking, said: str) -> None:
    """What is no number of seconds leaves the usual wait."""
    endpoint.script(retry_after(said), text("Hello."))
    assert ask(backend(endpoint.url), asking).text == "Hello."


def test_a_line_that_breaks_off(endpoint: FakeEndpoint, asking: Asking) -> None:
    """An event that is cut in the middle of its JSON is no answer."""

    def half(handler: Handler) -> None:
        handler.start(200, "text/event-stream")
        handler.event(json.dumps(delta("Well. ")))
        handler.wfile.write(b'data: {"choices": [{"delta": {"content": "I ke')
        handler.wfile.flush()

    endpoint.script(half)
    with pytest.raises(BackendProtocolError):
        ask(backend(endpoint.url), asking)
    assert len(endpoint.received) == 1


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param(
            [
                piece(0, "add", '{"a": 1, ', "c1"),
                piece(0, None, '"b": 2}', None),
                piece(0, "add", '{"a": 3, "b"', "c2"),
                piece(0, None, ": 4}", None),
            ],
            id="ids only with the first part",
        ),
        pytest.param(
            [
                piece(0, "add", '{"a": 1, "b": 2}', "c1"),
                piece(0, "add", '{"a": 3, "b": 4}', "c2"),
            ],
            id="whole calls",
        ),
        pytest.param(
            [
                piece(0, "add", '{"a": 1,', "c1"),
                piece(0, "add", ' "b": 2}', "c1"),
                piece(0, "add", '{"a": 3,', "c2"),
                piece(0, "add", ' "b": 4}', "c2"),
            ],
            id="names and ids with every part",
        ),
        pytest.param(
            [
                piece(0, "add", '{"a": 1, ', None),
                piece(0, None, '"b": 2}', None),
                piece(0, "add", '{"a": 3, "b": 4}', None),
            ],
            id="no ids",
        ),
    ],
)
def test_two_calls_of_one_number(
    endpoint: FakeEndpoint, asking: Asking, parts: list[dict[str, Any]]
) -> None:
    """Calls that a server all numbers 0 are told apart by ids, or by names."""
    endpoint.script(stream(*(delta(calls=[one]) for one in parts), reason="tool_calls"))
    found = ask(backend(endpoint.url), asking)
    wanted = [{"a": 1, "b": 2}, {"a": 3, "b": 4}]
    assert [dict(call.arguments) for call in found.calls] == wanted


def test_tls_where_there_is_none(endpoint: FakeEndpoint, asking: Asking) -> None:
    """A server without TLS behind an https address gets nothing."""
    url = endpoint.url.replace("http:", "https:")
    with pytest.raises(BackendUnavailable, match="cannot be trusted: TLS failed"):
        ask(backend(url, retries=0), asking)
    assert endpoint.received == []


@pytest.fixture
def self_signed(tmp_path: Path) -> Iterator[tuple[str, list[str]]]:
    """A TLS server that vouches for itself: its address, and what it was asked."""
    pytest.importorskip("cryptography", reason="cryptography makes the certificate")
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    own = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    day = datetime.timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(own.public_key())
        .serial_number(1)
        .not_valid_before(now - day)
        .not_valid_after(now + day)
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False
        )
        .sign(own, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    path = tmp_path / "server.pem"
    path.write_bytes(
        own.private_bytes(
            pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + made.public_bytes(pem)
    )
    fake = FakeEndpoint()
    asked: list[str] = []

    class Secure(Handler):
        endpoint = fake

        def do_POST(self) -> None:
            asked.append(self.path)
            super().do_POST()

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """Keep quiet when the client hangs up."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    server = Quiet(("127.0.0.1", 0), Secure)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"https://localhost:{server.server_address[1]}/v1", asked
    server.shutdown()
    server.server_close()
    thread.join()
    fake.close()


def test_a_certificate_of_its_own(
    self_signed: tuple[str, list[str]], asking: Asking
) -> None:
    """A server that nobody vouches for is told of, and is sent nothing."""
    url, asked = self_signed
    with pytest.raises(BackendUnavailable, match="certificate"):
        ask(backend(url, retries=0), asking)
    assert asked == []
