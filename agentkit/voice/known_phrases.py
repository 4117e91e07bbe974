"""Makes sentences that a user may say to a toolset, filled from the home.

A recogniser learns from many such lines which word follows which. Slots are filled with
what the home holds (people, lists, titles), with times, and with frequent words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from agentkit.backends.reflex.parameters import Param, read_params
from agentkit.language import vocabulary
from agentkit.language.vocabularies import read_table
from agentkit.tools import AnyTool, Toolset

# Lines a tool. 400 in place of 150 hear no better on the spoken requests of the
# benchmark, and take three times as long to make.
_LINES = 150
# Of the texts that slots take, those that are the home's own or in the table; the others
# are of frequent words, so that no word is unheard of there.
_KNOWN = 0.6
# A slot, dots, a bracket or bar, or a word: "remind me [to] {text}".
_PIECE = re.compile(r"\{(\w+)\}|(\.\.\.)|([\[\](|)+])|([^\s\[\](|)+{}]+)")
_BY_KIND = {
    "person": "person",
    "people": "person",
    "duration": "duration",
    "recurrence": "recurrence",
    "when": "when",
    "integer": "number",
    "number": "number",
    "role": "role",
}
# Levels of slots within slots; deeper ones are left out.
_DEEPEST = 4


class Phrases:
    """Draws sentences that a user may say."""

    def __init__(
        self,
        toolset: Toolset,
        people: Sequence[str],
        titles: Sequence[str],
        frequent: Sequence[str],
        *,
        seed: int = 1,
    ) -> None:
        """Store the tools and the names that may fill their slots.

        Args:
            toolset: whose tools' sentences are spoken.
            people: names, in small letters.
            titles: of events, lists and the like, in small letters.
            frequent: words of the language, the most frequent first.
            seed: the same one draws the same lines.
        """
        self._toolset = toolset
        # Seeded: the same home hears the same words today and tomorrow.
        self._random = Random(seed)
        self._titles = titles
        self._frequent = frequent
        self._forms: Mapping[str, Sequence[str]] = {
            **_forms(),
            "person": [*people, *_forms()["role"]],
        }

    def lines(self) -> Iterator[str]:
        """Yield the same number of lines for each tool that has sentences."""
        for tool in self._toolset:
            yield from self._of(tool)
        # Each name once more, wherever a text may hold it.
        yield from self._forms["person"][:-1]
        yield from self._titles

    def _of(self, tool: AnyTool) -> Iterator[str]:
        # Some are in other languages, which this recogniser does not know.
        sentences = [one for one in tool.examples if one.isascii()]
        params = {param.name: param for param in read_params(tool)}
        for number in range(_LINES if sentences else 0):
            words = self._drawn(sentences[number % len(sentences)])
            yield " ".join(self._filled(words, params)).replace(" '", "'")

    def _filled(
        self, words: Iterable[str], params: Mapping[str, Param]
    ) -> Iterator[str]:
        for word in words:
            if not word.startswith("{"):
                yield word
            elif (param := params.get(word[1:-1])) and param.kind == "enum":
                yield self._random.choice(param.values).replace("_", " ")
            else:
                yield from self._value(_form(word[1:-1], param))

    def _value(self, form: str, depth: int = 0) -> Iterator[str]:
        """Draw the words for a slot; a slot of no known form takes a text."""
        if form in self._forms:
            for word in self._drawn(self._random.choice(self._forms[form])):
                if not word.startswith("{"):
                    yield word
                elif depth < _DEEPEST:
                    yield from self._value(word[1:-1], depth + 1)
        elif self._random.random() > _KNOWN:
            yield from self._some_words()
        elif self._titles and self._random.random() < 0.5:
            yield self._random.choice(self._titles)
        else:
            yield from self._value("thing", depth)

    def _some_words(self) -> Iterator[str]:
        for _ in range(self._random.randint(1, 3)):
            # By Zipf's law the n-th word is n times as rare as the first.
            place = int(len(self._frequent) ** self._random.random()) - 1
            yield self._frequent[place]

    def _drawn(self, sentence: str) -> list[str]:
        """Choose among the ways that brackets allow; slots stay as they are."""
        pieces = ((m[0], m.lastindex or 0) for m in _PIECE.finditer(sentence))
        return self._choice(pieces)

    def _choice(self, pieces: Iterator[tuple[str, int]]) -> list[str]:
        ways: list[list[str]] = [[]]
        for text, kind in pieces:
            if text in ")]" and kind == 3:
                break
            if text == "|" and kind == 3:
                ways.append([])
            elif text in "([" and kind == 3:
                inner = self._choice(pieces)
                if text == "(" or self._random.random() < 0.5:
                    ways[-1] += inner
            elif kind in (1, 4):
                ways[-1].append(text)
        return self._random.choice(ways)


def _form(slot: str, param: Param | None) -> str:
    kind = param.kind if param else ""
    if kind in _BY_KIND:
        return _BY_KIND[kind]
    return "duration" if slot == "ahead" else slot


@cache
def _forms() -> Mapping[str, Sequence[str]]:
    """Return the forms of slots; the names of days and numbers are the language's."""
    table: dict[str, Any] = dict(
        read_table(Path(__file__).with_name("spoken_forms.toml"))
    )
    words = vocabulary("en")
    numbers = [forms[0] for forms in words.numbers[1:]]
    table["hour"] = numbers[:12]
    table["number"] = [*numbers, *(forms[0] for forms in words.tens)]
    table["weekday"] = [forms[0] for forms in words.weekdays]
    table["month"] = [forms[0] for forms in words.months]
    table["ordinal"] = [forms[0] for forms in islice(words.ordinals, 20)]
    return table
