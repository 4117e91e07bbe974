"""Numbers in digits with points and commas: what they are, or may be, by locale."""

import re
from decimal import Decimal

from agentkit.slots.currencies import tags

# Languages that write 1.234,56; most others write 1,234.56.
_COMMA_LANGUAGES = (
    "de fr it es pt nl ru pl sv da nb nn no fi cs sk sl hr sr bs tr el hu ro bg uk id "
    "vi ca gl eu lt lv et is ka az kk"
)
_POINT_LANGUAGES = "en hi th zh ja ko he ms bn ta te ur ar fa sw mr gu pa"
# Countries that write Spanish, German or Italian with a point.
_POINT_COUNTRIES = "MX US PR GT HN NI SV PA DO PE CH LI"
_COMMA = frozenset(_COMMA_LANGUAGES.split())
_POINT = frozenset(_POINT_LANGUAGES.split())
_POINT_REGIONS = frozenset(_POINT_COUNTRIES.split())
_COMMA_REGIONS = frozenset({"ZA"})
_SPACES = " \u00a0\u202f\u2009'\u2019_"
_SHAPE = re.compile(rf"[0-9](?:[.,{_SPACES}]?[0-9])*")


def decimal_mark(locale: str) -> str:
    """The sign before the decimals, "." or ","; empty when the locale does not tell."""
    language, region = tags(locale)
    if language not in _COMMA | _POINT or region in _COMMA_REGIONS:
        return "," if region in _COMMA_REGIONS else ""
    return "." if language in _POINT or region in _POINT_REGIONS else ","


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
    if len(set(signs)) == 2:
        return _mixed(plain, signs)
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
    if first.startswith("0") or not (threes or indian):
        return None
    return Decimal(text.replace(sign, ""))
