"""One reading of an address: nothing in it makes another host of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentkit import Context, PrivacyPolicy, release
from agentkit.errors import EgressDenied
from agentkit.privacy.destinations import UNKNOWN, address_of
from agentkit.privacy.gate import EgressRule, Gate
from agentkit.privacy.ledger import Ledger
from agentkit.privacy.personal import PersonalValue
from agentkit.privacy.personal_values import Values

LOCAL = "localhost"
IMITATIONS = [
    "https://evil.example?@{h}", "https://evil.example#@{h}", "https://evil.example/@{h}",
    "https://evil.example/x?u=http://{h}/", "https://{h}@evil.example",
    "https://{h}:80@evil.example/",
    "https://evil.example\\@{h}", "https://evil.example\\.{h}", "https://{h}\\@evil.example",
    "https://evil.example\t@{h}", "https://evil.example @{h}", "https://a@b@{h}",
    "evil.example?@{h}", "evil.example#{h}", "//evil.example?//{h}", "evil.example@{h}@{h}",
    "https:evil.example//{h}", "https://{h}.evil.example", "https://evil.example:80:{h}",
    "https://[::1].evil.example", "https://evil.example%2f@{h}:x", "https://{h}\u2024x",
    "https://evil\uff20{h}", "https://{h}\n.evil.example", "",
]  # fmt: skip


@pytest.mark.parametrize("address", IMITATIONS, ids=repr)
@pytest.mark.parametrize("host", [LOCAL, "127.0.0.1", "trusted.example"])
def test_no_address_imitates_a_host(address: str, host: str) -> None:
    """Whatever stands before, behind or in it."""
    assert address_of(address.format(h=host)).host != host


@pytest.mark.parametrize(
    ("address", "host", "told"),
    [
        ("https://Api.Example/v1?q=a#b", "api.example", "/v1 q=a b"),
        ("https://key@api.example:8080/", "api.example", "key /"),
        ("http://[::1]:11434/x", "::1", "/x"), ("localhost:11434", "localhost", ""),
        ("api.example", "api.example", ""), ("https://api.example.", "api.example", ""),
        ("smtp://mail.example:465", "mail.example", ""),
        ("https://xn--bcher-kva.example", "xn--bcher-kva.example", ""),
        ("http://127.0.0.1", "127.0.0.1", ""), ("http://127.1", "127.1", ""),
    ],
)  # fmt: skip
def test_addresses_as_they_are_written(address: str, host: str, told: str) -> None:
    """All but scheme, host and port is told on the way."""
    found = address_of(address)
    assert (found.host, found.told) == (host, told)


@given(st.text(max_size=20), st.text(max_size=20))
def test_no_text_around_a_host_makes_it_local(before: str, behind: str) -> None:
    """Unless it is the host of an address, as all read them."""
    found = address_of(f"https://evil.example{before}{LOCAL}{behind}")
    assert found.host != LOCAL


def test_what_imitates_this_machine_leaves_and_is_recorded(tmp_path: Path) -> None:
    """It is asked about as another machine is, and stands in the ledger."""
    context = Context(home=tmp_path)
    release(context, "https://evil.example?@localhost", "hello")
    assert [entry.to for entry in Ledger(tmp_path).entries()] != []
    offline = Context(home=tmp_path, offline=True)
    with pytest.raises(EgressDenied):
        release(offline, "https://evil.example#@127.0.0.1", "hello")
    release(offline, "http://localhost:1/x", "stays")


@pytest.mark.parametrize("address", IMITATIONS[:-1], ids=repr)
def test_no_rule_trusts_an_imitation(address: str) -> None:
    """A rule for a host, or for all names below it, is for that host."""
    rules = (
        EgressRule(label="personal", answer="allow", to="trusted.example"),
        EgressRule(label="personal", answer="allow", to="*.trusted.example"),
    )
    policy = PrivacyPolicy(rules=rules)
    assert policy.answer("personal", address.format(h="trusted.example")) == "never"
    assert policy.answer("personal", address.format(h="a.trusted.example")) == "never"


@pytest.mark.parametrize(
    "address",
    ["https://Ana-Ruiz@api.example/", "https://api.example/Ana-Ruiz",
     "https://api.example?to=Ana%20Ruiz", "https://api.example#Ana-Ruiz",
     "https://api.example\\Ana Ruiz"],
)  # fmt: skip
def test_what_an_address_tells_is_searched(address: str) -> None:
    """A known name in any part of it does not leave."""
    gate = Gate(known=Values([PersonalValue("Ana Ruiz", "contact")]))
    with pytest.raises(EgressDenied, match="personal value"):
        gate.release(address, "hello")


def test_what_cannot_be_read_has_no_host() -> None:
    """Its sign stands for no host, so only a rule for all fits it."""
    assert address_of("https://a b").host == UNKNOWN


@pytest.mark.parametrize("address", [*IMITATIONS[-4:], "a backend"], ids=repr)
def test_no_rule_trusts_what_cannot_be_read(address: str) -> None:
    """A rule for all hosts lets nothing out to it, and may keep back more."""
    unread = address.format(h=LOCAL)
    for answer in ("allow", "placeholders", "ask"):
        trusting = PrivacyPolicy(rules=(EgressRule(label="personal", answer=answer),))
        assert trusting.answer("personal", unread) == "never"
        assert trusting.answer("personal", "api.example") == answer
    strict = PrivacyPolicy(rules=(EgressRule(label="public", answer="never"),))
    assert strict.answer("public", unread) == "never"
