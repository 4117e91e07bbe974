"""Writes calls in Llama's pythonic form, the exact inverse of reading them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from agentkit.errors import InvalidArguments
from agentkit.messages import Dependency, ToolCall
from agentkit.pythonic.syntax import NAME, list_of, schema_of

# Below the depth that the reader follows, with room for the call around it.
_MAX_DEPTH = 56
_MAX_DIGITS = 4000
_KEYWORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NAME = re.compile(NAME)
# What would end the string or the line, and what no grammar lets a model write.
_ESCAPED = re.compile(r"[\\\"\x00-\x1f\x7f-\x9f\u2028\u2029]")
_LETTERS = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def format_calls(calls: Iterable[ToolCall]) -> str:
    """Write calls as `[f(a=1, b="x")]`.

    An argument name that is no plain identifier is written as `**{"user-id": 1}`.
    A call that the next one depends on is written inside it, as its argument;
    any other dependency is written as the bare name `call_N`, N being the place
    of the call in the output.

    Raises:
        InvalidArguments: a value is not JSON-like, too deep, or depends on a
            call that does not precede it.
    """
    listed = tuple(calls)
    written: list[str] = []
    for index, call in enumerate(listed):
        inner = (
            written[-1] if written and _depends_only(call, listed[index - 1]) else ""
        )
        places = {c.id: f"call_{n + 1}" for n, c in enumerate(listed[:index]) if c.id}
        # A call that others need as well must keep its own place.
        if inner and not _depended_on(listed[index - 1], listed[index + 1 :]):
            places[listed[index - 1].id] = written.pop()
        written.append(_Writer(places).write(call))
    return f"[{', '.join(written)}]"


def _depends_only(call: ToolCall, before: ToolCall) -> bool:
    """Whether a call uses the result of the one before, once and on its own."""
    wanted = Dependency(before.id)
    uses = [value for value in call.arguments.values() if value == wanted]
    return (
        bool(before.id)
        and len(uses) == 1
        and str(dict(call.arguments)).count("Dependency(") == 1
    )


def _depended_on(call: ToolCall, later: tuple[ToolCall, ...]) -> bool:
    return any(repr(Dependency(call.id)) in str(dict(c.arguments)) for c in later)


class _Writer:
    """Writes one call.

    Attributes:
        places: what to write for a dependency on an earlier call, by its id.
    """

    def __init__(self, places: Mapping[str, str]) -> None:
        self.places = places

    def write(self, call: ToolCall) -> str:
        """Write a call with its arguments."""
        if not _NAME.fullmatch(call.name):
            raise InvalidArguments(f"{call.name!r} cannot be the name of a tool")
        pairs = [self._argument(key, value) for key, value in call.arguments.items()]
        return f"{call.name}({', '.join(pairs)})"

    def _argument(self, key: str, value: Any) -> str:
        written = self._value(value, 1)
        if _KEYWORD.fullmatch(key):
            return f"{key}={written}"
        return f"**{{{_quote(key)}: {written}}}"

    def _value(self, value: Any, depth: int) -> str:
        if depth > _MAX_DEPTH:
            raise InvalidArguments(f"a value is nested deeper than {_MAX_DEPTH} levels")
        if isinstance(value, str):
            return _quote(value)
        if isinstance(value, Mapping):
            return self._object(schema_of(value), depth)
        listed = list_of(list(value) if isinstance(value, tuple) else value)  # pyright: ignore
        if listed is not None:
            items = [self._value(item, depth + 1) for item in listed]
            return f"[{', '.join(items)}]"
        if isinstance(value, Dependency):
            if value.call_id not in self.places:
                raise InvalidArguments(f"no call {value.call_id!r} stands before")
            return self.places[value.call_id]
        return _scalar(value)

    def _object(self, value: Mapping[str, Any], depth: int) -> str:
        pairs: list[str] = []
        for key, item in value.items():
            if not isinstance(key, str):  # pyright: ignore[reportUnnecessaryIsInstance]
                raise InvalidArguments(f"the key {key!r} is not a string")
            pairs.append(f"{_quote(key)}: {self._value(item, depth + 1)}")
        return "{" + ", ".join(pairs) + "}"


def _scalar(value: Any) -> str:
    # Python's constants, which Llama 3.2 was trained to write.
    if value is None or isinstance(value, bool):
        return str(value)
    # Infinity and NaN give NaN here.
    if isinstance(value, float) and value - value == 0:
        return repr(value)
    if isinstance(value, int) and value.bit_length() < _MAX_DIGITS * 3:
        return repr(value)
    raise InvalidArguments(f"{type(value).__name__} cannot be written as an argument")


def _quote(text: str) -> str:
    return f'"{_ESCAPED.sub(_escape, text)}"'


def _escape(match: re.Match[str]) -> str:
    letter = match[0]
    return _LETTERS.get(letter) or f"\\u{ord(letter):04x}"
