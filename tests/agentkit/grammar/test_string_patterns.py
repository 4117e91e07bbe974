"""What is read of a pattern allows what Python's own reading of it allows."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from agentkit.grammar import to_gbnf
from agentkit.grammar.printed_grammar import regex
from agentkit.grammar.string_patterns import UnreadablePatternError, read_pattern
from agentkit.tools import Toolset

_CODE = re.compile(r"\\x\{([0-9a-f]+)\}")


def allows(pattern: str, text: str) -> bool:
    """Tell whether what is read of a pattern allows a whole text."""
    written = regex(read_pattern(pattern))
    plain = _CODE.sub(lambda code: f"\\U{int(code[1], 16):08x}", written)
    return re.fullmatch(plain, text) is not None


def means(pattern: str, text: str) -> bool:
    """Tell whether Python finds a pattern in a text; `$` is the very end here."""
    return re.search(pattern.replace("$", r"\Z"), text, re.ASCII) is not None


ONE = st.sampled_from(
    ["a", "b", "1", "-", r"\.", r"\-", ".", r"\d", r"\w", r"\s", r"\D", r"\W", r"\S",
     "[ab]", "[a-c]", "[^a]", r"[^\d]", r"[\w-]", r"[\da-b]", "[-a]", "[]a]", r"[\]a]",
     r"[^\s-]", r"\x61", r"\u0062", "[\\x61-\\x63]", "[^^]", "[1-]"]
)  # fmt: skip
COUNTS = st.sampled_from(
    [
        "",
        "",
        "",
        "?",
        "*",
        "+",
        "{2}",
        "{0}",
        "{1}",
        "{1,}",
        "{0,2}",
        "{1,3}",
        "*?",
        "+?",
    ]
)


def counted(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Write a part with a count."""
    return st.tuples(part, COUNTS).map("".join)


def grouped(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Write parts behind one another, or one of several, in a group."""
    series = st.lists(inner, min_size=1, max_size=3).map("".join)
    options = st.lists(series, min_size=1, max_size=2).map("|".join)
    opens = st.sampled_from(["(", "(?:", "(?P<name>"])
    return counted(st.tuples(opens, options).map(lambda both: f"{both[0]}{both[1]})"))


BODY = st.lists(st.recursive(counted(ONE), grouped, max_leaves=4), max_size=3).map(
    "".join
)
OUTER = st.tuples(st.sampled_from(["", "^"]), BODY, st.sampled_from(["", "$"])).map(
    "".join
)
PATTERNS = st.lists(OUTER, min_size=1, max_size=2).map("|".join)


@settings(max_examples=400, deadline=None)
@given(pattern=PATTERNS, text=st.text("ab1-. _]^", max_size=6))
@example("a|^b", "cb")
@example("a$|b", "bc")
@example("^[a-c]$", "c")
@example("^[ab-]$", "-")
@example(r"^\w$", "_")
@example(r"^[^\W]$", "_")
@example("^a{2,}$", "aaa")
@example("^a{,2}$", "a")
def test_a_pattern_allows_what_python_finds(pattern: str, text: str) -> None:
    """For plain text the two agree, whatever the pattern is made of."""
    try:
        re.compile(pattern)
        allowed = allows(pattern, text)
    except (re.error, UnreadablePatternError):
        return
    assert allowed == means(pattern, text)


@settings(max_examples=200, deadline=None)
@given(pattern=PATTERNS, text=st.text(st.characters(codec="utf-8"), max_size=4))
@example(r"^\D$", "٣")
@example(r"^[^\d]$", "٣")
@example(r"^[^a]$", "\n")
@example("^.$", "\r")
def test_a_pattern_never_allows_more(pattern: str, text: str) -> None:
    """Of other scripts less may be allowed, and nothing that the pattern bars.

    For `\\d`, `\\w` and `\\s` both readings count, that of ASCII and that of Unicode.
    """
    try:
        re.compile(pattern)
        allowed = allows(pattern, text)
    except (re.error, UnreadablePatternError):
        return
    whole = pattern.replace("$", r"\Z")
    assert not allowed or (means(pattern, text) and re.search(whole, text))


@pytest.mark.parametrize(
    "pattern",
    ["(?=a)b", "(?!a)b", "(?<=a)b", r"(a)\1", r"\bword", r"\p{L}", "(?i)a", "a++", "a*+",
     "(a", "a)", "[a", "[", "a**", "+a", "?", "{2}", "[z-a]", r"[\d-z]", "[[a]]",
     "[a&&b]", "a^b", "a$b", r"\q", r"\x{110000}", "\\", r"[a\]", "(?", "(?<1>a)",
     r"^\x00$", "^[\x01-\x02]$", "(" * 21 + "a" + ")" * 21],
    ids=str,
)  # fmt: skip
def test_what_is_not_read_is_refused(pattern: str) -> None:
    """Nothing is guessed of a pattern that says more than is read here."""
    with pytest.raises(UnreadablePatternError):
        read_pattern(pattern)


@pytest.mark.parametrize(
    ("pattern", "texts"),
    [
        ("(" * 20 + "a" + ")" * 20, ["a"]),
        (r"^\t\n\r$", ["\t\n\r"]),
        (r"^\x{1F600}\u00e9\xe9$", ["\U0001f600éé"]),
        (r"^[\n]$", ["\n"]),
        ("^é$", ["é"]),
        ("^(?P<year>a)(?<day>b)$", ["ab"]),
        ("^a*$", ["a" * 512]),
        ("^(?:a*)$", ["a" * 64]),
        ("^a{600,}$", ["a" * 600]),
        ("^(?:a{70,})$", ["a" * 70]),
        ("a", ["b" * 64 + "a" + "b" * 64]),
        (r"^\s$", [" ", "\t", "\n", "\r"]),
        (r"^\S$", ["é", "漢"]),
    ],
)
def test_what_is_read_is_allowed(pattern: str, texts: list[str]) -> None:
    """Escapes, names of groups and as much text as is written without a bound."""
    assert all(allows(pattern, text) for text in texts)


@pytest.mark.parametrize(
    ("pattern", "longest"),
    [("^a*$", 512), ("^a+$", 512), ("^a{3,}$", 512), ("^(?:a*)$", 64), ("^(a+)$", 64),
     ("^a{600,}$", 600), ("^a{2,5}$", 5), ("^a?$", 1), ("^a{4}$", 4)],
)  # fmt: skip
def test_every_sentence_ends(pattern: str, longest: int) -> None:
    """What the pattern leaves without a bound has one that its place gives."""
    assert allows(pattern, "a" * longest)
    assert not allows(pattern, "a" * (longest + 1))


def text_rule(pattern: str) -> str:
    """Return the rule that a server gets for a text with a pattern."""
    parameters = {"properties": {"x": {"type": "string", "pattern": pattern}}}
    tool = {"name": "f", "description": "Do it.", "parameters": parameters}
    lines = to_gbnf(Toolset.from_schemas([tool])).splitlines()
    return next(line for line in lines if line.startswith("text-0 ::= "))


GBNF = {
    "^a*$": "[a]*",
    "^a+$": "[a]+",
    "^a?$": "[a]?",
    "^a{3,}$": "[a]{3,}",
    "^a{2,5}$": "[a]{2,5}",
    "^a{4}$": "[a]{4,4}",
    "^a{0,1}$": "[a]?",
    "^(?:ab){0,2}$": "([a] [b]){0,2}",
    "^(?:ab)*$": "([a] [b])*",
}


@pytest.mark.parametrize(("pattern", "written"), GBNF.items(), ids=GBNF)
def test_a_bound_that_the_pattern_does_not_set_is_left_out(
    pattern: str, written: str
) -> None:
    """llama.cpp makes a rule of each counted copy; what is set stays."""
    quoted = " | ".join(f"({mark} ({written}) {mark})" for mark in ('"\'"', '"\\""'))
    assert text_rule(pattern) == f"text-0 ::= {quoted}"


@pytest.mark.parametrize(
    ("pattern", "before", "behind"),
    [("ab", 2, 2), ("^ab", 0, 2), ("ab$", 2, 0), ("^ab$", 0, 0)],
)
def test_text_around_a_pattern_has_no_bound_for_servers(
    pattern: str, before: int, behind: int
) -> None:
    """An open end allows a line before and behind, between either quotes."""
    rule = text_rule(pattern)
    assert rule.count(")*) [a] [b]") == before
    assert rule.count("[a] [b] (") == behind
    assert rule.count(")*)") == before + behind
