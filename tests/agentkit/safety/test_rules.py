"""The rules that a user sets: which holds, how they are kept, what is refused."""

import re
from pathlib import Path
from typing import Any

import pytest

from agentkit.errors import ConfigError, StoreError
from agentkit.safety.rules import (
    Answer,
    Approved,
    Denied,
    Receivers,
    Rule,
    Rules,
    answer_of,
    literal,
    strictest,
)

ANA, EVE = "ana@home.org", "eve@evil.example"


def known(who: str) -> bool:
    """Tell whether somebody is in the address book."""
    return who == ANA


HOLDS = """
answer  to              of both  of Ana  of Eve  of nobody
always  *               yes      yes     yes     yes
always  ana@home.org    no       yes     no      no
always  *@home.org      no       yes     no      no
always  *@*             yes      yes     yes     no
ask     *               yes      yes     yes     yes
ask     ana@home.org    yes      yes     no      no
ask     *@home.org      yes      yes     no      no
never   *               yes      yes     yes     yes
never   ana@home.org    yes      yes     no      no
never   eve@evil.*      yes      no      yes     no
ask     strangers       yes      no      yes     no
never   strangers       yes      no      yes     no
"""
RECEIVERS = ((ANA, EVE), (ANA,), (EVE,), ())


@pytest.mark.parametrize("row", HOLDS.split("\n")[2:-1], ids=lambda row: row[:22])
def test_a_rule_holds_for_its_receivers(row: str) -> None:
    """An allowance needs all of them, what forbids needs one; strangers are a case."""
    answer, to, *cells = row.split()
    strangers = to == "strangers"
    rule = Rule(answer, "send", "*" if strangers else to, strangers)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    for receivers, cell in zip(RECEIVERS, cells, strict=True):
        assert rule.holds("send", receivers, known) is (cell == "yes")
        assert not rule.holds("other", receivers, known)


@pytest.mark.parametrize("written", ["Ana@HOME.org", " ana@home.org ", "ANA@*"])
def test_case_and_spaces_of_a_receiver_do_not_count(written: str) -> None:
    """A rule fits whoever is meant, as people write addresses."""
    assert Rule("always", "send", written).holds("send", (f" {ANA.title()} ",), known)


def test_a_rule_without_a_tool_holds_for_all() -> None:
    """`*` is any tool."""
    assert Rule("never").holds("send", (), known)
    assert Rule("never", to=EVE).holds("pay", (EVE,), known)


@pytest.mark.parametrize("name", ["a*", "a?b", "[ab]", "a]b", "a*?[x"])
def test_a_literal_receiver_fits_nobody_else(name: str) -> None:
    """What would be a pattern is taken to the letter."""
    rule = Rule("always", "send", literal(name))
    assert rule.holds("send", (name,), known)
    for other in ("ab", "a", "axb", "b", "a**", "abcx"):
        assert not rule.holds("send", (other,), known)


def test_never_goes_before_ask_before_always() -> None:
    """The strictest of the rules that hold decides, in whatever order they stand."""
    always, ask, never = (Rule(one, "send") for one in ("always", "ask", "never"))
    later = Rule("never", "send", "*", True)
    table = [
        ((always, never, ask), never),
        ((never, always, ask), never),
        ((always, ask), ask),
        ((ask, always), ask),
        ((always,), always),
        ((never, later), never),
        ((later, never), later),
        ((Rule("never", "other"), always), always),
        ((Rule("never", "other"),), None),
        ((), None),
    ]
    eve = Receivers((EVE,), (EVE,), (EVE,))
    for rules, wanted in table:
        assert strictest(rules, "send", eve, known) is wanted


def test_which_name_of_a_receiver_counts() -> None:
    """What allows goes by what is written, what forbids by every name, and whether
    somebody is a stranger by where it goes.
    """
    people = Receivers(("Ana",), (EVE,), ("Ana", EVE, "+491234"))
    decided = {
        Rule("always", "send", "Ana"): True,
        Rule("always", "send", EVE): False,
        Rule("ask", "send", EVE): True,
        Rule("never", "send", "+491234"): True,
        Rule("never", "send", "*", True): True,
        Rule("ask", "send", "*", True): True,
    }
    for rule, holds in decided.items():
        assert (strictest([rule], "send", people, known) == rule) is holds
    at_home = Receivers((EVE,), (ANA,), (EVE, ANA))
    assert strictest([Rule("ask", "send", "*", True)], "send", at_home, known) is None


REFUSED = {
    "everything": (("always",), "needs a tool or a receiver"),
    "everybody by a pattern": (("always", "*", "*?*"), "needs a tool or a receiver"),
    "all strangers": (
        ("always", "send", ANA, True),
        "cannot let all strangers receive",
    ),
    "unknown answer": (("sometimes", "send"), "always, ask or never, not 'sometimes'"),
}


@pytest.mark.parametrize(("facts", "told"), REFUSED.values(), ids=REFUSED)
def test_a_rule_that_lets_everything_run_is_refused(
    facts: tuple[Any, ...], told: str
) -> None:
    """An allowance names a tool or a receiver, and the fault is named."""
    with pytest.raises(ConfigError, match=re.escape(told)):
        Rule(*facts)


@pytest.mark.parametrize(
    "facts",
    [
        ("always", "send"),
        ("always", "*", "a*"),
        ("ask",),
        ("never",),
        ("ask", "*", "?"),
    ],
    ids=str,
)
def test_a_rule_that_allows_less_is_taken(facts: tuple[Any, ...]) -> None:
    """What asks or forbids may be for everything."""
    assert Rule(*facts).answer == facts[0]


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (Rule("never"), "never anything"),
        (Rule("always", "send"), "always send"),
        (Rule("ask", "send", ANA), "ask send, to ana@home.org"),
        (Rule("ask", to=ANA), "ask anything, to ana@home.org"),
        (Rule("never", outside_contacts=True),
         "never anything, to anybody outside your contacts"),
        (Rule("ask", "send", ANA, True), "ask send, to anybody outside your contacts"),
    ],
    ids=str,
)  # fmt: skip
def test_a_rule_is_said_in_words(rule: Rule, said: str) -> None:
    """People and models read rules as sentences."""
    assert str(rule) == said


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        (True, Approved()),
        (False, Denied()),
        (Approved({"a": 1}), Approved({"a": 1})),
        (Denied("why", Rule("never")), Denied("why", Rule("never"))),
    ],
    ids=str,
)
def test_a_yes_or_no_is_an_answer(given: object, answer: Answer) -> None:
    """A bool says it without more; an answer stays as it is."""
    assert answer_of(given) == answer


@pytest.mark.parametrize("given", ["no", 1, 0, None, "", []], ids=repr)
def test_what_is_no_answer_is_refused(given: object) -> None:
    """The text "no" would be a yes by accident."""
    with pytest.raises(ConfigError, match=re.escape(f"not {given!r}")):
        answer_of(given)


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


def test_a_rule_is_taken_back_by_its_number(tmp_path: Path) -> None:
    """The others stay in their order; there is no rule 0."""
    rules = [Rule("never", name) for name in "abc"]
    numbers = [Rules(tmp_path / "new" / "home").add(rule) for rule in rules]
    assert numbers == [1, 2, 3]
    for wrong in (0, 4, -1):
        with pytest.raises(ConfigError, match=f"no rule {wrong}: see"):
            Rules(tmp_path / "new" / "home").remove(wrong)
    assert Rules(tmp_path / "new" / "home").remove(3) == rules[2]
    assert Rules(tmp_path / "new" / "home").all() == (rules[0], rules[1])
    assert Rules(tmp_path / "new" / "home").add(rules[1]) == 2


def test_every_fact_of_a_rule_is_kept(tmp_path: Path) -> None:
    """What is read is what was written, whichever of its facts are set."""
    rules = (
        Rule("ask", "send", "*", True),
        Rule("always", "*", ANA),
        Rule("never"),
        Rule("ask", "send", "é\u2028\x00\t"),
    )
    for rule in rules:
        Rules(tmp_path).add(rule)
    assert Rules(tmp_path).all() == rules


@pytest.mark.parametrize(
    "text",
    [
        b"[[rules",
        b'[[rules]]\nanswer = "maybe"',
        b"x = 1",
        b'[[rules]]\nanswer = "ask"\nwhom = "ana"',
        b'[[rules]]\nanswer = "ask"\n# \xff',
    ],
    ids=["cut", "unknown answer", "unknown key", "unknown fact", "no text"],
)
def test_a_damaged_file_allows_nothing(tmp_path: Path, text: bytes) -> None:
    """Rules that cannot be understood end the run with a sentence."""
    (tmp_path / "rules.toml").write_bytes(text)
    with pytest.raises(ConfigError, match=r"rules\.toml in your home cannot be under"):
        Rules(tmp_path).all()


def test_a_file_that_allows_everything_is_refused(tmp_path: Path) -> None:
    """A rule that was written by hand is looked at as any other."""
    (tmp_path / "rules.toml").write_text('[[rules]]\nanswer = "always"', "utf-8")
    with pytest.raises(ConfigError, match="needs a tool or a receiver"):
        Rules(tmp_path).all()


def test_a_home_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    """What stands in the way of reading and writing is named."""
    (tmp_path / "rules.toml").mkdir()
    with pytest.raises(StoreError, match=r"rules\.toml cannot be read: Is a directory"):
        Rules(tmp_path).all()
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(StoreError, match="cannot be written: "):
        Rules(tmp_path / "file" / "home").add(Rule("never"))
