"""Tool results as the model reads them: JSON, cut where they are too long."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from agentkit.messages import Message, Result
from agentkit.schema.json_schema import is_list


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


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
