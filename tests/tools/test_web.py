"""Web search: asks the named server only, and bears what it answers."""

from __future__ import annotations

import http.server
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from agentkit import Context, InputNeeded, ToolError
from agentkit_tools.web import search_web

Use = Callable[..., Any]

PAGE = {"url": "https://a.example/x", "title": "A  page", "content": "About\nx"}


class Server(http.server.BaseHTTPRequestHandler):
    """A search server that answers what a test tells it to."""

    asked: list[str]
    status: int
    body: bytes
    headers_out: dict[str, str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(self.status)
        for name, value in self.headers_out.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def server(context: Context) -> Iterator[tuple[Context, type[Server]]]:
    """Give a home that names a server on loopback, and the server."""
    found = json.dumps({"results": [PAGE]}).encode()
    kind = type(
        "Handler",
        (Server,),
        {"asked": [], "status": 200, "body": found, "headers_out": {}},
    )
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), kind) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{running.server_address[1]}"
        yield replace(context, packs={"web": {"searxng": address}}), kind
        running.shutdown()


def test_the_query_goes_to_the_named_server(
    server: tuple[Context, type[Server]], use: Use
) -> None:
    """It is asked for JSON, and only the query is told."""
    context, handler = server
    found = use(search_web, context, query="tea & biscuits")
    [asked] = handler.asked
    assert urlsplit(asked).path == "/search"
    assert parse_qs(urlsplit(asked).query) == {"q": ["tea & biscuits"],
                                               "format": ["json"]}  # fmt: skip
    assert (found.server, found.bytes_out) == ("127.0.0.1", len(asked))
    [hit] = found.hits
    assert (hit.title, hit.url, hit.text) == ("A page", PAGE["url"], "About x")


def test_what_comes_back_is_bounded_and_plain(
    server: tuple[Context, type[Server]], use: Use
) -> None:
    """Other schemes, doubles and what is no page are left out; texts are cut."""
    context, handler = server
    results = [
        PAGE,
        PAGE,
        {"url": "javascript:alert(1)", "title": "no"},
        {"url": "https://b.example", "title": "\x1b[31m" + "t" * 900, "content": 7},
        "nothing",
        *({"url": f"https://c.example/{n}", "title": "c"} for n in range(9)),
    ]
    handler.body = json.dumps({"results": results}).encode()
    found = use(search_web, context, query="x", count=3)
    assert [hit.url for hit in found.hits] == [
        "https://a.example/x", "https://b.example", "https://c.example/0"
    ]  # fmt: skip
    assert found.hits[1].title == "[31m" + "t" * 196
    assert found.hits[1].text == ""


@pytest.mark.parametrize(
    ("status", "headers", "body", "told"),
    [
        (302, {"Location": "http://127.0.0.1:1/"}, b"", "another address"),
        (403, {}, b"", r"`search\.formats`"),
        (429, {}, b"", "too often"),
        (500, {}, b"", "status 500"),
        (200, {}, b"<html>", "no list of results in JSON"),
        (200, {}, b"[]", "no list of results in JSON"),
        (200, {}, b"[" * 100_000, "no list of results in JSON"),
        (200, {}, b" " * 2_100_000, "more than 2 MB"),
        (200, {"Content-Length": "10"}, b"{", "no list of results|cannot be used"),
    ],
    ids=["redirect", "no JSON", "busy", "error", "HTML", "list", "deep", "huge", "cut"],
)
def test_an_answer_of_no_use_is_told(
    status: int, headers: dict[str, str], body: bytes, told: str,
    server: tuple[Context, type[Server]], use: Use,
) -> None:  # fmt: skip
    """Each is one clear error; a redirect is not followed."""
    context, handler = server
    handler.status, handler.headers_out, handler.body = status, headers, body
    with pytest.raises(ToolError, match=told):
        use(search_web, context, query="x")
    assert len(handler.asked) == 1


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("", r"agentkit\.toml"),
        ("http://search.example", "over https"),
        ("ftp://search.example", "over https"),
        ("https://me:secret@search.example", "without a name or password"),
        ("https://", "has to be an address"),
        ("https://search.example:port", "has to be an address"),
        ("https://127.0.0.1:1", "cannot be used"),
    ],
    ids=["not set", "plain", "ftp", "password", "no host", "no port", "nobody there"],
)
def test_a_server_that_may_not_be_asked_is_told(
    address: str, told: str, context: Context, use: Use
) -> None:
    """Only https, or a server on this device; a password is not shown."""
    context = replace(context, packs={"web": {"searxng": address}} if address else {})
    with pytest.raises(ToolError, match=told) as caught:
        use(search_web, context, query="x")
    assert "secret" not in str(caught.value)


def test_a_certificate_that_is_not_trusted_is_told(context: Context, use: Use) -> None:
    """Nothing is asked over a connection to who knows whom."""
    trustme = pytest.importorskip("trustme")
    asked: list[str] = []
    kind = type("Handler", (Server,), {"asked": asked})
    with http.server.HTTPServer(("127.0.0.1", 0), kind) as running:
        running.handle_error = lambda *_: None  # type: ignore[method-assign]
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        trustme.CA().issue_cert("127.0.0.1").configure_cert(tls)
        running.socket = tls.wrap_socket(running.socket, server_side=True)
        threading.Thread(target=running.serve_forever, daemon=True).start()
        address = f"https://127.0.0.1:{running.server_address[1]}"
        context = replace(context, packs={"web": {"searxng": address}})
        with pytest.raises(ToolError, match=r"(?i)certificate"):
            use(search_web, context, query="x")
        running.shutdown()
    assert asked == []


def test_the_question_is_asked_about_first(context: Context, use: Use) -> None:
    """It is sent, so that it needs approval; the preview names server and query."""
    assert (search_web.effect, search_web.untrusted) == ("send", True)
    address = "https://search.example/searx"
    context = replace(context, packs={"web": {"searxng": address}})
    call = search_web.check({"query": "tea"}, context)
    assert search_web.describe(call) == "Ask search.example on the web for “tea”."
    with pytest.raises(InputNeeded):
        use(search_web, context, query=" ")
