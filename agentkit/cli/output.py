"""Makes text safe for terminals, and prints JSON."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Sequence
from typing import NoReturn, TypeAlias

Parts: TypeAlias = Sequence[tuple[str, str]]
"""Texts of one line, each with its style."""

# C0 and C1 controls (escape sequences among them), marks and overrides of the writing
# direction, what takes no room and is not seen, other line ends, and the surrogates
# that stand for bytes that are not UTF-8; letters that fill a place with nothing, and
# what chooses how a character is drawn, save behind a sign that has such forms. Joiners
# stay: scripts and emoji need them.
_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e"
    r"\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff"
    r"\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\uffa0"
    r"\ufe00-\ufe0d\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a]"
    r"|(?<![#*0-9\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff])[\ufe0e\ufe0f]"
)


def printable(text: str) -> str:
    """Replace control characters by visible escapes."""
    # Line ends of Windows are no attack: a lone return, which could overwrite a line,
    # is shown.
    return _CONTROL.sub(_visible, text.replace("\r\n", "\n"))


def print_json(data: object) -> None:
    """Print one JSON object to standard output, with control characters escaped."""
    print(json_text(data, indent=2))


def json_text(data: object, *, indent: int | None = None) -> str:
    """Write JSON with controls, and what the output cannot encode, as escapes."""
    # Letters as they are where the output has them: people read this JSON, too.
    plain = "utf" not in (sys.stdout.encoding or "").lower()
    text = json.dumps(data, ensure_ascii=plain, indent=indent)
    return _CONTROL.sub(lambda found: _escaped(found[0]), text)


def _visible(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code > 0xFFFF:
        return f"\\U{code:08x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def _escaped(char: str) -> str:
    """Write a character as JSON's escape: two of them beyond the first plane."""
    if ord(char) > 0xFFFF:
        return json.dumps(char)[1:-1]
    return f"\\u{ord(char):04x}"


def leave_in_peace() -> NoReturn:
    """Exit with 0 where the reader of the output went away."""
    # Python flushes the stream at its end, and would complain again.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise SystemExit(0)
