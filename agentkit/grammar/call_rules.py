"""The calls of a toolset as rules of a grammar, in the form of a model's family."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from agentkit.grammar.call_shapes import (
    LLAMA,
    TAG,
    TAG_END,
    TAG_ENDS,
    CallShape,
    WrittenForm,
)
from agentkit.grammar.notation import (
    NOTHING,
    Literal,
    Node,
    Repeat,
    choice,
    optional,
    sequence,
)
from agentkit.grammar.said import SaidValues
from agentkit.grammar.schema_reader import SchemaReader
from agentkit.grammar.string_literals import plain_text, quoted
from agentkit.grammar.value_rules import GrammarRules
from agentkit.grammar.value_types import (
    Anything,
    Either,
    Field,
    Fixed,
    TextValue,
    Value,
)
from agentkit.tools import AnyTool, Toolset

# A small model that repeats itself comes to an end.
MOST_CALLS = 16
# What the parser reads as a name; another one cannot be written at all.
_NAME = re.compile(r"[^\W\d](?:[\w.-]*\w)?")
# Calls are written as Python writes them: any other name needs quotation marks.
_KEYWORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class CallRules:
    """The calls of a toolset as rules.

    Attributes:
        rules: all rules.
        tools: name of each tool, and its arguments up to where its call is closed.
        more: further calls behind the first, and the end of all.
        form: how they are written.
        relaxed: what the rules do not express, a sentence each.
    """

    rules: GrammarRules
    tools: tuple[tuple[str, Node], ...]
    more: Node
    form: WrittenForm
    relaxed: tuple[str, ...]

    @property
    def first(self) -> Node:
        """All that may be written, one tool's call first."""
        form, shape = self.form, self.form.shape
        return choice(
            sequence(form.part(f"{shape.begins}{name}{shape.behind}"), body, self.more)
            for name, body in self.tools
        )


def call_rules(
    toolset: Toolset,
    said: SaidValues | None = None,
    form: WrittenForm = LLAMA,
) -> CallRules:
    """Write the calls of a toolset as rules, and name what they leave out."""
    shape = form.shape
    rules = GrammarRules(said, notation=shape.values, control=form.marks)
    writer = _ArgumentWriter(rules, shape)
    relaxed: list[str] = []
    tools: list[tuple[str, Node]] = []
    grouped = False
    for tool in toolset:
        listed, left = _fields(tool, said)
        relaxed += left
        if told := _unwritable(tool.name, listed[0], shape):
            relaxed.append(told)
            continue
        grouped |= len(listed) > 1
        # A rule for each tool, since it is used at the first place and at every later
        # one.
        tools.append((tool.name, rules.add("call", _body(tool, listed, form, writer))))
    names = [
        sequence(form.part(f"{shape.before}{name}{shape.behind}"), body)
        for name, body in tools
    ]
    following = sequence(form.part(shape.between), rules.add("any", choice(names)))
    # So many as the request has clauses, where that is known.
    most = (said.calls if said else 0) or MOST_CALLS
    # The calls that were told apart are all that is asked for.
    most = 1 if grouped and len(tools) == 1 else most
    others = Repeat(following, 0, most - 1) if most > 1 else NOTHING
    rest = sequence(others, form.part(shape.ending))
    more = rules.add("more", rest)
    return CallRules(rules, tuple(tools), more, form, tuple(relaxed))


def _body(
    tool: AnyTool,
    listed: Sequence[Sequence[Field]],
    form: WrittenForm,
    writer: _ArgumentWriter,
) -> Node:
    """Write a call's arguments up to where it is closed, and further calls of the tool."""
    shape = form.shape
    closing = form.part(shape.closing)
    parts: list[Node] = []
    for fields in listed:
        if parts:
            head = f"{shape.between}{shape.before}{tool.name}{shape.behind}"
            parts.append(form.part(head))
        # The required ones can be named, or the tool would be left out.
        named = [field for field in fields if shape.can_name(field.name)]
        parts += [writer.arguments(named), closing]
    return sequence(*parts)


def _fields(
    tool: AnyTool, said: SaidValues | None
) -> tuple[Sequence[Sequence[Field]], list[str]]:
    """Read a tool's arguments for each call, and name what is not expressed of them."""
    reader = SchemaReader(tool.parameters)
    fields = reader.arguments(tool.parameters)
    relaxed = [f"{tool.name}.{sentence}" for sentence in reader.relaxed]
    listed = (
        said.each_call(fields, f"{tool.name}\n{tool.description}") if said else [fields]
    )
    return listed, relaxed


def _unwritable(name: str, fields: Sequence[Field], shape: CallShape) -> str:
    """Say why a tool cannot be called; empty where it can."""
    if not _NAME.fullmatch(name) or not shape.can_name(name):
        return f"{name!r} cannot be called: it is no plain name"
    for one in fields:
        if one.required and not shape.can_name(one.name):
            return f"{name!r} cannot be called: {one.name!r} is no plain name"
    return ""


class _ArgumentWriter:
    """Writes the arguments of calls in one form."""

    def __init__(self, rules: GrammarRules, shape: CallShape) -> None:
        self._rules = rules
        self._shape = shape

    def arguments(self, fields: Sequence[Field]) -> Node:
        """Write arguments by name, in one order; optional ones may be left."""
        kind = self._shape.arguments
        if kind == "braces":
            # As the makers' templates write them, and so the model.
            fields = sorted(fields, key=lambda one: one.name.lower())
        if kind == "tags":
            # No commas between tags, so that each may simply be there or not.
            parts = [(self._tag(one), one.required) for one in fields]
            return sequence(*(n if needed else optional(n) for n, needed in parts))
        write = self._keyword if kind == "keywords" else self._rules.pair
        return self._rules.chain([(write(one), one.required) for one in fields])

    def _keyword(self, field: Field) -> Node:
        value = self._rules.value(field.value)
        if _KEYWORD.fullmatch(field.name):
            return sequence(Literal(f"{field.name}="), value)
        # `f(**{"from": 1})`: a name that is no identifier, or is a word of Python.
        start = Literal("**{" + quoted(field.name, '"').text + ": ")
        return sequence(start, value, Literal("}"))

    def _tag(self, field: Field) -> Node:
        """Write an argument in its own tag, a string in it as it is."""
        start, end = Literal(TAG.format(field.name)), Literal(TAG_END)
        text = _text_of(field.value)
        if text is not None:
            words = self._rules.said_words(text, TAG_END)
            if words is not None:
                return sequence(start, words, end)
            # Without quotes nothing else marks where the value ends.
            node = plain_text(text, TAG_ENDS, TAG_END)
            return sequence(start, self._rules.add("text", node, terminal=True))
        if isinstance(field.value, Fixed):
            return sequence(start, choice(_tagged(field.value)), end)
        return sequence(start, self._rules.value(field.value), end)


def _text_of(value: Value) -> TextValue | None:
    """Return the string that a value may be: without quotes it is one, if it can be."""
    if isinstance(value, Anything):
        return TextValue()
    if isinstance(value, Either):
        found = (one for one in map(_text_of, value.options) if one is not None)
        return next(found, None)
    return value if isinstance(value, TextValue) else None


def _tagged(value: Fixed) -> list[Node]:
    """Write constants as they are; beside strings, a number would be read as a string."""
    constants = [(option, json.loads(option)) for option in value.options]
    words: list[Node] = [Literal(c) for _, c in constants if isinstance(c, str)]
    return words or [Literal(option) for option, _ in constants]
