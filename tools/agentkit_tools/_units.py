"""Units of everyday life, and how much one is of another of its kind."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from agentkit import ToolError
from agentkit.language import ONES, TENS, fold, spoken
from agentkit.slots import say_number, unit_of
from agentkit_tools._phrases import phrase, say_figure, say_measure

# Kind: names of each unit, and how many of the first one it is. Exact by definition:
# the international yard and pound (1959), the litre, the US gallon. A year is the mean
# one of the Gregorian calendar, 365.2425 days, and a month a twelfth of it. Kilobytes
# are of 1000 bytes, as in the SI. Cups, pints and ounces are those of the US.
_TABLE = """
length: metre meter m = 1; kilometre kilometer km k = 1000; centimetre centimeter cm = 1/100
length: millimetre millimeter mm = 1/1000; mile mi = 1609344/1000; yard yd = 9144/10000
length: foot feet ft = 3048/10000; inch inches in = 254/10000; nautical_mile nmi = 1852
mass: gram gramme g = 1; kilogram kilo kg = 1000; milligram mg = 1/1000; tonne ton t = 1000000
mass: pound lb lbs = 45359237/100000; ounce oz = 28349523125/1000000000
mass: stone st = 635029318/100000
volume: litre liter l = 1; millilitre milliliter ml = 1/1000; centilitre cl = 1/100
volume: decilitre dl = 1/10; gallon gal = 3785411784/1000000000; pint pt = 473176473/1000000000
volume: cup = 2365882365/10000000000; quart qt = 946352946/1000000000
volume: tablespoon tbsp = 147867648/10000000000; teaspoon tsp = 492892159/100000000000
volume: fluid_ounce fl_oz = 295735296/10000000000
time: second sec s = 1; minute min = 60; hour hr h = 3600; day = 86400; week = 604800
time: year = 31556952; month = 2629746
speed: kilometre_per_hour kilometer_per_hour kmh km/h kph = 1; mile_per_hour mph = 1609344/1000000
speed: metre_per_second m/s = 36/10; knot = 1852/1000
area: square_metre square_meter sqm m2 = 1; hectare ha = 10000; acre = 40468564224/10000000
area: square_foot square_feet sqft ft2 = 9290304/100000000; square_kilometre km2 = 1000000
data: byte b = 1; kilobyte kb = 1000; megabyte mb = 1000000; gigabyte gb = 1000000000
data: terabyte tb = 1000000000000
energy: joule j = 1; calorie cal = 4184/1000; kilocalorie kcal = 4184; kilojoule kj = 1000
"""
# Temperatures are no multiples of one another and so have no factor.
_DEGREES = {
    "celsius": "Celsius", "c": "Celsius", "centigrade": "Celsius",
    "fahrenheit": "Fahrenheit", "f": "Fahrenheit", "kelvin": "Kelvin",
}  # fmt: skip
# "5 miles", "1,200.5 kg", "2 1/2 cups", "half mile", "350 degrees F", "miles" (one).
_QUANTITY = re.compile(
    r"\s*+(?P<count>-?\d[\d,]*(?:\.\d+)?(?:\s+\d+/\d+)?|[^\W\d]+(?=\s))?\s*+"
    r"(?:degrees?|\u00b0)?\s*+(?P<unit>\S.*)",
    re.DOTALL,
)
# "a mile", "half mile" and "twenty miles": what may stand for a figure.
_NUMBERS = {**ONES, **TENS, "a": 1, "an": 1, "hundred": 100}
_WORDS = {word: Fraction(n) for word, n in _NUMBERS.items()} | {"half": Fraction(1, 2)}


# Languages that write 5,5 for five and a half.
_WITH_COMMA = frozenset({"de", "fr", "it", "pt", "es"})


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: its kind, its own name, and how many of the kind's first one it is."""

    kind: str
    name: str
    factor: Fraction = Fraction(1)


def _units() -> dict[str, Unit]:
    found: dict[str, Unit] = {}
    for line in _TABLE.strip().splitlines():
        kind, _, units = line.partition(": ")
        for one in units.split(";"):
            names, _, factor = one.partition("=")
            first, *others = (name.replace("_", " ") for name in names.split())
            unit = Unit(kind, first, Fraction(factor.strip()))
            found |= dict.fromkeys((first, *others), unit)
    return found | {name: Unit("temperature", full) for name, full in _DEGREES.items()}


UNITS = _units()


def unit_named(name: str) -> Unit | None:
    """Return a unit by its name in any of the languages, or by its sign."""
    plain = re.sub(r"^(?:degrees?|\u00b0)\s*", "", fold(name.strip(" .?!")))
    # "miles per hour" is kept as "mile per hour".
    plain = re.sub(r"^(\w+?)s? per ", r"\1 per ", plain)
    # "miles" loses its "s", "inches" its "es"; the last try is another language's word.
    short = plain.removesuffix("s")
    for one in (
        plain,
        short,
        plain.removesuffix("es"),
        fold(unit_of(name.strip(" .?!"))),
    ):
        if one in UNITS:
            return UNITS[one]
    return None


def read_quantity(said: str) -> tuple[Fraction, Unit]:
    """Read "5 miles", "half a kilo", "350 \u00b0F".

    Raises:
        ToolError: it is no quantity.
    """
    # "half a kilo" is half of a kilo: the article would count as one.
    text = re.sub(r"^half an? ", "half ", said.strip(), flags=re.I)
    found = _QUANTITY.fullmatch(text)
    unit = unit_named(found["unit"]) if found else None
    count = _count(found["count"] or "1") if found else None
    if unit is None or count is None:
        raise ToolError(
            phrase(
                "I do not know the quantity {said!r}: name a number and a unit.",
                said=said,
            )
        )
    return count, unit


def _count(said: str) -> Fraction | None:
    try:
        return sum((Fraction(part) for part in _plain(said).split()), Fraction())
    except ValueError:
        return _WORDS.get(said.lower())


def _plain(said: str) -> str:
    """Write a number with a point: "5,5" is five and a half where it is so written."""
    # "1,200" is a thousand in all of them: three digits after a comma are a group.
    if spoken() in _WITH_COMMA and not re.search(r",\d{3}(?!\d)", said):
        return said.replace(",", ".")
    return said.replace(",", "")


def converted(count: Fraction, unit: Unit, target: Unit) -> Fraction:
    """Return how many of another unit a quantity is.

    Raises:
        ToolError: the units are of different kinds.
    """
    if unit.kind != target.kind:
        raise ToolError(
            phrase(
                "{one} and {other} are units of different things.",
                one=_sign(unit),
                other=_sign(target),
            )
        )
    if unit.kind == "temperature":
        return _from_kelvin(_to_kelvin(count, unit.name), target.name)
    return count * unit.factor / target.factor


# Signs that are the same in all languages; English says names.
_SIGNED = """
metre m, kilometre km, centimetre cm, millimetre mm, mile mi, yard yd, foot ft, inch in,
nautical mile nmi, gram g, kilogram kg, milligram mg, tonne t, pound lb, ounce oz,
stone st, litre l, millilitre ml, centilitre cl, decilitre dl, gallon gal, pint pt,
quart qt, kilometre per hour km/h, mile per hour mph, metre per second m/s, knot kn,
square metre m², hectare ha, square foot ft², square kilometre km², byte B, kilobyte kB,
megabyte MB, gigabyte GB, terabyte TB, joule J, calorie cal, kilocalorie kcal,
kilojoule kJ, Celsius °C, Fahrenheit °F, Kelvin K
"""
_SIGNS: dict[str, str] = {
    name: sign
    for name, _, sign in (pair.strip().rpartition(" ") for pair in _SIGNED.split(","))
}


def _sign(unit: Unit) -> str:
    """Name a unit: by its sign, which all languages know, where they are not English."""
    return unit.name if spoken() == "en" else _SIGNS.get(unit.name, unit.name)


# Kelvin at 0 degrees Celsius, exact by definition.
_ZERO = Fraction(27315, 100)


def _to_kelvin(degrees: Fraction, scale: str) -> Fraction:
    if scale == "Fahrenheit":
        return (degrees - 32) * 5 / 9 + _ZERO
    return degrees + _ZERO if scale == "Celsius" else degrees


def _from_kelvin(kelvin: Fraction, scale: str) -> Fraction:
    if scale == "Fahrenheit":
        return (kelvin - _ZERO) * 9 / 5 + 32
    return kelvin - _ZERO if scale == "Celsius" else kelvin


def say_quantity(count: Fraction, unit: Unit) -> str:
    """Say a quantity: 8.05 kilometres, 1 mile, 176.7 degrees Celsius."""
    number = say_figure(say_number(_rounded(count)))
    if spoken() != "en":
        sign = _SIGNS.get(unit.name, unit.name)
        return say_measure(number, unit.name, sign, one=abs(count) == 1)
    if unit.kind == "temperature":
        return f"{number} degrees {unit.name}"
    plural = {"foot": "feet", "inch": "inches", "stone": "stone"}
    # The first word takes the "s": "kilometres per hour".
    several = plural.get(unit.name, re.sub(r"^(\w+)", r"\1s", unit.name))
    return f"{number} {unit.name if abs(count) == 1 else several}"


def _rounded(count: Fraction) -> Fraction:
    """Keep four digits, as nobody wants more of a mile in kilometres."""
    places, size = 3, abs(count)
    while size >= 10 and places > 0:
        places, size = places - 1, size / 10
    return round(count, max(places, 1)) if size else count
