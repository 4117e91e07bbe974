"""The device flow, against a server on loopback that speaks it (RFC 8628)."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

import keyring
import pytest

from agentkit import Context, EgressDenied, ToolError
from agentkit_tools._mail.device_sign_in import access_token, sign_in, xoauth2
from tests.keyrings import Ring


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ring]:
    """Use a keyring in memory for a while."""
    monkeypatch.delenv("AGENTKIT_MAIL_TOKEN", raising=False)
    before, own = keyring.get_keyring(), Ring()
    keyring.set_keyring(own)
    yield own
    keyring.set_keyring(before)


class Authority(http.server.BaseHTTPRequestHandler):
    """Gives out codes and tokens; `answers` are what polling is told, one by one."""

    answers: list[str]
    asked: list[dict[str, str]]
    lasts: object = 600

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self.asked.append({"path": self.path, **form})
        status, answer = self.answer(form)
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def answer(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if self.path == "/device":
            return 200, {
                "device_code": "d-1",
                "user_code": "WDJB-MJHT",
                "verification_uri": "https://id.example/device",
                "expires_in": self.lasts,
                "interval": 5,
            }
        if form["grant_type"] == "refresh_token":
            good = form["refresh_token"] == "r-1"
            return (200, {"access_token": "a-1"}) if good else (
                400, {"error": "invalid_grant", "error_description": "Token revoked."}
            )  # fmt: skip
        told = self.answers.pop(0)
        if told == "ok":
            return 200, {"access_token": "a-0", "refresh_token": "r-1"}
        return 400, {"error": told}

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


Server = tuple[Context, type[Authority]]


@pytest.fixture
def server(context: Context) -> Iterator[Server]:
    """Give a home that signs in on loopback, and what stands there."""
    kind = type("Handler", (Authority,), {"answers": [], "asked": []})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), kind) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{running.server_address[1]}"
        table = {
            "sign_in": "other",
            "client_id": "mine",
            "device_url": f"{base}/device",
            "token_url": f"{base}/token",
            "scope": "mail",
        }
        yield replace(context, packs={"mail": table}), kind
        running.shutdown()


def test_a_code_is_entered_and_what_logs_in_is_kept(server: Server, ring: Ring) -> None:
    """It asks at the provider's pace, and keeps what it is given in the keyring alone."""
    context, authority = server
    authority.answers = ["authorization_pending", "slow_down", "ok"]
    told: list[str] = []
    pauses: list[float] = []
    sign_in(context, told.append, pauses.append)
    assert told == ["Open https://id.example/device and enter the code WDJB-MJHT"]
    assert pauses == [5.0, 5.0, 10.0]
    assert list(ring.kept.values()) == ["r-1"]
    assert access_token(context) == "a-1"
    assert {one["client_id"] for one in authority.asked} == {"mine"}
    assert not context.home.exists()


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        (["access_denied"], "other does not sign you in: access_denied"),
        (["expired_token"], "expired_token"),
        (["authorization_pending"] * 200, "not entered in time"),
    ],
)
def test_a_refusal_is_one_sentence(
    answers: list[str], told: str, server: Server, ring: Ring
) -> None:
    """And nothing is kept."""
    context, server_kind = server
    server_kind.answers = answers
    with pytest.raises(ToolError, match=told):
        sign_in(context, lambda _: None, lambda _: None)
    assert ring.kept == {}


def test_what_was_revoked_is_said(
    server: Server, ring: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A token of the environment goes before the keyring's."""
    monkeypatch.setenv("AGENTKIT_MAIL_TOKEN", "old")
    with pytest.raises(ToolError, match=r"does not sign you in: Token revoked\."):
        access_token(server[0])


def test_nobody_has_signed_in(server: Server, ring: Ring) -> None:
    """It is said how."""
    with pytest.raises(ToolError, match="run `agentkit setup` again"):
        access_token(server[0])


def test_a_dead_provider_is_said(server: Server, ring: Ring) -> None:
    """In one sentence, and in the clear nobody but this device is asked."""
    context, _ = server
    table = dict(context.packs["mail"])
    for url, told in (
        ("http://127.0.0.1:1/device", "cannot be reached"),
        ("http://id.example/device", "over https"),
    ):
        asking = replace(context, packs={"mail": {**table, "device_url": url}})
        with pytest.raises((ToolError, EgressDenied), match=told):
            sign_in(asking, lambda _: None, lambda _: None)


def test_another_provider_needs_its_addresses(context: Context, ring: Ring) -> None:
    """A client id is the user's own, always."""
    for table in ({"sign_in": "google"}, {"sign_in": "x", "client_id": "mine"}):
        with pytest.raises(ToolError, match=r"needs packs\.mail\.client_id"):
            access_token(replace(context, packs={"mail": table}))


def test_what_is_said_in_the_place_of_a_password() -> None:
    """As Google and Microsoft describe it."""
    assert xoauth2("a@b", "t") == "user=a@b\x01auth=Bearer t\x01\x01"


@pytest.mark.parametrize("told", ["soon", "NaN", -1, None, [600], "600"])
def test_a_time_that_is_no_number_is_passed_over(
    told: object, server: Server, ring: Ring
) -> None:
    """The code is waited for all the same."""
    context, authority = server
    authority.lasts = told
    authority.answers = ["authorization_pending", "ok"]
    sign_in(context, lambda _: None, lambda _: None)
    assert list(ring.kept.values()) == ["r-1"]
