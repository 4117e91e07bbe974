"""What surrounds calls in a text: control tokens, fences, scraps of brackets."""

from __future__ import annotations

import re

from agentkit.pythonic.parsed import KnownTools

# Llama's control tokens, Gemma's and Mistral's marks, and the tags of Hermes and Qwen.
_SPECIAL = re.compile(
    r"<\|[\w ]{2,30}\|>|<\|tool_call>|<tool_call\|>|\[/?TOOL_CALLS\]"
    r"|</?(?:tool_calls?|function_calls?|function|tools?)>"
)
_END = re.compile(r"<\|[^<>|]*\|>\Z")
MARKDOWN = re.compile(r"\\([_*\[\]])")
_FENCE = re.compile(r"```\w*")
_OPEN_FENCE = re.compile(r"```\w*[\s'\"*]*\Z")
# Signs, blanks and the numbers of a list: what is left of an envelope when calls are
# taken out.
_SCRAP = re.compile(r"(?:[\s\[\](){},;.*'\"`>\\-]|^\d{1,3}[.)])*", re.MULTILINE)


def without_controls(text: str) -> str:
    """Take control tokens and tool-call tags out of what is said."""
    return _SPECIAL.sub("", text).strip()


def without_end(text: str) -> str:
    """Drop the control tokens that end a turn."""
    text = text.rstrip()
    # From the end only: a search of the whole text would take time for each token.
    while end := _END.search(text, max(0, len(text) - 40)):
        text = text[: end.start()].rstrip()
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
        # Only where a known name comes out of it: `\_` may be part of a text.
        if any("_" in n and plain.count(n) > text.count(n) for n in names):
            return plain, True
    return text, False


def is_spoken(text: str) -> bool:
    """Tell whether a text says something: more than marks, spaces and open fences."""
    return _SCRAP.fullmatch(_FENCE.sub("", text)) is None


def outside(text: str, stretches: list[tuple[int, int]]) -> str:
    """Return what is said besides the calls, without the scraps of their dress.

    Code before the first call that does not touch it stays as it is: it
    may have been passed on already.

    Args:
        text: the whole output.
        stretches: where the calls are, as offsets, in order.
    """
    first = text[: stretches[0][0]] if stretches else text
    kept = _OPEN_FENCE.sub("", first) if is_spoken(first) else ""
    pieces: list[str] = []
    at = len(first)
    for start, end in stretches:
        pieces.append(text[at:start])
        at = end
    pieces.append(text[at:])
    cleaned = [kept, *(_FENCE.sub("", one) for one in pieces)]
    return "\n".join(p.strip() for p in cleaned if not _SCRAP.fullmatch(p))
