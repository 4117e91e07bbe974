"""Error messages without the secrets and paths of this machine.

Not covered: a secret that looks like words, a path without a separator, the name of a
file or folder directly under the root, spaces in a path without quotation marks.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import TypeAlias

Rules: TypeAlias = tuple[tuple[str, str], ...]

_HIDDEN = "<secret>"
# A shorter value of a variable ("true", "8080") is a word of the error itself.
_SHORTEST = 6
# What a person typed as a password is one, even when it is short.
_SHORTEST_TYPED = 4
_SECRET_NAME = re.compile(r"KEY|TOKEN|SECRET|PASS|CREDENTIAL|AUTH", re.IGNORECASE)
_NAME = (
    r"(?:api[_ -]?key|(?:access|account|private|shared|signing)[_-]?key|token(?!s)"
    r"|secret|passwo?r?[dt]|kennwort|mot de passe|contrase[n\u00f1]a|senha|wachtwoord|passphrase|passcode|pwd|credential|signature)[\w-]{0,30}"
)
_VALUE = r"(?:\"[^\"\r\n]*\"|'[^'\r\n]*'|\{[^}\r\n]*\}"
_PLAIN = (
    r"(?:wrong|incorrect|invalid|required|needed|missing|not|too|expired|empty|unknown"
    r"|refused|rejected|denied|bad|weak|short|long|a|an|the|no|in|of|or|and)\b"
)
_IS = "(?:is|was|ist|war|lautet|hei(?:\u00df|ss)t|est|es|[\u00e8\u00e9])"
_BEHIND = r"\1" + _HIDDEN

# In this order: what holds several others comes first.
_CREDENTIALS: Rules = (
    # PEM blocks, one that was cut off too.
    (
        r"-----BEGIN [^-\r\n]{1,60}-----(?s:.*?)"
        r"(?:-----END [^-\r\n]{1,60}-----|\Z)",
        _HIDDEN,
    ),
    # The part before the host of an address, however it is written.
    (
        r"(?<=://)[^\s/@:'\"<>]*:(?!//)[^\s'\"<>:]*(?::(?!//)[^\s'\"<>:]*)*@",
        f"{_HIDDEN}@",
    ),
    (r"(?<=://)[^\s/'\"<>]*@", f"{_HIDDEN}@"),
    # Addresses that are themselves a secret.
    (
        r"((?:hooks\.slack\.com/services|discord(?:app)?\.com/api/webhooks"
        r"|api\.telegram\.org/bot))[^\s'\"<>]*",
        rf"\1/{_HIDDEN}",
    ),
    # Headers.
    (
        r"(?i)\b((?:(?:proxy-)?authorization|(?:set-)?cookie|x-(?:api-key|auth-token))"
        r"[\"']?\s*[:=]\s*[\"']?)[^\r\n\"'<]+",
        _BEHIND,
    ),
    (r"(?i)\b(bearer\s+)[\w.~+/=-]{6,}", _BEHIND),
    (r"(?i)\b(basic\s+)(?=\S*[\d=])[\w+/=-]{8,}", _BEHIND),
    # A name and its value: quoted, to the end of the word, or of the clause.
    (rf"(?i)({_NAME}[\"']?\s*[=:]\s*){_VALUE}|[^\s&,;\"'<>)}}\]]+(?<!>))", _BEHIND),
    (rf"(?i)({_NAME}:\s*{_HIDDEN})[^\r\n,;.&\"'}}]*", r"\1"),
    (r"(?i)([?&;](?:key|code|sig|auth|session|sid|jwt|pin)=)[^\s&\"'<>]+", _BEHIND),
    (
        rf"(?i)\b({_NAME}(?:\s+(?!{_IS}\s)\w+){{0,3}}\s+{_IS}\s+)"
        rf"(?!{_PLAIN}){_VALUE}|[^\s,;<>]+)",
        _BEHIND,
    ),
    # Without a sign between only what has a digit: "token expired" is a sentence.
    (rf"(?i)\b({_NAME}\s+)(?=\S*\d)[^\s<>]{{6,}}", _BEHIND),
    # Keys by the mark that their maker puts in front.
    (r"(?<![A-Za-z0-9])eyJ[\w-]{6,}(?:\.[\w-]*){0,4}", _HIDDEN),
    (
        r"(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA|AGPA|AIDA|AROA)[A-Z0-9]{12,}",
        _HIDDEN,
    ),
    (r"(?<![A-Za-z0-9])AGE-SECRET-KEY-1[A-Z0-9]{6,}", _HIDDEN),
    # A network's key, as it is told.
    (
        r"(?i)\b((?:wi-?fi|wlan|network)\b[^.\r\n]{0,40}?\bkey (?:is|ist|:) )"
        r"(?=\S*\d)[^\s,;<>]+",
        _BEHIND,
    ),
    # A bot's token: its number, a colon and its key.
    (r"(?<!\d)\d{8,10}:[\w-]{30,}", _HIDDEN),
    (
        r"(?<![A-Za-z0-9])(?:sk|pk|rk|gsk|hf|npm|ghp|gho|ghu|ghs|ghr|github_pat|glpat"
        r"|shp(?:at|ca|pa|ss)|dop_v1|lin_api|ntn|whsec|r8|pplx|tvly|xai|nvapi|dckr_pat"
        r"|pypi|key|xox[abeoprs]|sq0[a-z]{3}|ya29|SG|AIza|op|jina|fw)[-_.]?"
        r"(?<=[-_.a])(?=[\w.+/=-]{0,60}?(?:\d|[a-z][A-Z]))[\w.+/=-]{16,}",
        _HIDDEN,
    ),
)
# 24 signs with a digit: ids and hashes; longer words have no digits.
_LONG: Rules = (
    (r"(?<![\w/+=-])(?=[\w+/=-]*\d)(?=[\w+/=-]*[A-Za-z])[\w+/=-]{24,}", _HIDDEN),
)


@cache
def _compiled(rules: Rules) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Compile rules at first use: most runs tell of no error."""
    return tuple((re.compile(pattern), written) for pattern, written in rules)


def _without(rules: Rules, text: str) -> str:
    for pattern, written in _compiled(rules):
        text = pattern.sub(written, text)
    return text


def hide_credentials(text: str) -> str:
    """Remove credentials from a text; long random strings are left to `hide_long`."""
    for value in _environment():
        text = text.replace(value, _HIDDEN)
    return _without(_CREDENTIALS, text)


_TELLING = re.compile(r"\d|[^\w\s.,;:'\"-]")
_JUMBLED = re.compile(r"[_-]\w{0,200}[a-z][A-Z]\w{6}")
_KEYWORD = re.compile(r"(?i)passw|passphrase|passcode|pwd|pin\b|key|-----|://")


def secrets_in(text: str) -> Iterator[str]:
    """Yield the passwords and keys that a text holds.

    A single word behind "token" or "secret" is one only with a digit or a sign in it.
    """
    for pattern, written in _compiled(_CREDENTIALS):
        for match in pattern.finditer(text):
            named = match[1] if written.startswith(r"\1") else ""
            secret = match[0][len(named) :].strip(" \t\"'")
            sure = bool(_TELLING.search(secret) or _KEYWORD.search(match[0]))
            # A mark of a maker, and letters in no order of a word.
            sure = sure or (written == _HIDDEN and bool(_JUMBLED.search(secret)))
            if sure and len(secret) >= _SHORTEST_TYPED:
                yield secret


def hide_long(text: str) -> str:
    """Write a text without long strings of letters and digits."""
    return _without(_LONG, text)


def _environment() -> tuple[str, ...]:
    named = tuple(v for k, v in os.environ.items() if _SECRET_NAME.search(k))
    return _longest_first(named)


@lru_cache(8)
def _longest_first(values: tuple[str, ...]) -> tuple[str, ...]:
    long = {value for value in values if len(value) >= _SHORTEST}
    # The longest first: one secret may be the beginning of another.
    return tuple(sorted(long, key=len, reverse=True))


_HIDDEN_PATH = "<path>"
_END = r"[^\s:'\"<>|,;)]*"
# A part of a path may hold spaces where a separator or an ending follows.
_PART = r"[^\\/:*?\"'<>|\r\n\t,;)]+"
_LAST_PART = rf"(?:[^\\/:*?\"'<>|\r\n\t,;)]{{0,60}}?\.\w{{1,8}}\b|{_END})"
_PATHS: Rules = (
    # All between quotation marks, spaces included.
    (
        r"([\"'])(?:file:/|[A-Za-z]:[\\/]|\\\\|~[\w.-]*/|/|\.\.?[\\/]|\$\{?\w+\}?[\\/]"
        r"|%\w+%[\\/])[^\"'\r\n]*\1",
        rf"\1{_HIDDEN_PATH}\1",
    ),
    (r"(?i)\bfile:/+[^\s'\"<>|,;)]*", _HIDDEN_PATH),
    # Windows: with a letter, a share, a variable.
    (rf"(?:\\\\[?.]\\)?\b[A-Za-z]:[\\/]+(?:{_PART}[\\/]+)*{_LAST_PART}", _HIDDEN_PATH),
    (rf"(?<!\\)\\\\++[^\s\\/'\"]+\\+(?:{_PART}\\+)*{_LAST_PART}", _HIDDEN_PATH),
    (rf"(?:\$\{{?\w+\}}?|%\w+%)[\\/]{_END}", _HIDDEN_PATH),
    # POSIX: from a home, from a folder above, from the root.
    (rf"(?<![\w/:.])~[\w.-]*/{_END}", _HIDDEN_PATH),
    (rf"(?<![\w/:.])(?:\.\./)+{_END}", _HIDDEN_PATH),
    (rf"(?<![\w/:.])/(?:[^\s/:'\"<>|]+/)+{_END}", _HIDDEN_PATH),
)


def hide_paths(text: str) -> str:
    """Write a text without absolute paths, and those from a home or a folder above."""
    return _without(_PATHS, text)


# Characters that a person reads, and that a model pays for.
ERROR_LENGTH = 300
# An error may quote a whole page; the patterns are tried on its head alone.
_READ = 20_000


def redact(text: str) -> str:
    """Write a text without credentials, long random strings and absolute paths."""
    # Paths before long strings: a folder's name may be one, and its path would be cut
    # in two.
    return hide_long(hide_paths(hide_credentials(text)))


def error_line(error: BaseException, most: int = ERROR_LENGTH) -> str:
    """Say what an error says: one line, redacted, of bounded length.

    Neither its notes nor its cause is included. An error that cannot say anything is
    told by its kind.

    Args:
        error: whatever a tool, a store or a template raised.
        most: longest line in characters.
    """
    try:
        said = str(error)[:_READ]
    except Exception:  # an error's own `__str__` may fail in any way
        said = ""
    line = " ".join(redact(said).split()) or type(error).__name__
    return line if len(line) <= most else line[: most - 3] + "..."
