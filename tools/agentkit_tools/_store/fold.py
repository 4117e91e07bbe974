"""Names and words, made comparable."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """Lower-case without accents and outer spaces."""
    if text.isascii():
        return text.casefold().strip()
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold().strip()
