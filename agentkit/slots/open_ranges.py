"""Stretches with one end told: "by Friday", "before 2pm", "since 2014"."""

from dataclasses import replace

from agentkit.slots.drafts import Draft, merge, settle
from agentkit.slots.periods import Span
from agentkit.slots.phrases import phrase_at
from agentkit.slots.reading import Reading, phrases_by_first_word

_DOUBTFUL = frozenset(
    ["now", "sun", "sat", "mon", "wed", "second", "lent", "dec", "jan", "boss's"]
)
_UNTIL = (
    "by",
    "until",
    "till",
    "til",
    "untill",
    "through",
    "thru",
    "up to",
    "up until",
    "on or before",
    "at or before",
)
_BEFORE = (
    "before",
    "no later than",
    "not later than",
    "earlier than",
    "prior to",
    "anytime before",
    "any time before",
    "sometime before",
    "some time before",
)
_AFTER = (
    "after",
    "later than",
    "anytime after",
    "any time after",
    "sometime after",
    "some time after",
)
_SINCE = (
    "since", "from", "starting", "starting on", "starting at", "starting from",
    "beginning on", "beginning", "as of", "onwards from", "on or after",
    "at or after", "no earlier than", "not earlier than", "not before",
    "anytime from",
)  # fmt: skip
_KINDS = tuple(
    (phrases_by_first_word(words), kind)
    for words, kind in ((_UNTIL, 1), (_BEFORE, 0), (_AFTER, -1), (_SINCE, -2))
)
Found = tuple[Span, int, bool]


def open_range(
    reading: Reading, index: int, bare: bool, day: Draft | None = None
) -> Found | None:
    """Read "by EOD", "before 2.30pm", "after 2 pm", "since 2014"."""
    for words, kind in _KINDS:
        end = reading.sees_any(index, words)
        phrase = phrase_at(reading, end, bare=True) if end else None
        draft = phrase and (merge(day, phrase.draft) if day else phrase.draft)
        past = reading.word(index) == "since"
        seen = replace(reading, prefer="past") if past else reading
        span = settle(draft, seen) if draft else None
        if phrase is None or span is None:
            continue
        if kind < 0 and draft and draft.length:
            return span, phrase.end, False
        doubt = phrase.draft.weak and reading.word(phrase.end - 1) in _DOUBTFUL
        if doubt:
            return span, phrase.end, True
        if kind < 0:
            # After a day or year means after all of it; after 2pm, from 2pm on.
            start = span.end if kind == -1 and span.end else span.start
            opened = Span(start, None, span.grain, whole=False)
            return _closed(opened, _onwards(reading, phrase.end), reading)
        ends = kind == 1 or _at_end(reading, end)
        return _deadline(span, reading, inclusive=ends), phrase.end, False
    return None


def _onwards(reading: Reading, index: int) -> int:
    """Step over the last word of "from Monday on", "from 1990 onwards"."""
    ends = reading.word(index + 1) in ("", ".", ",", "!", "?")
    on = reading.word(index) == "on" and ends
    return index + (on or reading.word(index) in ("onwards", "onward"))


def _closed(opened: Span, end: int, reading: Reading) -> Found:
    """Read "later than 3:30pm but before 6pm": the other end, when it is told."""
    link = end + (reading.word(end) in ("but", "and"))
    for words in _BEFORE:
        start = reading.sees(link, words) if link > end else 0
        phrase = phrase_at(reading, start, bare=True) if start else None
        span = settle(phrase.draft, reading) if phrase else None
        if phrase and span and span.start > opened.start:
            return replace(opened, end=span.start), phrase.end, False
    return opened, end, False


def _at_end(reading: Reading, index: int) -> bool:
    """Whether it is the end of something: "before the end of May", "before EOD"."""
    word = reading.word(index + (reading.word(index) == "the"))
    return word in ("end", "eod", "eow", "eom", "eoq", "eoy", "cob")


def _deadline(span: Span, reading: Reading, *, inclusive: bool) -> Span:
    until = span.end if inclusive and span.end else span.start
    start = min(reading.now, until)
    return Span(start, until, span.grain, whole=False)
