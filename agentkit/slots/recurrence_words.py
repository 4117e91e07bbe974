"""Words for how often something comes back, and the rule that each means."""

import re
from collections.abc import Callable, Iterator
from functools import cache

from agentkit.language.numbers import ONES, ORDINALS, number_in_words, ordinal
from agentkit.language.tokens import tokenize
from agentkit.language.vocabularies import MONTHS, WEEKDAYS

CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_UNITS = {
    "hour": "HOURLY",
    "day": "DAILY",
    "week": "WEEKLY",
    "month": "MONTHLY",
    "year": "YEARLY",
}
_ADVERBS = {
    "hourly": "FREQ=HOURLY",
    "daily": "FREQ=DAILY",
    "everyday": "FREQ=DAILY",
    "nightly": "FREQ=DAILY",
    "weekly": "FREQ=WEEKLY",
    "biweekly": "FREQ=WEEKLY;INTERVAL=2",
    "bi-weekly": "FREQ=WEEKLY;INTERVAL=2",
    "fortnightly": "FREQ=WEEKLY;INTERVAL=2",
    "monthly": "FREQ=MONTHLY",
    "bimonthly": "FREQ=MONTHLY;INTERVAL=2",
    "quarterly": "FREQ=MONTHLY;INTERVAL=3",
    "yearly": "FREQ=YEARLY",
    "annually": "FREQ=YEARLY",
    "weekdays": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "weekends": "FREQ=WEEKLY;BYDAY=SA,SU",
}
# Said of a thing: "annual" alone is a recurrence, and an annual meeting is none.
_ADJECTIVES = {"annual": "FREQ=YEARLY"}
_PLURALS = tuple(name for name in WEEKDAYS if name.endswith("days"))
# What a recurrence in a longer text may begin with.
BEGINNINGS = ("every", "each", "once", "on", "the", *_ADVERBS, *_PLURALS)
_WORKING = "weekday|work ?day|working day|business day"
_EVERY = r"(?:every|each)(?: single)?"
_DAY = "|".join(sorted(WEEKDAYS, key=len, reverse=True))
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_COUNT = "|".join((r"[0-9]{1,2}", *[w for w, n in ONES.items() if n > 1]))
_RANK = rf"(?:{'|'.join(ORDINALS)}|[0-9]{{1,2}}(?:st|nd|rd|th))"
# Seven days at most; the bound keeps the pattern from trying long lists again and
# again.
_DAYS = rf"(?:{_DAY})(?:(?: ?, ?| and | or | & |, and )(?:{_DAY})){{0,6}}"
_IN_MONTH = r"(?: (?:of|in) (?:the|each|every) month)?"
Maker = Callable[[re.Match[str]], str]


def _adverb(match: re.Match[str]) -> str:
    rule = (_ADVERBS | _ADJECTIVES)[match["adverb"]]
    if match["date"]:
        day = "-1" if "last" in match["date"] else str(_rank(match["date"]))
        # "Weekly on the 15th" is no rule.
        return f"{rule};BYMONTHDAY={day}" if "MONTHLY" in rule else ""
    days = _codes(match["on"] or "")
    return f"{rule};BYDAY={days}" if days and "WEEKLY" in rule else rule


def _interval(match: re.Match[str]) -> str:
    count = _how_many(match["count"] or "")
    often = "" if count == 1 else f";INTERVAL={count}"
    rule = f"FREQ={_UNITS[match['unit']]}{often}"
    days = _codes(match["on"] or "")
    if match["date"] and match["unit"] == "month":
        day = "-1" if "last" in match["date"] else str(_rank(match["date"]))
        return f"{rule};BYMONTHDAY={day}"
    return f"{rule};BYDAY={days}" if days and match["unit"] == "week" else rule


def _weekly(match: re.Match[str]) -> str:
    other = match["other"]
    interval = ";INTERVAL=2" if other else ""
    return f"FREQ=WEEKLY{interval};BYDAY={_codes(match['days'])}"


def _days_from(match: re.Match[str]) -> str:
    first, last = WEEKDAYS[match["first"]], WEEKDAYS[match["last"]]
    # "Friday to Monday" goes over the end of the week.
    days = [CODES[day % 7] for day in range(first, last + (1 if first <= last else 8))]
    return f"FREQ=WEEKLY;BYDAY={','.join(days)}"


def _ranked_day(match: re.Match[str]) -> str:
    place = -1 if match["rank"] == "last" else _rank(match["rank"])
    day = match["weekday"]
    if day == "day":
        return f"FREQ=MONTHLY;BYMONTHDAY={place}"
    # A month has five of a weekday at most.
    return f"FREQ=MONTHLY;BYDAY={place}{_codes(day)}" if -1 <= place <= 5 else ""


def _date_of_year(match: re.Match[str]) -> str:
    month = MONTHS[match["month"] or match["after"]]
    day = match["day"] or match["before"]
    rule = f"FREQ=YEARLY;BYMONTH={month}"
    return f"{rule};BYMONTHDAY={_rank(day)}" if day else rule


def _rules_of_days() -> tuple[tuple[str, Maker], ...]:
    """Return how every so many days and on which weekdays are said."""
    on_days = rf"(?: on (?P<on>{_DAYS}))?"
    date = rf"(?: on the (?P<date>{_RANK}|last(?: day)?))?"
    return (
        (rf"(?P<adverb>{'|'.join((*_ADVERBS, *_ADJECTIVES))}){on_days}{date}", _adverb),
        (
            rf"once an? (?P<unit>{'|'.join(_UNITS)})(?P<count>){on_days}{date}",
            _interval,
        ),
        (
            rf"{_EVERY} (?:(?P<count>other|second|third|fourth|{_COUNT}) )?"
            rf"(?P<unit>{'|'.join(_UNITS)})s?{on_days}{date}",
            _interval,
        ),
        (
            rf"(?:{_EVERY} (?P<other>other )?|on )(?P<days>{_DAYS})",
            _weekly,
        ),
        (rf"(?P<days>{_plural_days()})(?P<other>)", _weekly),
        (
            rf"(?:{_EVERY} |from )?(?P<first>{_DAY})s? (?:to|through|thru|till|until) "
            rf"(?P<last>{_DAY})s?",
            _days_from,
        ),
    )


def _rules_of_dates() -> tuple[tuple[str, Maker], ...]:
    """Return how days of each month and of each year are said."""
    rank = rf"(?P<rank>{_RANK}|last)"
    month_end = r" (?:of|in) (?:every|each|the) month"
    return (
        (
            rf"(?:{_EVERY}|monthly on the) {rank} (?P<weekday>{_DAY}){_IN_MONTH}",
            _ranked_day,
        ),
        (rf"(?:on )?(?:the )?{rank} (?P<weekday>{_DAY}|day){month_end}", _ranked_day),
        (rf"(?:on )?the (?P<rank>{_RANK})(?P<weekday>){month_end}", _day_of_month),
        (rf"{_EVERY} (?P<rank>{_RANK})(?P<weekday>){_IN_MONTH}", _day_of_month),
        (
            rf"(?:{_EVERY}(?: year)?|yearly|annually)(?: on| in)? (?:"
            rf"(?P<month>{_MONTH})(?: (?P<day>{_RANK}|[0-9]{{1,2}}))?"
            rf"|(?:the )?(?P<before>{_RANK}|[0-9]{{1,2}})(?: of)? (?P<after>{_MONTH}))",
            _date_of_year,
        ),
    )


def _rules_of_kinds() -> tuple[tuple[str, Maker], ...]:
    """Return how working days, weekends, parts of days and all but some are said."""
    return (
        (rf"{_EVERY} (?:{_WORKING})s?|on (?:{_WORKING})s", _on_weekdays),
        (rf"{_EVERY} weekend|on (?:the )?weekends?", _on_weekends),
        (rf"{_EVERY} (?:morning|afternoon|evening|night)", _every_day),
        (
            rf"(?:(?:{_EVERY} |on )?(?P<working>(?:{_WORKING})s?)|(?:{_EVERY} )?(?:day"
            rf"|morning|afternoon|evening|night)|everyday|daily),?"
            rf" (?:except|but not|apart from|excluding|other than)(?: for)?(?: on)?"
            rf" (?P<but>{_DAYS}|{_plural_days()}|(?:the )?weekends?)",
            _all_but,
        ),
    )


def _plural_days() -> str:
    one = "|".join(sorted(_PLURALS, key=len, reverse=True))
    return rf"(?:{one})(?:(?: ?, ?| and | or | & |, and )(?:{one})){{0,6}}"


def _day_of_month(match: re.Match[str]) -> str:
    return f"FREQ=MONTHLY;BYMONTHDAY={_rank(match['rank'])}"


def _on_weekdays(match: re.Match[str]) -> str:
    return _ADVERBS["weekdays"]


def _all_but(match: re.Match[str]) -> str:
    """Read "every day except Sunday" as the days that are left."""
    but = match["but"]
    weekend = "weekend" in but
    out = {"SA", "SU"} if weekend else set(_codes(but).split(","))
    days = CODES[:5] if match["working"] else CODES
    left = [day for day in days if day not in out]
    return f"FREQ=WEEKLY;BYDAY={','.join(left)}" if left else ""


def _on_weekends(match: re.Match[str]) -> str:
    return _ADVERBS["weekends"]


def _every_day(match: re.Match[str]) -> str:
    return _ADVERBS["daily"]


def _codes(words: str) -> str:
    """MO,TH for "monday and thursday"."""
    days = {WEEKDAYS[word] for word in re.findall(r"[a-z]+", words) if word in WEEKDAYS}
    return ",".join(CODES[day] for day in sorted(days))


def _rank(words: str) -> int:
    tokens = tokenize(words)
    hit = ordinal(tokens, 0) or number_in_words(tokens, 0)
    return hit[0] if hit else int(words)


def _how_many(words: str) -> int:
    if words.isdigit():
        return int(words)
    named = {"other": 2, **ONES, **ORDINALS}
    return named.get(words, 1)


@cache
def _compiled() -> tuple[tuple[re.Pattern[str], Maker], ...]:
    rules = (*_rules_of_days(), *_rules_of_dates(), *_rules_of_kinds())
    return tuple((re.compile(rf"\b(?:{rule})\b"), maker) for rule, maker in rules)


@cache
def _beginning() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(BEGINNINGS)})\b")


def beginnings(text: str) -> Iterator[int]:
    """Where in a text of lower-case words a recurrence may begin."""
    return (match.start() for match in _beginning().finditer(text))


def rule_at(text: str, start: int = 0) -> tuple[str, int] | None:
    """The longest recurrence that starts here: its rule and where it ends.

    Args:
        text: lower-case words, single spaces.
        start: index of the first character.
    """
    found: tuple[str, int] | None = None
    # The longest wins: "every Monday" ends before "every Monday and Friday" does.
    for pattern, maker in _compiled():
        match = pattern.match(text, start)
        rule = maker(match) if match else ""
        if match and rule and _valid(rule) and (not found or match.end() > found[1]):
            found = rule, match.end()
    return found


def _valid(rule: str) -> bool:
    """Whether there are such days and steps: no 32nd, no step of nothing."""
    numbers = re.findall(r"(?:BYMONTHDAY|INTERVAL)=(-?[0-9]+)", rule)
    # -1 is the last day of a month.
    return all(-1 <= int(number) <= 31 and int(number) != 0 for number in numbers)
