"""A plain yes or a plain no, in any of the eight languages.

What says more than that ("yes, but at five") is neither: it is read as a request.
"""

from __future__ import annotations

import unicodedata
from functools import cache

from agentkit.language.vocabularies import word_table

# Signs that stand around an answer without changing it.
_AROUND = " \t\r\n.,!;:…\"'"


def read_assent(text: str) -> bool | None:
    """Return True for a yes, False for a no, None for anything else.

    Args:
        text: what was said; a question mark makes it a question, which is neither.
    """
    said = _plain(text)
    return _answers().get(said)


@cache
def _answers() -> dict[str, bool]:
    table = word_table("assent")
    return {
        _plain(word): kind == "yes"
        for kind in ("yes", "no")
        for words in table[kind].values()
        for word in words
    }


def _plain(text: str) -> str:
    """Write an answer as it is compared: composed, folded, without signs and gaps."""
    # Composed, so that "sí" of two code points is that of one.
    folded = unicodedata.normalize("NFC", text).casefold().replace("\u2019", "'")
    return " ".join(folded.replace(",", " ").strip(_AROUND).split())
