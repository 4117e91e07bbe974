"""What was said, as literal values may be taken from it: words in a row, and numbers."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias

from agentkit.grammar.call_groups import call_groups
from agentkit.grammar.coordination import coordinated
from agentkit.grammar.described import shown_words
from agentkit.grammar.names_said import is_switched, named, switched
from agentkit.grammar.number_roles import fits, number_lists, number_roles
from agentkit.grammar.number_spans import SaidNumber, counted, said_numbers
from agentkit.grammar.stretches import stretches, word_options
from agentkit.grammar.value_types import (
    Field,
    Fixed,
    Items,
    Real,
    TextValue,
    Value,
    Whole,
)
from agentkit.tools.selection.stems import read_stems

_ADDRESS = re.compile(r"(?<![\w.+%-])[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
# What ends a string, or would have to be escaped in one, is not taken over.
_UNQUOTABLE = re.compile(r'["\\\x00-\x1f\x7f-\x9f\u2028\u2029]+')
# "The city and state, e.g. San Francisco, CA".
_CITY_AND_STATE = re.compile(r"\b[Cc]ity and state\b|\b[A-Z]\w+, [A-Z]{2}\b")
_NOTHING: Mapping[str, str] = {}
# Names of arguments, each with words.
Barred: TypeAlias = frozenset[tuple[str, str]]
# Numbers that may be all of one call.
_FEW = 1
_LONGEST = 8_000  # characters; a grammar of more takes longer than the answer
# Each is a branch at every number that is written; a pasted table has hundreds.
_MOST_NUMBERS = 64


@dataclass(frozen=True, slots=True)
class SaidValues:
    """What values may be taken from.

    Attributes:
        words: the texts, a line for each stretch that can be taken over in a string.
        numbers: as they are written in a call, each once.
        stems: of the words, by which an argument's name is known again.
        days: that were said.
        counts: how many of the numbers are not part of a name such as "A4".
        beside: the numbers with the words beside them.
        calls: how many are asked for at most; any number when 0.
        text: all of it, as it is.
        barred: arguments with words that they are not, as they were taken for another.
        by_heart: the model was taught what each argument takes, so that only its
            strings are limited: to any words in a row, or none.
    """

    words: str
    numbers: tuple[str, ...] = ()
    stems: frozenset[str] = frozenset()
    days: tuple[date, ...] = ()
    counts: int = 0
    beside: tuple[SaidNumber, ...] = ()
    calls: int = 0
    text: str = ""
    barred: Barred = frozenset()
    by_heart: bool = False

    @classmethod
    def of(
        cls, texts: Sequence[str], days: Sequence[date] = (), calls: int = 0
    ) -> SaidValues:
        """Take the words and numbers of texts; of long ones the last part.

        Args:
            texts: what was said.
            days: those that are named in it.
            calls: how many are asked for at most.
        """
        text = "\n".join(texts)[-_LONGEST:]
        found = said_numbers(text)[:_MOST_NUMBERS]
        words = _UNQUOTABLE.sub("\n", text).strip()
        written = tuple(dict.fromkeys(one.written for one in found))
        stems = frozenset(read_stems(text))
        count = counted(text)
        return cls(words, written, stems, tuple(days), count, found, calls, text)

    def exact(self, value: TextValue) -> tuple[str, ...]:
        """Return what a string can be alone: days in the form that it wants, addresses."""
        if self.by_heart:
            return ()
        if value.address or value.format in ("email", "idn-email"):
            return tuple(dict.fromkeys(_ADDRESS.findall(self.words)))
        days = self.days if value.day else ()
        return tuple(dict.fromkeys(day.strftime(value.day) for day in days))

    def _left(self, field: Field, options: Sequence[str]) -> tuple[str, ...]:
        """Leave out what is barred, unless nothing else is there."""
        left = tuple(one for one in options if (field.name, one) not in self.barred)
        return left or tuple(options)

    def lacks(self, fields: Sequence[Field]) -> bool:
        """Whether the required arguments need more numbers than were said."""
        return _numbers_needed(fields) > self.counts

    def names_nobody(self, fields: Sequence[Field]) -> bool:
        """Whether a required argument is a person, and no name was said."""
        people = any(f.required and _is_person(f.value) for f in fields)
        named = any(one.kind != "words" for one in stretches(self.text))
        return people and not named

    def meets(self, fields: Sequence[Field]) -> bool:
        """Whether they need numbers, and so many were said."""
        return 0 < _numbers_needed(fields) <= self.counts

    def each_call(self, fields: Sequence[Field], tool: str) -> list[list[Field]]:
        """Return the arguments of each call that is asked for, as `supported` has them."""
        if self.by_heart:
            return [list(fields)]
        groups = call_groups(self.beside, fields, self.text) if self.calls != 1 else ()
        # Names of arguments are words of the tool, too.
        tool = " ".join([tool, *(field.name for field in fields)])
        return [self.supported(fields, tool, one) for one in groups or ({},)]

    def supported(
        self,
        fields: Sequence[Field],
        tool: str = "",
        given: Mapping[str, str] = _NOTHING,
    ) -> list[Field]:
        """Leave out the optional numbers and switches that nobody mentioned.

        Of numbers as many are left as were said beside those that the required arguments
        need, first those whose names were said; a switch or a choice by its name, or by
        one of its words. Optional strings stay: "with Ana" names nobody's role, and means
        the guest all the same.

        Args:
            fields: the arguments.
            tool: name of the tool.
            given: what some of them must be, as JSON.
        """
        fixed = {**self._given(fields), **given}
        # Those that were said and that the required arguments do not use up.
        spare = max(self.counts - _numbers_needed(fields), 0)
        optional = [f for f in fields if not f.required]
        numbers = [f for f in optional if isinstance(f.value, Whole | Real)]
        numbers.sort(
            key=lambda f: (f.name in fixed, named(f.name, self.stems)), reverse=True
        )
        left = numbers[spare:]
        kept = [f for f in fields if f.required or self._speaks_for(f)]
        return [
            replace(field, value=Fixed((fixed[field.name],)), required=True)
            if field.name in fixed
            else narrowed
            for field in kept
            if field not in left and (narrowed := self._narrowed(field, tool))
        ]

    def _given(self, fields: Sequence[Field]) -> Mapping[str, str]:
        """Return the numbers, and lists of some, that arguments must have."""
        needed = _numbers_needed(fields)
        lists = number_lists(self.beside, fields)
        # Those of a list are one argument's, those of a day none's.
        single = [
            one for one in self.beside if not (lists and one.run) and one.kind != "part"
        ]
        count = len({one.start for one in single})
        # Twice as many as one call takes may be those of two.
        if self.calls != 1 and needed and count >= 2 * needed and count > _FEW:
            return {}
        dated = self._dated(fields)
        roles = number_roles(self.beside, fields)
        return {**roles.given, **lists, **dated}

    def _dated(self, fields: Sequence[Field]) -> Mapping[str, str]:
        """Give the days that were said to the arguments that want one, in order."""
        days = tuple(dict.fromkeys(self.days))
        # "From July 10 to July 20" ends on one of two days; the one that was said counts.
        said = [day for day in days if str(day.day) in self.numbers]
        wanting = [
            (f.name, f.value.day)
            for f in fields
            if f.required and isinstance(f.value, TextValue) and f.value.day
        ]
        if len(said) == len(wanting):
            days = tuple(said)
        if len(days) < 2 or len(days) != len(wanting):
            return {}
        pairs = zip(wanting, sorted(days), strict=True)
        return {name: json.dumps(day.strftime(form)) for (name, form), day in pairs}

    def _narrowed(self, field: Field, tool: str) -> Field | None:
        """Let a field be what was said of it; a word of a choice that was said is meant.

        None where nothing was said that an optional one may be.
        """
        match field.value:
            # All words of the name were said, so that it is a switch somebody spoke of.
            case Fixed(("true", "false")) if is_switched(field.name, self.stems):
                meant = Fixed((switched(field.name, self.words),))
                return replace(field, value=meant, required=True)
            case Whole() | Real():
                numbers = self._numbers_of(field, field.value)
                return replace(field, value=Fixed(numbers)) if numbers else field
            case Fixed(options) | Items(item=Fixed(options)):
                is_said = any(map(self._says, options))
                return replace(field, required=field.required or is_said)
            case TextValue():
                return self._worded(field, field.value, tool)
            case Items(item=TextValue() as item):
                worded = self._worded(field, item, tool)
                if worded is None:
                    return None
                if listed := self._listed(worded.value):
                    return replace(worded, value=listed)
                value = replace(field.value, item=worded.value)
                return replace(worded, value=value)
            case _:
                return field

    def _worded(self, field: Field, value: TextValue, tool: str) -> Field | None:
        """Limit a string to words that its description shows, or to what may be meant."""
        shown = tuple(
            one
            for one in shown_words(field.about)
            # "C" was not said in "C# major".
            if self._says_word(one) and f"{one}#" not in self.text
        )
        shown = () if _CITY_AND_STATE.search(field.about) else shown
        if shown:
            # An example that was said is meant.
            return replace(field, value=replace(value, options=shown), required=True)
        # What the description of an optional one offers, and nobody said, is not taken.
        told = value.told if field.required else ()
        options = word_options(self.text, field, tool)
        if options == () and not field.required and not self.exact(value):
            return None
        options = options or ()
        if _CITY_AND_STATE.search(field.about):
            options = tuple(one for one in options if ", " in one) or options
        options = self._left(field, options)
        return replace(field, value=replace(value, told=told, options=options))

    def _listed(self, item: Value) -> Fixed | None:
        """Return the one list that was said: "Ana, Bo and Cy" are three."""
        options = item.options if isinstance(item, TextValue) else ()
        chains = coordinated(self.text, options)
        return Fixed((json.dumps(chains[0]),)) if len(chains) == 1 else None

    def _says_word(self, word: str) -> bool:
        stems = read_stems(word)
        return bool(stems) and self.stems.issuperset(stems)

    def _numbers_of(self, field: Field, value: Whole | Real) -> tuple[str, ...]:
        """Return the numbers that have words of an argument beside them."""
        about = set(read_stems(f"{field.name} {field.about}"))
        named = [one.written for one in self.beside if one.beside & about]
        return tuple(dict.fromkeys(one for one in named if fits(one, value)))

    def _speaks_for(self, field: Field) -> bool:
        match field.value:
            case Fixed(("true", "false")):
                return named(field.name, self.stems) > 0
            case Fixed(options) | Items(item=Fixed(options)):
                return any(map(self._says, options))
            case Items(item=Whole() | Real()):
                return named(field.name, self.stems) > 0
            case _:
                return True

    def options(self, value: Fixed) -> Fixed:
        """Leave of a choice of words those that were said, where any were."""
        if self.by_heart:
            return value
        said = tuple(one for one in value.options if self._says(one))
        return Fixed(said) if said else value

    def _says(self, option: str) -> bool:
        word: object = json.loads(option)
        return isinstance(word, str) and self._says_word(word)


def _is_person(value: Value) -> bool:
    one = value.item if isinstance(value, Items) else value
    return isinstance(one, TextValue) and one.format == "contact"


def _numbers_needed(fields: Sequence[Field]) -> int:
    return sum(f.required and isinstance(f.value, Whole | Real) for f in fields)
