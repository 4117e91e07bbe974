"""What JSON Schema's formats look like, as patterns.

They allow no more than the format does, but for `email` and `uri`, which only look
right. A slot type's format, such as `when`, is text in words.
"""

from __future__ import annotations

SLOTS = ("when", "duration", "contact", "amount", "recurrence")
"""Formats of slot types: any words; their own validators read them."""

PARTLY = ("email", "idn-email", "uri", "url", "hostname", "duration")
"""Formats whose patterns, or words, allow more than the format does."""

_YEAR = r"[1-9]\d{3}"
_DAYS = (
    r"(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])"
    r"|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8]))"
)
_DATE = rf"{_YEAR}-{_DAYS}"
_TIME = (
    r"(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?"
    r"(?:Z|[+\-](?:0\d|1[0-3]):[0-5]\d)?"
)
_BYTE = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_LABEL = r"[a-z0-9](?:[a-z0-9\-]{0,30}[a-z0-9])?"
_HOST = rf"{_LABEL}(?:\.{_LABEL}){{0,4}}\.[a-z]{{2,12}}"
_EMAIL = rf"[A-Za-z0-9_%+]{{1,24}}(?:[.\-][A-Za-z0-9_%+]{{1,24}}){{0,3}}@{_HOST}"
_URI = rf"https?://{_HOST}(?::[1-9]\d{{0,3}})?(?:/[A-Za-z0-9._~\-/?&=%+#]{{0,200}})?"

PATTERNS = {
    "date": rf"^{_DATE}$",
    "time": rf"^{_TIME}$",
    "date-time": rf"^{_DATE}T{_TIME}$",
    "uuid": r"^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
    "ipv4": rf"^{_BYTE}(?:\.{_BYTE}){{3}}$",
    "ipv6": r"^[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){7}$",
    "hostname": rf"^{_HOST}$",
    "email": rf"^{_EMAIL}$",
    "idn-email": rf"^{_EMAIL}$",
    "uri": rf"^{_URI}$",
    "url": rf"^{_URI}$",
}
