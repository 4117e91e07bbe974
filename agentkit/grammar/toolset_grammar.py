"""One grammar for one toolset: the calls that may be written, and the text around."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, TypeAlias
from typing import Literal as OneOf

from agentkit.errors import ToolsetError
from agentkit.grammar.call_rules import MOST_CALLS, GrammarRules
from agentkit.grammar.notation import (
    Literal,
    Node,
    Repeat,
    choice,
    lark_lines,
    regex,
    sequence,
)
from agentkit.grammar.said import SaidValues
from agentkit.grammar.schema_reader import SchemaReader
from agentkit.tools import Toolset

Mode: TypeAlias = OneOf["auto", "calls", "text"]

# Of what this code makes of a toolset: a kept grammar of another version is made
# anew.
VERSION = 1
# What the parser reads as a name; another one cannot be written at all.
_NAME = re.compile(r"[^\W\d](?:[\w.-]*\w)?")
# Text must not begin as a list of calls does.
_TALK = r"\s*(\[\s*[^A-Za-z_\s]|[^\s\[])(.|\n)*"
_OTHER_FORMS = (
    "free text: a call in another form than the bare list (JSON, tags) is not held "
    "back; it is read and validated afterwards"
)


@dataclass(frozen=True, slots=True)
class Grammar:
    """What a model may write, given the tools.

    Attributes:
        lark: the grammar in Lark, as llguidance reads it.
        fingerprint: equal for equal tools and mode, in every process.
        relaxed: sentences that name what the grammar does not express; it is
            validated afterwards.
    """

    lark: str
    fingerprint: str
    relaxed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CallRules:
    """The calls of a toolset as rules.

    Attributes:
        rules: all rules.
        tools: name and arguments of each tool.
        more: further calls behind the first, and the list's end.
    """

    rules: GrammarRules
    tools: tuple[tuple[str, Node], ...]
    more: Node
    relaxed: tuple[str, ...]


def make_grammar(
    toolset: Toolset,
    *,
    mode: Mode = "auto",
    only: Sequence[str] = (),
    said: SaidValues | None = None,
) -> Grammar:
    """Make the grammar of a toolset.

    Calls are written as `[f(a=1), g(b='x')]`: known names, arguments by name in
    the schema's order, values of the schema's types, sixteen calls at most.

    Args:
        toolset: the tools.
        mode: `calls` allows nothing else, `text` no call, `auto` either: text flows
            freely, and the grammar takes hold where the output begins as a list
            does, or where `[name(` of a tool stands in the text.
        only: names of the tools that may be called; all when empty.
        said: what was said, where strings of any characters and numbers are limited
            to it; anything when None.

    Raises:
        ToolsetError: `only` names an unknown tool, or there is no tool to call.
    """
    tools = toolset.select(only) if only else toolset
    fingerprint = grammar_fingerprint(tools, mode, said)
    if mode == "text":
        return Grammar(_text_lark(tools), fingerprint, (_OTHER_FORMS,))
    calls = call_rules(tools, said)
    if not calls.tools:
        if mode == "calls":
            raise ToolsetError("there is no tool to call: give a tool, or mode 'text'")
        return Grammar("start: /(.|\\n)*/\n", fingerprint, calls.relaxed)
    lines = calls_lines(calls) if mode == "calls" else _auto_lark(calls)
    relaxed = (*calls.relaxed, *((_OTHER_FORMS,) if mode == "auto" else ()))
    return Grammar("\n".join([*lines, ""]), fingerprint, relaxed)


def grammar_fingerprint(
    toolset: Toolset, mode: Mode, said: SaidValues | None = None
) -> str:
    """Hash what a grammar is made from."""
    facts: list[Any] = [VERSION, mode, [[t.name, t.parameters] for t in toolset]]
    facts += [said.words, said.numbers] if said else []
    return sha256(json.dumps(facts, default=str).encode()).hexdigest()


def call_rules(toolset: Toolset, said: SaidValues | None = None) -> CallRules:
    """Write the calls of a toolset as rules, and name what they leave out."""
    rules = GrammarRules(said)
    relaxed: list[str] = []
    tools: list[tuple[str, Node]] = []
    for tool in toolset:
        if not _NAME.fullmatch(tool.name):
            relaxed.append(f"{tool.name!r} cannot be called: it is no plain name")
            continue
        reader = SchemaReader(tool.parameters)
        fields = reader.arguments(tool.parameters)
        relaxed += [f"{tool.name}.{sentence}" for sentence in reader.relaxed]
        fields = tuple(said.supported(fields)) if said else fields
        body = sequence(rules.arguments(fields), Literal(")"))
        tools.append((tool.name, rules.add("call", body)))
    names = [sequence(Literal(f"{name}("), body) for name, body in tools]
    following = sequence(Literal(", "), rules.add("any", choice(names)))
    rest = sequence(Repeat(following, 0, MOST_CALLS - 1), Literal("]"))
    return CallRules(rules, tuple(tools), rules.add("more", rest), tuple(relaxed))


def _first(calls: CallRules) -> Node:
    return choice(
        sequence(Literal(f"{name}("), body, calls.more) for name, body in calls.tools
    )


def calls_lines(calls: CallRules) -> list[str]:
    """Print the rules of calls alone; the first is the start."""
    first = calls.rules.add("first", _first(calls))
    return [f'start: "[" {first.name}', *lark_lines(calls.rules.listed.values())]


def _auto_lark(calls: CallRules) -> list[str]:
    first = calls.rules.add("first", _first(calls))
    heads: list[str] = []
    told: list[str] = []
    for index, (name, body) in enumerate(calls.tools):
        head = regex(Literal(f"[{name}("))
        heads.append(f"head_{index}[lazy]: /{_TALK}{head}/")
        told.append(f"head_{index} {_name(body)} {_name(calls.more)}")
    return [
        f'start: OPEN {first.name} | told | TALK | ""',
        r"OPEN: /\s{0,4}\[\s{0,4}/",
        f"TALK: /{_TALK}/",
        f"told: {' | '.join(told)}",
        *heads,
        *lark_lines(calls.rules.listed.values()),
    ]


def _name(node: Node) -> str:
    return getattr(node, "name", "")


def _text_lark(toolset: Toolset) -> str:
    heads = "|".join(regex(Literal(f"[{tool.name}(")) for tool in toolset)
    if not heads:
        return "start: /(.|\\n)*/\n"
    barred = rf"~/(.|\n)*({heads})(.|\n)*/"
    return f'start: TALK | ""\nTALK: /{_TALK}/ & {barred}\n'
