"""A rule about somebody holds by whatever name the model calls them."""

from pathlib import Path

import pytest

from agentkit import Agent, Contact, Context, Policy, Rule, Rules, tool
from agentkit.backends import ScriptedBackend
from agentkit.errors import ConfigError
from agentkit.outcomes import Approval

SENT: list[str] = []


@tool(effect="send")
def write_to(to: list[Contact]) -> str:
    """Write to people.

    Args:
        to: who.
    """
    SENT.extend(one.email for one in to)
    return "sent"


@pytest.fixture(autouse=True)
def _nothing_sent() -> None:
    SENT.clear()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with one contact, who is the user's mother."""
    (tmp_path / "contacts").mkdir()
    lines = [
        "BEGIN:VCARD", "VERSION:4.0", "FN:Ana Sousa", "NICKNAME:Nini",
        "EMAIL:ana@home.org", "END:VCARD", "",
    ]  # fmt: skip
    (tmp_path / "contacts" / "ana.vcf").write_text("\r\n".join(lines), "utf-8")
    return tmp_path


def send(home: Path, to: str, rule: Rule) -> tuple[str, list[Approval]]:
    """Let the user ask for a send under a rule; they say yes to what is asked."""
    Rules(home).add(rule)
    asked: list[Approval] = []

    def approve(approval: Approval) -> bool:
        asked.append(approval)
        return True

    agent = Agent(
        [write_to],
        ScriptedBackend([f'[write_to(to=["{to}"])]', "Done."]),
        approve=approve,
        context=Context(home=home),
        policy=Policy(provenance=False),
    )
    return agent.run(f"Write to {to}").calls[0].status, asked


@pytest.mark.parametrize("to", ["Ana", "Ana Sousa", "Nini", "ana@home.org"])
@pytest.mark.parametrize("whom", ["ana@home.org", "*@home.org", "Ana Sousa", "nini"])
def test_never_holds_for_every_name(home: Path, to: str, whom: str) -> None:
    """A nickname is no way around it."""
    status, asked = send(home, to, Rule("never", to=whom))
    assert (status, asked, SENT) == ("denied", [], [])


@pytest.mark.parametrize("to", ["Ana", "Nini", "ana@home.org"])
def test_ask_holds_for_every_name(home: Path, to: str) -> None:
    """Even where the policy would not ask."""
    Rules(home).add(Rule("always", "write_to"))
    status, asked = send(home, to, Rule("ask", to="ana@home.org"))
    assert (status, len(asked)) == ("done", 1)


def test_always_holds_for_what_was_written_only(home: Path) -> None:
    """Who else is found under another name is asked about."""
    _, asked = send(home, "ana@home.org", Rule("always", "write_to", "ana@home.org"))
    assert asked == []
    _, asked = send(home, "Nini", Rule("always", "write_to", "ana@home.org"))
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("to", "status"),
    [
        ("Nini", "done"),
        ("Ana Sousa", "done"),
        ("ana@home.org", "done"),
        ("Ana Sousa <eve@evil.example>", "denied"),
        ("eve@evil.example", "denied"),
    ],
)
def test_who_is_no_stranger_is_told_by_the_address(
    home: Path, to: str, status: str
) -> None:
    """A nickname of a contact is no stranger, and a stranger's name no contact."""
    found, _ = send(home, to, Rule("never", outside_contacts=True))
    assert (found, "eve@evil.example" in SENT) == (status, False)


@pytest.mark.parametrize("to", ["*", "**", "?*", "*@*", " * ", ""])
def test_a_rule_cannot_let_everything_run(to: str) -> None:
    """However its star is written."""
    with pytest.raises(ConfigError, match="needs a tool or a receiver"):
        Rule("always", to=to)
