"""Words by which sentences of messages show what they do: `cues.toml`, by language."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

# Said in mails of every language: "Re", "call", "please".
_EVERYWHERE = "en"


def cue(kind: str, text: str, language: str = "") -> re.Match[str] | None:
    """Find the first words of a kind; of all languages where none is named."""
    return _pattern(kind, language).search(text)


def cues(kind: str, text: str, language: str = "") -> list[re.Match[str]]:
    """Find all words of a kind."""
    return list(_pattern(kind, language).finditer(text))


@cache
def _pattern(kind: str, language: str) -> re.Pattern[str]:
    rows = _table()[kind]
    chosen = {language, _EVERYWHERE} if language in rows else rows.keys()
    patterns = [one for name, row in rows.items() if name in chosen for one in row]
    edge = r"(?<![^\W_])(?:{})(?![^\W_])" if kind in _WORDS else "{}"
    return re.compile("|".join(edge.format(one) for one in patterns), re.I)


# Tables that list bare words.
_WORDS = ("thing", "short")


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    path = Path(__file__).with_name("cues.toml")
    return tomllib.loads(path.read_text("utf-8"))
