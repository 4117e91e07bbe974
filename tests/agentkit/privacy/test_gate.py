from pathlib import Path

import pytest

from agentkit.errors import ConfigError, EgressDenied
from agentkit.messages import Privacy
from agentkit.privacy import (
    Departure,
    EgressRule,
    Gate,
    Leave,
    Ledger,
    Mask,
    Mode,
    PersonalValue,
    PrivacyPolicy,
    Values,
)
from agentkit.privacy.gate import host_of

TO = "https://cloud.example/v1"
KNOWN = Values([PersonalValue("Ana Ruiz", "contact")])
PLAIN, NAMED = "How far is the moon?", "Call Ana Ruiz"


def policy(answer: Leave, label: Privacy = "personal", to: str = "*") -> PrivacyPolicy:
    return PrivacyPolicy(rules=(EgressRule(label=label, answer=answer, to=to),))


def leaves(gate: Gate, text: str = PLAIN) -> bool:
    try:
        gate.release(TO, text)
    except EgressDenied:
        return False
    return True


@pytest.mark.parametrize(
    ("mode", "label", "text", "left"),
    [
        pytest.param("private", "public", PLAIN, True, id="public"),
        pytest.param("private", "public", NAMED, False, id="public with a known value"),
        pytest.param("private", "personal", PLAIN, False, id="personal"),
        pytest.param("private", "secret", PLAIN, False, id="secret"),
        pytest.param("open", "personal", NAMED, True, id="open"),
        pytest.param("open", "public", NAMED, True, id="open, known value"),
        pytest.param("open", "secret", PLAIN, False, id="open, secret"),
        pytest.param("offline", "public", PLAIN, False, id="offline"),
    ],
)
def test_modes(mode: Mode, label: Privacy, text: str, left: bool) -> None:
    """Each mode lets leave what it says."""
    gate = Gate(policy=PrivacyPolicy(mode=mode), label=label, known=KNOWN)
    assert leaves(gate, text) is left


@pytest.mark.parametrize("text", [PLAIN, NAMED])
@pytest.mark.parametrize("answer", ["allow", "ask", "placeholders", "never"])
def test_secrets_stay_whatever_holds_for_personal_text(
    answer: Leave, text: str
) -> None:
    """A rule for personal text says nothing about secrets."""
    gate = Gate(
        policy=policy(answer),
        label="secret",
        known=KNOWN,
        mask=Mask(KNOWN),
        ask=lambda _: True,
    )
    assert not leaves(gate, text)


def test_a_grant_lets_personal_text_leave_and_no_secrets() -> None:
    """What the user approved leaves; secrets do not, nor anything offline."""
    gate = Gate(label="personal", known=KNOWN).granted("the user sent it")
    assert leaves(gate, NAMED)
    assert not leaves(Gate(label="secret").granted("the user sent it"))
    offline = PrivacyPolicy(mode="offline")
    assert not leaves(Gate(policy=offline).granted("the user sent it"))


def test_masked_text_leaves_only_without_values() -> None:
    """After substitution the gate looks again, and refuses what is left."""
    mask = Mask(KNOWN)
    gate = Gate(policy=policy("placeholders"), label="personal", known=KNOWN, mask=mask)
    assert leaves(gate, mask.text(NAMED))
    assert not leaves(gate, NAMED)
    assert not leaves(gate, "QW5hIFJ1aXo=")


def test_unmasked_text_does_not_leave_as_placeholders() -> None:
    """The answer `placeholders` is none for text that was not masked."""
    assert not leaves(Gate(policy=policy("placeholders"), label="personal"))


@pytest.mark.parametrize("said", [True, False])
def test_the_user_sees_exactly_what_would_leave(said: bool) -> None:
    """An ask shows the text, its size, where to and why; the answer holds."""
    asked: list[Departure] = []

    def ask(departure: Departure) -> bool:
        asked.append(departure)
        return said

    gate = Gate(policy=policy("ask"), label="personal", known=KNOWN, ask=ask)
    assert leaves(gate, NAMED) is said
    assert (asked[0].text, asked[0].size, asked[0].to) == (NAMED, len(NAMED), TO)
    assert "Ana" not in asked[0].reason


def test_the_ledger_tells_what_was_found(tmp_path: Path) -> None:
    """Text that was called public and holds a personal value is noted as personal."""
    ledger = Ledger(tmp_path)
    Gate(policy=policy("allow"), known=KNOWN, ledger=ledger).release(TO, NAMED)
    mask = Mask(KNOWN)
    masked = Gate(policy=policy("placeholders"), known=KNOWN, mask=mask, ledger=ledger)
    masked.release(TO, mask.text(NAMED))
    Gate(policy=policy("allow", "public"), known=KNOWN, ledger=ledger).release(
        TO, PLAIN
    )
    assert [(one.label, one.grant) for one in ledger.entries()] == [
        ("personal", "personal text may leave for cloud.example"),
        ("public", "personal values were replaced by placeholders"),
        ("public", "it holds nothing personal"),
    ]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        pytest.param("ask", "nobody is here to say yes", id="ask"),
        pytest.param("never", "the privacy policy keeps that", id="never"),
    ],
)
def test_why_it_stays_is_told(answer: Leave, told: str) -> None:
    """A question that nobody heard is another reason than a no of the policy."""
    with pytest.raises(EgressDenied, match=told):
        Gate(policy=policy(answer), known=KNOWN).release(TO, NAMED)


def test_nobody_to_ask_is_a_no() -> None:
    """Without anybody there, what would be asked about stays."""
    assert not leaves(Gate(policy=policy("ask"), label="personal"))


def test_checking_asks_nobody_and_records_nothing(tmp_path: Path) -> None:
    """A check only says what can never leave."""
    asked: list[Departure] = []

    def ask(departure: Departure) -> bool:
        asked.append(departure)
        return True

    gate = Gate(policy=policy("ask"), known=KNOWN, ask=ask, ledger=Ledger(tmp_path))
    gate.check(TO, NAMED)
    assert (asked, list(tmp_path.iterdir())) == ([], [])
    with pytest.raises(EgressDenied):
        Gate(known=KNOWN).check(TO, NAMED)


def test_a_refusal_does_not_tell_the_value() -> None:
    """The message names the kind of value and the host, and not the value."""
    with pytest.raises(EgressDenied) as told:
        Gate(known=KNOWN).release(TO, NAMED)
    assert "contact" in str(told.value)
    assert "cloud.example" in str(told.value)
    assert "Ana" not in str(told.value)


def test_the_first_rule_that_fits_holds() -> None:
    """Rules are read in order, by label and host."""
    rules = (
        EgressRule(label="personal", answer="allow", to="*.ours.example"),
        EgressRule(label="personal", answer="never"),
    )
    made = PrivacyPolicy(mode="open", rules=rules)
    assert made.answer("personal", "https://llm.ours.example:8080/v1") == "allow"
    assert made.answer("personal", "https://ours.example.evil.example/") == "never"
    assert made.answer("public", "https://cloud.example") == "allow"


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://A.example:443/v1", "a.example"),
        ("a.example", "a.example"),
        ("a.example:80", "a.example"),
        ("smtp://user@a.example:25", "a.example"),
        ("http://[::1]:8080/v1", "::1"),
        ("::1", "::1"),
        ("fe80::1:2", "fe80::1:2"),
    ],
)
def test_the_host_of_an_address(address: str, host: str) -> None:
    """Scheme, user, port and path are not the host."""
    assert host_of(address) == host


def test_what_a_file_may_say_wrongly_is_told() -> None:
    """Modes and answers that do not exist are refused by name."""
    with pytest.raises(ConfigError, match="shut"):
        PrivacyPolicy(mode="shut")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    with pytest.raises(ConfigError, match="maybe"):
        policy("maybe")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
