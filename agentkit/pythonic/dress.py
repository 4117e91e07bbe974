"""What surrounds calls in a text: control tokens, fences, scraps of brackets."""

from __future__ import annotations

import re

from agentkit.pythonic.parsed import KnownTools

# Llama's control tokens, Gemma's and Mistral's marks, and the tags of Hermes and Qwen.
_SPECIAL = re.compile(
    r"<\|[\w ]{2,30}\|>|<\|tool_call>|<tool_call\|>|\[/?TOOL_CALLS\]"
    r"|</?(?:tool_calls?|function_calls?|function|tools?)>"
)
_TAG = re.compile(
    r"<(?P<slash>/?)(?P<name>tool_calls?|function_calls?|function|tools?)>"
)
_WORD = re.compile(r"[^\W_]{2}|\b[aAI]\b")
_QUOTES = "`'\"*"
_BEFORE = f"{_QUOTES}( \t\n"
# A whole word behind a tag, which is no name of a call, or the end of a part of a sentence.
_NO_CALL = r"(?!\s*[\[({:=])"
_BEHIND = re.compile(rf"[{_QUOTES})]*(?:[.,;:!?](?=\s)|[ \t]+[^\W_]+(?=\W){_NO_CALL})")
_BEHIND_AT_LAST = re.compile(
    rf"[{_QUOTES})]*(?:[.,;:!?](?=\s|\Z)|[ \t]+[^\W_]+(?=\W|\Z){_NO_CALL})"
)
# Characters of a line before a tag that are looked at.
_NEAR = 80
_END = re.compile(r"<\|[^<>|]*\|>\Z")
MARKDOWN = re.compile(r"\\([_*\[\]])")
_FENCE = re.compile(r"```\w*")
_OPEN_FENCE = re.compile(r"```\w*[\s'\"*]*\Z")
# Signs, blanks and the numbers of a list: what is left of an envelope when calls are
# taken out.
_SCRAP = re.compile(r"(?:[\s\[\](){},;.*'\"`>\\-]|^\d{1,3}[.)])*", re.MULTILINE)


def without_controls(text: str, *, has_calls: bool = True) -> str:
    """Take control tokens and tool-call tags out of what is said.

    Those that are words of it stay: "the tag <tool> begins a call" is an answer.

    Args:
        text: what is said.
        has_calls: whether it stands beside calls. Where there is none, a tag at the
            beginning of a line, or in quotes, may be a word, too.
    """
    paired = set[int]() if has_calls else _paired(text)

    def kept(found: re.Match[str]) -> str:
        if in_sentence(text, found):
            return found[0]
        if has_calls or found.start() in paired:
            return ""
        return found[0] if _is_word(text, found) else ""

    return _SPECIAL.sub(kept, text).strip()


def in_sentence(text: str, tag: re.Match[str]) -> bool:
    """Tell whether a tag stands between words of one line, which no call's dress does.

    Only what is near is looked at, so that text that comes in pieces is judged alike.
    """
    start = tag.start()
    line = text[max(0, start - _NEAR) : start].rpartition("\n")[2]
    return (
        line[-1:] in _BEFORE
        and _BEHIND.match(text, tag.end()) is not None
        and _WORD.search(_SPECIAL.sub("", line)) is not None
    )


def _is_word(text: str, tag: re.Match[str]) -> bool:
    """Tell whether a tag is what a line speaks of: in quotes, or with words behind it."""
    start, end = tag.span()
    around = text[max(0, start - 1) : start]
    if around and around in _QUOTES and text.startswith(around, end):
        return True
    # Tokens of a vocabulary begin a line as marks; a model may write a tag as a word.
    is_plain = _TAG.fullmatch(tag[0]) is not None
    behind = _BEHIND_AT_LAST.match(text, end)
    return is_plain and (around or "\n") in _BEFORE and behind is not None


def _paired(text: str) -> set[int]:
    """Return where tags begin that open and close something, as an envelope does."""
    opened: dict[str, int] = {}
    paired = set[int]()
    for tag in _TAG.finditer(text):
        name, start = tag["name"], tag.start()
        if not tag["slash"]:
            if text[max(0, start - 1) : start] in ("", "\n"):
                opened[name] = start
        elif name in opened:
            paired |= {opened.pop(name), start}
    return paired


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
