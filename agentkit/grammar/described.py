"""What a description says of an argument that its schema does not: words, days, addresses."""

from __future__ import annotations

import re

# What follows is shown: "such as oil, acrylic", "i.e., victim, accused, verdict etc."
_SHOWN = re.compile(
    r"\b(?:e\.g|i\.e|eg|ie|such as|like|for example|options|supports|either)\b"
    r"[.,:]*\s*([^.()]+)",
    re.IGNORECASE,
)
_COMMAS = re.compile(r",\s*(?:or\s|and\s|etc)?|\s(?:or|and|etc)\b|;")
_WORDS = 3
# Letters for a day in descriptions, and what `strftime` has for them.
_DAY_PARTS = {"yyyy": "%Y", "mm": "%m", "dd": "%d"}
_SPELT = re.compile(
    r"\b(?:month-day-year|day-month-year|year-month-day)\b", re.IGNORECASE
)
_SPELT_PARTS = {"year": "%Y", "month": "%m", "day": "%d"}
_DATE_NAME = re.compile(r"(?:^|_|\b)date$|Date$")
# "YYYY-MM-DD", "mm/dd/yyyy", "dd.mm.yyyy", "yyyy-mm"; not the head of "YYYY-MM-DD
# hh:mm".
_DAY = re.compile(
    r"\b(?:yyyy([-/.])mm(?:\1dd)?|(?:mm([-/.])dd|dd([-/.])mm)(?:\2|\3)yyyy)(?![\w:-]| h)",
    re.IGNORECASE,
)
# Words of up to 31 characters; an apostrophe inside a word opens nothing.
_QUOTED = re.compile(
    r"""(?<!\w)(['"`\u2018\u201c])([\w][\w /-]{0,30})['"`\u2019\u201d](?!\w)"""
)
_ADDRESS = re.compile(
    r"\be-?mail(?: address|s? of\b|\b.{0,20}\baddress)", re.IGNORECASE
)
# Behind these stands what a value may look like, and not what it may be.
_EXAMPLE = re.compile(
    r"\b(?:e\.g|ex|eg|example|examples|such as|like|format|instance)\b", re.IGNORECASE
)


def told_words(description: str) -> tuple[str, ...]:
    """Return the quoted words, two or more, unless they are examples."""
    found = [match[2] for match in _QUOTED.finditer(description)]
    # A single quoted word is mostly an example, or stressed.
    if len(found) < 2 or _EXAMPLE.search(description):
        return ()
    return tuple(dict.fromkeys(found))


def shown_words(description: str) -> tuple[str, ...]:
    """Return what a description shows that a value may be, examples and choices alike."""
    found = [match[2] for match in _QUOTED.finditer(description)]
    for match in _SHOWN.finditer(description):
        parts = (part.strip(" '\"") for part in _COMMAS.split(match[1]))
        found += [one for one in parts if not one.lower().startswith("default")]
    # An example of several words is a whole; the words around it are none.
    return tuple(dict.fromkeys(one for one in found if 0 < len(one.split()) <= _WORDS))


def told_address(description: str) -> bool:
    """Whether a description wants an e-mail address."""
    return _ADDRESS.search(description) is not None


def told_day(description: str, name: str = "") -> str:
    """Return the form of a day that a description names, as `strftime` has it.

    A date of which nothing is said is wanted as ISO 8601 has it.
    """
    found = _DAY.search(description)
    if found is not None:
        return re.sub(r"[a-z]+", lambda part: _DAY_PARTS[part[0]], found[0].lower())
    if spelt := _SPELT.search(description):
        return "-".join(_SPELT_PARTS[part] for part in spelt[0].lower().split("-"))
    return "%Y-%m-%d" if _DATE_NAME.search(name) else ""
