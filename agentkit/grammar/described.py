"""What a description says of an argument that its schema does not: words, days, addresses."""

from __future__ import annotations

import re

# Letters for a day in descriptions, and what `strftime` has for them.
_DAY_PARTS = {"yyyy": "%Y", "mm": "%m", "dd": "%d"}
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


def told_address(description: str) -> bool:
    """Whether a description wants an e-mail address."""
    return _ADDRESS.search(description) is not None


def told_day(description: str) -> str:
    """Return the form of a day that a description names, as `strftime` has it."""
    found = _DAY.search(description)
    if found is None:
        return ""
    return re.sub(r"[a-z]+", lambda part: _DAY_PARTS[part[0]], found[0].lower())
