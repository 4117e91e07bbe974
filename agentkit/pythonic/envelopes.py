"""The dress of calls: control tokens, markdown, fences and brackets around them."""

from __future__ import annotations

import re

from agentkit.pythonic.parsed import KnownTools

_SPECIAL = re.compile(
    r"<\|[\w ]{2,30}\|>|</?(?:tool_calls?|function_calls?|function|tools?)>"
)
MARKDOWN = re.compile(r"\\([_*\[\]])")
_FENCE = re.compile(r"```\w*")
_SCRAP = re.compile(r"(?:[\s\[\](){},;.*'\"`>\\-]|^\d{1,3}[.)])*", re.MULTILINE)


def without_controls(text: str) -> str:
    """Take control tokens and tool-call tags out of what is said."""
    return _SPECIAL.sub("", text).strip()


def without_end(text: str) -> str:
    """Drop the control tokens that end a turn."""
    text = text.rstrip()
    while text.endswith("|>") and (at := text.rfind("<|", max(0, len(text) - 40))) >= 0:
        text = text[:at].rstrip()
    return text


def unescape_markdown(text: str, tools: KnownTools) -> tuple[str, bool]:
    r"""Take markdown's `\_` and `\[` out, when names or brackets are so written."""
    if "\\_" not in text and not text.lstrip().startswith("\\["):
        return text, False
    plain = MARKDOWN.sub(r"\1", text)
    if text.lstrip().startswith("\\["):
        return plain, True
    for tool in tools:
        names = (tool.name, *(tool.parameters.get("properties") or ()))
        if any("_" in n and plain.count(n) > text.count(n) for n in names):
            return plain, True
    return text, False


def outside(text: str, stretches: list[tuple[int, int]]) -> str:
    """Return what is said besides the calls, without the scraps of their dress.

    Args:
        text: the whole output.
        stretches: where the calls stand, as offsets, in order.
    """
    pieces: list[str] = []
    at = 0
    for start, end in stretches:
        pieces.append(text[at:start])
        at = end
    pieces.append(text[at:])
    cleaned = [_FENCE.sub("", piece) for piece in pieces]
    return "\n".join(p.strip() for p in cleaned if not _SCRAP.fullmatch(p))
