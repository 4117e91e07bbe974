"""One grammar for one type of answer: JSON that fits a schema, beside calls or alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from agentkit.grammar.call_rules import call_rules
from agentkit.grammar.call_shapes import JSON, LLAMA, WrittenForm
from agentkit.grammar.printed_grammar import lark_lines
from agentkit.grammar.schema_reader import SchemaReader
from agentkit.grammar.toolset_grammar import (
    VERSION,
    Grammar,
    calls_lines,
    grammar_fingerprint,
)
from agentkit.grammar.value_rules import GrammarRules
from agentkit.tools import Toolset


def make_answer_grammar(
    schema: Mapping[str, Any],
    toolset: Toolset | None = None,
    form: WrittenForm = LLAMA,
) -> Grammar:
    """Make the grammar of an answer.

    The value is written as JSON on one line: names in the schema's order, strings,
    numbers and lists within its bounds. What a schema says that no grammar can is named
    in `relaxed`, and validated afterwards.

    Args:
        schema: a JSON Schema.
        toolset: the tools that may be called instead; None for the answer alone.
        form: how they are called.
    """
    reader = SchemaReader(schema)
    rules = GrammarRules(notation=JSON)
    answer = rules.value(reader.value(schema, "answer"))
    # Lark writes terminals in capitals: a bare string or number is one.
    name = answer.name.upper() if rules.listed[answer.name].terminal else answer.name
    lines = [f"start: {name}", *lark_lines(rules.listed.values())]
    relaxed = tuple(reader.relaxed)
    if toolset is not None and len(toolset):
        calls = call_rules(toolset, form=form)
        # A call or the answer: one start for both.
        first, *rest = calls_lines(calls)
        lines = [f"{first} | {name}", *rest, *lines[1:]]
        relaxed += calls.relaxed
    return Grammar(
        "\n".join([*lines, ""]), _fingerprint(schema, toolset, form), relaxed
    )


def _fingerprint(
    schema: Mapping[str, Any], toolset: Toolset | None, form: WrittenForm
) -> str:
    calls = ""
    if toolset is not None:
        calls = grammar_fingerprint(toolset, "calls", form=form)
    # "answer" keeps it apart from the fingerprint of the calls alone.
    facts = json.dumps([VERSION, "answer", schema, calls], default=str)
    return sha256(facts.encode()).hexdigest()
