"""Which tool a clause asks for: every likely pattern aligned with it, best first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from agentkit.backends.reflex.alignment import Fit, Tape, align
from agentkit.backends.reflex.clause_words import trimmed, with_roles, without_articles
from agentkit.backends.reflex.english import (
    ASKING,
    FUNCTION,
    NEGATIONS,
    NOW_WORDS,
    WEAK,
    Act,
    stem_of,
)
from agentkit.backends.reflex.moods import Mood, mood_of, nearest
from agentkit.backends.reflex.patterns import Kit, Pattern, Step, word_weight
from agentkit.backends.reflex.request_tokens import RequestWord
from agentkit.backends.reflex.templates import take_apart
from agentkit.understanding import is_trained

# What each weight trades, tests/benchmarks/reflex_weights.py measures, with the trained
# understanding beside the rules: of 563 requests 490 go to the right tool, and of 600
# that no tool serves 32 are answered with a call or a question. The figures below are
# what another value makes of these.
# At 0.46 two more are right, and ten more of those that no tool serves are called for;
# at 0.66 six fewer and seven fewer.
SURE = 0.56
# For sentences without a noun of their own, which fit much that means something else. It
# decides where nothing vouches: without numpy. Between 0.6 and 0.9 nothing changes with it.
LOOSE_SURE = 0.75
# A pattern that cannot get above this is not laid beside the words. At 0 nothing changes,
# in two and a half times the time; at 0.6 the first right one is lost.
_HOPELESS = 0.45
# Without the verb: at 1 three more are right and seven more foreign; at 0.6 three fewer.
_NO_VERB = 0.8
# Without a time or person that its slot wants: at 1 two more foreign, at 0.7 one fewer
# of either.
_NO_VALUE = 0.88
# Without any word that says what the tool is about: at 1 one more is wrong, and three
# more foreign. Lower changes nothing.
_NO_ANCHOR = 0.5
# A sentence without a noun gives way to one that has it: at 1 one more is wrong.
_LOOSE = 0.9
# What the understanding's probability adds to a score, between two that fit alike: at 0
# four more are wrong. At 0.2 three more would be right; more than a tie-break it is not
# to be, since a sentence that fits is exact where the understanding guesses.
_LIKELY = 0.06
# By so much less of a sentence is enough where the understanding is sure of a developer's
# tool: "the light in the living room" is a long name for a slot.
_BACKED = 0.15
# The clause says "not" and the sentence does not. Nothing in the sample hangs on it:
# orders that are denied are also caught by `refusals`.
_NEGATED = 0.5
_ODD = ("when", "duration")
_TELLING = ("when", "duration", "person", "people")


@dataclass(frozen=True, slots=True)
class Match:
    """A tool that a clause may ask for.

    Attributes:
        score: 0 to 1.
        words: the clause's words that the fit's spans count by.
        likely: how likely another judge takes the tool; below 0 where it does not.
    """

    tool: str
    score: float
    fit: Fit
    words: tuple[RequestWord, ...]

    likely: float = -1.0

    @property
    def vouched(self) -> bool:
        """Whether another judge takes the tool for likely."""
        return self.likely >= 0

    @property
    def sure(self) -> bool:
        """Whether it is good enough to act on."""
        least = SURE if self.fit.pattern.anchored or self.vouched else LOOSE_SURE
        # Tools that it was trained on are filled by what it tags where no sentence fits.
        backed = self.likely > 0 and not is_trained(self.tool)
        return self.score >= least - _BACKED * self.likely * backed


def rank(
    words: tuple[RequestWord, ...], kit: Kit, vouched: Mapping[str, float] | None = None
) -> list[Match]:
    """List the tools that fit a clause, best first.

    Args:
        words: the clause.
        kit: the compiled toolset.
        vouched: tools that are likely meant by another judge, and how likely. Their
            sentences may be filled with any words, even without a noun: "push {title}
            to {to}".
    """
    plain, vouched = with_roles(trimmed(words)), vouched or {}
    said = _Said(plain, kit, frozenset(vouched))
    best: dict[str, Match] = {}
    for number in _candidates(said.stems, kit):
        pattern = kit.pattern(number)
        # Some patterns want times and phrases of a request taken apart.
        reading = said.for_pattern(pattern) if pattern.parts else said.whole
        stems, acts = reading.stems, reading.acts
        # The weight of the words that the request could meet at all: of a hundred
        # patterns nine in ten end here, so it is summed up without a call of its own.
        met = 0.0
        for step in pattern.firm:
            if not stems.isdisjoint(step.stems) or not acts.isdisjoint(step.acts):
                met += step.miss
        if pattern.total and met / pattern.total < _HOPELESS:
            continue
        fit = align(pattern, reading.tapes.of(pattern))
        score = _score(fit, reading, vouched=pattern.tool in vouched)
        # A tool is as likely as the likeliest of its sentences.
        if pattern.tool not in best or score > best[pattern.tool].score:
            likely = vouched.get(pattern.tool, -1.0)
            best[pattern.tool] = Match(pattern.tool, score, fit, reading.words, likely)
    return sorted(best.values(), key=_order, reverse=True)


def _order(match: Match) -> tuple[bool, float, float]:
    # Of two that fit about as well, the likelier one.
    return match.sure, match.score + _LIKELY * max(match.likely, 0.0), match.fit.met


def _candidates(stems: set[str], kit: Kit) -> list[int]:
    found = {number for stem in stems for number in kit.index.get(stem, ())}
    return sorted(found.union(kit.loose))


def _score(fit: Fit, reading: _Reading, *, vouched: bool) -> float:
    """The share of evidence for it, less for another mood, verb or subject."""
    pattern, words = fit.pattern, reading.words
    score = fit.ratio * nearest(reading.mood, pattern.moods)
    # Of two that fit alike the one that met more; about two and a half words are enough.
    score *= 0.96 + 0.04 * min(1.0, fit.met / 2.5)
    named = False
    for step, span in zip(pattern.steps, fit.spans, strict=True):
        if span:
            own = step.stems if vouched and step.anchors else step.anchors
            named = named or words[span[0]].stem in own
        # What may be left out (`miss` of 0) is not missed.
        elif step.miss:
            score *= _lack(step, loose=not pattern.anchored)
    if reading.negated and not pattern.denies:
        score *= _NEGATED
    if reading.mood == "ask" and _speaks_of_it(fit, words):
        score *= _LOOSE
    if not reading.mood and "ask" in pattern.moods and not _begun(fit):
        score *= _NO_VERB
    if not pattern.anchored:
        # Beside one that says what it is about, the more telling one is meant.
        return score * _LOOSE
    return score if named else score * _NO_ANCHOR


def _begun(fit: Fit) -> bool:
    """Whether a pattern's first required word is met: "is" of "is milk on the list"."""
    pairs = zip(fit.pattern.steps, fit.spans, strict=True)
    return next((bool(span) for step, span in pairs if step.stems and step.miss), True)


def _speaks_of_it(fit: Fit, words: tuple[RequestWord, ...]) -> bool:
    """Whether "it" is left over: "what time is it" asks for no thing of a name."""
    taken = {place for span in fit.spans if span for place in range(*span)}
    return any(word.norm == "it" and n not in taken for n, word in enumerate(words))


def _lack(step: Step, *, loose: bool) -> float:
    """The factor for a score when an important part is missing.

    A pattern without a word of its own is nothing but its small words.
    """
    if step.anchors or loose:
        return _NO_VERB
    if NEGATIONS & step.stems.keys():
        return _NEGATED
    if step.verb or (step.glued and step.anchors):
        return _NO_VERB
    typed = step.param is not None and step.param.kind in _TELLING
    return _NO_VALUE if typed else 1.0


def _negated(words: tuple[RequestWord, ...], mood: Mood) -> bool:
    """Whether it says what not to do: "do not text mom"."""
    # Further on it denies something else: "remind me that I must not be late". "Why
    # not" asks.
    return mood != "ask" and any(word.stem in NEGATIONS for word in words[:4])


class _Reading:
    """A clause's words read in one way, with facts that many patterns need."""

    def __init__(
        self, plain: tuple[RequestWord, ...], kit: Kit, vouched: frozenset[str]
    ) -> None:
        self.mood: Mood = mood_of(plain)
        self.words = without_articles(plain)
        self.negated = _negated(self.words, self.mood)
        self.stems = {word.stem for word in self.words}
        self.acts: set[Act] = {word.act for word in self.words if word.act}
        self.tapes = _Tapes(self.words, kit, vouched)


class _Said:
    """A clause's words, read in each way that the patterns ask for."""

    def __init__(
        self, plain: tuple[RequestWord, ...], kit: Kit, vouched: frozenset[str]
    ) -> None:
        self._plain = plain
        self._kit = kit
        self._vouched = vouched
        self.whole = _Reading(plain, kit, vouched)
        self._read: dict[tuple[RequestWord, ...], _Reading] = {plain: self.whole}
        # Only times, lengths and phrases can be taken apart.
        self._odd = any(w.kind in _ODD or " " in w.norm for w in plain)
        self.stems = self.whole.stems | {
            stem_of(part)
            for word in plain
            if word.kind in _ODD or " " in word.norm
            for part in word.norm.split()
        }

    def for_pattern(self, pattern: Pattern) -> _Reading:
        """Read the words as a pattern wants them."""
        if not self._odd:
            return self.whole
        words = take_apart(self._plain, pattern.apart)
        if words not in self._read:
            self._read[words] = _Reading(words, self._kit, self._vouched)
        return self._read[words]


class _Tapes:
    """The clause's words with their costs, by what a tool can take."""

    def __init__(
        self, words: tuple[RequestWord, ...], kit: Kit, vouched: frozenset[str]
    ) -> None:
        self._words = words
        self._kit = kit
        self._vouched = vouched
        self._made: dict[tuple[bool, bool, bool], Tape] = {}
        self._by_tool: dict[tuple[str, bool], Tape] = {}

    def of(self, pattern: Pattern) -> Tape:
        """Return the words with what they cost a pattern."""
        roomy = pattern.roomy or pattern.tool in self._vouched
        key = (pattern.tool, roomy)
        if key not in self._by_tool:
            kinds = {param.kind for param in self._kit.params[pattern.tool].values()}
            self._by_tool[key] = self._tape("when" in kinds, "duration" in kinds, roomy)
        return self._by_tool[key]

    def _tape(self, when: bool, duration: bool, roomy: bool) -> Tape:
        key = (when, duration, roomy)
        if key not in self._made:
            skip = tuple([self._skip(word, when, duration) for word in self._words])
            take = tuple([_take(word, when, duration) for word in self._words])
            # Without a word of its own a pattern may not swallow others' words.
            take = take if roomy else skip
            pairs = zip(self._words, take, strict=True)
            nip = tuple([_nip(word, cost) for word, cost in pairs])
            self._made[key] = Tape(self._words, skip, take, nip)
        return self._made[key]

    def _skip(self, word: RequestWord, when: bool, duration: bool) -> float:
        # A time that the tool has a place for is hardly left over: it is filled in
        # wherever it stands. For a tool without one it counts nearly as a word.
        if word.kind == "when":
            return 0.03 if when or word.norm in NOW_WORDS else 0.4
        if word.kind == "duration":
            return 0.03 if duration else 0.4
        if word.kind in ("number", "address", "quote"):
            return 0.35
        # "How" and "when" that are left over mean that something else is asked.
        if word.stem in ASKING:
            return 0.3
        if word.stem in FUNCTION or (word.norm.endswith("ly") and len(word.norm) > 4):
            return 0.05
        if word.stem in WEAK:
            return 0.2
        if word.act:
            return 0.35
        # A word that other tools' sentences have speaks for those.
        return 0.7 if word.stem in self._kit.vocabulary else word_weight(word)


def _take(word: RequestWord, when: bool, duration: bool) -> float:
    # Into a phrase any word goes for next to nothing; a time that has its own slot is
    # better off there.
    own = (word.kind == "when" and when) or (word.kind == "duration" and duration)
    return 0.2 if own else 0.03


def _nip(word: RequestWord, take: float) -> float:
    # Of a few words none is "the", "what" or an order, mostly.
    closed = word.stem in FUNCTION or word.stem in ASKING
    return max(take, 0.2 if closed or word.act else 0.08)
