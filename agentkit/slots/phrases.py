"""Phrases of a date: adjoining words for day, time, zone and length put together."""

from dataclasses import dataclass, replace
from datetime import timedelta

from agentkit.language.vocabularies import WEEKDAYS
from agentkit.slots.clock_words import clock_at
from agentkit.slots.date_text import DateText, phrases_by_first_word
from agentkit.slots.date_words import day_after_on, fields_at
from agentkit.slots.lengths import length_at
from agentkit.slots.moment_draft import (
    MomentDraft,
    looks_like_number,
    looks_like_rank,
    looks_like_year,
    merge,
    zone_at,
)
from agentkit.slots.named_days import MEALS, PARTS, part_at
from agentkit.slots.period_rules import spoken_period_at
from agentkit.slots.periods import day_span

# Behind one of these a bare number is an hour.
_AT = frozenset(
    ["at", "@", "for", "by", "around", "about", "circa", "approximately", "roughly",
     "exactly"]
)  # fmt: skip
_VAGUE = phrases_by_first_word(
    ("anytime", "any time", "some time", "any day", "some day")
)
# What joins day and hour, and says nothing itself.
_GLUE = (
    frozenset({",", "on", "in", "of", "-", "the", "sometime", "this", ":", "during"})
    | _AT
)
_PREPOSITIONS_WORDS = (
    "after and at before by during for from in last next of on or since till until"
)
_PREPOSITIONS = frozenset(_PREPOSITIONS_WORDS.split())
LEADS = (*_GLUE, *_VAGUE)
# "In the fall" is a season, and "the fall" alone one from a ladder.
_WEAK_AFTER_THE = frozenset(["morning", "evening", "afternoon", "fall", "spring"])
_IN_THE = frozenset(PARTS) - MEALS
_STOPS = frozenset({"", ".", "!", "?", ","})
# Said behind an hour, and no part of another date.
_TRAILING = frozenset({"approximately", "sharp", "approx", "ish", "exactly"})
# Words that are something else as well: a star, a verb, a meal. Alone they are no date;
# with a number, a day or a preposition beside them they are.
_WEAK_WORDS = (
    "afternoon apr april ascension aug august autumn boss's breakfast carnival dawn "
    "day dec dinner dinnertime epiphany evening fall feb jan jul "
    "jun june lent lunch mar march may midsummer mon month morning night "
    "nov now oct pascha sat second sep sept spring "
    "summer sun teatime wed week winter year"
)
_WEAK = frozenset(_WEAK_WORDS.split())


_HALVES = {"am": "morning", "pm": "afternoon"}
_NIGHTS = frozenset({"night", "tonight"})


@dataclass(frozen=True, slots=True)
class Phrase:
    """A draft and the tokens it was read from.

    Attributes:
        draft: what was said.
        end: index of the token after it.
    """

    draft: MomentDraft
    end: int


def phrase_at(reading: DateText, index: int, *, bare: bool = False) -> Phrase | None:
    """The longest phrase that starts here.

    Args:
        reading: the text.
        index: the token to start at.
        bare: whether a lone number may be an hour from the start.
    """
    known = reading.phrases
    if (index, bare) not in known:
        known[index, bare] = _read_phrase(reading, index, bare=bare)
    phrase: Phrase | None = known[index, bare]
    return phrase


def _read_phrase(reading: DateText, index: int, *, bare: bool) -> Phrase | None:
    # Word group by word group, as long as the next one fits what was said so far.
    draft, end = MomentDraft(), index
    while True:
        grown = _grow(draft, reading, end, bare=bare)
        if grown is None:
            break
        draft, end = grown.draft, grown.end
    if draft.empty:
        return None
    while reading.words[end] in _TRAILING:
        end += 1
    end = reading.sees(end, "or so") or end
    return Phrase(draft, end)


def _glue(reading: DateText, index: int, *, first: bool) -> tuple[int, bool]:
    """Step over joining words; whether one of them announces a time."""
    start, at = index, False
    if not first and reading.words[index] == "t" and _inside_iso(reading, index):
        return index + 1, True
    # "Any time" joins only what follows; at the end of a text it is no part of a date.
    vague = reading.sees_any(start, _VAGUE)
    if vague and reading.words[vague] not in ("", ".", "!", "?"):
        start, index = vague, vague
    # Three joining words, as in ", on the": more of them part two thoughts.
    while reading.words[start] in _GLUE and start - index < 3:
        # A date does not begin with these.
        if first and reading.words[start] in (",", "-", ":", "of"):
            break
        at = at or reading.words[start] in _AT
        start += 1
    return start, at


def _inside_iso(reading: DateText, index: int) -> bool:
    """Whether it is the letter of 2026-09-25T15:00."""
    around = reading.tokens[index - 1 : index + 2]
    tight = len(around) == 3 and not (around[1].gap or around[2].gap)
    return tight and around[0].is_digits and around[2].is_digits


def _grow(
    draft: MomentDraft, reading: DateText, first: int, *, bare: bool
) -> Phrase | None:
    """Extend the draft by the longest word group that fits it."""
    last, at = _glue(reading, first, first=draft.empty)
    dashed = any(reading.words[place] in ("-", ",") for place in range(first, last))
    told = draft.has_day or bool(draft.part) or (bare and draft.empty)
    named = any(reading.words[place] in ("this", "the") for place in range(first, last))
    # "Friday 8" has an hour; in "Friday - 8" and "this 8" the number is something else.
    hour = at or (told and not dashed and not named)
    # The joining words belong to some groups: "in two hours", "the 3rd".
    for place in range(first, last + 1):
        joined = place > first
        hit = _best_fit(draft, reading, place, hour=hour, at=at, joined=joined)
        if hit is not None:
            return hit
    return None


def _best_fit(
    draft: MomentDraft,
    reading: DateText,
    index: int,
    *,
    hour: bool,
    at: bool,
    joined: bool,
) -> Phrase | None:
    best: Phrase | None = None
    for part in parts_at(reading, index, hour=hour, at=at):
        # No shorter one is merged, as the longest wins.
        if best is not None and part.end <= best.end:
            continue
        merged = merge(draft, part.draft)
        if merged is not None and not merged.empty:
            # A preposition makes a date of "may" and "sun": "in may", "on sun".
            told = joined and _told(reading, index)
            weak = merged.weak and not (told and part.draft.weak)
            best = Phrase(replace(merged, weak=weak), part.end)
    return best


def parts_at(reading: DateText, index: int, *, hour: bool, at: bool) -> list[Phrase]:
    """Every word group that can be read here, the likelier of equals first."""
    known = reading.parts
    if (index, hour, at) not in known:
        known[index, hour, at] = _read_parts(reading, index, hour=hour, at=at)
    parts: list[Phrase] = known[index, hour, at]
    return parts


def _read_parts(reading: DateText, index: int, *, hour: bool, at: bool) -> list[Phrase]:
    tokens, found = reading.tokens, list[Phrase]()
    if index >= len(tokens):
        return found
    weak = reading.words[index] in _WEAK
    # "Do it now." names a time, as "now and then" does not; "for now." does neither.
    if reading.words[index] == "now" and reading.words[index + 1] in _STOPS:
        weak = reading.words[index - 1] == "for"
    clock = clock_at(tokens, index, spaced=at)
    # A bare number is an hour only where nothing else claims it.
    if clock and clock[0].bare and _no_hour(reading, index, clock[1], hour=hour):
        clock = None
    if clock and (hour or not clock[0].bare or _part_follows(reading, clock[1])):
        found.append(Phrase(MomentDraft(clock=clock[0], weak=weak), clock[1]))
    fields = fields_at(tokens, index, reading.now) or day_after_on(tokens, index)
    if fields:
        lone = weak and fields[1] == index + 1
        lone = lone or looks_like_number(reading, index, fields[1])
        found.append(Phrase(MomentDraft(fields=fields[0], weak=lone), fields[1]))
    period = spoken_period_at(reading, index)
    if period:
        lone = weak and period[1] == index + 1
        lone = lone or looks_like_rank(reading, index, period[1])
        found.append(Phrase(MomentDraft(period=period[0], weak=lone), period[1]))
    found.extend(_part_phrases(reading, index))
    zone = zone_at(tokens, index)
    if zone:
        found.append(Phrase(MomentDraft(zone=zone[0]), zone[1]))
    if reading.words[index] == "for":
        length = length_at(tokens, index + 1)
        if length:
            found.append(Phrase(MomentDraft(length=length[0]), length[1]))
    return found


def _no_hour(reading: DateText, index: int, end: int, *, hour: bool) -> bool:
    """Whether a lone number is rather a year, or a day behind "on"."""
    dated = day_after_on(reading.tokens, index)
    if dated and end <= dated[1]:
        return True
    return hour and looks_like_year(reading, index)


def _told(reading: DateText, index: int) -> bool:
    """Whether the word before makes a weak word a date: "on sun", but not "the sun"."""
    before = reading.words[index - 1]
    if reading.words[index] == "now":
        return before in ("until", "till", "since")
    if before == "the" and reading.words[index - 2] in ("in", "during"):
        return (
            reading.words[index] in _IN_THE or reading.words[index] in _WEAK_AFTER_THE
        )
    if before == "the" and reading.words[index] == "second":
        return day_after_on(reading.tokens, index) is not None
    if before == "the":
        return reading.words[index] in _WEAK_AFTER_THE
    return before in _PREPOSITIONS


def _part_follows(reading: DateText, index: int) -> bool:
    """Whether a part of the day comes next: "3 in the morning", "eight tonight"."""
    start = index
    while reading.words[start] in ("in", "the", "at", "this", "last", "on"):
        start += 1
    close = start == index and reading.words[index] not in _NIGHTS | {"tonite"}
    part = part_at(reading.tokens, start)
    # "2 morning sessions" counts sessions; "at 2 tonight" is a time.
    return part is not None and not (close and _noun(reading, part[1]))


def _noun(reading: DateText, index: int) -> bool:
    """Whether a word follows that may be what is counted."""
    return (
        reading.words[index][:1].isalpha() and reading.words[index] not in _PREPOSITIONS
    )


def _after_day(reading: DateText, index: int) -> bool:
    """Whether a day's name stands before: "Tuesday PM"."""
    before = reading.words[index - 1]
    return before in WEEKDAYS or before in ("today", "tomorrow", "yesterday")


def _split_part(reading: DateText, index: int) -> Phrase | None:
    """Read "early Friday morning", "late tomorrow afternoon"."""
    day = fields_at(reading.tokens, index + 1, reading.now)
    period = spoken_period_at(reading, index + 1)
    end = max(hit[1] for hit in (day, period, (None, 0)) if hit)
    part = part_at(reading.tokens, end) if end else None
    if end and not part and reading.words[index] == "early":
        # "Early tomorrow" is early in its morning.
        part = "morning", end
    name = f"{reading.words[index]} {part[0]}" if part else ""
    if part is None or name not in PARTS:
        return None
    if period and period[1] == end:
        whole = period[0].grain == "day" and period[0].whole
        return (
            Phrase(MomentDraft(period=period[0], part=name), part[1]) if whole else None
        )
    return Phrase(MomentDraft(fields=day[0], part=name), part[1]) if day else None


def _part_phrases(reading: DateText, index: int) -> list[Phrase]:
    """Read "in the morning", "tonight", "this evening", "last night"."""
    word = reading.words[index]
    late = word in ("late", "later") and reading.words[index + 1] in ("tonight", "last")
    if (
        late
        and reading.words[index + 1 + (reading.words[index + 1] == "last")] in _NIGHTS
    ):
        back = int(reading.words[index + 1] == "last")
        day = day_span(reading.now - timedelta(days=back))
        return [Phrase(MomentDraft(period=day, part="late tonight"), index + 2 + back)]
    if word in ("early", "late"):
        found = _split_part(reading, index)
        if found:
            return [found]
    days = {"this": 0, "last": -1, "next": 1, "yesterday": -1}
    if word in _HALVES and _after_day(reading, index):
        return [Phrase(MomentDraft(part=_HALVES[word]), index + 1)]
    start = index + 1 if word in days else index
    part = part_at(reading.tokens, start)
    if part is None:
        return []
    name, end = part
    # "Night time" is the night.
    end += reading.words[end] == "time"
    if word not in days and name not in ("tonight", "tonite"):
        return [Phrase(MomentDraft(part=name, weak=" " not in name), end)]
    day = day_span(reading.now + timedelta(days=days.get(word, 0)))
    return [Phrase(MomentDraft(period=day, part=name), end)]
