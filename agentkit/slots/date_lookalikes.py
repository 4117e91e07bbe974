"""What looks like a date or an hour and is none: "room 5/12", "the 3rd floor", "$5"."""

from agentkit.language.numbers import ONES, ORDINALS, TENS
from agentkit.language.tokens import TextToken
from agentkit.language.vocabularies import english_words
from agentkit.slots.periods import GRAINS, TimeSpan

# A date may begin right behind these; behind any other sign it is part of a word.
_OPENING = frozenset("([{\"'~><\u201c\u201d\u2018\u2019\u2013\u2014")
# "At 3 sharp" and "at 3 with Ana" are hours; "at 3 tables" counts tables.
_AFTER_HOUR = english_words("after_hour")
# Words such as "room" and "ticket": the number behind one is its name.
_NUMBERED = english_words("numbered")
# Read as times they would give messages and reminders days that nobody meant.
_IDLE = frozenset({"in a second", "in a sec", "in one second", "24 / 7", "by now"})
# Behind one of these and before nothing an ordinal is a day: "by the 3rd".
_BEFORE_RANK = frozenset(
    [
        "on",
        "in",
        "by",
        "for",
        "the",
        "until",
        "from",
        "before",
        "after",
        "since",
        "around",
    ]
)
# The tokenizer parts "3rd" into a number and its ending.
_SUFFIXES = frozenset({"st", "nd", "rd", "th"})
_RANK_WORDS = frozenset({*_SUFFIXES, *ORDINALS, *TENS}) | frozenset(
    {"the", "and", "to", "-", "around", "about", "between", "in"}
)


def numbered(tokens: tuple[TextToken, ...], index: int) -> bool:
    """Whether a number is a name: "room 5/12", "ticket 20260101"."""
    before = tokens[index - 1].text if index else ""
    return tokens[index].is_digits and before in _NUMBERED


def idle(words: tuple[TextToken, ...]) -> bool:
    """Whether it is a manner of speaking: "in a second", "24/7"."""
    said = " ".join(word.text for word in words)
    return said in _IDLE


def _only_ranks(texts: list[str]) -> bool:
    """Whether there are only ordinals and fillers: "the 21st", "around the 3rd"."""
    rest = [text for text in texts if text not in _RANK_WORDS and not text.isdigit()]
    return not rest and any(text in _SUFFIXES or text in ORDINALS for text in texts)


def ranked(words: tuple[TextToken, ...], following: tuple[TextToken, ...]) -> bool:
    """Whether a lone ordinal ranks something: "the 3rd floor", "his 21st birthday"."""
    texts = [word.text for word in words]
    if _only_ranks(texts):
        return True
    said = [word for word in texts if word not in _BEFORE_RANK]
    ranks = len(said) == 2 and said[1] in _SUFFIXES
    if not ranks and not (len(said) == 1 and said[0] in ORDINALS):
        return False
    if len(said) == len(words):
        return True
    return any(word.is_word and word.text not in _AFTER_HOUR for word in following)


def recurs(tokens: tuple[TextToken, ...], index: int, span: TimeSpan) -> bool:
    """Whether "every Sunday" or "each second day" is meant: no single time."""
    # "Every other Sunday" has a word between.
    other = index > 1 and tokens[index - 1].text == "other"
    # Only from a day on: the hour of "every 3pm" is still one.
    again = index > other and tokens[index - 1 - other].text in ("every", "each")
    return again and GRAINS.index(span.grain) >= GRAINS.index("day")


def repeats(tokens: tuple[TextToken, ...], end: int) -> bool:
    """Whether "of every month" follows: no single time either."""
    after = [token.text for token in tokens[end : end + 2]]
    return after in (["of", "every"], ["of", "each"])


def inside_word(tokens: tuple[TextToken, ...], index: int) -> bool:
    """Whether a token is glued to what stands before: the 5 of $5, v1.5, 1-800."""
    before, token = index - 1, tokens[index]
    if before < 0 or token.gap:
        return False
    sign = tokens[before].text
    # "Time:5pm" is a label and its value; "2:5" is one number.
    if sign in _OPENING or (sign == ":" and before and tokens[before - 1].is_word):
        return False
    return not (sign in ("-", "=") and tokens[before].gap)


def goes_on(tokens: tuple[TextToken, ...], end: int) -> bool:
    """Whether the last token is glued to more: 3.5, 82-2100, 5%, 3x."""
    if end >= len(tokens) or tokens[end].gap:
        return False
    if tokens[end].is_digits or tokens[end].is_word or tokens[end].text in "%$€£°":
        return True
    more = end + 1 < len(tokens) and not tokens[end + 1].gap
    return more and tokens[end].text in "-./:" and tokens[end + 1].is_digits


def counts(tokens: tuple[TextToken, ...], end: int, span: TimeSpan) -> bool:
    """Whether a lone hour is a count of what follows: "at 3 tables"."""
    last = tokens[end - 1]
    number = last.is_digits or last.text in ONES or last.text in TENS
    clock = span.grain in ("hour", "minute")
    # Behind a colon it is a whole clock time, whatever follows.
    if not (number and clock) or end >= len(tokens) or tokens[end - 2].text == ":":
        return False
    following = tokens[end]
    return following.is_word and following.text not in _AFTER_HOUR
