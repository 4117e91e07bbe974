"""Parts of the day: "morning", "late in the afternoon", "end of day"."""

from datetime import datetime, timedelta

from agentkit.slots.numbers import Tokens, word_at

# From and to which hour each part of the day lasts.
PARTS: dict[str, tuple[int, int]] = {
    "morning": (8, 12),
    "forenoon": (8, 12),
    "lunch": (11, 13),
    "lunchtime": (11, 13),
    "afternoon": (12, 16),
    "teatime": (15, 17),
    "evening": (18, 24),
    "dinnertime": (18, 20),
    "night": (20, 24),
    "nighttime": (20, 24),
    "tonight": (20, 24),
    "tonite": (20, 24),
    "dawn": (5, 7),
    "breakfast": (7, 9),
    "early morning": (8, 10),
    "late morning": (10, 12),
    "early afternoon": (12, 14),
    "late afternoon": (14, 16),
    "early evening": (18, 20),
    "late evening": (20, 24),
    "late night": (22, 24),
    "late tonight": (21, 24),
    "late tonite": (21, 24),
    "early night": (20, 22),
    "mid morning": (10, 11),
    "mid afternoon": (14, 15),
    "end of day": (17, 24),
}
_DEGREES = {
    "early": "early",
    "earlier": "early",
    "late": "late",
    "later": "late",
    "mid": "mid",
}
_ENDS_OF_DAY = (
    "eod",
    "the eod",
    "cob",
    "end of day",
    "end of the day",
    "the end of the day",
    "close of business",
)
_END_STARTS = frozenset(name.partition(" ")[0] for name in _ENDS_OF_DAY)


def part_span(day: datetime, part: str) -> tuple[datetime, datetime]:
    """First and last moment of a part of a day."""
    first, last = PARTS[part]
    return day + timedelta(hours=first), day + timedelta(hours=last)


def part_at(tokens: Tokens, index: int) -> tuple[str, int] | None:
    """A part of the day that starts here: "early in the morning", "night"."""
    word = word_at(tokens, index)
    if word == "first" and word_at(tokens, index + 1) == "thing":
        link = index + 2 + 2 * (word_at(tokens, index + 2) == "in")
        return "early morning", link + (word_at(tokens, link) == "morning")
    for name in _ENDS_OF_DAY if word in _END_STARTS else ():
        size = len(name.split())
        if name == " ".join(word_at(tokens, index + at) for at in range(size)):
            return "end of day", index + size
    if word in _DEGREES:
        end = index + 1
        while word_at(tokens, end) in ("in", "the", "this", "on", "-"):
            end += 1
        part = f"{_DEGREES[word]} {_singular(word_at(tokens, end))}"
        return (part, end + 1) if part in PARTS else None
    if word == "night" and word_at(tokens, index + 1) == "-":
        return (word, index + 3) if word_at(tokens, index + 2) == "time" else None
    name = _singular(word)
    return (name, index + 1) if name in PARTS else None


def _singular(word: str) -> str:
    """Morning for "mornings"; night keeps its plural, which counts nights."""
    plural = word.endswith(("nings", "noons"))
    return word.removesuffix("s") if plural else word
