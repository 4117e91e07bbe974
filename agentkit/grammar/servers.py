"""The same calls for servers that take a grammar, a schema or a structural tag."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from agentkit.errors import ToolsetError
from agentkit.grammar.call_rules import MOST_CALLS, CallRules, call_rules
from agentkit.grammar.printed_grammar import gbnf, gbnf_lines, rule_name
from agentkit.grammar.schema_reader import SchemaReader
from agentkit.grammar.toolset_grammar import Mode
from agentkit.grammar.value_types import (
    PATTERNS,
    SLOTS,
    Anything,
    Either,
    Field,
    Fixed,
    Items,
    Real,
    Record,
    TextValue,
    TupleValue,
    Value,
    Whole,
)
from agentkit.tools import AnyTool, Toolset
from agentkit.tools.schema import Schema

# What text may begin with, as in Lark's; GBNF has no way to bar a call later on.
_TALK = (
    r'talk ::= [ \t\n\r]* ("[" [ \t\n\r]* [^A-Za-z\x5F \t\n\r] | '
    r"[^ \t\n\r\x5B]) [^\x00]*"
)


def to_gbnf(toolset: Toolset, *, mode: Mode = "auto", only: Sequence[str] = ()) -> str:
    """Write the grammar for llama.cpp.

    Lengths that the schema does not set are unlimited here, and a length beside a
    pattern is not expressed. In `auto`, a call behind text is not held: give
    `triggers` to a server that starts a grammar in mid-text.

    Raises:
        ToolsetError: as `make_grammar`.
    """
    if mode == "text":
        return f"root ::= talk\n{_TALK}\n"
    calls = _calls(toolset.select(only) if only else toolset)
    # llama.cpp starts at the rule `root`.
    start = calls.rules.add("first", calls.first)
    lines = [f"root ::= {gbnf(start)}"]
    if mode == "auto":
        lines = ["root ::= list | talk", f"list ::= {gbnf(start)}", _TALK]
    return "\n".join([*lines, *gbnf_lines(calls.rules.listed.values()), ""])


def triggers(toolset: Toolset) -> tuple[str, ...]:
    """List the words at which a call begins: `[name(` of each tool."""
    return tuple(f"[{name}(" for name, _ in call_rules(toolset).tools)


def to_structural_tag(toolset: Toolset, *, required: bool = False) -> dict[str, Any]:
    """Write xgrammar's structural tag, as vLLM and SGLang take it.

    Text flows freely; behind `[name(` of a tool the rest of the list is held.

    Args:
        toolset: the tools.
        required: at least one call.

    Raises:
        ToolsetError: there is no tool to call.
    """
    calls = _calls(toolset)
    lines = gbnf_lines(calls.rules.listed.values())
    more = getattr(calls.more, "name", "")
    tags = [
        {
            "type": "tag",
            # Behind a tool's own beginning, so that text with a bracket stays free.
            "begin": f"[{name}(",
            "content": {
                "type": "grammar",
                "grammar": "\n".join(
                    [f"root ::= {gbnf(body)} {rule_name(more)}", *lines, ""]
                ),
            },
            "end": "",
        }
        for name, body in calls.tools
    ]
    return {
        "type": "structural_tag",
        "format": {
            "type": "triggered_tags",
            "triggers": [tag["begin"] for tag in tags],
            "tags": tags,
            "at_least_one": required,
            # The list of calls is the end of an answer.
            "stop_after_first": True,
        },
    }


def to_json_schema(toolset: Toolset) -> Schema:
    """Write the schema of a list of calls as JSON: `[{"name": ..., "arguments": ...}]`.

    Raises:
        ToolsetError: there is no tool to call.
    """
    if not len(toolset):
        raise ToolsetError("there is no tool to call: give a tool")
    options = [
        _object({"name": {"const": tool.name}, "arguments": _arguments(tool, False)})
        for tool in toolset
    ]
    return {
        "type": "array",
        "items": options[0] if len(options) == 1 else {"anyOf": options},
        "minItems": 1,
        "maxItems": MOST_CALLS,
    }


def to_strict_tools(toolset: Toolset) -> list[dict[str, Any]]:
    """Write OpenAI's tool documents, strict where the schema can be.

    A strict schema requires every argument: an optional one may be null, which
    means that it is left out. A tool with free objects or values is not strict.
    """
    return [_strict_tool(tool) for tool in toolset]


def _strict_tool(tool: AnyTool) -> dict[str, Any]:
    fields = SchemaReader(tool.parameters).arguments(tool.parameters)
    # OpenAI refuses a tool that says `strict` and has a free part.
    strict = all(_is_closed(field.value) for field in fields)
    return {
        "type": "function",
        "function": {
            "name": tool.name,
            "description": tool.description,
            "parameters": _arguments(tool, True) if strict else tool.parameters,
            "strict": strict,
        },
    }


def _calls(toolset: Toolset) -> CallRules:
    calls = call_rules(toolset)
    if not calls.tools:
        raise ToolsetError("there is no tool to call: give a tool")
    return calls


def _arguments(tool: AnyTool, strict: bool) -> Schema:
    fields = SchemaReader(tool.parameters).arguments(tool.parameters)
    said: Schema = tool.parameters.get("properties") or {}
    schema = _fields(fields, strict)
    for name, facts in schema["properties"].items():
        words = said.get(name, {}).get("description")
        if words:
            facts["description"] = words
    return schema


def _object(properties: dict[str, Schema]) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _fields(fields: Sequence[Field], strict: bool) -> Schema:
    properties: dict[str, Schema] = {}
    for field in fields:
        schema = value_schema(field.value, strict)
        if strict and not field.required:
            # Strict schemas require all, so that "left out" is written as null.
            schema = {"anyOf": [schema, {"type": "null"}]}
        properties[field.name] = schema
    needed = [f.name for f in fields if strict or f.required]
    return {**_object(properties), "required": needed}


def _is_closed(value: Value) -> bool:
    """Whether a strict schema can say a type: no free keys, no free values."""
    match value:
        # Strict schemas know no `prefixItems`.
        case Anything() | TupleValue():
            return False
        case Items():
            return _is_closed(value.item)
        case Record():
            inner = all(_is_closed(field.value) for field in value.fields)
            return value.extra is None and inner
        case Either():
            return all(map(_is_closed, value.options))
        case _:
            return True


def value_schema(value: Value, strict: bool = False) -> Schema:
    """Write a value type as JSON Schema.

    Args:
        value: the type.
        strict: leave out what strict schemas do not know, and require every field.
    """
    match value:
        case TextValue():
            return _text(value, strict)
        case Whole():
            return _said(type="integer", minimum=value.low, maximum=value.high)
        case Real():
            return _said(
                type="number",
                **{"exclusiveMinimum" if value.above else "minimum": value.low},
                **{"exclusiveMaximum" if value.below else "maximum": value.high},
            )
        case Fixed():
            return {"enum": [json.loads(option) for option in value.options]}
        case Either():
            return {"anyOf": [value_schema(o, strict) for o in value.options]}
        case Anything():
            return {}
        case _:
            return _compound(value, strict)


def _compound(value: Items | TupleValue | Record, strict: bool) -> Schema:
    match value:
        case Items():
            return _said(
                type="array",
                items=value_schema(value.item, strict),
                minItems=value.least or None,
                maxItems=value.most,
            )
        case TupleValue():
            places = [value_schema(item, strict) for item in value.items]
            extra = None if value.extra is None else value_schema(value.extra, strict)
            return _said(
                type="array",
                prefixItems=places,
                items=extra,
                minItems=value.least or None,
                maxItems=len(places) if extra is None else None,
            )
        case Record():
            schema = _fields(value.fields, strict)
            if value.extra is not None:
                schema["additionalProperties"] = value_schema(value.extra, strict)
            return schema


def _text(value: TextValue, strict: bool) -> Schema:
    shape = value.format if value.format in PATTERNS else None
    # Strict schemas of some servers know no lengths.
    if strict:
        return _said(type="string", pattern=value.pattern or None, format=shape)
    return _said(
        type="string",
        pattern=value.pattern or None,
        format=shape,
        # A slot is never empty: its validator would refuse that.
        minLength=value.least or int(value.format in SLOTS) or None,
        maxLength=value.most,
    )


def _said(**facts: Any) -> Schema:
    return {key: fact for key, fact in facts.items() if fact is not None}
