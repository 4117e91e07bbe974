"""Calls and results of the history, written as each format writes them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from agentkit.messages import Call, Message, Result
from agentkit.prompting.options import CallStyle
from agentkit.pythonic import format_calls
from agentkit.tools.schema.json_schema import is_list


def is_builtin(calls: tuple[Call, ...], builtin_tools: tuple[str, ...]) -> bool:
    """Tell whether a turn calls one of the model's own tools."""
    return len(calls) == 1 and calls[0].name in builtin_tools


def builtin_text(call: Call) -> str:
    """Write the call of a built-in tool: code as it is, else a query."""
    if call.name == "code_interpreter":
        return str(call.arguments.get("code", ""))
    return f"{call.name}.call({_query(call)})"


def calls_text(calls: tuple[Call, ...], style: CallStyle, *, tagged: bool) -> str:
    """Write the calls of one turn.

    Args:
        calls: at least one.
        style: the format's way to write them.
        tagged: whether `<|python_tag|>` precedes; the JSON form then names the type.
    """
    if style == "pythonic":
        return format_calls(calls)
    write: Callable[[Call], str] = _function_tag
    if style == "json":
        write = _typed_object if tagged else _plain_object
    return "; ".join(write(call) for call in calls)


def _query(call: Call) -> str:
    written = format_calls([Call("q", call.arguments)])
    return written.removeprefix("[q(").removesuffix(")]")


def _plain_object(call: Call) -> str:
    return _as_json({"name": call.name, "parameters": dict(call.arguments)})


def _typed_object(call: Call) -> str:
    arguments = dict(call.arguments)
    return _as_json({"type": "function", "name": call.name, "parameters": arguments})


def _function_tag(call: Call) -> str:
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


def truncate_result(result: Result, limit: int) -> str:
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
        room -= len(_as_json(item)) + 2
        if room < 0:
            break
        kept.append(item)
    return kept


def _value_of(result: Result) -> Any:
    if result.status == "done":
        return result.value
    value: dict[str, Any] = {"error": result.value or result.status}
    return result.value if _says_error(result.value) else value


def _says_error(value: Any) -> bool:
    return isinstance(value, Mapping) and "error" in value
