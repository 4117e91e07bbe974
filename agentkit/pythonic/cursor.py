"""A place in the text being read: spaces, strings, words and what was noted."""

from __future__ import annotations

import re

from agentkit.pythonic.strings import Place, read_quoted, unescape
from agentkit.pythonic.syntax import CALL_HEAD, KEY, MAX_SIZE, SPACE

_BRACKETS = re.compile(r"[()\[\]{},\n]")
_ESCAPED_QUOTE = re.compile(r"\\{1,4}[\"']")
_KEY = re.compile(r"[^\s:=,{}\[\]()\"']+")
_NEXT_ARGUMENT = re.compile(r"\s*(?:[^\W\d][\w-]*\s*=(?!=)|\*\*|\))")
_SPACED_NAME = re.compile(rf"(?<=[\w.])\s+{KEY}=(?=[^\s=])")
_DELIMITER: dict[Place, str] = {
    "argument": ",)",
    "positional": ",)",
    "list": ",]",
    "object": ",}",
    "key": ":=,}",
}
_LONGEST_WORDS = 400
_PLUS = re.compile(r"\s*\+\s*")
_PREFIXES = "rfbuRFBU"
_SEPARATORS = (",", ";", "+", "-", "*", "/", "&", "|")


class Cursor:
    """Reads the parts of a text that hold no other parts.

    Attributes:
        text: what is read.
        notes: repairs so far, for the call being read.
        faults: what cannot be read, for the call being read.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.notes: list[str] = []
        self.faults: list[str] = []

    def skip(self, at: int) -> int:
        """Pass spaces and comments."""
        space = SPACE.match(self.text, at)
        return space.end() if space else at

    def note_missing(self, closer: str) -> None:
        """Note a bracket that was not written."""
        self.notes.append(f"added a missing {closer}")

    def opens_string(self, at: int) -> bool:
        """Whether a quote, plain or escaped, stands at an offset."""
        first = self.text[at : at + 1]
        if first == "\\":
            return _ESCAPED_QUOTE.match(self.text, at) is not None
        return first in ("'", '"')

    def opens_prefixed(self, at: int) -> bool:
        """Whether a string with a prefix such as r or f stands at an offset."""
        first, second = self.text[at : at + 1], self.text[at + 1 : at + 2]
        return first != "" and first in _PREFIXES and second in ("'", '"')

    def read_string(self, at: int, place: Place) -> tuple[str, int]:
        """Read a string, with those joined to it, and note what was repaired."""
        quoted = read_quoted(self.text, at, place)
        if quoted.note:
            self.notes.append(quoted.note)
        if quoted.fault:
            self.faults.append(quoted.fault)
        value, end = quoted.value, quoted.end
        while place in ("argument", "positional"):
            plus = _PLUS.match(self.text, end)
            if plus is None or not self.opens_string(plus.end()):
                break
            quoted = read_quoted(self.text, plus.end(), place)
            self.notes.append("joined two strings")
            self.faults.extend(filter(None, (quoted.fault,)))
            value, end = value + quoted.value, quoted.end
        return value, end

    def read_prefixed(self, at: int, place: Place) -> tuple[str, int]:
        """Read a string with a prefix; bytes and templates cannot be read."""
        prefix = self.text[at].lower()
        quoted = read_quoted(self.text, at + 1, place)
        written = self.text[at + 2 : quoted.end - 1]
        if prefix == "b" or (prefix == "f" and "{" in written) or quoted.fault:
            self.faults.append(
                f"{self.text[at : quoted.end][:40]} is not a plain string"
            )
        self.notes.append(f"read a string with the prefix {self.text[at]}")
        return (written if prefix == "r" else unescape(quoted.value)), quoted.end

    def read_key(self, at: int) -> tuple[str, int]:
        """Read the key of an object, quoted or not."""
        if self.opens_string(at):
            return self.read_string(at, "key")
        key = _KEY.match(self.text, at)
        if key is None:
            return self.text[at], at + 1
        return key[0], key.end()

    def ends(self, at: int, place: Place) -> bool:
        """Whether a quote before an offset ends a value, commas being checked."""
        after = SPACE.match(self.text, at)
        rest = after.end() if after else at
        if self.text[rest : rest + 1] != ",":
            return True
        following = SPACE.match(self.text, rest + 1)
        first = self.text[following.end() if following else rest + 1 :][:1]
        return first in ("", "]", "}", '"', "'", "[", "{") or (
            place == "list" and (first.isdigit() or first == "-")
        )

    def goes_on(self, at: int) -> bool:
        """Whether words go on behind a call without a comma or another call."""
        before = self.text[max(0, at - 4096) : at].rstrip()[-1:]
        if before in _SEPARATORS or not self.text[at].isalpha():
            return False
        return CALL_HEAD.match(self.text, at) is None

    def span_end(self, at: int, place: Place, within: int = MAX_SIZE) -> int:
        """Find the delimiter behind unquoted words; brackets in them must pair.

        Args:
            at: offset of the first word.
            place: where the words stand.
            within: how many characters to look at.
        """
        limit = min(len(self.text), at + within)
        delimiters = _DELIMITER[place]
        depth = 0
        for match in _BRACKETS.finditer(self.text, at, limit):
            found = match[0]
            if found in "([{":
                depth += 1
            elif found in ")]}":
                if depth == 0:
                    return match.start()
                depth -= 1
            elif depth == 0 and found in delimiters:
                named = place == "argument"
                if not named or _NEXT_ARGUMENT.match(self.text, match.end()):
                    return match.start()
        return limit

    def words_end(self, at: int, place: Place) -> int:
        """Find where unquoted words end; an argument ends where a name follows."""
        follows = None
        if place == "argument":
            follows = _SPACED_NAME.search(self.text, at, at + _LONGEST_WORDS)
        within = follows.start() - at if follows else MAX_SIZE
        return self.span_end(at, place, within)
