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
from agentkit.grammar.call_rules import CallRules, call_rules
from agentkit.grammar.call_shapes import LLAMA, WrittenForm
from agentkit.grammar.notation import Literal, Node
from agentkit.grammar.printed_grammar import lark_lines, regex
from agentkit.grammar.said import SaidValues
from agentkit.tools import Toolset

Mode: TypeAlias = OneOf["auto", "calls", "text"]

# Of what this code makes of a toolset: a kept grammar of another version is made
# anew.
VERSION = 2
# Text must not begin as a list of calls does.
_TALK = r"\s*(\[\s*[^A-Za-z_\s]|[^\s\[])(.|\n)*"
_ANY_TALK = r"\s*[^\s](.|\n)*"
# What tells a call of another form from text: a tag, a mark in brackets, or an object.
_TAG = re.compile(r"<[^<>]+>|\[[A-Z_]+\]|\[?\{")
_OTHER_FORMS = (
    "free text: a call in another form than the model's own is not held back; it is "
    "read and validated afterwards"
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


def make_grammar(
    toolset: Toolset,
    *,
    mode: Mode = "auto",
    only: Sequence[str] = (),
    said: SaidValues | None = None,
    form: WrittenForm = LLAMA,
) -> Grammar:
    """Make the grammar of a toolset.

    Calls are written as `[f(a=1), g(b='x')]`, or in the form of another family: known
    names, arguments by name in one order, values of the schema's types, sixteen calls
    at most.

    Args:
        toolset: the tools.
        mode: `calls` allows nothing else, `text` no call, `auto` either: text flows
            freely, and the grammar takes hold where the output begins as a list
            does, or where `[name(` of a tool stands in the text; in other forms where
            their marks stand.
        only: names of the tools that may be called; all when empty.
        said: what was said, where strings of any characters and numbers are limited
            to it; anything when None.
        form: how calls are written.

    Raises:
        ToolsetError: `only` names an unknown tool, or there is no tool to call.
    """
    tools = toolset.select(only) if only else toolset
    fingerprint = grammar_fingerprint(tools, mode, said, form)
    if mode == "text":
        return Grammar(_text_lark(tools, form), fingerprint, (_OTHER_FORMS,))
    calls = call_rules(tools, said, form)
    # A name that no call can hold leaves nothing to hold to.
    if not calls.tools:
        if mode == "calls":
            raise ToolsetError("there is no tool to call: give a tool, or mode 'text'")
        return Grammar("start: /(.|\\n)*/\n", fingerprint, calls.relaxed)
    lines = calls_lines(calls) if mode == "calls" else _auto_lark(calls)
    relaxed = (*calls.relaxed, *((_OTHER_FORMS,) if mode == "auto" else ()))
    return Grammar("\n".join([*lines, ""]), fingerprint, relaxed)


def grammar_fingerprint(
    toolset: Toolset,
    mode: Mode,
    said: SaidValues | None = None,
    form: WrittenForm = LLAMA,
) -> str:
    """Hash what a grammar is made from."""
    facts: list[Any] = [VERSION, mode, [[t.name, t.parameters] for t in toolset]]
    facts += _said_facts(said) if said else []
    facts += [form.name, form.marks] if form != LLAMA else []
    return sha256(json.dumps(facts, default=str).encode()).hexdigest()


def _said_facts(said: SaidValues) -> list[Any]:
    # All of it: two texts with the same words may differ in what stands beside a number.
    beside = [[one.written, sorted(one.beside)] for one in said.beside]
    counted = [said.numbers, said.counts, beside, said.by_heart, sorted(said.barred)]
    return [said.text, said.words, sorted(said.stems), *counted, said.days, said.calls]


def calls_lines(calls: CallRules) -> list[str]:
    """Print the rules of calls alone; the first is the start."""
    first = calls.rules.add("first", calls.first)
    return [f"start: {first.name}", *lark_lines(calls.rules.listed.values())]


def _auto_lark(calls: CallRules) -> list[str]:
    first = calls.rules.add("first", calls.first).name
    rules = lark_lines(calls.rules.listed.values())
    talk = f"TALK: {_talk(calls.form)}"
    # A control token is no text, so that the lexer cannot confuse the two.
    if calls.form.is_marked:
        return [f'start: {first} | TALK {first} | TALK | ""', talk, *rules]
    names = [name for name, _ in calls.tools]
    heads = [
        # Lazy: text ends at the first head, not at the last.
        f"head_{index}[lazy]: {_talk(calls.form, regex(Literal(head)))}"
        for index, head in enumerate(calls.form.heads(names))
    ]
    more = _name(calls.more)
    told = [f"head_{i} {_name(body)} {more}" for i, (_, body) in enumerate(calls.tools)]
    return [
        # A call at once, a call behind text, text alone, or nothing.
        f'start: OPEN? {first} | told | TALK | ""',
        r"OPEN: /\s{1,4}/",
        talk,
        f"told: {' | '.join(told)}",
        *heads,
        *rules,
    ]


def _name(node: Node) -> str:
    return getattr(node, "name", "")


def _talk(form: WrittenForm, behind: str = "") -> str:
    """Print text that does not begin as calls do, and what follows it."""
    if form.is_marked:
        return f"/{_ANY_TALK}{behind}/"
    if form.shape.begins == "[":
        return f"/{_TALK}{behind}/"
    tag = _TAG.match(form.shape.begins)
    begins = regex(Literal(tag[0] if tag else form.shape.begins))
    return rf"/{_ANY_TALK}{behind}/ & ~/\s*{begins}(.|\n)*/"


def _text_lark(toolset: Toolset, form: WrittenForm) -> str:
    heads = "|".join(regex(Literal(head)) for head in form.heads(toolset.names))
    if not heads:
        return "start: /(.|\\n)*/\n"
    barred = "" if form.is_marked else rf" & ~/(.|\n)*({heads})(.|\n)*/"
    return f'start: TALK | ""\nTALK: {_talk(form)}{barred}\n'
