"""Google-style docstrings, read for the two things a tool prompt needs."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass, field

_SECTION = re.compile(
    r"^(Args|Arguments|Parameters|Returns|Return|Yields|Raises|Examples?|Notes?"
    r"|Attributes|Warnings?|See Also|References|Todo):\s*$"
)
_ENTRY = re.compile(r"^\*{0,2}(?P<name>\w+)\s*(?:\([^)]*\))?\s*:\s*(?P<text>.*)$")


@dataclass(frozen=True, slots=True)
class Docstring:
    """A docstring's summary and its parameters' descriptions."""

    description: str = ""
    parameters: dict[str, str] = field(default_factory=dict[str, str])


def parse_docstring(text: str | None) -> Docstring:
    """Read the first paragraph and the `Args:` section of a docstring.

    Source: Google Python Style Guide, section 3.8.3.
    """
    if not text:
        return Docstring()
    lines = inspect.cleandoc(text).splitlines()
    return Docstring(_first_paragraph(lines), _parameters(lines))


def _first_paragraph(lines: list[str]) -> str:
    words: list[str] = []
    for line in lines:
        if not line.strip() or _SECTION.match(line):
            break
        words.append(line.strip())
    return " ".join(words)


def _parameters(lines: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    name = ""
    for line in _args_section(lines):
        entry = _ENTRY.match(line)
        if entry and not line.startswith(" "):
            name = entry["name"]
            found[name] = entry["text"].strip()
        elif name and line.strip():
            found[name] = f"{found[name]} {line.strip()}".strip()
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
