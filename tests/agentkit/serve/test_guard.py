"""Who may come in: only with a token, to a name of this server, from no other page."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from agentkit.errors import ConfigError

if TYPE_CHECKING:
    from tests.agentkit.serve.conftest import Serve

pytestmark = pytest.mark.slow

_LIST = "/v1/models"

REFUSED: dict[str, tuple[dict[str, str], int]] = {
    "no token": ({"Authorization": ""}, 401),
    "another token": ({"Authorization": "Bearer another-token-altogether"}, 401),
    "another scheme": ({"Authorization": "Basic YTpi"}, 401),
    "a name that leads here": ({"Host": "evil.example"}, 421),
    "such a name with a port": ({"Host": "evil.example:80"}, 421),
    "a host that is none": ({"Host": "[::1"}, 421),
    "another page": ({"Origin": "http://evil.example"}, 403),
    "an origin that is none": ({"Origin": "http://["}, 403),
    "a file's page": ({"Origin": "null"}, 403),
    "another port's page": ({"Origin": "http://127.0.0.1:1"}, 403),
}


@pytest.mark.parametrize(("headers", "status"), REFUSED.values(), ids=REFUSED)
def test_what_may_not_come_in(
    serve: Serve, headers: dict[str, str], status: int
) -> None:
    """It is refused with a reason, and a token of one's own does not help."""
    answer = serve().get(_LIST, headers=headers)
    assert answer.status_code == status
    assert answer.json()["error"]["message"]


def test_a_page_of_this_server_comes_in(serve: Serve) -> None:
    """The browser's page names its own origin."""
    client = serve()
    origin = str(client.base_url).rstrip("/")
    assert client.get(_LIST, headers={"Origin": origin}).status_code == 200


def test_nothing_but_health_is_open(serve: Serve) -> None:
    """Without a token there is no list, no answer and no tool."""
    client = serve()
    client.headers.pop("Authorization")
    assert client.get("/health").status_code == 200
    for path in (_LIST, "/v1/chat/completions", "/v1/responses", "/api/sessions"):
        assert client.get(path).status_code == 401, path


def test_what_is_not_there_is_told(serve: Serve) -> None:
    """An unknown address and a wrong method are faults of the client."""
    client = serve()
    assert client.get("/v1/nothing").status_code == 404
    assert client.get("/v1/chat/completions").status_code == 405


BODIES: dict[str, bytes] = {
    "empty": b"",
    "no JSON": b"{",
    "a list": b"[]",
    "not UTF-8": b'{"messages": [{"role": "user", "content": "\xff"}]}',
    "deep": b"[" * 100_000,
    "a number too long": b'{"n": ' + b"9" * 10_000 + b"}",
    "a lone surrogate": b'{"messages":[{"role":"user","content":"\\ud800"}],"model":"m"}',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_body_that_is_none(serve: Serve, body: bytes) -> None:
    """Whatever is posted, the answer is a fault of the client's."""
    answer = serve().post("/v1/chat/completions", content=body)
    assert 400 <= answer.status_code < 500
    assert answer.json()["error"]["message"]


def test_a_body_is_bounded(serve: Serve) -> None:
    """Too many bytes are refused, told ahead or sent in pieces."""
    from agentkit.serve import ServeLimits

    client = serve(limits=ServeLimits(body_bytes=1_000))
    long = json.dumps({"messages": [{"role": "user", "content": "x" * 2_000}]})
    told = client.post("/v1/chat/completions", content=long)
    pieces = client.post("/v1/chat/completions", content=iter([long.encode()]))
    assert (told.status_code, pieces.status_code) == (413, 413)


def test_a_body_that_never_ends_is_let_go(serve: Serve) -> None:
    """A client that stops in the middle holds nothing for ever."""
    from agentkit.serve import ServeLimits

    client = serve(limits=ServeLimits(body_seconds=0.2))
    url = client.base_url
    token = client.headers["Authorization"]
    with socket.create_connection((url.host, url.port or 80), timeout=60) as line:
        head = (
            f"POST /v1/chat/completions HTTP/1.1\r\nHost: {url.host}\r\n"
            f"Authorization: {token}\r\nContent-Length: 100\r\n\r\n{{"
        )
        line.sendall(head.encode())
        assert b" 408 " in line.recv(200)


def test_each_user_has_their_own(tmp_path: Path) -> None:
    """What one user keeps, another one does not see, and each token opens one home."""
    pytest.importorskip("uvicorn")
    import httpx

    from tests.agentkit.serve.served import serving, tenant

    tokens = {"ana": "token-of-ana-for-tests", "bob": "token-of-bob-for-tests"}
    users = [tenant(tmp_path / n, name=n, token=t) for n, t in tokens.items()]

    def ask(url: str, who: str, text: str) -> str:
        body: Any = {"messages": [{"role": "user", "content": text}]}
        answer = httpx.post(
            f"{url}/v1/chat/completions",
            json=body,
            headers={"Authorization": f"Bearer {tokens[who]}"},
            timeout=60,
        )
        return str(answer.json()["choices"][0]["message"]["content"])

    with serving(*users) as url:
        ask(url, "ana", "add milk to the shopping list")
        assert "milk" in ask(url, "ana", "what is on the shopping list?")
        assert "milk" not in ask(url, "bob", "what is on the shopping list?")


@pytest.mark.parametrize("same", ["token", "home"])
def test_no_two_users_share(tmp_path: Path, same: str) -> None:
    """A token or a home that two have is a fault of whoever set it up."""
    pytest.importorskip("uvicorn")
    from agentkit.serve import make_app
    from tests.agentkit.serve.served import tenant

    homes = ["one", "one" if same == "home" else "two"]
    tokens = ["t" * 20, "t" * 20 if same == "token" else "u" * 20]
    users = [
        tenant(tmp_path / h, name=str(n), token=t)
        for n, (h, t) in enumerate(zip(homes, tokens, strict=True))
    ]
    with pytest.raises(ConfigError, match=same):
        make_app(users)
