"""Addresses of houses as people shorten them: `12 Rosewood Ln`, `Rosenstr. 5`."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SHORT: dict[str, str] = {
    "lane": "ln", "street": "st", "road": "rd", "avenue": "ave", "drive": "dr",
    "court": "ct", "place": "pl", "square": "sq", "boulevard": "blvd",
    "terrace": "ter", "crescent": "cres", "close": "cl", "highway": "hwy",
    "parkway": "pkwy", "circle": "cir", "trail": "trl", "way": "wy", "apartment": "apt",
    "suite": "ste", "floor": "fl", "building": "bldg", "north": "n", "south": "s",
    "east": "e", "west": "w", "mount": "mt", "saint": "st",
    "strasse": "str", "straße": "str", "platz": "pl", "allee": "al", "weg": "w",
    "rue": "r", "chemin": "ch", "calle": "c", "avenida": "av", "plaza": "pza",
    "paseo": "po", "via": "v", "viale": "vle", "piazza": "pza", "corso": "cso",
    "rua": "r", "travessa": "tv", "praça": "pç",
}  # fmt: skip
# Reversed, so that of two long forms the first in the table is written out: "st" is a
# street.
_LONG: dict[str, str] = {short: long for long, short in reversed(_SHORT.items())} | {
    "av": "avenue",
    "boul": "boulevard",
    "strasse": "straße",
}
_JOINED = re.compile(r"(?<=[^\W\d_]{3})(?:stra(?:ß|ss)e|str\.?)(?![^\W\d_])", re.I)
_WORD = re.compile(r"[^\W_]+")


def shortened(address: str) -> Iterator[str]:
    """Yield an address with its words shortened, written out, and left out.

    Without a number it is no house, and nothing is yielded.
    """
    if not any(map(str.isdigit, address)):
        return
    words: list[str] = [word.casefold() for word in _WORD.findall(address)]
    yield " ".join(_SHORT.get(word, word) for word in words)
    yield " ".join(_LONG.get(word, word) for word in words)
    known = _SHORT.keys() | _LONG.keys()
    named = [word for word in words if word not in known]
    # One word and a number alone would be found in other texts.
    if len(named) > 1 and len(named) < len(words):
        yield " ".join(named)
    # "Rosenstr. 5" in one word: the ending is replaced where it stands.
    for ending in ("straße", "strasse", "str"):
        yield _JOINED.sub(ending, address)
