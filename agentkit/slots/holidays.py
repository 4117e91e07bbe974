"""Feast days that people plan by, with the date each has in a year."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from agentkit.slots.feast_calendars import CHINESE_DAYS, HEBREW_DAYS, ISLAMIC_DAYS
from agentkit.slots.hindu_days import HINDU_DAYS
from agentkit.slots.sky import sun_reaches

Rule = Callable[[int], date]


@dataclass(frozen=True, slots=True)
class Feast:
    """When a feast begins, and how long it lasts.

    Attributes:
        rule: the first days that fall in a year: one, or by the moon none or two;
            ValueError when they are not known.
        length: how many days it takes, or the rule of the day after its last.
    """

    rule: Callable[[int], tuple[date, ...]]
    length: int | Callable[[date], date] = 1

    def end(self, first: date) -> date:
        """The day after its last."""
        if isinstance(self.length, int):
            return first + timedelta(days=self.length)
        return self.length(first)


def easter(year: int) -> date:
    """Western Easter Sunday, by the anonymous Gregorian computus."""
    golden, century = year % 19, year // 100
    shift = (century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15) % 30
    shift -= (shift // 28) * (1 - (29 // (shift + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + shift + 2 - century + century // 4) % 7
    day = shift - weekday
    month = 3 + (day + 40) // 44
    return date(year, month, day + 28 - 31 * (month // 4))


def orthodox_easter(year: int) -> date:
    """Orthodox Easter Sunday in our calendar, from 1583 on."""
    shift = (19 * (year % 19) + 15) % 30
    weekday = (2 * (year % 4) + 4 * (year % 7) - shift + 34) % 7
    month, day = divmod(shift + weekday + 114, 31)
    julian_lag = year // 100 - year // 400 - 2
    return date(year, month, day + 1) + timedelta(days=julian_lag)


def _fixed(month: int, day: int) -> Rule:
    return lambda year: date(year, month, day)


def _after_easter(days: int) -> Rule:
    return lambda year: easter(year) + timedelta(days=days)


def _after_orthodox(days: int) -> Rule:
    return lambda year: orthodox_easter(year) + timedelta(days=days)


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """The nth weekday of a month; negative counts from its end."""
    if nth > 0:
        first = date(year, month, 1)
        return first + timedelta((weekday - first.weekday()) % 7 + 7 * (nth - 1))
    following = date(year + month // 12, month % 12 + 1, 1)
    back = (following.weekday() - weekday - 1) % 7 + 1
    return following - timedelta(back + 7 * (-nth - 1))


def _nth(month: int, weekday: int, nth: int, plus: int = 0) -> Rule:
    return lambda year: nth_weekday(year, month, weekday, nth) + timedelta(days=plus)


_TABLE: tuple[tuple[str, Rule], ...] = (
    ("new years|new year|new years day|yuandan", _fixed(1, 1)),
    ("new years eve|new year eve|nye|silvester|hogmanay", _fixed(12, 31)),
    ("epiphany|three kings|twelfth day", _fixed(1, 6)),
    ("orthodox christmas", _fixed(1, 7)),
    ("mlk day|martin luther king day|martin luther kings day|"
     "martin luther king jr day|dr king day|mlk jr day|civil rights day|"
     "idaho human rights day|martin luther king birthday", _nth(1, 0, 3)),
    ("inauguration day", _fixed(1, 20)),
    ("youth day", _fixed(5, 4)),
    ("teachers day|teacher day", _fixed(9, 10)),
    ("girls day", _fixed(3, 7)),
    ("white day", _fixed(3, 14)),
    ("australia day", _fixed(1, 26)),
    ("burns night", _fixed(1, 25)),
    ("groundhog day|groundhogs day", _fixed(2, 2)),
    ("candlemas", _fixed(2, 2)),
    ("valentine|valentines|saint valentine|st valentine|saint valentines|st valentines",
     _fixed(2, 14)),
    ("presidents day|president day|washingtons birthday", _nth(2, 0, 3)),
    ("international womens day|intl womens day|womens day", _fixed(3, 8)),
    ("pi day", _fixed(3, 14)),
    ("ides of march|the ides of march", _fixed(3, 15)),
    ("africa day|africa freedom day", _fixed(5, 25)),
    ("arbor day|national arbor day", _nth(4, 4, -1)),
    ("armed forces day", _nth(5, 5, 3)),
    ("emancipation day", _fixed(4, 16)),
    ("national day of prayer", _nth(5, 3, 1)),
    ("siblings day|national siblings day", _fixed(4, 10)),
    ("take our daughters and sons to work day|take your child to work day"
     "|take your daughter to work day", _nth(4, 3, 4)),
    ("administrative professionals day|secretaries day|admins day",
     lambda year: _last_weekday_before(nth_weekday(year, 4, 5, -1), 2)),
    ("military spouse day|military spouse appreciation day",
     _nth(5, 6, 2, plus=-2)),
    ("world vegan day|vegan day", _fixed(11, 1)),
    ("human rights day", _fixed(12, 10)),
    ("world aids day|aids day", _fixed(12, 1)),
    ("global handwashing day", _fixed(10, 15)),
    ("lazarus saturday|orthodox lazarus saturday", _after_orthodox(-8)),
    ("international mens day|mens day", _fixed(11, 19)),
    ("childrens day|universal childrens day", _fixed(11, 20)),
    ("constitution day", _fixed(9, 17)),
    ("loyalty day|law day", _fixed(5, 1)),
    ("tax day", _fixed(4, 15)),
    ("leif erikson day", _fixed(10, 9)),
    ("election day", _nth(11, 0, 1, plus=1)),
    ("super saturday", lambda year: _last_weekday_before(date(year, 12, 25), 5)),
    ("st andrews day|saint andrews day", _fixed(11, 30)),
    ("st davids day|saint davids day", _fixed(3, 1)),
    ("st georges day|saint georges day", _fixed(4, 23)),
    ("st lucys day|saint lucys day|santa lucia", _fixed(12, 13)),
    ("nowruz|nowrooz|persian new year", lambda year: _nowruz(year)),
    ("st patricks|saint patricks|st patrick|saint patrick|st paddys|saint paddys|"
     "st pattys|patricks day|paddys day", _fixed(3, 17)),
    ("april fools|april fool|all fools day", _fixed(4, 1)),
    ("earth day", _fixed(4, 22)),
    ("anzac day", _fixed(4, 25)),
    ("kings day|koningsdag|king day", lambda year: _kings_day(year)),
    ("may day|labour day|international workers day|intl workers day|workers day|"
     "labourers day", _fixed(5, 1)),
    ("star wars day", _fixed(5, 4)),
    ("cinco de mayo", _fixed(5, 5)),
    ("mothers day|mother day|mom day|mothering day", _nth(5, 6, 2)),
    ("victoria day", lambda year: _last_weekday_before(date(year, 5, 25), 0)),
    ("memorial day|decoration day", _nth(5, 0, -1)),
    ("flag day", _fixed(6, 14)),
    ("juneteenth", _fixed(6, 19)),
    ("fathers day|father day", _nth(6, 6, 3)),
    ("midsummer|st johns day|st jean baptiste day|saint jean baptiste day", _fixed(6, 24)),
    ("canada day", _fixed(7, 1)),
    ("independence day|us independence day|fourth of july|4th of july|july fourth|july 4th", _fixed(7, 4)),
    ("bastille day", _fixed(7, 14)),
    ("parents day", _nth(7, 6, 4)),
    ("assumption day|assumption of mary", _fixed(8, 15)),
    ("labor day", _nth(9, 0, 1)),
    ("patriot day", _fixed(9, 11)),
    ("grandparents day", _nth(9, 6, 1, plus=7)),
    ("columbus day|indigenous peoples day|canadian thanksgiving", _nth(10, 0, 2)),
    ("boss day|bosss|boss's|boss's day|bosses day", lambda year: _boss_day(year)),
    ("sweetest day", _nth(10, 5, 3)),
    ("halloween|hallowe'en|halloween night|all hallows eve", _fixed(10, 31)),
    ("all saints|all saints day|all hallows", _fixed(11, 1)),
    ("all souls|all souls day", _fixed(11, 2)),
    ("guy fawkes|guy fawkes night|bonfire night", _fixed(11, 5)),
    ("veterans day|veteran day|armistice day|remembrance day|martinmas", _fixed(11, 11)),
    ("singles day", _fixed(11, 11)),
    ("thanksgiving|thanks giving|turkey day", _nth(11, 3, 4)),
    ("black friday|black fri", _nth(11, 3, 4, plus=1)),
    ("small business saturday", _nth(11, 3, 4, plus=2)),
    ("cyber monday", _nth(11, 3, 4, plus=4)),
    ("giving tuesday", _nth(11, 3, 4, plus=5)),
    ("st nicholas day|saint nicholas day", _fixed(12, 6)),
    ("immaculate conception", _fixed(12, 8)),
    ("christmas eve|xmas eve", _fixed(12, 24)),
    ("christmas|xmas|x mas|christmas day", _fixed(12, 25)),
    ("boxing day|st stephens day|saint stephens day", _fixed(12, 26)),
    ("first advent|first sunday of advent|advent sunday",
     lambda year: _last_weekday_before(date(year, 12, 25), 6) - timedelta(21)),
    ("carnival|rosenmontag|rose monday", _after_easter(-48)),
    ("mardi gras|shrove tuesday|fat tuesday|pancake day|pancake tuesday",
     _after_easter(-47)),
    ("ash wednesday", _after_easter(-46)),
    ("palm sunday|branch sunday", _after_easter(-7)),
    ("maundy thursday|holy thursday|covenant thursday|covenant thu|"
     "thursday of mysteries|thu of mysteries|thu of the mysteries|sheer thursday", _after_easter(-3)),
    ("good friday|great friday|holy friday", _after_easter(-2)),
    ("holy saturday|black saturday|easter saturday|easter eve", _after_easter(-1)),
    ("easter|easter sunday", _after_easter(0)),
    ("easter monday|bright monday", _after_easter(1)),
    ("ascension|ascension day|ascension thursday", _after_easter(39)),
    ("pentecost|whitsun|whit sunday|white sunday|pentecost sunday", _after_easter(49)),
    ("whit monday|pentecost monday|monday of the holy spirit", _after_easter(50)),
    ("trinity sunday", _after_easter(56)),
    ("corpus christi", _after_easter(60)),
    ("orthodox easter|orthodox pascha|pascha", _after_orthodox(0)),
    ("orthodox easter monday", _after_orthodox(1)),
    ("orthodox good friday|orthodox great friday", _after_orthodox(-2)),
    ("orthodox palm sunday|orthodox branch sunday", _after_orthodox(-7)),
    ("orthodox holy saturday|orthodox great saturday", _after_orthodox(-1)),
    ("clean monday|orthodox ash monday|orthodox shrove monday|green monday",
     _after_orthodox(-48)),
    ("orthodox pentecost", _after_orthodox(49)),
)  # fmt: skip
# Names, rule of the first day, and days to its end.
LASTING: tuple[tuple[str, Rule, int], ...] = (
    ("lent", _after_easter(-46), 46),
    ("great lent|orthodox lent", _after_orthodox(-48), 40),
    ("holy week|passion week", _after_easter(-7), 7),
    ("kwanzaa", _fixed(12, 26), 7),
)


def _kings_day(year: int) -> date:
    day = date(year, 4, 27)
    return day - timedelta(1) if day.weekday() == 6 else day


def _boss_day(year: int) -> date:
    """16 October, or the working day nearest to it."""
    day = date(year, 10, 16)
    return day + timedelta({5: -1, 6: 1}.get(day.weekday(), 0))


def _last_weekday_before(day: date, weekday: int) -> date:
    return day - timedelta((day.weekday() - weekday - 1) % 7 + 1)


def _nowruz(year: int) -> date:
    """The day of the March equinox; the day after, when that is past noon in Iran."""
    moment = sun_reaches(0, year) + timedelta(hours=3.5)
    return moment.date() + timedelta(days=int(moment.hour >= 12))


def _once(rule: Rule) -> Callable[[int], tuple[date, ...]]:
    return lambda year: (rule(year),)


@cache
def feasts() -> dict[str, Feast]:
    """Every name, lower-case and without apostrophes, and its feast."""
    yearly = (*((*row, 1) for row in _TABLE), *LASTING, *CHINESE_DAYS, *HEBREW_DAYS)
    rows = [(names, Feast(_once(rule), days)) for names, rule, days in yearly]
    by_moon = (*HINDU_DAYS, *ISLAMIC_DAYS)
    rows += [(names, Feast(rule, length)) for names, rule, length in by_moon]
    return {
        name.replace("'", ""): feast
        for names, feast in rows
        for name in names.split("|")
    }
