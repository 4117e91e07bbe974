"""How long something takes, in words: "an hour and a half", "1h30", "2 weeks"."""

from typing import cast

from agentkit.language.numbers import ONES, TENS, number, number_in_words
from agentkit.language.tokens import Tokens
from agentkit.language.vocabularies import vocabulary
from agentkit.slots.periods import Grain, Length, join, length_of

# The units of the vocabulary that count several of a grain.
_FACTORS: dict[str, tuple[Grain, int]] = {
    "fortnight": ("day", 14),
    "decade": ("year", 10),
    "century": ("year", 100),
}
UNITS: dict[str, tuple[Grain, int]] = {
    form: _FACTORS.get(name) or (cast(Grain, name), 1)
    for name, forms in vocabulary("en").units.items()
    for form in forms
}
_LETTERS: dict[str, Grain] = {
    "s": "second",
    "m": "minute",
    "h": "hour",
    "d": "day",
    "w": "week",
    "y": "year",
    "'": "minute",
}
# "1 hour 30" is minutes; nobody says "1 day 12" for hours.
_SMALLER: dict[Grain, Grain] = {"hour": "minute", "minute": "second"}
# The least that each can mean: too early is better than too late.
_VAGUE = {"couple": 2, "pair": 2, "few": 3, "several": 3, "dozen": 12}
_FRACTIONS = {"half": 0.5, "quarter": 0.25, "third": 1 / 3}
_PARTS = {"two": 2, "2": 2, "three": 3, "3": 3}
_SIGNS = {"½": 0.5, "¼": 0.25, "¾": 0.75}
_ARTICLES = ("a", "an", "the")
# They change who counts the unit, and not what is said here.
_FILLERS = ("more", "full", "whole", "other", "business", "working", "calendar")
# What a length can begin with, apart from digits.
_FIRST = frozenset(
    {*_ARTICLES, *_SIGNS, *_VAGUE, *_FRACTIONS, *ONES, *TENS}
    | {f"{fraction}s" for fraction in _FRACTIONS}
)
NAMES = (*UNITS, *_VAGUE, *_FRACTIONS, *_SIGNS)
LEADS = _ARTICLES


def unit_at(tokens: Tokens, index: int) -> tuple[Grain, int, int] | None:
    """A unit by name: its grain, how many of it, and the index after it."""
    unit = UNITS.get(tokens.words[index].removesuffix("'s"))
    return (*unit, index + 1) if unit else None


def amount(tokens: Tokens, index: int) -> tuple[float, int] | None:
    """How many: a number, "a", "a couple of", "one and a half"."""
    if tokens.words[index] in _ARTICLES:
        vague = _vague(tokens, index + 1) or number_in_words(tokens, index)
        # "The couple of days" counts two; "the day" counts nothing.
        if vague or tokens.words[index] == "the":
            return vague
        return 1, index + 1
    sign = _SIGNS.get(tokens.words[index])
    hit = (sign, index + 1) if sign else _vague(tokens, index) or number(tokens, index)
    if hit is None:
        return None
    sign = _SIGNS.get(tokens.words[hit[1]])
    if sign and tokens[index].is_digits:
        return hit[0] + sign, hit[1] + 1
    part = _written_fraction(tokens, hit[1]) if tokens[index].is_digits else None
    if part:
        return hit[0] + part[0], part[1]
    fraction = _and_fraction(tokens, hit[1])
    return (hit[0] + fraction[0], fraction[1]) if fraction else hit


def _written_fraction(tokens: Tokens, index: int) -> tuple[float, int] | None:
    """Read the 1/2 of "2 1/2 hours" and of "1/2 hour"."""
    if tokens.words[index + 1] != "/":
        return None
    over, under = tokens.words[index], tokens.words[index + 2]
    # One digit each, and no spaces: longer ones are dates.
    digits = over.isdigit() and under.isdigit() and len(over + under) == 2
    tight = index + 2 < len(tokens) and not (
        tokens[index + 1].gap or tokens[index + 2].gap
    )
    if not (digits and tight):
        return None
    # 3/2 is no part of one; and it is rather a day.
    return (int(over) / int(under), index + 3) if over < under else None


def _vague(tokens: Tokens, index: int) -> tuple[float, int] | None:
    count = _VAGUE.get(tokens.words[index])
    if count is None:
        return None
    return count, index + 1 + (tokens.words[index + 1] == "of")


def _and_fraction(tokens: Tokens, index: int) -> tuple[float, int] | None:
    """Read "and a half", "and a quarter"."""
    if tokens.words[index] != "and":
        return None
    written = _written_fraction(tokens, index + 1)
    if written:
        return written
    three = tokens.words[index + 1] == "three"
    index += 1 + (three or tokens.words[index + 1] in ("a", "an", "one"))
    fraction = _FRACTIONS.get(tokens.words[index].removesuffix("s"))
    return (fraction * (3 if three else 1), index + 1) if fraction else None


def _part_of_unit(tokens: Tokens, index: int) -> tuple[Length, int] | None:
    """Read "half an hour", "a quarter of an hour", "three quarters of an hour"."""
    count, written = 1, _written_fraction(tokens, index)
    if tokens.words[index] in _PARTS and not written:
        count, index = _PARTS[tokens.words[index]], index + 1
        index += tokens.words[index] == "-"
    elif tokens.words[index] in ("a", "one"):
        index += 1
    fraction = _FRACTIONS.get(tokens.words[index].removesuffix("s"))
    fraction = written[0] if written else fraction
    if fraction is None:
        return None
    index = written[1] - 1 if written else index
    end = index + 1 + (tokens.words[index + 1] == "-")
    end += tokens.words[end] == "of"
    article = tokens.words[end] in ("a", "an")
    unit = unit_at(tokens, end + article)
    # "a quarter hour" is a length; "quarter day", "3 quarters", "a third hour" are not.
    whole = unit and unit[0] == "hour" and tokens.words[index] != "third"
    if unit is None or not (article or whole):
        return None
    return length_of(fraction * count * unit[1], unit[0]), unit[2]


def _tight(tokens: Tokens, index: int) -> tuple[Length, int] | None:
    """Read "1h30", "45m", "90 s", "15'": a digit and a letter."""
    if index >= len(tokens) or not tokens[index].is_digits:
        return None
    hit = amount(tokens, index)
    if hit is None:
        return None
    value, end = hit
    grain = _LETTERS.get(tokens.words[end])
    # With a space only "h" is a unit: the "m" of "5 m" may be metres.
    if grain is None or (tokens[end].gap and grain != "hour"):
        return None
    if grain == "second" and len(tokens.words[index]) == 4:
        # "the 1990s"
        return None
    length, end = length_of(value, grain), end + 1
    minutes = tokens.words[end]
    plain = minutes.isdigit() and len(minutes) == 2 and not tokens[end].gap
    if grain == "hour" and plain:
        end += 1 + (tokens.words[end + 1] in ("m", "min"))
        return join(length, length_of(int(minutes), "minute")), end
    return _with_rest(tokens, length, end)


# Behind these a time of day follows: "at 15:30 hours".
_BEFORE_CLOCK = frozenset(
    {"at", "by", "until", "till", "from", "to", "before", "after"}
)


def _with_colon(tokens: Tokens, index: int) -> tuple[Length, int] | None:
    """Read "1:30 hours", "1:45 h", and "2:30 minutes", which counts seconds too."""
    first, rest = tokens.words[index], tokens.words[index + 2]
    pair = first.isdigit() and rest.isdigit() and (len(first), len(rest)) < (3, 3)
    if not pair or tokens.words[index + 1] != ":" or len(rest) != 2 or int(rest) > 59:
        return None
    after = tokens.words[index + 3]
    unit = unit_at(tokens, index + 3) or (
        ("hour", 1, index + 4) if after == "h" else None
    )
    smaller = _SMALLER.get(unit[0]) if unit else None
    if unit is None or smaller is None or tokens.words[index - 1] in _BEFORE_CLOCK:
        return None
    whole, part = length_of(int(first), unit[0]), length_of(int(rest), smaller)
    return join(whole, part), unit[2]


def _counted(tokens: Tokens, index: int) -> tuple[Length, int] | None:
    """Read "45 minutes", "an hour", "one and a half hours", "15-minute"."""
    hit = amount(tokens, index)
    if hit is None:
        return None
    value, end = hit
    end += tokens.words[end] == "-"
    while tokens.words[end] in _FILLERS:
        end += 1
    unit = unit_at(tokens, end)
    if unit is None:
        return None
    length, end = length_of(value * unit[1], unit[0]), unit[2]
    fraction = _and_fraction(tokens, end)
    if fraction is None:
        return _with_rest(tokens, length, end)
    return join(length, length_of(fraction[0] * unit[1], unit[0])), fraction[1]


_ENDS = frozenset({"", ".", "!", "?", ",", ";"})


def _with_rest(tokens: Tokens, length: Length, end: int) -> tuple[Length, int]:
    """Read the 5 of "1 hour 5", where nothing follows that it may count."""
    smaller = _SMALLER.get(length.grain)
    start = end + (tokens.words[end] == "and")
    rest = number(tokens, start) if smaller else None
    if smaller is None or rest is None:
        return length, end
    last = rest[1] + (tokens.words[rest[1]] == "m" and smaller == "minute")
    if tokens.words[last] not in _ENDS:
        return length, end
    whole = 0 < rest[0] < 60 and rest[0] == int(rest[0])
    if not whole:
        return length, end
    return join(length, length_of(rest[0], smaller)), last


def length_at(tokens: Tokens, index: int) -> tuple[Length, int] | None:
    """The longest length that starts here, its parts joined: "2 hours 30 min"."""
    word = tokens.words[index]
    if word not in _FIRST and not word.isdigit():
        # Nearly always: every rule about periods asks at every word.
        return None
    hit = _one(tokens, index)
    # A grain is joined once: "2 hours, 3 hours" are two lengths.
    told = {hit[0].grain} if hit else set[Grain]()
    while hit is not None:
        end = hit[1]
        joined = tokens.words[end] in ("and", ",")
        more = _one(tokens, end + joined)
        if more is None or more[0].grain in told:
            return hit
        told.add(more[0].grain)
        hit = join(hit[0], more[0]), more[1]
    return None


def _one(tokens: Tokens, index: int) -> tuple[Length, int] | None:
    return (
        _part_of_unit(tokens, index)
        or _with_colon(tokens, index)
        or _tight(tokens, index)
        or _counted(tokens, index)
    )
