"""Pieces of a prompt: control tokens and text, kept apart until the very end.

Only this package makes control tokens. What came from a user, a tool, a model or
a template is text, whatever it looks like: as ids it is encoded as ordinary text,
and in a string for runtimes that look for control tokens it is broken visibly.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, TypeAlias

Kind = Literal["control", "text"]
Section = Literal[
    "frame", "instructions", "tools", "session", "user", "assistant", "results", "facts"
]

_LOOKS_LIKE_CONTROL = re.compile(r"<\|(?=[^\s<>|]{1,64}\|>)")
_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class PromptPart:
    """One piece of a prompt, encoded on its own.

    Attributes:
        text: a control token's name, or text.
        kind: whether it is one.
        marks: for text, the sections it is made of and the offset where each ends.
    """

    text: str
    kind: Kind = "text"
    marks: tuple[tuple[Section, int], ...] = ()


PromptParts: TypeAlias = tuple[PromptPart, ...]


def control(name: str) -> PromptPart:
    """Make a control token, as in `control("eot_id")`."""
    return PromptPart(f"<|{name}|>", "control")


def text_part(section: Section, text: str) -> PromptPart:
    """Make text that belongs to one section."""
    clean = _without_surrogates(text)
    return PromptPart(clean, "text", ((section, len(clean)),))


def text_of_sections(
    sections: Iterable[tuple[Section, str]], separator: str, end: str = ""
) -> PromptPart:
    """Make one text of several sections and an end; empty ones are left out."""
    text = ""
    marks: list[tuple[Section, int]] = []
    for section, piece in sections:
        if piece:
            text += (separator if text else "") + _without_surrogates(piece)
            marks.append((section, len(text)))
    return PromptPart(text + end, "text", tuple(marks))


def join_parts(parts: Iterable[PromptPart], *, verbatim: bool = False) -> str:
    """Join the parts to one string.

    Args:
        parts: pieces in order.
        verbatim: leave control tokens in text as they are. Such a string is for
            reading and comparing; sent to a runtime that looks for control
            tokens, it lets whoever wrote the text speak for somebody else.
    """
    listed = tuple(parts)
    joined = "".join([part.text for part in listed])
    own = sum(part.kind == "control" for part in listed)
    if verbatim or joined.count("<|") == own:
        return joined
    runs = groupby(listed, key=lambda part: part.kind == "control")
    return "".join(_joined(run, is_control=key) for key, run in runs)


def break_control(text: str) -> str:
    """Put a space into whatever looks like a control token: `< |eot_id|>`."""
    return _LOOKS_LIKE_CONTROL.sub("< |", text) if "<|" in text else text


def _joined(run: Iterable[PromptPart], *, is_control: bool) -> str:
    joined = "".join(part.text for part in run)
    return joined if is_control else break_control(joined)


def _without_surrogates(text: str) -> str:
    """Replace what no UTF-8 can say."""
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)
