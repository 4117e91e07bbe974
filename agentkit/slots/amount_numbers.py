"""The numbers of an amount: digits by locale, fractions, words, multipliers."""

import re
from decimal import Decimal, InvalidOperation

from agentkit.language.cardinals import cardinal
from agentkit.language.numbers import number_in_words
from agentkit.language.tokens import fold, tokenize
from agentkit.language.vocabularies import (
    Vocabulary,
    foreign_vocabulary,
    language_of,
    region_of,
    word_table,
)
from agentkit.slots.amount_text import AmountText, AmountWord

# What parts thousands somewhere: thin and hard spaces, apostrophes in Switzerland.
_SPACES = " \u00a0\u202f\u2009'\u2019_"
_SHAPE = re.compile(rf"[0-9](?:[.,{_SPACES}]?[0-9])*")


def decimal_mark(locale: str) -> str:
    """The sign before the decimals, "." or ","; empty when the locale does not tell."""
    language, region = language_of(locale), region_of(locale)
    table = word_table("quantities")
    if region in table["comma_countries"]:
        return ","
    if language in table["decimal_point"]:
        return "."
    if language not in table["decimal_comma"]:
        return ""
    return "." if region in table["point_countries"] else ","


def readings(text: str, locale: str) -> tuple[Decimal, ...]:
    """What a number in digits may mean, likeliest first; empty when it is none.

    "1.234" is one thousand or one point two: the locale decides, and where it does
    not, both are given.
    """
    if not _SHAPE.fullmatch(text):
        return ()
    plain = re.sub(rf"(?<=[0-9])[{_SPACES}](?=[0-9]{{3}}(?![0-9]))", "", text)
    if re.search(rf"[{_SPACES}]", plain):
        return ()
    signs = [sign for sign in plain if sign in ".,"]
    if not signs:
        return (Decimal(plain),)
    # Both signs: which is which can be seen, whatever the locale.
    if len(set(signs)) == 2:
        return _mixed(plain, signs)
    # One sign several times parts thousands: a number has one decimal sign.
    if len(signs) > 1:
        whole = _grouped(plain, signs[0])
        return (whole,) if whole is not None else ()
    return _one_sign(plain, signs[0], decimal_mark(locale))


def _mixed(plain: str, signs: list[str]) -> tuple[Decimal, ...]:
    """1.234,56 and 1,234.56: the last sign stands before the decimals."""
    last = signs[-1]
    if signs.count(last) > 1:
        return ()
    head, _, tail = plain.partition(last)
    whole = _grouped(head, signs[0])
    return () if whole is None else (Decimal(f"{whole}.{tail}"),)


def _one_sign(plain: str, sign: str, mark: str) -> tuple[Decimal, ...]:
    head, _, tail = plain.partition(sign)
    decimal = Decimal(f"{head}.{tail}")
    whole = _grouped(plain, sign)
    # Only three digits behind the sign can be thousands.
    if whole is None or len(tail) != 3:
        return (decimal,)
    if not mark:
        return (whole, decimal)
    return (decimal, whole) if sign == mark else (whole, decimal)


def _grouped(text: str, sign: str) -> Decimal | None:
    """1,234,567 and, in the Indian way, 12,34,567; None when it is no number."""
    first, *rest = text.split(sign)
    threes = all(len(part) == 3 for part in rest) and 1 <= len(first) <= 3
    pairs = len(rest) > 1 and len(rest[-1]) == 3 and 1 <= len(first) <= 2
    indian = pairs and all(len(part) == 2 for part in rest[:-1])
    # "0,123" is a decimal: no thousands begin with a zero.
    if first.startswith("0") or not (threes or indian):
        return None
    return Decimal(text.replace(sign, ""))


MULTIPLIERS = {
    fold(word): Decimal(value)
    for value, words in word_table("quantities")["multipliers"].items()
    for word in words
}
# One letter means a number only beside money: $5m is no length.
MONEY_MULTIPLIERS = {"m": Decimal(10**6), "b": Decimal(10**9), "t": Decimal(10**12)}
_HALVES = frozenset(map(fold, word_table("quantities")["half"]))
_WITH_HALF = {
    fold(word): Decimal(value)
    for name, value in (("one_and_half", "1.5"), ("two_and_half", "2.5"))
    for word in word_table("quantities")[name]
}
_ONES = frozenset(map(fold, word_table("quantities")["one"]))
_ANDS = frozenset({"e", "et", "und", "y"})
_PARTS = {
    ("a", "half"): Decimal("0.5"),
    ("one", "half"): Decimal("0.5"),
    ("a", "quarter"): Decimal("0.25"),
    ("one", "quarter"): Decimal("0.25"),
    ("three", "quarters"): Decimal("0.75"),
}


def number_at(reader: AmountText, *, money: bool) -> tuple[Decimal, ...]:
    """What the number here may be, likeliest first; empty when there is none."""
    # Fractions before words: "a quarter" must not be read as "a", which is one.
    language = foreign_vocabulary(reader.locale)
    found = _digits(reader)
    if not found and language and not language.letters:
        # "หนึ่งครึ่ง" is one and a half, and no half of one.
        _part_words(reader, language)
        found = _own_words(reader)
    found = found or _fraction(reader) or _spoken(reader)
    # Several multipliers follow one another: "two hundred thousand".
    while found:
        factor = _factor(reader, money=money)
        if factor == 1:
            return found
        found = tuple(_plain(number * factor) for number in found)
    return ()


def _plain(number: Decimal) -> Decimal:
    """Drop the zero that 1.5 thousand would leave behind the point."""
    whole = number.to_integral_value()
    return whole if whole == number else number


def _factor(reader: AmountText, *, money: bool) -> Decimal:
    """The factor of a multiplier such as "thousand" here; 1 when there is none."""
    if reader.done:
        return Decimal(1)
    word, gap = reader.folded(), reader.words[reader.at].gap
    glued = len(word) > 1 or not gap
    factor = MULTIPLIERS.get(word) if glued else None
    if money and not gap:
        factor = factor or MONEY_MULTIPLIERS.get(word)
    reader.at += factor is not None
    return factor or Decimal(1)


def _digits(reader: AmountText) -> tuple[Decimal, ...]:
    """25, 1,200.50, .5, 1/2, 2 1/2."""
    word = reader.word()
    if word == "." and reader.word(1).isdigit():
        reader.at += 2
        return (Decimal(f"0.{reader.word(-1)}"),)
    if not word[:1].isdigit():
        return ()
    divided = _divided(reader)
    if divided is not None:
        return (divided,)
    found = readings(word, reader.locale)
    reader.at += 1
    more = _divided(reader) if word.isdigit() else None
    return tuple(number + more for number in found) if more is not None else found


def _divided(reader: AmountText) -> Decimal | None:
    top, sign, bottom = reader.word(), reader.word(1), reader.word(2)
    if sign not in ("/", "\u2044") or not (top.isdigit() and bottom.isdigit()):
        return None
    value = _exact(Decimal(top), Decimal(bottom))
    reader.at += 3 if value is not None else 0
    return value


def _exact(top: Decimal, bottom: Decimal) -> Decimal | None:
    """The quotient, if it is a finite decimal: a half is one, a third is not."""
    try:
        value = top / bottom
    except (InvalidOperation, ZeroDivisionError):
        return None
    return value if value * bottom == top else None


def _fraction(reader: AmountText) -> tuple[Decimal, ...]:
    """Read "half a", "a quarter of a", "three quarters of a", "a dozen", "a"."""
    at = reader.at
    reader.at += reader.folded() in _ONES and reader.folded(1) in (*_HALVES, "quarter")
    if reader.folded() in _HALVES:
        reader.at += 1
        reader.at += reader.word() == "-"
        return _of_one(reader, Decimal("0.5"))
    if reader.folded() == "quarter":
        reader.at += 1
        return _of_one(reader, Decimal("0.25"))
    if reader.folded() == "three" and reader.folded(1) == "quarters":
        reader.at += 2
        return _of_one(reader, Decimal("0.75"))
    reader.at = at
    couple = reader.folded(reader.folded() == "a") == "couple"
    if couple:
        reader.at += 1 + (reader.folded() == "a")
        reader.at += reader.folded() == "of"
        return (Decimal(2),)
    return ()


def _of_one(reader: AmountText, value: Decimal) -> tuple[Decimal, ...]:
    reader.at += reader.folded() == "of"
    reader.at += reader.folded() in _ONES
    return (value,)


def _spoken(reader: AmountText) -> tuple[Decimal, ...]:
    """Read "twenty-five", "three point five", "one and a half", "a"."""
    rest = " ".join(word.text for word in reader.words[reader.at :])
    hit = number_in_words(tokenize(rest), 0)
    own = _own_words(reader) if hit is None else ()
    if own:
        more = half_words(reader)
        return tuple(number + more for number in own)
    if hit is None:
        # "A" counts one only before something: "a kilo".
        one = reader.folded() in _ONES and reader.at + 1 < len(reader.words)
        reader.at += one
        return (Decimal(1),) if one else ()
    reader.at += hit[1]
    value = Decimal(hit[0])
    if reader.folded() == "point":
        reader.at += 1
        return (value + _decimals(reader),)
    more = half_words(reader)
    return (value + more,)


# "Duzentos e cinquenta e cinco", "quatre-vingt-dix-neuf".
_LONGEST = 7


def _flat(text: str) -> str:
    return fold(text).replace("-", " ")


def _own_words(reader: AmountText) -> tuple[Decimal, ...]:
    """Read the locale's own words: "venticinque", "doscientos cincuenta", "डेढ़"."""
    if reader.folded() in _WITH_HALF:
        reader.at += 1
        return (_WITH_HALF[reader.folded(-1)],)
    language = foreign_vocabulary(reader.locale)
    if language is None:
        return ()
    for size in range(_LONGEST, 0, -1):
        words = reader.words[reader.at : reader.at + size]
        said = "".join(" " * word.gap + word.text for word in words)
        value = cardinal(_flat(said).strip(), language, _flat)
        if value is not None:
            reader.at += len(words)
            # "หนึ่งครึ่ง": no word joins them.
            half = not language.letters and reader.folded() in _HALVES
            reader.at += half
            return (value + Decimal("0.5"),) if half else (Decimal(value),)
    return ()


def _part_words(reader: AmountText, language: Vocabulary) -> None:
    """Part a number, or a half, from what is written behind it without a space."""
    word = reader.word()
    for size in range(len(word) - 1, 0, -1):
        first = word[:size]
        half = fold(first) in _HALVES
        if half or cardinal(_flat(first), language, _flat) is not None:
            gap = reader.words[reader.at].gap
            parted = [AmountWord(first, gap), AmountWord(word[size:], gap=False)]
            reader.words[reader.at : reader.at + 1] = parted
            return


def half_words(reader: AmountText) -> Decimal:
    """Read "and a half", "and three quarters", "e mezzo" behind a number or unit."""
    # "Un chilo e mezzo" ends there; "e mezza mela" would be half of something.
    if reader.folded() in _ANDS and reader.folded(1) in _HALVES and not reader.word(2):
        reader.at += 2
        return Decimal("0.5")
    words = reader.folded(1), reader.folded(2)
    part = _PARTS.get(words) if reader.folded() == "and" else None
    reader.at += 3 if part else 0
    return part or Decimal(0)


def _decimals(reader: AmountText) -> Decimal:
    digits = ""
    while not reader.done:
        hit = number_in_words(tokenize(reader.word()), 0)
        if hit is None or not 0 <= hit[0] < 10:
            break
        digits += str(hit[0])
        reader.at += 1
    return Decimal(f"0.{digits}") if digits else Decimal(0)
