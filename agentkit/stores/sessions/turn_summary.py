"""Shortens results, and sums up old turns in a line each, by what they quote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import reduce
from typing import Any, cast

from agentkit.messages import Conversation, Label, Message, ToolResult

# Of a list that is shortened, the first few: the model sees what it is a list of.
_ITEMS = 5


# Ids are what later calls need, and short.
_IDS = 6


# Characters of a turn that is left out: what was asked and what came of it.
_QUOTE = 100


def shorten_message(message: Message, limit: int) -> Message:
    """Shorten the result in a message; the call and all ids stay.

    Args:
        message: any turn; only results are shortened.
        limit: longest text inside the result, in characters.
    """
    result = message.result
    if result is None:
        return message
    value = _shortened(result.value, limit)
    if value == result.value:
        return message
    # Who tells it in the tool's own words reads the whole.
    shorter = ToolResult(result.call, result.status, value, result.typed)
    return replace(message, result=shorter)


def _shortened(value: object, limit: int) -> Any:
    if isinstance(value, str):
        return clipped(value, limit)
    if isinstance(value, Mapping):
        fields = cast(Mapping[object, object], value)
        return {
            key: item if _is_id(key) else _shortened(item, limit)
            for key, item in fields.items()
        }
    if isinstance(value, list | tuple):
        items = list(cast(Iterable[Any], value))
        kept = [_shortened(item, limit) for item in items[:_ITEMS]]
        if len(items) <= _ITEMS:
            return kept
        left = items[_ITEMS:]
        return [*kept, {"left_out": len(left), "ids": list(ids_of(left))}]
    return value


def ids_of(value: object) -> Iterator[Any]:
    """Find the ids in a result: values of `id`, `uid` and the like."""
    if isinstance(value, Mapping):
        for key, item in cast(Mapping[object, object], value).items():
            if _is_id(key) and isinstance(item, str | int):
                yield item
            # What an earlier shortening left of a list; see `_shortened`.
            elif key == "ids" and isinstance(item, list):
                yield from cast(list[object], item)
            else:
                yield from ids_of(item)
    elif isinstance(value, list | tuple):
        for item in cast(Iterable[Any], value):
            yield from ids_of(item)


def _is_id(key: object) -> bool:
    name = str(key).lower()
    # "event_id" and "uid", and not "paid" or "grid".
    return name in ("id", "uid", "uuid") or name.endswith(("_id", "_uid"))


def summary_of(turns: list[Conversation], lines: Iterable[str]) -> Conversation:
    """Sum up turns in two messages, with the labels of all of them joined.

    Args:
        turns: what is left out, each beginning with what the user said.
        lines: a line for each turn worth one; see `line_of`.
    """
    first = turns[0][0]
    listed = "\n".join(lines)
    text = f"(Earlier turns of this conversation, {len(turns)}, shortened.)\n{listed}"
    parts = (message.label for turn in turns for message in turn)
    label = reduce(Label.join, parts, Label("model"))
    # A user's message in front: models want user and assistant in turns.
    opening = replace(first, text=clipped(first.text, 2 * _QUOTE))
    return (opening, Message("assistant", text, label=label))


def line_of(turn: Conversation, *, is_open: bool) -> str:
    """Sum up a turn in one line."""
    asked = [m.text for m in turn if m.role == "user"]
    said = [m.text for m in turn if m.role == "assistant" and m.text]
    results = [m.result for m in turn if m.result is not None]
    parts = [f"user: {clipped(text, _QUOTE)}" for text in asked[:1]]
    if results:
        parts.append("called " + ", ".join(map(_call_line, results)))
    if said:
        word = "asked, still open" if is_open else "said"
        parts.append(f"{word}: {clipped(said[-1], _QUOTE)}")
    return "- " + " | ".join(parts)


def _call_line(result: ToolResult) -> str:
    found = list(dict.fromkeys(map(str, ids_of([result.arguments, result.value]))))
    ids = f" (ids {', '.join(found[:_IDS])})" if found else ""
    call = f"{result.name} [{result.call.id}]" if result.call.id else result.name
    return f"{call}: {result.status}{ids}"


def clipped(text: str, limit: int) -> str:
    """Keep the first characters of a text, on one line when it is cut."""
    if len(text) <= limit:
        return text
    # Twice the limit is read, since blanks shrink; the whole text may be a file.
    line = " ".join(text[: 2 * limit].split())
    return f"{line[: limit - 3]}..."
