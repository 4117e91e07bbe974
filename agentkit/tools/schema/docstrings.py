"""Docstrings: what a function says of itself and of its parameters."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass, field
from itertools import pairwise, zip_longest

_SECTION = re.compile(
    r"^(Args|Arguments|Parameters|Returns|Return|Yields|Raises|Examples?|Notes?"
    r"|Attributes|Warnings?|See Also|References|Todo):\s*$"
)
_RULE = re.compile(r"\s*-{3,}\s*$")
_FIELD = re.compile(
    # `:param name:` and, with its type, `:param int name:`.
    r":(?:param|parameter|arg|argument)\s+(?:[^:]{0,200}\s)?\*{0,2}(?P<name>\w+):(?P<text>.*)"
    r"|:(?:type|returns?|rtype|raises?)\b"
)
# `name: text` and `name (int, optional): text`; stars of `*args` are left out.
_ENTRY = re.compile(r"^\*{0,2}(?P<name>\w+)\s*(?:\([^)]*\)\s*)?:\s*(?P<text>.*)$")


@dataclass(frozen=True, slots=True)
class Docstring:
    """A docstring's summary and its parameters' descriptions."""

    description: str = ""
    parameters: dict[str, str] = field(default_factory=dict[str, str])


def parse_docstring(text: str | None) -> Docstring:
    """Read the first paragraph and the parameters of a docstring.

    They stand under `Args:` (Google Python Style Guide, 3.8.3), under an underlined
    `Parameters` (numpydoc), or behind `:param name:` (Sphinx).
    """
    if not text:
        return Docstring()
    lines = inspect.cleandoc(text).splitlines()
    # The first style that yields any parameter: nobody mixes them in one docstring.
    found = _parameters(lines) or _underlined(lines) or _fields(lines)
    return Docstring(_first_paragraph(lines), found)


def _first_paragraph(lines: list[str]) -> str:
    words: list[str] = []
    for line in lines:
        if not line.strip() or _SECTION.match(line) or _FIELD.match(line):
            break
        words.append(line.strip())
    return " ".join(words)


def _parameters(lines: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    name = ""
    for line in _args_section(lines):
        entry = _ENTRY.match(line)
        # An indented line goes on with the text before, even with a colon in it.
        if entry and not line.startswith(" "):
            name = entry["name"]
            found[name] = entry["text"].strip()
        elif name and line.strip():
            found[name] = f"{found[name]} {line.strip()}".strip()
    return found


def _underlined(lines: list[str]) -> dict[str, str]:
    """Read the section `Parameters` that numpydoc underlines."""
    starts = [
        index + 2
        for index, (title, line) in enumerate(pairwise(lines))
        if title.strip() in ("Parameters", "Other Parameters") and _RULE.match(line)
    ]
    found: dict[str, str] = {}
    for start in starts:
        names: list[str] = []
        for line, following in zip_longest(lines[start:], lines[start + 1 :]):
            # The title of the next section stands above its line.
            if following is not None and _RULE.match(following):
                break
            if line[:1].strip():
                named = line.partition(":")[0].split(",")
                names = [one.strip().lstrip("*") for one in named]
                found |= dict.fromkeys(names, "")
            elif line.strip():
                found |= {one: f"{found[one]} {line.strip()}".strip() for one in names}
    return found


def _fields(lines: list[str]) -> dict[str, str]:
    """Read Sphinx's fields."""
    found: dict[str, str] = {}
    name = ""
    for line in lines:
        field_ = _FIELD.match(line)
        if field_:
            name = field_["name"] or ""
            found |= {name: field_["text"].strip()} if name else {}
        elif name and line[:1].isspace() and line.strip():
            found[name] = f"{found[name]} {line.strip()}"
        else:
            name = ""
    return found


def _args_section(lines: list[str]) -> list[str]:
    """Return the lines below `Args:`, dedented, up to the next section."""
    body: list[str] = []
    inside = False
    for line in lines:
        section = _SECTION.match(line)
        if section:
            inside = section[1] in ("Args", "Arguments", "Parameters")
        elif inside:
            body.append(line)
    return inspect.cleandoc("\n" + "\n".join(body)).splitlines()
