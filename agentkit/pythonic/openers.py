"""What may still become a call: marks in text that is not whole yet, judged as it comes.

A mark is held back while a call may begin at it, and released as soon as none can. What
is released is never part of a call, nor of its dress, when the whole text is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from agentkit.pythonic.dress import in_sentence, is_spoken
from agentkit.pythonic.forms import Known
from agentkit.pythonic.sites import Sites, is_alone
from agentkit.pythonic.syntax import KEY, NAME

# A mark at which a call may begin.
_MARK = re.compile(r"[\[({<`\\]")
_LAST_NAME = re.compile(rf"({NAME})\s*:?\s*\Z")
# Characters that are looked back for a name; bounds the time of each mark.
_LONGEST_NAME = 160
_TAGS = (
    "<function=",
    *(
        f"<{slash}{name}>"
        for slash in ("", "/")
        for name in ("tool_call", "tool_calls", "function_call", "function_calls")
    ),
    *(
        f"<{slash}{name}>"
        for slash in ("", "/")
        for name in ("function", "tool", "tools")
    ),
)
_WHOLE_TAG = re.compile(r"<[^<>\s]{1,30}>|\[/?TOOL_CALLS\]")
# The head of a list: further brackets, commas, blanks and comments.
_BRACKETS = re.compile(r"\[(?:[\s\[(,]|#[^\n]*\n)*+")
_FIRST_NAME = re.compile(rf"(?:\\?[\"'`])?({NAME})(?P<behind>\\?[\"'`]?\s*)")
_FENCE = re.compile(r"(`{1,2}(?!`)|```\w*)[\s'\"*]*")
_NAMED = re.compile(rf"({NAME})\s*")
# What stands first in the parentheses of a call by name, as far as it has come.
_KEYWORD = re.compile(rf"\(\s*(?:(?:{KEY})?\s*\Z|(?:{KEY})\s*=(?!=)|\))")


@dataclass(frozen=True, slots=True)
class OpenerJudge:
    """Judges marks in one text.

    Attributes:
        known: names the known tool that a written name means, or nothing.
    """

    known: Known

    def marks(self, text: str, at: int) -> Iterator[int]:
        """Yield the places of marks from an offset on."""
        return (found.start() for found in _MARK.finditer(text, at))

    def may_call(self, text: str, at: int) -> bool:
        """Tell whether a call may begin at a mark, or at the name before it.

        Args:
            text: what there is of the text, its line from the beginning.
            at: the mark's place.
        """
        match text[at]:
            case "(":
                return self._behind_name(text, at)
            case "[":
                return (
                    self._tag(text, at)
                    if text.startswith(("[TOOL_CALLS]", "[/TOOL_CALLS]"), at)
                    else self._list(text, at)
                )
            case "{":
                return self._object(text, at)
            case "<":
                return self._tag(text, at)
            case "`":
                return self._fence(text, at)
            case _:
                return text[at + 1 : at + 2] in ("", "_", "*", "[", "]")

    def _behind_name(self, text: str, at: int) -> bool:
        name = _LAST_NAME.search(text, max(0, at - _LONGEST_NAME), at)
        if name is None:
            return False
        if name[1] == "print" or self.known(name[1]):
            return True
        # A call of an unknown tool is one only where it is all that is said.
        begins = not is_spoken(text[: name.start()])
        return begins and _KEYWORD.match(text, at) is not None

    def _list(self, text: str, at: int) -> bool:
        inside = _BRACKETS.match(text, at)
        place = inside.end() if inside else at + 1
        # Nothing has come yet that could tell.
        if place == len(text) or text[place] == "{":
            return True
        name = _FIRST_NAME.match(text, place)
        if name is None:
            return text[place] in "\"'`\\" and place + 2 >= len(text)
        if name.end() == len(text):
            return len(name[1]) < _LONGEST_NAME
        # A word and then something else: "[see below]" is what somebody says.
        if text[name.end()] not in "(,]":
            return False
        if name[1] == "print" or self.known(name[1]):
            return True
        # A list of an unknown tool counts only where nothing else is on its line.
        return is_alone(text, at) and not self._is_nothing(text, at)

    def _object(self, text: str, at: int) -> bool:
        name = _LAST_NAME.search(text, max(0, at - _LONGEST_NAME), at)
        if name is not None and self.known(name[1]):
            return True
        return not self._is_nothing(text, at)

    def _is_nothing(self, text: str, at: int) -> bool:
        """Tell whether brackets that are closed already hold no call."""
        site = Sites(text, self.known).at(at)
        return site is None or (not site.calls and site.end < len(text))

    def _tag(self, text: str, at: int) -> bool:
        if text[at] == "<" and not _is_tag(text[at : at + 20]):
            return False
        tag = _WHOLE_TAG.match(text, at)
        if tag is None or not in_sentence(text, tag):
            return True
        name = _NAMED.match(text, len(text) - len(text[tag.end() :].lstrip()))
        return name is not None and bool(self.known(name[1]))

    def _fence(self, text: str, at: int) -> bool:
        """Judge a code fence by what comes first in it; one backtick is no fence."""
        fence = _FENCE.match(text, at)
        if fence is None or fence.end() == len(text):
            return True
        if not fence[1].startswith("```"):
            return False
        at = fence.end()
        # In the fence the same marks count as outside of it.
        if _MARK.match(text, at):
            return text[at] != "`" and self.may_call(text, at)
        name = _NAMED.match(text, at)
        if name is None:
            return False
        if name.end() == len(text):
            return True
        # `x = f(...)` on one line may become a call with a named result.
        if text[name.end()] == "=":
            return "\n" not in text[name.end() :]
        called = name[1] == "print" or bool(self.known(name[1]))
        return called and text[name.end()] in "(:{"


def _is_tag(begun: str) -> bool:
    if begun.startswith("<|"):
        return True
    return any(tag.startswith(begun) or begun.startswith(tag) for tag in _TAGS)
