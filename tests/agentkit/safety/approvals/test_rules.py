"""The rules that a user sets: which holds, how they are kept, what is refused."""

from pathlib import Path

import pytest

from agentkit.errors import ConfigError
from agentkit.safety.rules import Receivers, Rule, Rules, literal, strictest

ANA, EVE = "ana@home.org", "eve@evil.example"


def known(who: str) -> bool:
    """Tell whether somebody is in the address book."""
    return who == ANA


@pytest.mark.parametrize(
    ("rule", "receivers", "holds"),
    [
        (Rule("always", "send", ANA), (ANA,), True),
        (Rule("always", "send", "Ana@HOME.org"), (ANA,), True),
        (Rule("always", "send", ANA), (ANA, EVE), False),
        (Rule("always", "send", ANA), (), False),
        (Rule("never", "send", EVE), (ANA, EVE), True),
        (Rule("always", "other"), (ANA,), False),
        (Rule("never", outside_contacts=True), (ANA, EVE), True),
        (Rule("never", outside_contacts=True), (ANA,), False),
        (Rule("always", "send", "*@home.org"), (ANA,), True),
        (Rule("always", "send", literal("a*")), (ANA,), False),
    ],
    ids=str,
)
def test_a_rule_holds_for_its_tool_and_receivers(
    rule: Rule, receivers: tuple[str, ...], holds: bool
) -> None:
    """Whoever is on copy counts; case does not."""
    assert rule.holds("send", receivers, known) is holds


def test_never_goes_before_ask_before_always() -> None:
    """The strictest of the rules that hold decides, in whatever order they stand."""
    rules = [Rule("always", "send"), Rule("never", "send"), Rule("ask", "send")]
    assert strictest(rules, "send", Receivers(), known) == rules[1]
    assert strictest([rules[0], rules[2]], "send", Receivers(), known) == rules[2]


@pytest.mark.parametrize(
    "facts",
    [("always",), ("always", "*", "*", True), ("sometimes", "send")],
    ids=["everything", "all strangers", "unknown answer"],
)
def test_a_rule_that_lets_everything_run_is_refused(facts: tuple[object, ...]) -> None:
    """An allowance names a tool or a receiver."""
    with pytest.raises(ConfigError):
        Rule(*facts)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def test_rules_are_kept_listed_and_taken_back(tmp_path: Path) -> None:
    """What was added is there for the next program, once, until it is removed."""
    odd = Rule("never", 'a"b\\c\n', "x\x7f]")
    assert Rules(tmp_path).add(odd) == 1
    assert Rules(tmp_path).add(Rule("ask", "send")) == 2
    assert Rules(tmp_path).add(odd) == 1
    assert Rules(tmp_path).all() == (odd, Rule("ask", "send"))
    assert Rules(tmp_path).remove(1) == odd
    assert Rules(tmp_path).all() == (Rule("ask", "send"),)
    with pytest.raises(ConfigError, match="no rule 2"):
        Rules(tmp_path).remove(2)


@pytest.mark.parametrize(
    "text",
    ["[[rules", '[[rules]]\nanswer = "maybe"', "x = 1", '[[rules]]\nanswer = "always"'],
    ids=["cut", "unknown answer", "unknown key", "allows everything"],
)
def test_a_damaged_file_allows_nothing(tmp_path: Path, text: str) -> None:
    """Rules that cannot be understood end the run with a sentence."""
    (tmp_path / "rules.toml").write_text(text, "utf-8")
    with pytest.raises(ConfigError):
        Rules(tmp_path).all()
