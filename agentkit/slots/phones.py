"""Phone numbers, made comparable however they are written."""

import re

_LEAST = 7
_SUFFIX = 9
_PHONE = re.compile(r"\+?[\d\s()./-]{5,20}")
_EXTENSION = re.compile(r"(?:ext\.?|extension|x|#)\s*\d{1,6}$", re.I)


def is_phone(words: str) -> bool:
    """Tell whether words are a phone number."""
    return bool(_PHONE.fullmatch(words)) and sum(c.isdigit() for c in words) >= 5


def digits_of(number: str) -> str:
    """Return the digits that matter: no trunk or exit prefix, no extension."""
    digits = "".join(c for c in _EXTENSION.sub("", number) if c.isdigit())
    return digits.lstrip("0")


def same_number(one: str, other: str) -> bool:
    """Tell whether two spellings are one number; a country code may be left out."""
    first, second = sorted((digits_of(one), digits_of(other)), key=len)
    if len(first) < _LEAST:
        return bool(first) and first == second
    national = "+" not in one or "+" not in other
    if not national and len(first) != len(second):
        return False
    # +49 (0)30 123456: the zero in brackets is part of neither number.
    return second.endswith(first) or (
        national and first[-_SUFFIX:] == second[-_SUFFIX:] and len(first) > _SUFFIX
    )
