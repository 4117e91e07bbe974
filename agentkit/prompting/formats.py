"""The prompt formats: their options, and how each writes calls and results."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date as Date
from pathlib import Path
from typing import Any, Literal, TypedDict

from agentkit.errors import PromptError
from agentkit.messages import Message, ToolCall, ToolResult
from agentkit.pythonic import format_calls
from agentkit.tools.schema.json_schema import is_list

Format = Literal["llama32", "llama31", "llama31_function", "base"]
ToolsIn = Literal["system", "user"]
CallStyle = Literal["pythonic", "json", "function"]


@dataclass(frozen=True, slots=True)
class FormatRules:
    """How one format differs from the others.

    Attributes:
        folder: folder of its templates.
        calls: how calls are written.
        tools_in: where tools are put unless said otherwise.
        tools_turn: whether tools in the user's role are a separate turn.
        one_call: whether a turn holds one call at most.
    """

    folder: str
    calls: CallStyle
    tools_in: ToolsIn
    tools_turn: bool = False
    one_call: bool = False


# As Meta's model cards of Llama 3.1 and 3.2 show them.
FORMATS: dict[Format, FormatRules] = {
    "llama32": FormatRules("llama32", "pythonic", "system"),
    "llama31": FormatRules("llama31", "json", "user", tools_turn=True, one_call=True),
    "llama31_function": FormatRules(
        "llama31_function", "function", "user", tools_turn=True, one_call=True
    ),
    "base": FormatRules("llama32", "pythonic", "system"),
}


def rules_of(name: Format) -> FormatRules:
    """Return the rules of a format.

    Raises:
        PromptError: there is no such format.
    """
    if name not in FORMATS:
        known = ", ".join(FORMATS)
        raise PromptError(f"there is no prompt format {name!r}; known: {known}")
    return FORMATS[name]


Schemas = Literal["reference", "compact"]
DateIn = Literal["session", "header", "turn"]

# Of Llama 3.1 to 3.3, by their model cards.
KNOWLEDGE_CUTOFF = "December 2023"


class PromptOptions(TypedDict, total=False):
    """Keyword arguments of everything that assembles a prompt.

    Attributes:
        format: prompt format; `llama32` by default.
        tools_in: role that the tools are put in; the format's own by default.
        schemas: Meta's JSON documents, or signatures with the same facts in fewer
            tokens.
        date: today, as a date or in words; left out by default.
        date_in: `session`, behind instructions and tools, so that a new day keeps
            the cached prefix; `header`, at the very start, as Meta documents it; or
            `turn`, with the last user turn.
        knowledge_cutoff: second line of the header, `December 2023` by default;
            empty leaves it out.
        facts: what was looked up for this step; it follows the last user turn.
        python_tag: whether calls in the history start with `<|python_tag|>`.
        builtin_tools: names among `code_interpreter`, `brave_search` and
            `wolfram_alpha` that the environment offers.
        images: number of images that precede a message's text, by its index.
        result_chars: longest result in characters; longer ones are cut and say so.
        templates: folder whose templates replace the packaged ones of same name.
    """

    format: Format
    tools_in: ToolsIn | None
    schemas: Schemas
    date: Date | str | None
    date_in: DateIn
    knowledge_cutoff: str
    facts: str
    python_tag: bool
    builtin_tools: tuple[str, ...]
    images: Mapping[int, int]
    result_chars: int | None
    templates: Path | str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptSettings:
    """The same options with their defaults filled in."""

    format: Format = "llama32"
    tools_in: ToolsIn | None = None
    schemas: Schemas = "reference"
    date: Date | str | None = None
    date_in: DateIn = "session"
    knowledge_cutoff: str = KNOWLEDGE_CUTOFF
    facts: str = ""
    python_tag: bool = False
    builtin_tools: tuple[str, ...] = ()
    images: Mapping[int, int] = field(default_factory=dict[int, int])
    result_chars: int | None = None
    templates: Path | str | None = None


def is_builtin(calls: tuple[ToolCall, ...], builtin_tools: tuple[str, ...]) -> bool:
    """Tell whether a turn calls one of the model's own tools."""
    return len(calls) == 1 and calls[0].name in builtin_tools


def builtin_text(call: ToolCall) -> str:
    """Write the call of a built-in tool: code as it is, else a query."""
    if call.name == "code_interpreter":
        return str(call.arguments.get("code", ""))
    return f"{call.name}.call({_query(call)})"


def calls_text(calls: tuple[ToolCall, ...], style: CallStyle, *, tagged: bool) -> str:
    """Write the calls of one turn.

    Args:
        calls: at least one.
        style: the format's way to write them.
        tagged: whether `<|python_tag|>` precedes; the JSON form then names the type.
    """
    if style == "pythonic":
        return format_calls(calls)
    write: Callable[[ToolCall], str] = _function_tag
    if style == "json":
        # Behind the tag Meta writes `"type": "function"` as well.
        write = _typed_object if tagged else _plain_object
    return "; ".join(write(call) for call in calls)


def _query(call: ToolCall) -> str:
    # As the arguments of a call are written, without its name.
    written = format_calls([ToolCall("q", call.arguments)])
    return written.removeprefix("[q(").removesuffix(")]")


def _plain_object(call: ToolCall) -> str:
    return _as_json({"name": call.name, "parameters": dict(call.arguments)})


def _typed_object(call: ToolCall) -> str:
    arguments = dict(call.arguments)
    return _as_json({"type": "function", "name": call.name, "parameters": arguments})


def _function_tag(call: ToolCall) -> str:
    return f"<function={call.name}>{_as_json(dict(call.arguments))}</function>"


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def result_text(message: Message, limit: int | None) -> str:
    """Write what a tool returned.

    Args:
        message: a turn of the role `tool`; its text is used when it has no result.
        limit: longest text in characters; None for no limit.
    """
    if message.result is None:
        return message.text
    text = _as_json(_value_of(message.result))
    if limit is None or len(text) <= limit:
        return text
    return truncate_result(message.result, limit)


def truncate_result(result: ToolResult, limit: int) -> str:
    """Cut a result, and say that it was cut and how to get the rest.

    A list keeps as many whole items as fit; anything else its first characters.
    """
    value = _value_of(result)
    rest = f"call {result.name} again, asking for less at a time, to get the rest"
    if is_list(value):
        kept = _items_within(value, limit)
        note = f"{len(kept)} of {len(value)} items shown; {rest}"
        return _as_json({"items": kept, "cut": note})
    text = value if isinstance(value, str) else _as_json(value)
    note = f"{limit} of {len(text)} characters shown; {rest}"
    return _as_json({"text": text[:limit], "cut": note})


def _items_within(items: list[Any], limit: int) -> list[Any]:
    kept: list[Any] = []
    room = limit
    for item in items:
        # Two more for the comma and the blank behind it.
        room -= len(_as_json(item)) + 2
        if room < 0:
            break
        kept.append(item)
    return kept


def _value_of(result: ToolResult) -> Any:
    if result.status == "done":
        return result.value
    # A model that reads a bare text takes it for what was asked for.
    value: dict[str, Any] = {"error": result.value or result.status}
    return result.value if _says_error(result.value) else value


def _says_error(value: Any) -> bool:
    return isinstance(value, Mapping) and "error" in value
