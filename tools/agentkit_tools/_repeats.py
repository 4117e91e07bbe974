"""How often something comes back, as a person says it in the user's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentkit.language import DAY_NAMES, spoken
from agentkit_tools._phrases import wording

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_UNITS = {
    "HOURLY": "hour",
    "DAILY": "day",
    "WEEKLY": "week",
    "MONTHLY": "month",
    "YEARLY": "year",
}
_NAMED = ("hour", "day", "week", "month", "year", "time")
# What `[repeats]` of a language's wording holds, too.
_ENGLISH: Mapping[str, Any] = {
    **{unit: [f"every {unit}", f"every {{n}} {unit}s"] for unit in _NAMED},
    "on": "{often} on {days}",
    "and": " and ",
    "weekday": "{day}",
    "nth": "the {nth} {day}",
    "places": ["first", "second", "third", "fourth", "fifth", "last"],
    "number": "day {n}",
    "last_number": "the last day",
}


def say_rule(rule: str) -> str:
    """Say how often: "every 2 weeks on Tuesday", "every month on day 15"; empty if odd."""
    from icalendar import vRecur

    if not rule:
        return ""
    words = wording(spoken()).get("repeats", _ENGLISH)
    parts: Any = vRecur.from_ical(rule)
    count = int(parts.get("INTERVAL", [1])[0])
    one, many = words[_UNITS.get(str(parts["FREQ"][0]), "time")]
    often = str(one if count == 1 else many).format(n=count)
    days = [_say_weekday(str(day), words) for day in parts.get("BYDAY", [])]
    numbers = [_say_number(int(day), words) for day in parts.get("BYMONTHDAY", [])]
    named = str(words["and"]).join((*days, *numbers))
    return str(words["on"]).format(often=often, days=named) if named else often


def _say_number(day: int, words: Mapping[str, Any]) -> str:
    return str(words["last_number" if day == -1 else "number"]).format(n=day)


def _say_weekday(code: str, words: Mapping[str, Any]) -> str:
    """Say a day of a rule: "2TU" is the second Tuesday."""
    number = _DAYS.index(code[-2:])
    names = wording(spoken()).get("dates", {}).get("weekdays")
    day = str(names[number]) if names else DAY_NAMES[number].title()
    place = code[:-2].lstrip("+")
    if not place:
        return str(words["weekday"]).format(day=day)
    # Where weekdays are of two genders, so are first and last.
    feminine = number in words.get("feminine_days", ())
    places = words["feminine_places" if feminine else "places"]
    known = {"-1": -1, **{str(n): n - 1 for n in range(1, 6)}}
    nth = places[known[place]] if place in known else place
    return str(words["nth"]).format(nth=nth, day=day)
