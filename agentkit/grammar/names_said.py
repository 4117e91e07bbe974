"""Whether the name of an argument was said, and whether what it names is wanted."""

from __future__ import annotations

import re
from collections.abc import Collection

from agentkit.tools.selection.stems import read_stems

# Where another thing is said: "with breakfast, but no dinner".
_CLAUSE = re.compile(r"[.!?;\n]|, (?:and|but)\b")
# Words that say that something is not wanted, in the languages of the data files.
_DENIED = re.compile(
    r"\b(?:not|no|without|never|don['\u2019]?t|nicht|keine?[nmrs]?|ohne|sin|pas|sans|non|"
    r"senza|n\u00e3o|sem)\b|\u0928\u0939\u0940\u0902|\u092e\u0924\b|\u0e44\u0e21\u0e48",
    re.IGNORECASE,
)
# Letters that the forms of one word have in common at least.
_ROOT = 7
# Words of a switch's name that say nothing of what it switches.
_OF_SWITCHES = frozenset(
    read_stems(
        "allow include is has have show enable with want need require only status"
    )
)


def named(name: str, stems: Collection[str]) -> float:
    """Return how much of a name was said, in whatever form of the word.

    Args:
        name: of an argument.
        stems: of what was said.
    """
    own = set(read_stems(name))
    said = [one for one in own if any(is_alike(one, word) for word in stems)]
    return len(said) / len(own) if own else 0.0


def is_switched(name: str, stems: Collection[str]) -> bool:
    """Whether all of a switch's name was said, but for words that all switches have.

    Args:
        name: of the switch.
        stems: of what was said.
    """
    own = set(read_stems(name)) - _OF_SWITCHES
    known = any if len(own) == 0 else all
    said = [any(is_alike(one, word) for word in stems) for one in own]
    return known(said) or named(name, stems) == 1


def switched(name: str, words: str) -> str:
    """Return whether what a switch is named for is wanted, as JSON.

    Args:
        name: of the switch.
        words: what was said.
    """
    own = set(read_stems(name)) - _OF_SWITCHES or set(read_stems(name))
    for clause in _CLAUSE.split(words):
        # The denial counts in the same clause only.
        if own <= set(read_stems(clause)):
            return "false" if _DENIED.search(clause) else "true"
    return "true"


def is_alike(one: str, other: str) -> bool:
    """Whether two stems are of one word: "standardize", "standardization"."""
    return one == other or (len(one) >= _ROOT and one[:_ROOT] == other[:_ROOT])
