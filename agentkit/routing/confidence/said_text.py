"""What the user said, read once, and how much of a value was said."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from agentkit.language.numbers import ONES, TENS
from agentkit.messages import Conversation
from agentkit.tools.selection.stems import STOP, read_words, stem

_NAMES = {
    "km": "km kilometer kilometre", "m": "meter metre", "mi": "mile",
    "cm": "cm centimeter centimetre", "mm": "mm millimeter millimetre",
    "ft": "feet foot", "in": "inch", "kg": "kg kilogram", "g": "gram",
    "lb": "lb pound", "s": "second", "min": "minute", "h": "hour", "d": "day",
    "w": "week", "mo": "month", "y": "year", "l": "liter litre", "gal": "gallon",
    "c": "celsius", "f": "fahrenheit", "k": "kelvin", "j": "joule", "n": "newton",
    "watt": "watt", "pa": "pascal", "v": "volt", "ohm": "ohm", "usd": "dollar",
    "eur": "euro", "jpy": "yen",
}  # fmt: skip
_UNITS = {word: unit for unit, words in _NAMES.items() for word in words.split()}
_PLURALS = {
    f"{word}{end}": unit for word, unit in _UNITS.items() for end in ("s", "es")
}
_KNOWN = _PLURALS | _UNITS


def units_in(words: Iterable[str]) -> frozenset[str]:
    """Return the units that lower-case words name."""
    return frozenset(_KNOWN[word] for word in words if word in _KNOWN)


_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_PERCENT = re.compile(r"(?<!\d)(\d+(?:\.\d+)?) ?(?:%|per ?cent)")
# Where a clause ends; then names: words with a capital that begin no sentence or
# quotation.
_BORDER = re.compile(r"[.?!;\n]+(?:\s|$)|,\s|\b(?:and|then|also|plus|while|but)\b")
_NAME = re.compile(r"(?<![.?!:] )(?<!^)(?<!^[\"'])\b[A-Z][\w-]+")
_NAME_BEFORE = re.compile(r"[a-z,] [A-Z][\w-]+ $")
_NAME_AFTER = re.compile(r"[#\w]| [A-Z][\w-]+")
_QUOTE = re.compile(r"(?<!\w)'([^']{2,60})'(?!\w)|\"([^\"]{2,60})\"")
_WORTH = {word: float(number) for word, number in (ONES | TENS).items()} | {
    "hundred": 100.0, "half": 0.5, "quarter": 0.25, "dozen": 12.0, "once": 1.0,
    "twice": 2.0, "first": 1.0, "second": 2.0, "third": 3.0, "couple": 2.0, "single": 1.0,
}  # fmt: skip
# Per cent, cents, thousands and the like, minutes and months: a value may be told in
# another unit.
_SCALES = (1.0, 0.01, 100.0, 1e3, 1e6, 1e9, 1e-3, 1e-6, 1e-9, 60.0, 12.0)
_BOUNDS = frozenset(
    {"above", "under", "below", "over", "least", "most", "more", "less", "than",
     "each", "both", "respectively", "every", "same", "similar", "between", "within"}
)  # fmt: skip
_NEGATION = frozenset(
    {"not", "no", "never", "without", "except", "don", "doesn", "didn", "isn", "won"}
)


@dataclass(frozen=True)
class Said:
    """A text, and the numbers, names, quotations and words in it."""

    text: str

    @cached_property
    def words(self) -> list[str]:
        """Its words in lower case."""
        return read_words(self.text)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of its words."""
        return frozenset(stem(word) for word in self.words)

    @cached_property
    def flat(self) -> str:
        """Its letters and digits in lower case, one space between words."""
        return f" {' '.join(self.words)} "

    @cached_property
    def digits(self) -> Counter[float]:
        """Numbers written in digits, as often as they stand there."""
        found = _NUMBER.findall(self.text)
        return Counter(float(number.replace(",", "")) for number in found)

    @cached_property
    def numbers(self) -> frozenset[float]:
        """Numbers in digits and words."""
        worded = {_WORTH[word] for word in self.words if word in _WORTH}
        return frozenset(worded | set(self.digits))

    @cached_property
    def scaled(self) -> frozenset[float]:
        """Numbers as they may be meant: per cent, thousands, minutes as seconds."""
        # Nine digits, so that sums of floats compare equal.
        return frozenset(float(f"{n * s:.9g}") for n in self.numbers for s in _SCALES)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Words with a capital that begin no sentence."""
        return tuple(dict.fromkeys(name.lower() for name in _NAME.findall(self.text)))

    @cached_property
    def quotes(self) -> tuple[str, ...]:
        """What stands in quotation marks."""
        return tuple(one or other for one, other in _QUOTE.findall(self.text))

    @cached_property
    def percents(self) -> frozenset[float]:
        """Numbers that a per cent sign follows."""
        return frozenset(float(number) for number in _PERCENT.findall(self.text))

    @cached_property
    def units(self) -> frozenset[str]:
        """Units of measure, each under one name."""
        return units_in(self.words)

    @cached_property
    def content(self) -> frozenset[str]:
        """The stems of its words that say something, numbers left out."""
        told = (word for word in self.words if word not in STOP and word.isalpha())
        return frozenset(stem(word) for word in told)

    def is_cut(self, value: str) -> bool:
        """Whether a value is only a part of a longer name in the text."""
        place = self.text.find(value)
        # Only names: of other words it is common to take a part.
        if place < 0 or not value[:1].isupper():
            return False
        before, after = self.text[:place], self.text[place + len(value) :]
        return bool(_NAME_BEFORE.search(before) or _NAME_AFTER.match(after))

    @property
    def parts(self) -> int:
        """How many clauses it has, roughly."""
        return 1 + len(_BORDER.findall(self.text.rstrip("?!. \n").lower()))

    @property
    def bounds(self) -> int:
        """How many words set a bound or spread values: "more than", "each"."""
        return sum(word in _BOUNDS for word in self.words)

    @property
    def negated(self) -> bool:
        """Whether something is said not to be."""
        return not _NEGATION.isdisjoint(self.words)


def said_in(conversation: Conversation) -> tuple[Said, Said]:
    """Return what the user said last, and all that was said and returned by then."""
    last, found = "", list[str]()
    for message in conversation:
        if message.role == "user":
            last = message.text
            found.append(last)
        elif message.result is not None:
            # A value may come from an earlier result, such as an id that a search
            # returned.
            found += (str(leaf) for leaf in leaves(message.result.value))
    said = Said(last)
    return said, said if found == [last] else Said("\n".join(found))


def leaves(value: Any) -> Iterator[Any]:
    """Yield the scalar values inside of JSON-like data."""
    if isinstance(value, dict):
        for item in cast(dict[str, Any], value).values():
            yield from leaves(item)
    elif isinstance(value, list | tuple):
        for item in cast(Iterable[Any], value):
            yield from leaves(item)
    else:
        yield value


_NUMERAL = re.compile(r"-?\d+(?:\.\d+)?")


def is_number(value: object) -> bool:
    """Whether a value is a number, or a text that is nothing but one."""
    if isinstance(value, str):
        return bool(_NUMERAL.fullmatch(value.strip()))
    return isinstance(value, int | float) and not isinstance(value, bool)


def trace(value: Any, said: Said) -> float:
    """Return the share of a single value that was said: 0 to 1."""
    if value is None or isinstance(value, bool):
        return 0.0
    if is_number(value):
        return _trace_number(abs(float(value)), said)
    return _trace_text(str(value), said)


def _trace_number(number: float, said: Said) -> float:
    if number in said.numbers:
        return 1.0
    # Between said and not said: another unit may be meant, or two numbers agree by
    # chance.
    return 0.7 if float(f"{number:.9g}") in said.scaled else 0.0


def _trace_text(text: str, said: Said) -> float:
    words = read_words(text)
    if not words:
        return 0.0
    if f" {' '.join(words)} " in said.flat:
        return 1.0
    known = sum(stem(word) in said.stems for word in words)
    # Never as good as the same words in the same order, which are 1.
    return 0.9 * known / len(words)
