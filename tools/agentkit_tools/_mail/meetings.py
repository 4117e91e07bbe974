"""Meetings that letters ask for, move, call off or settle, followed from first to last.

All letters are read in their order, and the last word on a meeting counts, also where
it stands in a letter of another thread: a meeting is known by who takes part, what it
is called, and its day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from agentkit.language import fold
from agentkit_tools._mail.meeting_book import LONG, SHORT, Meeting, MeetingBook, settled
from agentkit_tools._mail.meeting_titles import title_of
from agentkit_tools._mail.mentioned_times import (
    Named,
    choices_in,
    days_named,
    length,
    named_times,
    names_meeting,
    newest,
    span_of_time,
)
from agentkit_tools._mail.sentences import cue
from agentkit_tools._mail.utterances import ReadLetter, Utterance

# How sure the judge is that something is called off that no word shows.
_SURELY_OFF = 0.8
# What makes a meeting the one that is spoken of, and how much of it is enough: its
# thread alone, or its people together with its title or day.
_THREAD, _TOPIC, _PEOPLE, _TITLE, _SAME_DAY, _OTHER_DAY, _JUST_NOW = (
    3,
    2,
    1,
    2,
    2,
    -2,
    2,
)
_ENOUGH = 3


def meets(sentence: Utterance, sent: datetime) -> bool:
    """Return whether a sentence names a meeting with a time of day."""
    times = named_times(sentence.text, sent, sentence.language)
    return bool(times) and names_meeting(sentence, times)


def meetings_in(letters: Iterable[ReadLetter]) -> list[Meeting]:
    """Follow letters, oldest first, and return the meetings that stand at their end."""
    book = MeetingBook()
    for letter in letters:
        if not letter.automatic:
            _Listener(book, letter).listen()
    return book.standing


class _Listener:
    """Hears one letter, sentence by sentence."""

    def __init__(self, book: MeetingBook, letter: ReadLetter) -> None:
        self._book, self._letter = book, letter
        self._day: datetime | None = None
        self._dropped: Meeting | None = None
        self._last: Meeting | None = None

    def listen(self) -> None:
        """Take every sentence into account."""
        for sentence in self._letter.said:
            if sentence.kind != "quoted_or_joke":
                self._hear(sentence)
            days = days_named(sentence.text, self._letter.sent, sentence.language)
            self._day = days[-1] if days else self._day

    def _hear(self, sentence: Utterance) -> None:
        known = self._meant(sentence)
        times = self._times(sentence, known or self._dropped)
        if self._calls_off(sentence, times, known):
            self._call_off(sentence, times, known)
        elif not times:
            self._without_time(sentence, known)
        elif known and self._moves(sentence, known, times):
            self._move(sentence, known, times)
        # Called off before, and now there is a time again: it was moved.
        elif self._dropped is not None and self._dropped.index != self._letter.index:
            self._move(sentence, self._dropped, times)
        elif names_meeting(sentence, times) or self._agrees(sentence, known, times):
            self._add(sentence, times)

    # --- what a sentence speaks of ---------------------------------------------------

    def _times(self, sentence: Utterance, known: Meeting | None) -> list[Named]:
        counters = known and (sentence.kind == "moved" or sentence.shows("moved"))
        # "Make it four" is on the day that was spoken of, or on that of the meeting.
        base = self._day or (known.start if known and counters else None)
        sent = self._letter.sent
        times = named_times(sentence.text, sent, sentence.language, base)
        if known:
            times = [_in_known_half(one, known) for one in times]
        if times or not known or not sentence.shows("same_time"):
            return times
        days = days_named(sentence.text, sent, sentence.language)
        clock = known.start.timetz()
        return [Named(datetime.combine(d.date(), clock), None, ()) for d in days[-1:]]

    def _meant(self, sentence: Utterance) -> Meeting | None:
        """Return the meeting that a sentence most likely speaks of."""
        days = {
            day.date()
            for day in days_named(sentence.text, self._letter.sent, sentence.language)
        }
        scored = [
            (self._nearness(one, sentence, days), place)
            for place, one in enumerate(self._book.standing)
        ]
        score, place = max(scored, default=(0, 0))
        return self._book.standing[place] if score >= _ENOUGH else None

    def _nearness(self, one: Meeting, sentence: Utterance, days: set[date]) -> int:
        letter, score = self._letter, 0
        if one.thread == letter.letter.thread:
            score += _THREAD
        elif one.topic and one.topic == letter.topic:
            score += _TOPIC
        score += _PEOPLE * bool(one.people & set(letter.others))
        score += _TITLE * bool(_title_words(one) & _words(sentence.text))
        score += _JUST_NOW * (self._last is not None and one.start == self._last.start)
        off = sentence.kind == "cancelled" or sentence.shows("cancelled")
        if days & {moment.date() for moment in (one.start, *one.choices)}:
            score += _SAME_DAY
        elif days and off:
            score += _OTHER_DAY
        return score

    # --- what becomes of it ----------------------------------------------------------

    def _calls_off(
        self, sentence: Utterance, times: list[Named], known: Meeting | None
    ) -> bool:
        match = cue("cancelled", sentence.text, sentence.language)
        sure = sentence.kind == "cancelled" and sentence.chance >= _SURELY_OFF
        if not match and (not sure or sentence.shows("done")):
            return False
        # "Friday doesn't work, how about Monday at 10?" moves, and calls nothing off.
        after = match.end() if match else 0
        again = any(start >= after for one in times for start, _ in one.spans)
        return not (match and again and known and times[-1].start != known.start)

    def _call_off(
        self, sentence: Utterance, times: list[Named], known: Meeting | None
    ) -> None:
        at = {one.start for one in times}
        exact = [one for one in self._book.standing if one.start in at]
        # By what is said of it, else by its exact time.
        gone = known or next(iter(exact), None)
        if gone is not None:
            self._book.drop(gone)
            self._dropped = gone
            self._last = None

    def _without_time(self, sentence: Utterance, known: Meeting | None) -> None:
        """Add what a sentence tells beside the time: a length, guests, an agreement."""
        last = self._last
        # A sentence without a time goes on about the meeting of the one before.
        if last is not None and not sentence.shows("ask"):
            told = length(sentence.text, (), sentence.language)
            words = f"{last.words} {sentence.text}" if sentence.shows("joins") else ""
            new = replace(
                last, duration=told or last.duration, words=words or last.words
            )
            self._last = self._book.put(new, last)
        elif known is not None and sentence.kind == "confirmed":
            days = days_named(sentence.text, self._letter.sent, sentence.language)
            self._book.put(settled(known, [day.date() for day in days]), known)

    def _moves(self, sentence: Utterance, known: Meeting, times: list[Named]) -> bool:
        if times[-1].start == known.start and len(times) == 1:
            return False
        moved = sentence.kind == "moved" or sentence.shows("moved")
        off = sentence.kind == "cancelled" or sentence.shows("cancelled")
        other = sentence.shows("counter") or sentence.shows("same_time")
        return moved or off or other

    def _move(self, sentence: Utterance, old: Meeting, times: list[Named]) -> None:
        new = newest(sentence, times)
        text = sentence.text
        told = length(text, new.spans, sentence.language) or span_of_time(new)
        moved = replace(
            old,
            start=new.start,
            duration=told or old.duration,
            index=self._letter.index,
            words=f"{old.words} {text}",
            people=old.people | set(self._letter.others),
            asked=old.asked and text.endswith("?"),
            before=(*old.before, old.start),
            choices=(),
        )
        self._last, self._dropped = self._book.put(moved, old), None

    def _agrees(
        self, sentence: Utterance, known: Meeting | None, times: list[Named]
    ) -> bool:
        at = times[0].start
        return any(one.start == at for one in self._book.standing) or (
            known is not None and known.start.date() == at.date()
        )

    def _add(self, sentence: Utterance, times: list[Named]) -> None:
        letter, text = self._letter, sentence.text
        named = newest(sentence, times)
        # What was before the letter is past, and not arranged.
        if named.start < letter.sent:
            return
        choices = choices_in(sentence, times, letter.sent)
        open_choice = len(set(choices)) > 1
        told = length(text, named.spans, sentence.language) or span_of_time(named)
        usual = SHORT if sentence.shows("short") else LONG
        mine = letter.letter.mine
        new = Meeting(
            title=title_of(
                text,
                named.spans,
                letter.letter.subject,
                _first_name(letter.letter.sender),
                sentence.language,
            ),
            start=choices[0] if open_choice else named.start,
            duration=told or usual,
            index=letter.index,
            words=text,
            thread=letter.letter.thread,
            topic=letter.topic,
            people=frozenset(letter.others),
            # The user's own question is a proposal that stands.
            asked=text.endswith("?") and not mine,
            language=sentence.language,
            choices=tuple(choices) if open_choice else (),
        )
        # One of several proposed times was taken.
        settled = [one for one in self._book.standing if new.start in one.choices]
        self._last = self._book.put(new, settled[0] if settled else None)
        self._dropped = None


def _in_known_half(named: Named, known: Meeting) -> Named:
    """Read "see you at 7" as 19:00 where that is when the meeting is."""
    later = named.start + timedelta(hours=12)
    return replace(named, start=later) if later == known.start else named


def _first_name(name: str) -> str:
    # "Dr. Eva Stein" is Eva.
    parts = [part for part in name.split() if not part.endswith(".")]
    return parts[0] if parts else name


# Words of titles that say nothing about which meeting it is.
_COMMON = frozenset(
    ["with", "the", "and", "for", "our", "mit", "und", "der", "die", "das", "con", "avec",
     "com", "para", "pour", "del", "dem", "den", "von", "re", "fwd"]
)  # fmt: skip


def _title_words(meeting: Meeting) -> set[str]:
    return _words(f"{meeting.title} {meeting.topic}")


def _words(text: str) -> set[str]:
    """Return the words of a text that may name a thing."""
    return {w for w in re.findall(r"\w{3,}", fold(text)) if w not in _COMMON}
