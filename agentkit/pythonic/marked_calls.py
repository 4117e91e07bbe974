"""Calls in forms of their own, without JSON: Gemma's braces, Qwen's tags, Llama's lists.

Gemma 4 and FunctionGemma write `call:f{a:<escape>text<escape>,n:1}`, with a token that
stands on both sides of a string. Qwen3.5 writes one tag for each argument, its value as
it is. Llama 3 at times writes the name as the first item of a list, and the arguments
behind it: `['f', a=1]`.
"""

from __future__ import annotations

import re
from typing import Any

from agentkit.pythonic.reader import Known, Reader
from agentkit.pythonic.syntax import NAME, RawCall, object_of

# What stands before and behind a call in braces, and on both sides of a string in one.
OPENED = r"(?:<start_function_call>|<\|tool_call>)"
_CLOSED = re.compile(r"\s*(?:<end_function_call>|<tool_call\|>)")
_QUOTES = ("<escape>", '<|"|>')
_KEY = re.compile(r"\s*(?:[\"']?)([\w.-]+)(?:[\"']?)\s*:\s*")
# A value without marks ends where the next one begins.
_BARE = re.compile(r"[^,{}\[\]]*")
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("true", "True"), True),
    **dict.fromkeys(("false", "False"), False),
    **dict.fromkeys(("null", "None", "none"), None),
}
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
# Records in records; deeper ones are read as words, so that nothing recurses without
# end.
_DEEPEST = 12

# A value ends at its end tag, else where the next tag begins, else with the text.
_PARAMETER = re.compile(
    rf"\s*<parameter=[\"']?({NAME})[\"']?>\n?(.*?)\n?(?:</parameter>|(?=<parameter=|</function>)|\Z)",
    re.DOTALL,
)
# A name in a list, and behind it the first argument, with "=" or, as in JSON, with ":".
_NAMED_LIST = re.compile(
    rf"\[\s*([\"\'`]?)({NAME})\1\s*(,)\s*(?:[^\W\d]\w*\s*=(?!=)|([\"\'])[^\W\d]\w*\4\s*(:))"
)
_FUNCTION_END = re.compile(r"\s*</function>")


def read_braces(text: str, name: str, at: int) -> tuple[RawCall, int]:
    """Read the content of a call's braces.

    Args:
        text: what the model wrote.
        name: of the tool.
        at: offset behind the opening brace.

    Returns:
        The call, and the offset behind it and its mark.
    """
    call = RawCall(name)
    braces = _Braces(text)
    pairs, end = braces.record(at, 0)
    call.keywords.extend(pairs.items())
    if not braces.is_whole:
        call.faults.append("its braces are not closed")
    closed = _CLOSED.match(text, end)
    return call, closed.end() if closed else end


class _Braces:
    """Reads records, lists and values; what is not closed ends with the text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.is_whole = True

    def record(self, at: int, depth: int) -> tuple[dict[str, Any], int]:
        """Read `a:1,b:2}`."""
        pairs: dict[str, Any] = {}
        while key := _KEY.match(self.text, at):
            pairs[key[1]], at = self.value(key.end(), depth + 1)
            at = self._behind_comma(at)
        return pairs, self._closed(at, "}")

    def items(self, at: int, depth: int) -> tuple[list[Any], int]:
        """Read `1,2]`."""
        found: list[Any] = []
        while at < len(self.text) and self.text[at] not in "]}":
            before = at
            value, at = self.value(at, depth + 1)
            found.append(value)
            at = self._behind_comma(at)
            # A sign that is no value would be looked at for ever.
            if at == before:
                break
        return found, self._closed(at, "]")

    def value(self, at: int, depth: int) -> tuple[Any, int]:
        """Read one value of any kind."""
        for quote in _QUOTES:
            if self.text.startswith(quote, at):
                return self._between(quote, at + len(quote))
        opening = self.text[at : at + 1]
        if opening == '"':
            return self._between('"', at + 1)
        if depth < _DEEPEST and opening == "{":
            return self.record(at + 1, depth)
        if depth < _DEEPEST and opening == "[":
            return self.items(at + 1, depth)
        bare = _BARE.match(self.text, at)
        written = bare[0].strip() if bare else ""
        return _plain(written), bare.end() if bare else at

    def _between(self, quote: str, at: int) -> tuple[str, int]:
        end = self.text.find(quote, at)
        if end < 0:
            self.is_whole = False
            return self.text[at:], len(self.text)
        return self.text[at:end], end + len(quote)

    def _behind_comma(self, at: int) -> int:
        while self.text[at : at + 1] in (",", " ", "\n"):
            at += 1
        return at

    def _closed(self, at: int, mark: str) -> int:
        if self.text[at : at + 1] == mark:
            return at + 1
        self.is_whole = False
        return at


def _plain(written: str) -> Any:
    """Read a value without marks."""
    if written in _WORDS:
        return _WORDS[written]
    if _NUMBER.fullmatch(written):
        return float(written) if set(".eE") & set(written) else int(written)
    return written


def read_parameters(text: str, name: str, at: int) -> tuple[RawCall, int] | None:
    """Read `<parameter=a>value</parameter>` tags; None where there are none.

    Args:
        text: what the model wrote.
        name: of the tool.
        at: offset behind `<function=name>`.

    Returns:
        The call, and the offset behind it and its end tag.
    """
    call, begun = RawCall(name), at
    while match := _PARAMETER.match(text, at):
        call.keywords.append((match[1], match[2]))
        at = match.end()
    closed = _FUNCTION_END.match(text, at)
    if at == begun and closed is None:
        return None
    return call, closed.end() if closed else at


def read_named_list(text: str, known: Known, at: int) -> tuple[RawCall, int] | None:
    """Read `['f', a=1]` and `['f', 'a': 1]`; None where there is none.

    Args:
        text: what the model wrote.
        known: names the known tool that a written name means, or nothing.
        at: offset of the bracket.

    Returns:
        The call, and the offset behind the list.
    """
    head = _NAMED_LIST.match(text, at)
    if head is None or not known(head[2]):
        return None
    reader, inner = Reader(text, known), head.end(3)
    if head[5]:
        reader.inside = 1
        pairs, end = reader.read_object(head.start(3), 0)
        call = RawCall(head[2], start=at, faults=reader.faults)
        call.keywords.extend((object_of(pairs) or {}).items())
    else:
        call, end = reader.read_call(head[2], at, inner, 1)
    call.notes = reader.notes + call.notes
    # The bracket of the list stands where the call's own would.
    last = call.notes[-1:]
    if text.startswith("]", end) and last in (
        ["added a missing )"],
        ["added a missing }"],
    ):
        call.notes.pop()
    call.notes.append("read a list of a name and its arguments as a call")
    return call, end + text.startswith("]", end)
