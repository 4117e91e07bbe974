"""How a family's model writes calls: the text around them, and the notation of values.

The names are those of `agentkit.models.families`. Sources are the chat templates that the
makers publish with their models.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal as OneOf

from agentkit.grammar.notation import Chain, Control, Literal, Node, sequence

# A name as it stands between marks, and as the parser reads it.
_PLAIN_NAME = re.compile(r"[A-Za-z_](?:[\w.-]*\w)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class ValueNotation:
    """How values are written.

    Attributes:
        mark: prefix of its rules' names, so that one grammar can have two notations.
        quotes: the marks around a string, any one of them.
        escapes: whether what would end a string, or a line, is escaped in it.
        python: constants are `True`, `False` and `None`.
        comma: between items.
        colon: behind a key.
        bare_keys: keys have no quotes.
    """

    mark: str
    quotes: tuple[str, ...]
    escapes: bool = True
    python: bool = False
    comma: str = ", "
    colon: str = ": "
    bare_keys: bool = False


PYTHON = ValueNotation("", ("'", '"'), python=True)
JSON = ValueNotation("json_", ('"',))
# Gemma's templates write neither spaces nor quotes around keys.
_BRACES = ValueNotation(
    "braced_", ('<|"|>',), escapes=False, comma=",", colon=":", bare_keys=True
)


@dataclass(frozen=True, slots=True)
class CallShape:
    """The text around the calls of an answer, and between their parts.

    Attributes:
        opening: before the first call.
        before: before a name.
        behind: between a name and its arguments.
        closing: behind the arguments.
        between: between two calls.
        ending: behind the last call.
        values: how arguments are written.
        arguments: as `a=1`, as `"a": 1`, as `a:1`, or each in a tag of its own.
    """

    opening: str
    before: str
    behind: str
    closing: str
    between: str
    ending: str
    values: ValueNotation = JSON
    arguments: OneOf["keywords", "members", "braces", "tags"] = "members"

    @property
    def begins(self) -> str:
        """What the first call begins with, as far as it is the same for all tools."""
        return self.opening + self.before

    def can_name(self, name: str) -> bool:
        """Whether a tool or an argument of this name can be written."""
        if self.arguments in ("keywords", "members"):
            return True
        return _PLAIN_NAME.fullmatch(name) is not None


# `[f(a=1), g(b='x')]`.
_LIST = CallShape("[", "", "(", ")", ", ", "]", PYTHON, "keywords")
# `[{"name": "f", "arguments": {"a": 1}}]`.
_OBJECTS = CallShape("[", '{"name": "', '", "arguments": {', "}}", ", ", "]")
# Gemma's: `<|tool_call>call:f{a:1}<tool_call|>`.
_BRACED = CallShape(
    "", "<|tool_call>call:", "{", "}<tool_call|>", "", "", _BRACES, "braces"
)

SHAPES: Mapping[str, CallShape] = {
    "llama": _LIST,
    "told": _LIST,
    "lfm": replace(_LIST, opening="<|tool_call_start|>[", ending="]<|tool_call_end|>"),
    "json": _OBJECTS,
    "mistral": replace(_OBJECTS, opening="[TOOL_CALLS]["),
    "mistral_args": CallShape("", "[TOOL_CALLS]", "[ARGS]{", "}", "", ""),
    "phi": replace(_OBJECTS, opening="<|tool_call|>[", ending="]<|/tool_call|>"),
    "hermes": CallShape(
        "",
        '<tool_call>\n{"name": "',
        '", "arguments": {',
        "}}\n</tool_call>",
        "\n",
        "",
    ),
    "gemma4": _BRACED,
    "functiongemma": replace(
        _BRACED,
        before="<start_function_call>call:",
        closing="}<end_function_call>",
        values=replace(_BRACES, quotes=("<escape>",)),
    ),
    "tags": CallShape(
        "",
        "<tool_call>\n<function=",
        ">\n",
        "</function>\n</tool_call>",
        "\n",
        "",
        JSON,
        "tags",
    ),
}
"""The shape of each form, by its name."""

TAG, TAG_END = "<parameter={}>\n", "\n</parameter>\n"
# Where one of these stands in a value that is written as it is, the value ends.
TAG_ENDS = ("</parameter>", "<parameter=", "</function>")


def marked(text: str, control: Mapping[str, int]) -> Node:
    """Write a text in which the tokenizer's control tokens are what they are.

    Args:
        text: the text around a call.
        control: id of each control token of the tokenizer, by its name.
    """
    # The longest first, so that a name is not taken for another's beginning.
    names = sorted(filter(None, control), key=len, reverse=True)
    known = re.compile("|".join(map(re.escape, names)) or r"(?!)")
    parts: list[Node] = []
    at = 0
    for found in known.finditer(text):
        parts += [Literal(text[at : found.start()]), Control(control[found[0]])]
        at = found.end()
    return sequence(*parts, Literal(text[at:]))


@dataclass(frozen=True)
class WrittenForm:
    """A form of calls in the tokens of one model.

    Attributes:
        name: of the form, a key of `SHAPES`.
        control: names and ids of the tokenizer's control tokens.
    """

    name: str = "llama"
    control: tuple[tuple[str, int], ...] = ()

    @property
    def shape(self) -> CallShape:
        """The text around its calls."""
        return SHAPES[self.name]

    @cached_property
    def marks(self) -> Mapping[str, int]:
        """Id of each control token that this form writes."""
        shape = self.shape
        texts = (*_around(shape), *shape.values.quotes)
        # Only those: forms that have none make the same grammar for every tokenizer.
        return {n: i for n, i in self.control if any(n in text for text in texts)}

    @property
    def is_marked(self) -> bool:
        """Whether a call begins with a control token, which no text holds."""
        start = marked(self.shape.begins, self.marks)
        first = start.items[0] if isinstance(start, Chain) else start
        return isinstance(first, Control)

    def part(self, text: str) -> Node:
        """Write the text around calls, with control tokens as such."""
        return marked(text, self.marks)

    def heads(self, names: Sequence[str]) -> list[str]:
        """Return the text that each tool's call begins with, and plain text does not."""
        shape = self.shape
        return [f"{shape.begins}{name}{shape.behind}" for name in names]


def _around(shape: CallShape) -> tuple[str, ...]:
    return (
        *(shape.opening, shape.before, shape.behind),
        *(shape.closing, shape.between, shape.ending),
    )


LLAMA = WrittenForm()
"""Llama's list, which is text for every tokenizer."""
