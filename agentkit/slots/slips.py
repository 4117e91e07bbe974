"""Slips of the keys: whether one name is another one mistyped, and no other name.

Many names differ by one letter from a name of somebody else: Maria and Marta, Paul and
Paula, Christian and Christina. So a slip is only what fingers do and parents do not:
two letters swapped, a neighbouring key, a letter too few or too many; never in the
first letter or the last two, and never in a word of fewer than five letters.
"""

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_SHORTEST = 5
_ENDING = 2


def is_slip(typed: str, name: str) -> bool:
    """Tell whether words, case and accents folded, are a name with one slip.

    Args:
        typed: what was typed.
        name: the name that may be meant, of as many words.
    """
    words, names = typed.split(), name.split()
    if len(words) != len(names):
        return False
    wrong = [pair for pair in zip(words, names, strict=True) if pair[0] != pair[1]]
    return len(wrong) == 1 and _one_slip(*wrong[0])


def _one_slip(typed: str, name: str) -> bool:
    if min(len(typed), len(name)) < _SHORTEST - 1 or len(name) < _SHORTEST:
        return False
    start = _alike(typed, name)
    end = _alike(typed[start:][::-1], name[start:][::-1])
    if start == 0 or end < _ENDING:
        return False
    mine, theirs = typed[start : len(typed) - end], name[start : len(name) - end]
    if {len(mine), len(theirs)} == {0, 1}:
        return True
    if len(mine) == len(theirs) == 1:
        return theirs in _neighbours(mine)
    return len(mine) == 2 and mine == theirs[::-1]


def _alike(one: str, other: str) -> int:
    """How many letters agree before the first that does not."""
    pairs = enumerate(zip(one, other, strict=False))
    shorter = min(len(one), len(other))
    return next((at for at, (a, b) in pairs if a != b), shorter)


def _neighbours(letter: str) -> str:
    """The keys beside and above or below a key of a QWERTY board."""
    found = ""
    for at, row in enumerate(_ROWS):
        place = row.find(letter)
        if place < 0:
            continue
        found += row[max(place - 1, 0) : place + 2]
        above = _ROWS[at - 1][place : place + 2] if at else ""
        below = _ROWS[at + 1][max(place - 1, 0) : place + 1] if at < 2 else ""
        found += above + below
    return found
