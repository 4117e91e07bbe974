"""A model's thoughts, separated from what it says: `<think>...</think>` before the text.

Servers that know their model send thoughts in a separate field; others pass on what the
model writes. Thoughts are cut off before calls are looked for: what a model considers
is not what it asks for. Not covered: thoughts behind the first words of an answer.
"""

from __future__ import annotations

import re

# What reasoning models in use write: DeepSeek and Qwen, Claude-like prompts, Mistral.
_TAGS = {
    "<think>": "</think>",
    "<thinking>": "</thinking>",
    "<thought>": "</thought>",
    "<reasoning>": "</reasoning>",
    "[THINK]": "[/THINK]",
}
# Greedy: where several ends were written, the answer is behind the last.
_UNOPENED = re.compile(r"\A(.*)</think(?:ing)?>", re.DOTALL)


class ThoughtFilter:
    """Takes a model's output in pieces, and separates thoughts from text."""

    def __init__(self) -> None:
        """Begin with nothing heard."""
        self._held = ""
        self._end = ""
        self._is_thought = self._is_said = False

    def feed(self, piece: str) -> tuple[str, str]:
        """Take the next piece; return what of it is thought, and what is said."""
        if self._is_said:
            return "", piece
        self._held += piece
        thought = ""
        while not self._is_said:
            if self._end:
                found, closed = self._inside()
                thought += found
                if not closed:
                    break
            elif not self._opened():
                break
        return thought, self._take() if self._is_said else ""

    def close(self) -> tuple[str, str]:
        """End the output; return what was held back as thought, and as text."""
        held = self._take()
        return (held, "") if self._end else ("", held)

    def _opened(self) -> bool:
        """Look for a tag at the beginning; False where more has to come first."""
        begun = self._held.lstrip()
        if self._is_thought:
            # The lines between thoughts and text belong to neither.
            self._held = begun
        for tag, end in _TAGS.items():
            if begun.startswith(tag):
                self._held, self._end = begun[len(tag) :], end
                self._is_thought = True
                return True
        # "<th" may become a tag with the next piece, "Hello" may not.
        waits = any(tag.startswith(begun) for tag in _TAGS)
        self._is_said = not waits
        return not waits

    def _inside(self) -> tuple[str, bool]:
        """Take thoughts up to their end; what may be half of the end is held."""
        thought, closed, rest = self._held.partition(self._end)
        if closed:
            self._held, self._end = rest.lstrip(), ""
            return thought, True
        kept = _half(thought, self._end)
        at = len(thought) - kept
        self._held = thought[at:]
        return thought[:at], False

    def _take(self) -> str:
        held, self._held = self._held, ""
        return held


def _half(text: str, end: str) -> int:
    """Return how many characters at a text's end may begin the tag."""
    most = min(len(text), len(end) - 1)
    return next((n for n in range(most, 0, -1) if end.startswith(text[-n:])), 0)


def unopened(text: str) -> tuple[str, str]:
    """Split off thoughts whose opening tag was in the prompt; they end in `</think>`."""
    found = _UNOPENED.match(text)
    return (found[1], text[found.end() :]) if found else ("", text)
