"""The objects of a result or of a dumped text, split into fields and running text.

A tool may paste a mail into lines of its own, and the mail may go on with lines that
look like the tool's. So nothing is read unless the whole text is as such a writer leaves
it: each object has the same names, five at least, in the order of the alphabet, and an
id whose digits stand in quotes; what runs over several lines is quoted or indented.

Not covered: a tool that writes all but the id by hand, pastes line breaks, and answers
with one object, which is the stranger's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from agentkit.safety.provenance.comparison import as_text, scalars
from agentkit.safety.provenance.roles import PROSE_FIELDS

# A field is short: a longer text is running text, which anybody may have written.
_ATOM, _WORDS = 120, 8
# The name of a field; a key with digits, dots or spaces is data.
_FIELD = re.compile(r"[^\W\d]*")


@dataclass(frozen=True, slots=True)
class Fields:
    """One object of a result: its atomic fields and its running text.

    Attributes:
        fields: (key, value) of what is atomic.
        prose: what is running text, which anybody may have written.
    """

    fields: tuple[tuple[str, str], ...]
    prose: str


def records_of(value: Any, key: str = "") -> Iterator[Fields]:
    """Split a result into objects; a scalar counts as one of its own."""
    if isinstance(value, Mapping):
        yield from _object(cast(Mapping[str, Any], value))
    elif isinstance(value, list | tuple):
        for item in cast(list[Any], value):
            yield from records_of(item, key)
    elif value is not None and not isinstance(value, bool):
        text = as_text(value)
        atomic = is_atomic(key, text)
        yield Fields(((key, text),) if atomic else (), "" if atomic else text)


def _object(value: Mapping[str, Any]) -> Iterator[Fields]:
    # Keys that are data, such as names or ids, make it a table of objects.
    if any(not _FIELD.fullmatch(key) for key in value):
        yield from _table(value)
        return
    fields: list[tuple[str, str]] = []
    prose: list[str] = []
    for key, item in value.items():
        if isinstance(item, Mapping) or _holds_objects(item):
            yield from records_of(item, key)
            continue
        for text in scalars(item):
            if is_atomic(key, text):
                fields.append((key, text))
            else:
                prose.append(text)
    yield Fields(tuple(fields), "\n".join(prose))


def _table(value: Mapping[str, Any]) -> Iterator[Fields]:
    """Take each entry of a mapping for an object whose name is its key."""
    for key, item in value.items():
        inner = cast(Any, item) if isinstance(item, Mapping) else {"value": item}
        yield from _object({"name": key, **inner})


def _holds_objects(value: Any) -> bool:
    return isinstance(value, list | tuple) and any(
        isinstance(item, Mapping) for item in cast(list[Any], value)
    )


def is_atomic(key: str, text: str) -> bool:
    """Tell a field from running text: by its name, its length, its line breaks."""
    if key.lower() in PROSE_FIELDS or len(text) > _ATOM or "\n" in text:
        return False
    return len(text.split()) <= _WORDS


def is_slight(value: Any) -> bool:
    """Tell whether a result is no more than a few words, such as "sent"."""
    if isinstance(value, Mapping | list | tuple):
        return False
    text = as_text(value)
    return len(text) <= _ATOM and len(text.split()) <= _WORDS


# A longer text is a file and no listing; four names in order may be chance.
_MOST, _FEWEST = 200_000, 5  # characters of a text, names of an object
_KEY = re.compile(r"([A-Za-z_]\w{0,40}):(?: (.*))?")
_ID = re.compile(r"(?:\w+_)?u?id_?", re.IGNORECASE)
_SINGLE, _DOUBLE = (
    re.compile(r"'(?:[^']|'')*'"),
    re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL),
)
_QUOTED_DIGITS = re.compile(r"'\d+'")
# What a writer would have put in quotes, or starts what is not read here.
_NOT_PLAIN = re.compile(r"[][?:,{}#&*!|>'\"%@`]|- |.*(?:: | #|:$)")
_EMPTY = ("[]", "{}")

_Value = list[str]  # the lines of one value, as they stand


def read_dump(value: Any) -> tuple[Fields, ...]:
    """Return the objects of a text, or none where a line of it does not fit.

    Args:
        value: a result; what is no text has no objects to read.
    """
    if not isinstance(value, str) or len(value) > _MOST:
        return ()
    lines = value.rstrip("\n").split("\n")
    # Other marks that end a line are written as escapes.
    if "\t" in value or "".join(lines).splitlines() != ["".join(lines)]:
        return ()
    try:
        found = [_entries(item) for item in _objects(lines)]
        return _records(found) if _is_sure(found) else ()
    except ValueError:
        return ()


def _objects(lines: list[str]) -> list[list[str]]:
    """Split a list at its dashes; a text without them is one object."""
    if not lines[0].startswith("- "):
        return [lines]
    objects: list[list[str]] = []
    for line in lines:
        if line.startswith("- "):
            objects.append([])
        elif line and not line.startswith("  "):
            raise ValueError(line)
        objects[-1].append(line[2:])
    return objects


def _entries(lines: list[str]) -> list[tuple[str, _Value]]:
    """Split an object at its names, each with the lines of its value."""
    entries: list[tuple[str, _Value]] = []
    for line in lines:
        key = _KEY.fullmatch(line)
        if key:
            entries.append((key[1], [key[2] or ""]))
        elif entries and (line[:1] in ("", " ") or line.startswith("- ")):
            entries[-1][1].append(line)
        else:
            raise ValueError(line)
    return entries


def _is_sure(objects: list[list[tuple[str, _Value]]]) -> bool:
    """Tell whether all objects are as one writer leaves them."""
    names = [key for key, _ in objects[0]]
    if len(names) < _FEWEST or names != sorted(set(names)):
        return False
    return all(
        [key for key, _ in entries] == names
        and any(_ID.fullmatch(k) and _QUOTED_DIGITS.fullmatch(v[0]) for k, v in entries)
        for entries in objects
    )


def _records(objects: list[list[tuple[str, _Value]]]) -> tuple[Fields, ...]:
    return tuple(
        Fields(
            tuple(
                (key, text)
                for key, value in entries
                for text in _texts(value)
                if is_atomic(key, text)
            ),
            "",
        )
        for entries in objects
    )


def _texts(value: _Value) -> Iterator[str]:
    """Yield what a value says, or the items of a list; longer texts are no field."""
    first, rest = value[0], value[1:]
    if not first:
        if not all(line.startswith(("- ", "  ")) for line in rest):
            raise ValueError(rest)
        items = [line[2:] for line in rest if line.startswith("- ")]
        yield from (_scalar(item) for item in items if not _KEY.match(item))
    elif any(line.startswith("- ") for line in rest):
        raise ValueError(rest)
    elif first[0] in "'\"" or not rest:
        text = _scalar("\n".join(value))
        if not rest and text not in _EMPTY:
            yield text
    elif any(not line or _NOT_PLAIN.match(line.lstrip()) for line in value):
        raise ValueError(value)


def _scalar(text: str) -> str:
    """Read one value, without its quotes; empty where it is none that names a thing."""
    if _SINGLE.fullmatch(text):
        return text[1:-1].replace("''", "'")
    if _DOUBLE.fullmatch(text):
        # Escapes are not undone here: a text with one names no thing.
        return text[1:-1] if "\\" not in text else ""
    if text not in _EMPTY and _NOT_PLAIN.match(text):
        raise ValueError(text)
    return text
