"""Feast days of the Chinese and Hindu calendars, from published dates.

These calendars follow the moon as it is observed, so the dates are listed: Chinese
New Year for 2000 to 2035, Diwali for 2015 to 2030, Holi for 2016 to 2027. Other
years are not known and are refused.
"""

from collections.abc import Callable
from datetime import date, timedelta

# Month and day, year by year from the first year on.
_CHINESE = (2000, "0205 0124 0212 0201 0122 0209 0129 0218 0207 0126 0214 0203 0123 "
            "0210 0131 0219 0208 0128 0216 0205 0125 0212 0201 0122 0210 0129 0217 "
            "0206 0126 0213 0203 0123 0211 0131 0219 0208")  # fmt: skip
_DIWALI = (2015, "1111 1030 1019 1107 1027 1114 1104 1024 1112 1101 1020 1108 1029 "
           "1017 1105 1026")  # fmt: skip
_HOLI = (2016, "0324 0313 0302 0321 0310 0329 0318 0308 0325 0314 0304 0322")


def _listed(table: tuple[int, str], days: int = 0) -> Callable[[int], date]:
    first, text = table
    dates = text.split()

    def rule(year: int) -> date:
        if not 0 <= year - first < len(dates):
            raise ValueError(f"The date of this feast in {year} is not known.")
        code = dates[year - first]
        day = date(year, int(code[:2]), int(code[2:]))
        return day + timedelta(days=days)

    return rule


# Names, rule of the first day, and days to its end.
OBSERVED_DAYS: tuple[tuple[str, Callable[[int], date], int], ...] = (
    ("chinese new year|chinese new years|lunar new year|spring festival",
     _listed(_CHINESE), 1),
    ("chinese new years eve|lunar new years eve", _listed(_CHINESE, -1), 1),
    ("lantern festival", _listed(_CHINESE, 14), 1),
    ("diwali|deepavali|dipavali|lakshmi puja", _listed(_DIWALI), 1),
    ("choti diwali|naraka chaturdashi|kali chaudas", _listed(_DIWALI, -1), 1),
    ("dhanteras|dhanatrayodashi", _listed(_DIWALI, -2), 1),
    ("bhai dooj|bhaiya dooj", _listed(_DIWALI, 2), 1),
    ("chhath|chhath puja", _listed(_DIWALI, 6), 1),
    ("holi|dhulandi|festival of colours|festival of colors", _listed(_HOLI), 1),
    ("holika dahan|chhoti holi", _listed(_HOLI, -1), 1),
)  # fmt: skip
