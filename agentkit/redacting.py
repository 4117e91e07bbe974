"""What an error says, without the secrets and paths of this machine.

Not covered: a secret that looks like a word, and a path without a separator.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache

_SECRET_NAME = re.compile(r"KEY|TOKEN|SECRET|PASS|CREDENTIAL|AUTH", re.IGNORECASE)
_SHORTEST = 6
_CREDENTIALS = re.compile(r"(?<=://)[^\s/@]+@")
_QUERY = re.compile(
    r"(?i)\b((?:api[_-]?key|access[_-]?token|token|secret|password|passwd|pwd|sig"
    r"|signature|authorization|bearer)\"?\s*[=: ]\s*\"?)[^\s&\"',;]+"
)
_LONG = re.compile(r"(?<![\w/+=-])(?=[\w+/=-]*\d)(?=[\w+/=-]*[A-Za-z])[\w+/=-]{24,}")
_PATHS = (
    re.compile(r"(?<![\w/:.])~?/(?:[^\s/:'\"<>|]+/)+[^\s:'\"<>|,;)]*"),
    re.compile(r"(?<![\w/:.])~/[^\s:'\"<>|,;)]+"),
    re.compile(r"\b[A-Za-z]:\\[^\s'\"<>|,;)]+"),
    re.compile(r"\\\\[^\s\\]+\\[^\s'\"<>|,;)]+"),
)


def redact(text: str) -> str:
    """Write a text without credentials, long random strings and absolute paths."""
    for value in _environment():
        text = text.replace(value, "<secret>")
    text = _CREDENTIALS.sub("<secret>@", text)
    text = _QUERY.sub(r"\1<secret>", text)
    for path in _PATHS:
        text = path.sub("<path>", text)
    return _LONG.sub("<secret>", text)


def _environment() -> tuple[str, ...]:
    named = tuple(v for k, v in os.environ.items() if _SECRET_NAME.search(k))
    return _longest_first(named)


@lru_cache(8)
def _longest_first(values: tuple[str, ...]) -> tuple[str, ...]:
    long = {value for value in values if len(value) >= _SHORTEST}
    return tuple(sorted(long, key=len, reverse=True))
