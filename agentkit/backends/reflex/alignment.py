"""A pattern aligned with a request: which words match, and what the slots take.

The best path through a table of steps by words, in time linear in the words: met
words count for, missed steps and words left over count against.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from agentkit.backends.reflex.english import said_as
from agentkit.backends.reflex.patterns import Pattern, Step
from agentkit.backends.reflex.persons import NO_PERSON, people_cost
from agentkit.backends.reflex.request_tokens import RequestWord
from agentkit.slots import find_duration
from agentkit.slots.units import unit_of

# Words: three full names with "and" between them. The time grows with its square.
_LONGEST_GROUP = 9
# No value of a closed set is said in more words.
_LONGEST_VALUE = 5
# Less than any way through a request can score.
_LOW = -1e9
# Nothing is called so: a title that begins with one was cut in the wrong place.
_NO_THING = frozenset({"it", "i", "you", "we", "there", "he", "she", "they"})
# Against the 0.03 that a plain word costs in a slot: half a met word for a wrong
# beginning (at 0 one more request goes wrong), less for a time, which may be part of a
# name ("Black Friday"), and more than anything for a name where a role is wanted.
_ODD_BEGINNING, _ODD_TIME, _NO_ROLE = 0.5, 0.3, 9.0
_BEFORE_HOURS = frozenset({"to", "until", "till", "from"})
# Slots that take one word of a kind, by their own kind.
_SPANS = {"integer": "number", "number": "number", "email": "address", "phone": "phone"}
# "Put" for "add" is nearly as good, and a sentence with the very word wins.
_SAME_ACT = 0.8


@dataclass(frozen=True, slots=True)
class Tape:
    """A request's words, with what leaving each out, or taking it up, costs.

    Attributes:
        skip: cost of leaving a word over.
        take: cost of taking it into a slot for phrases.
        nip: cost of taking it into a slot for a few words.
    """

    words: tuple[RequestWord, ...]
    skip: tuple[float, ...]
    take: tuple[float, ...]
    nip: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a pattern fits: what was met, what it cost, who took what.

    Attributes:
        spans: for each step, the words it took, first and past the last; None
            when it was missed.
    """

    pattern: Pattern
    met: float
    cost: float
    spans: tuple[tuple[int, int] | None, ...]

    @property
    def ratio(self) -> float:
        """From 0 to 1: the share of the evidence that supports the pattern."""
        return self.met / (self.met + self.cost) if self.met > 0 else 0.0


def align(pattern: Pattern, tape: Tape) -> Fit:
    """Find the best way to lay a pattern beside the words."""
    size = len(tape.words)
    score = [0.0] * (size + 1)
    met = [0.0] * (size + 1)
    for place in range(size):
        # Before the first step all words are left over.
        score[place + 1] = score[place] - tape.skip[place]
    back: list[list[int]] = []
    for number, step in enumerate(pattern.steps):
        score, met, moves = _row(step, tape, score, met, first=number == 0)
        back.append(moves)
    spans = _trace(pattern, back, size)
    return Fit(pattern, met[size], met[size] - score[size], spans)


# A move is -2: step missed here; -1: word left out; k >= 0: the step took words[k:j].
Rows = tuple[list[float], list[float], list[int]]


def _row(
    step: Step, tape: Tape, score: list[float], met: list[float], *, first: bool
) -> Rows:
    if step.stems:
        taken = _taken_word(step, tape, score)
    else:
        taken = _taken_slot(step, tape, score, first=first)
    size = len(tape.words)
    new_score, new_met, moves = [score[0] - step.miss], [met[0]], [-2]
    for place in range(1, size + 1):
        best, got, move = score[place] - step.miss, met[place], -2
        left = new_score[place - 1] - tape.skip[place - 1]
        # Of equals the first is kept: the same request has the same fit every time.
        if left > best:
            best, got, move = left, new_met[place - 1], -1
        start, value, gain = taken[place]
        if value + gain > best:
            best, got, move = value + gain, met[start] + gain, start
        new_score.append(best)
        new_met.append(got)
        moves.append(move)
    return new_score, new_met, moves


Taken = list[tuple[int, float, float]]
_NOTHING = (0, _LOW, 0.0)


def _taken_slot(step: Step, tape: Tape, score: list[float], *, first: bool) -> Taken:
    """For each place, the best start of what a slot takes up to it."""
    kind = step.param.kind if step.param else "text"
    if kind in ("when", "duration"):
        return _taken_span(step, kind, tape, score)
    if kind in _SPANS:
        return _taken_span(step, _SPANS[kind], tape, score)
    if kind == "quantity":
        return _taken_quantity(step, tape, score)
    # Nothing is laid beside these: they are found in the whole text once a tool is
    # chosen.
    if kind in ("sum", "recurrence"):
        return [_NOTHING] * (len(tape.words) + 1)
    if kind in ("person", "people"):
        return _taken_person(step, tape, score)
    if kind in ("enum", "boolean"):
        return _taken_value(step, tape, score)
    # A slot at the very head of a sentence would swallow the words that ask.
    short = first or (step.param is not None and step.param.short)
    return _taken_free(step, tape, tape.nip if short else tape.take, score)


def _taken_word(step: Step, tape: Tape, score: list[float]) -> Taken:
    taken: Taken = [_NOTHING]
    for place, word in enumerate(tape.words):
        if word.stem in step.stems or word.norm in step.stems:
            worth = step.stems.get(word.stem, step.weight)
            taken.append((place, score[place], worth))
        # "Put milk on the list" for "add {item} to list".
        elif word.act in step.acts:
            taken.append((place, score[place], step.weight * _SAME_ACT))
        else:
            taken.append(_NOTHING)
    return taken


def _taken_span(step: Step, kind: str, tape: Tape, score: list[float]) -> Taken:
    taken: Taken = [_NOTHING]
    for place, word in enumerate(tape.words):
        may_be_hour = kind == "when" and word.kind == "number"
        bare = may_be_hour and is_bare_hour(tape.words, place)
        fits = bare or word.kind == kind or (kind == "duration" and holds_length(word))
        # "In ten minutes" is a moment first, and a length where nothing else is.
        less = 0.0 if bare or word.kind == kind else 0.1
        taken.append((place, score[place] - less, step.weight) if fits else _NOTHING)
    return taken


@lru_cache(maxsize=256)
def holds_length(word: RequestWord) -> bool:
    """Whether a time is given by a length: "in 10 minutes", and not "tomorrow"."""
    return word.kind == "when" and bool(find_duration(word.norm))


def is_bare_hour(words: tuple[RequestWord, ...], place: int) -> bool:
    """Whether a number may be an hour, by the word before it: "push it to 7"."""
    word = words[place]
    # "Push it to 90" names no hour.
    if word.kind != "number" or not word.norm.isdigit() or not 0 < int(word.norm) <= 24:
        return False
    return place > 0 and words[place - 1].norm in _BEFORE_HOURS


def _taken_quantity(step: Step, tape: Tape, score: list[float]) -> Taken:
    """A number and its unit, a unit with an article, or a length of time."""
    taken: Taken = [_NOTHING]
    for place in range(len(tape.words)):
        start = _quantity_start(tape.words, place)
        found = _NOTHING if start < 0 else (start, score[start], step.weight)
        taken.append(found)
    return taken


def _quantity_start(words: tuple[RequestWord, ...], place: int) -> int:
    """Where the quantity begins whose unit is the word at a place; -1 without one."""
    word = words[place]
    if word.kind == "duration":
        return place
    if not unit_of(word.norm):
        return -1
    first = place - 1
    # "20 degrees celsius": the number is before both words.
    if first >= 0 and words[first].stem == "degree":
        first -= 1
    if first >= 0 and words[first].kind == "number":
        return first
    # "A mile in kilometers"; the article itself is left out of the words.
    return place if word.led in ("a", "an") else -1


def _taken_value(step: Step, tape: Tape, score: list[float]) -> Taken:
    values = step.param.values if step.param else ()
    taken: Taken = [_NOTHING]
    ways = {way for value in values for way in said_as(value)}
    norms = [word.norm.replace("-", " ") for word in tape.words]
    for end in range(1, len(norms) + 1):
        starts = range(max(0, end - _LONGEST_VALUE), end)
        fits = (s for s in starts if " ".join(norms[s:end]) in ways)
        # The earliest start is the longest way to say a value: "every day" before
        # "day".
        start = next(fits, None)
        fit = None if start is None else (start, score[start], step.weight)
        taken.append(fit or _NOTHING)
    return taken


def _taken_person(step: Step, tape: Tape, score: list[float]) -> Taken:
    taken: Taken = [_NOTHING]
    for end in range(1, len(tape.words) + 1):
        best = _NOTHING
        # From short to long; a longer group has to be cheaper, not just as cheap.
        for start in range(end - 1, max(-1, end - _LONGEST_GROUP - 1), -1):
            cost = people_cost(tape.words[start:end])
            if cost < NO_PERSON and score[start] - cost > best[1]:
                best = (start, score[start] - cost, step.weight)
        taken.append(best)
    return taken


def _taken_free(
    step: Step, tape: Tape, cost: tuple[float, ...], score: list[float]
) -> Taken:
    taken: Taken = [_NOTHING]
    start, value = 0, _LOW
    param = step.param
    literal = param is None or param.verbatim
    is_role = param is not None and param.kind == "role"
    # A few words may be a time; what a thing is called is not.
    names = param is not None and not literal and not param.short
    for place, word in enumerate(tape.words):
        # "It" and an order begin what somebody is told, and no name of a thing.
        is_odd = word.norm in _NO_THING or (not place and bool(word.act))
        odd = _ODD_BEGINNING if is_odd and not literal else 0.0
        # A new start is only better where leaving the words before over costs less than
        # taking them in.
        if score[place] - odd > value:
            start, value = place, score[place] - odd
        odd = _ODD_TIME if word.kind == "when" and names else 0.0
        value -= _NO_ROLE if is_role and word.capital else cost[place] + odd
        taken.append((start, value, step.weight))
    return taken


def _trace(
    pattern: Pattern, back: list[list[int]], size: int
) -> tuple[tuple[int, int] | None, ...]:
    spans: list[tuple[int, int] | None] = []
    place = size
    # Backwards from the last step and the last word, along the moves that were kept.
    for number in range(len(pattern.steps) - 1, -1, -1):
        while back[number][place] == -1:
            place -= 1
        move = back[number][place]
        if move == -2:
            spans.append(None)
        else:
            spans.append((move, place))
            place = move
    return tuple(reversed(spans))
