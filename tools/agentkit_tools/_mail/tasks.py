"""What letters ask somebody to do, and what their writers promise, until it is done."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from agentkit.language import fold
from agentkit_tools._mail.meetings import meets
from agentkit_tools._mail.mentioned_times import (
    Deadline,
    days_named,
    deadline,
    named_times,
)
from agentkit_tools._mail.task_clauses import (
    clauses,
    promise_in,
    request_in,
    without_time,
)
from agentkit_tools._mail.utterances import ReadLetter, Utterance

# "before then": the time of the sentence before is the deadline.
_THEN = re.compile(r"\b(?:before|by|until) (?:then|that)\b", re.I)
# "was due last week" asks for nothing any more.
_PAST = re.compile(r"\b(?:already|yesterday|last (?:week|night|month))\b", re.I)
# How sure the judge is of a request that no word shows: many questions ask for nothing.
_SURE = 0.7


@dataclass(frozen=True, slots=True)
class WantedTask:
    """Something to do that a sentence names.

    Attributes:
        what: in the words of the sentence.
        index: the letter it stands in.
        by_writer: the writer promises it; else the readers are asked.
        owner: somebody else's name, where the sentence names who has to do it.
        due: until when.
    """

    what: str
    index: int
    by_writer: bool
    owner: str = ""
    due: Deadline | None = None


def wanted_in(
    letters: Iterable[ReadLetter], people: Iterable[str], me: str
) -> list[WantedTask]:
    """Return what is asked for and promised and was not done since, in its order.

    Args:
        letters: oldest first.
        people: first names, to know whose task a line such as "Tom: call Ana" tells.
        me: the user's first name.
    """
    names = {fold(name): name for name in people if name}
    heard = _Tasks(names, fold(me))
    for letter in letters:
        heard.hear(letter)
    return heard.open


class _Tasks:
    """The tasks that are open so far."""

    def __init__(self, names: dict[str, str], me: str) -> None:
        self._names, self._me = names, me
        self._letters: dict[int, ReadLetter] = {}
        self.open: list[WantedTask] = []

    def hear(self, letter: ReadLetter) -> None:
        """Take a letter into account."""
        self._letters[letter.index] = letter
        told: Deadline | None = None
        for place, sentence in enumerate(letter.said):
            if sentence.kind == "done" or (
                sentence.shows("done") and not sentence.asks
            ):
                self._settle(letter, sentence)
            # A bill's day of payment counts, though a machine wrote it.
            elif not letter.automatic or sentence.shows("due"):
                after = letter.said[place + 1 : place + 2]
                for item in self._named(letter, sentence, after, told):
                    self._add(item, letter, sentence)
            times = named_times(sentence.text, letter.sent, sentence.language)
            told = Deadline(times[-1].start, all_day=False) if times else told

    def _named(
        self,
        letter: ReadLetter,
        sentence: Utterance,
        after: tuple[Utterance, ...],
        told: Deadline | None,
    ) -> list[WantedTask]:
        whole = deadline(sentence.text, letter.sent, sentence.language)
        found: list[WantedTask] = []
        for clause in clauses(sentence.text):
            item = self._wanted(letter, replace(sentence, text=clause))
            if item is None:
                continue
            due = deadline(clause, letter.sent, sentence.language) or whole
            if _THEN.search(clause) or (due is None and sentence.shows("bring")):
                due = told
            due = due or _due_after(letter, after)
            found.append(replace(item, what=without_time(item.what, due), due=due))
        return found

    def _wanted(self, letter: ReadLetter, clause: Utterance) -> WantedTask | None:
        match = _OWNER.match(clause.text)
        name = fold(match["name"]) if match else ""
        if match and (name == self._me or name in self._names):
            clause = replace(clause, text=clause.text[match.end() :])
            owner = "" if name == self._me else self._names[name]
            # "Tom: call Ana" is a task however it is worded, "Tom, it is late" is none.
            if match["rest"] != "," or _asks(clause, letter):
                what = request_in(clause.text)
                return WantedTask(what, letter.index, by_writer=False, owner=owner)
        if _is_no_task(clause):
            return None
        promised = promise_in(clause)
        if promised:
            return WantedTask(promised, letter.index, by_writer=True)
        if _asks(clause, letter):
            return WantedTask(request_in(clause.text), letter.index, by_writer=False)
        return None

    def _add(self, item: WantedTask, letter: ReadLetter, sentence: Utterance) -> None:
        """Note a task; who promises what was asked in a thread adds nothing new."""
        if not item.what:
            return
        if sentence.shows("answer") and self._is_question_before(item, letter):
            # "Are you coming? Tell me by Friday" is one task, and Friday is its day.
            last = self.open.pop()
            item = replace(last, due=item.due or last.due)
        if item.by_writer and any(self._answers(letter, one) for one in self.open):
            return
        if all(not _alike(item, one) for one in self.open):
            self.open.append(item)

    def _is_question_before(self, item: WantedTask, letter: ReadLetter) -> bool:
        """Whether the last task was a question of the same letter."""
        last = self.open[-1] if self.open else None
        if last is None or last.index != item.index or last.owner != item.owner:
            return False
        asked = (one.text for one in letter.said if last.what in one.text)
        return any(text.endswith("?") for text in asked)

    def _answers(self, letter: ReadLetter, task: WantedTask) -> bool:
        """Whether a letter answers the one that asked for something."""
        asked = self._letters[task.index]
        other_way = asked.letter.mine != letter.letter.mine
        return not task.by_writer and other_way and _together(asked, letter)

    def _settle(self, letter: ReadLetter, sentence: Utterance) -> None:
        """Strike out what a sentence says to be done: the likest, else the last."""
        words = _stems(sentence.text)
        near = [one for one in self.open if self._known_to(letter, one)]
        alike = [one for one in near if words & _stems(one.what)]
        # What shares most words with the sentence, else the only task that is open
        # there.
        best = max(alike, key=lambda one: len(words & _stems(one.what)), default=None)
        together = [one for one in near if _together(self._letters[one.index], letter)]
        if best is None and len(together) == 1:
            best = together[0]
        if best is not None:
            self.open.remove(best)

    def _known_to(self, letter: ReadLetter, task: WantedTask) -> bool:
        """Whether a task stands in an earlier letter between the same people."""
        asked = self._letters[task.index]
        shared = bool(set(asked.others) & set(letter.others))
        topical = bool(asked.topic) and asked.topic == letter.topic
        return task.index < letter.index and (shared or topical)


# "Tom: call Ana", "Tom, call Ana", "Tom to call Ana", "@Tom call Ana".
_OWNER = re.compile(
    r"^(?P<mark>@)?(?P<name>[^\W\d_][\w'-]*)(?(mark)[,:]?\s+|(?P<rest>\s*:|,| to\b)\s*)"
)


def _together(one: ReadLetter, other: ReadLetter) -> bool:
    """Whether two letters are of one conversation."""
    if one.letter.thread == other.letter.thread:
        return True
    same = bool(one.topic) and one.topic == other.topic
    return same and bool(set(one.others) & set(other.others))


def _stems(text: str) -> set[str]:
    """Return the beginnings of longer words: "booked" and "book" are one."""
    return {word[:4] for word in re.findall(r"\w{4,}", fold(text))}


def _alike(one: WantedTask, other: WantedTask) -> bool:
    return fold(one.what) == fold(other.what) and one.owner == other.owner


def _asks(clause: Utterance, letter: ReadLetter) -> bool:
    """Whether a clause asks for something to be done, and not for a meeting alone."""
    if clause.shows("due") and not _PAST.search(clause.text):
        due = deadline(clause.text, letter.sent, clause.language)
        return due is not None or clause.shows("ask")
    if not clause.asks or letter.automatic:
        return False
    if not clause.shows("ask"):
        # Of what no word shows, questions alone are trusted: news are often taken for
        # requests by the judge.
        asked = clause.text.rstrip().endswith("?") or clause.language in _UNSPACED
        met = clause.shows("meeting") or meets(clause, letter.sent)
        return asked and clause.chance >= _SURE and not met
    # "Pick three before our talk on Friday at 14:00" asks, "can you join us" invites.
    return not clause.shows("meeting")


# In these languages a question mark is not written, and few words are known here.
_UNSPACED = ("hi", "th")


def _is_no_task(clause: Utterance) -> bool:
    """Whether it is a joke or calls something off; a word of a task speaks against it."""
    if clause.kind == "quoted_or_joke":
        wanted = clause.shows("ask") or clause.shows("due")
        return clause.shows("joke") or not wanted
    return clause.kind == "cancelled" and clause.shows("cancelled")


def _due_after(letter: ReadLetter, after: tuple[Utterance, ...]) -> Deadline | None:
    """Return the day that the next sentence adds: "Am 19., also am Freitag"."""
    for sentence in after:
        days: list[datetime] = days_named(sentence.text, letter.sent, sentence.language)
        if days and not sentence.asks and not meets(sentence, letter.sent):
            return deadline(sentence.text, letter.sent, sentence.language)
    return None
