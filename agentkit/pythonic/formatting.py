"""Writes calls in Llama's pythonic form, the exact inverse of reading them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from agentkit.errors import InvalidArguments
from agentkit.messages import Call
from agentkit.pythonic.parsed import Dependency


def format_calls(calls: Iterable[Call]) -> str:
    """Write calls as `[f(a=1, b="x")]`.

    A call that another depends on is written inside it, as the argument. Names
    that are no identifiers go into `**{"from": ...}`.

    Raises:
        InvalidArguments: a value is not JSON-like, or its nesting is endless.
    """
    listed = tuple(calls)
    return f"[{', '.join(_format_call(c) for c in listed)}]"


def _format_call(call: Call) -> str:
    return f"{call.name}({', '.join(_format_arguments(call.arguments))})"


def _format_arguments(arguments: Mapping[str, Any]) -> list[str]:
    return [
        f"{key}={_format_value(value, 1)}"
        if key.isidentifier()
        else f"**{{{_format_string(key)}: {_format_value(value, 2)}}}"
        for key, value in arguments.items()
    ]


def _format_value(value: Any, depth: int) -> str:
    if isinstance(value, str):
        return _format_string(value)
    if isinstance(value, Mapping):
        pairs = [
            f"{_format_string(str(k))}: {_format_value(v, depth + 1)}"
            for k, v in value.items()
        ]
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_format_value(v, depth + 1) for v in value) + "]"
    return repr(value)


def _format_string(text: str) -> str:
    body = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{body}"'
