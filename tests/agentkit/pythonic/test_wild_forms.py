"""Slips in which a part of a value, or of an answer, could get lost without a word."""

from __future__ import annotations

import json
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentkit import Toolset, tool
from agentkit.pythonic import parse_calls


@tool(effect="write")
def save(path: str, text: str, mode: str = "w", size: int = 1) -> str:
    """Save a text.

    Args:
        path: where.
        text: what.
        mode: how.
        size: how much.
    """
    return path + text + mode + str(size)


@tool(effect="read")
def pick(name: str, kind: Literal["none", "all"] | None = None) -> str:
    """Pick something.

    Args:
        name: what.
        kind: of which kind.
    """
    return name + str(kind)


TOOLS = Toolset([save, pick])
ONE, TWO = ({"name": "pick", "arguments": {"name": name}} for name in "ab")
BOTH = [("pick", {"name": "a"}), ("pick", {"name": "b"})]


def calls(text: str) -> list[tuple[str, dict[str, Any]]]:
    """Read a model's output."""
    return [
        (call.name, dict(call.arguments)) for call in parse_calls(text, TOOLS).calls
    ]


CODE = [
    "print({q}hi{q})", "if x in [{q}a{q}]: y", "d = {{{q}a{q}: [1, {q}b{q}]}}",
    "print({q}{q})", "f({q}a{q}, {q}b{q})", "x = f({q}a{q})\ng({q}b{q})",
    "say {q}hi{q} to her", "(see {q}notes{q})", "f(g({q}x{q})) + 1",
]  # fmt: skip
FRAMES = {
    "last": "[save(path={q}p{q}, text={q}{code}{q})]",
    "first": "[save(text={q}{code}{q}, path={q}p{q})]",
    "bare": "save(path={q}p{q}, text={q}{code}{q})",
    "JSON, last": "{{{q}name{q}: {q}save{q}, {q}parameters{q}: "
                  "{{{q}path{q}: {q}p{q}, {q}text{q}: {q}{code}{q}}}}}",
    "JSON, first": "{{{q}name{q}: {q}save{q}, {q}parameters{q}: "
                   "{{{q}text{q}: {q}{code}{q}, {q}path{q}: {q}p{q}}}}}",
}  # fmt: skip


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
@pytest.mark.parametrize("code", CODE, ids=[code.replace("\n", "|") for code in CODE])
@pytest.mark.parametrize("quote", ['"', "'"], ids=["double", "single"])
def test_unescaped_quotes_cut_nothing_off(frame: str, code: str, quote: str) -> None:
    """The value is whole, or there is no call."""
    inner = code.format(q=quote)
    found = calls(frame.format(q=quote, code=inner))
    assert found in ([], [("save", {"path": "p", "text": inner})])


def test_most_unescaped_quotes_are_read() -> None:
    """Of the frames with code in them, nearly all are."""
    texts = [frame.format(q=q, code=code.format(q=q))
             for frame in FRAMES.values() for code in CODE for q in "\"'"]  # fmt: skip
    assert sum(map(bool, map(calls, texts))) >= 0.8 * len(texts)


PIECES = st.recursive(
    st.sampled_from(["x", "if", "1", '"a"', '"b c"']),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda p: f"f({', '.join(p)})"),
        st.lists(inner, min_size=1, max_size=3).map(lambda p: f"[{', '.join(p)}]"),
        st.tuples(inner, inner).map(lambda p: f"{{{p[0]}: {p[1]}}}"),
    ),
    max_leaves=6,
)


@given(st.lists(PIECES, min_size=1, max_size=4))
def test_no_part_of_code_is_taken_for_the_whole(pieces: list[str]) -> None:
    """Of code with unescaped quotes, a call that is read has all of it."""
    code = "x " + " ".join(pieces)
    for _, arguments in calls(f'[save(path="p", text="{code}")]'):
        assert arguments["text"] == code


@pytest.mark.parametrize("gap", [" ", "\n ", "   "], ids=repr)
@pytest.mark.parametrize("quote", ['"', "'"])
@pytest.mark.parametrize("frame", ["text={}", "text=({})"])
def test_strings_side_by_side_are_one(gap: str, quote: str, frame: str) -> None:
    """As in Python."""
    parts = gap.join(f"{quote}{part}{quote}" for part in ("a\\n", "b", "c"))
    text = f"[save(path={quote}p{quote}, {frame.format(parts)})]"
    assert calls(text) == [("save", {"path": "p", "text": "a\nbc"})]


def test_strings_side_by_side_in_a_list_are_unclear() -> None:
    """A comma may have been forgotten."""
    assert calls('[save(path="p", text=["a" "b"])]') == []


BETWEEN = [
    "", "\n", ";", "; ", ",\n", "<|im_sep|>", "<|tool_sep|>", "<\uff5ctool\uff5c>",
    "</tool_call><tool_call>", "</tool_call>\n<tool-call>", " [TOOL_CALLS] ",
    "</function_calls>", "</invoke><invoke>",
]  # fmt: skip


@pytest.mark.parametrize("between", BETWEEN, ids=repr)
def test_a_second_call_is_read_whatever_stands_between(between: str) -> None:
    """Tokens and tags of other models' formats end no answer."""
    assert calls(json.dumps(ONE) + between + json.dumps(TWO)) == BOTH


@pytest.mark.parametrize("mark", [";", ",", "; ", ",\n"], ids=repr)
def test_a_forgotten_brace_before_the_next_call(mark: str) -> None:
    """The first call ends where the second one begins."""
    assert calls(json.dumps(ONE)[:-1] + mark + json.dumps(TWO)) == BOTH


TAGS = [
    '<function=pick>{"name": "a"}</function>', '<function=pick={"name": "a"}>',
    '<function=pick={"name": "a"}</function>', '<function="pick">{"name": "a"}',
    '<function=pick{"name": "a"}></function>', '<function=pick>\n{"name": "a"}\n',
]  # fmt: skip


@pytest.mark.parametrize("text", TAGS)
def test_tags_of_functions(text: str) -> None:
    """The signs around a name may be others than they should."""
    assert calls(text) == BOTH[:1]


ARGUMENTS: dict[str, Any] = {
    "properties": {"properties": {"name": "a"}},
    "a schema": {"type": "object", "properties": {"name": "a"}},
    "a schema without a type": {"properties": {"name": "a"}, "required": ["name"]},
    "the call again": {"name": "pick", "arguments": {"name": "a"}},
    "the call again, turned": {"parameters": {"name": "a"}, "function": "pick"},
    "a list of one": {"name": ["a"]},
}


@pytest.mark.parametrize("arguments", ARGUMENTS.values(), ids=ARGUMENTS)
def test_arguments_one_level_too_deep(arguments: dict[str, Any]) -> None:
    """What holds them is no argument."""
    assert calls(json.dumps({"name": "pick", "arguments": arguments})) == BOTH[:1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[save(path="p", text="none")]', {"path": "p", "text": "none"}),
        ('[save(path="p", text="x", mode="none")]',
         {"path": "p", "text": "x", "mode": "none"}),
        ('[save(path="p", text="x", mode="null")]', {"path": "p", "text": "x"}),
        ('[save(path="p", text="x", mode=None)]', {"path": "p", "text": "x"}),
        ('[save(path="p", text="x", size="none")]', {"path": "p", "text": "x"}),
        ('[pick(name="a", kind="none")]', {"name": "a", "kind": "none"}),
    ],
    ids=["required", "a text", "null", "not quoted", "a number", "named"],
)  # fmt: skip
def test_none_is_a_word_where_it_may_be_one(
    text: str, expected: dict[str, Any]
) -> None:
    """Where a text may be anything, or names it, it is kept."""
    assert [arguments for _, arguments in calls(text)] == [expected]


NAMED_LISTS = {
    "quoted": "['save', path='p', text='t']",
    "bare, closed as a call": "[save, path='p', text='t')]",
    "as in JSON": "['save', 'path': 'p', 'text': 't']",
    "with a wrapper": "['save', 'arguments': {'path': 'p', 'text': 't'}]",
    "a list of it": "[['save', path='p', text='t']]",
}


@pytest.mark.parametrize("text", NAMED_LISTS.values(), ids=NAMED_LISTS)
def test_a_list_of_a_name_and_its_arguments_is_a_call(text: str) -> None:
    """Llama 3 writes the name as the first item; the repair says so."""
    assert calls(text) == [("save", {"path": "p", "text": "t"})]
    repairs = parse_calls(text, TOOLS).repairs
    assert any("a list of a name" in str(one) for one in repairs)


NO_NAMED_LISTS = {
    "in a sentence": "use [pick, name='a'] for it",
    "of no tool": "['drop', name='a']",
    "of values alone": "['pick', 'a']",
    "two in one": "['pick', name='a', 'pick', name='b']",
    "cut off": "['pick', name='a'",
}


@pytest.mark.parametrize("text", NO_NAMED_LISTS.values(), ids=NO_NAMED_LISTS)
def test_a_list_that_only_looks_like_a_call_is_none(text: str) -> None:
    """What is mentioned, and what does not say which argument is meant, is not called."""
    assert calls(text) == []
