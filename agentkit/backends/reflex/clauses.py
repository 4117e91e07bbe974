"""A request cut into clauses, each of which asks for one tool."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from agentkit.backends.reflex.clause_words import trimmed
from agentkit.backends.reflex.english import ACTS, ASKING, FUNCTION
from agentkit.backends.reflex.matcher import Match, rank
from agentkit.backends.reflex.moods import mood_of
from agentkit.backends.reflex.patterns import Kit
from agentkit.backends.reflex.request_tokens import RequestWord
from agentkit.slots.name_forms import is_slip

_JOINTS = frozenset({"and", "then", "also", "plus"})
_STOPS = frozenset(",;.!?\n")
# Joints that are tried: each cut is matched anew, and nobody says a dozen requests at
# once.
_MOST = 12
# "Sing me a song" asks the assistant; "tell Ana" does not, so "me" must follow.
_TELLING = frozenset({"tell", "show", "sing", "read", "play", "give"})


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a request, and the tools that it may ask for, best first."""

    words: tuple[RequestWord, ...]
    matches: tuple[Match, ...]

    @property
    def best(self) -> Match | None:
        """The tool to act on; None when no tool fits well enough."""
        return self.matches[0] if self.matches and self.matches[0].sure else None


# The tools that some words likely ask for, and how likely, by another judge than the
# sentences.
Vouch = Callable[[str], Mapping[str, float]]


def nobody(_: str) -> Mapping[str, float]:
    """Vouch for no tool."""
    return {}


def split(
    words: tuple[RequestWord, ...], text: str, kit: Kit, vouch: Vouch = nobody
) -> tuple[Clause, ...]:
    """Cut a request where both sides ask for something."""

    def clause(part: tuple[RequestWord, ...]) -> Clause:
        said = text[part[0].start : part[-1].end] if part else ""
        return _clause(part, kit, vouch(said))

    # Cut everywhere first; parts that are no requests are put together again below.
    places = _joints(words, text)[:_MOST]
    parts = [
        words[first:last]
        for first, last in zip([0, *places], [*places, len(words)], strict=True)
        if first < last
    ]
    if not parts:
        return ()
    found: list[Clause] = []
    current = clause(parts[0])
    for part in parts[1:]:
        if _goes_on(current, part[0], text):
            current = clause(current.words + part)
            continue
        # What the part is by itself is weighed against what it is as the end of the one
        # before: "buy milk and bread" is one request.
        following = _completed(clause(part), current, kit)
        whole = clause(current.words + part)
        # Kept apart, so that the half that can be done is seen.
        if _is_foreign(following, part[0], current) and not _meets(whole, part[0]):
            found.append(current)
            current = following
        elif not _stands_alone(following, kit) or _meets(whole, part[0]):
            current = whole
        # "I am out of milk, add it to the list": the first part asks for nothing.
        elif current.best is None and (whole.best or _says_nothing(current)):
            current = whole if whole.best else following
        else:
            found.append(current)
            current = following
    found.append(current)
    return tuple(found)


def _goes_on(clause: Clause, joint: RequestWord, text: str) -> bool:
    """Whether a part behind a comma continues a message to somebody.

    "Message Noah that sounds good, count me in" is one message.
    """
    between = text[clause.words[-1].end : joint.start] if clause.words else ""
    if clause.best is None or joint.norm in _JOINTS or between.strip() != ",":
        return False
    steps = clause.best.fit.pattern.steps
    return any(step.param is not None and step.param.verbatim for step in steps)


def _joints(words: tuple[RequestWord, ...], text: str) -> list[int]:
    places: list[int] = []
    for place in range(1, len(words)):
        between = text[words[place - 1].end : words[place].start]
        # "And then" is one joint.
        if words[place].norm in _JOINTS and words[place - 1].norm in _JOINTS:
            continue
        if _in_brackets(text, words[place].start):
            continue
        if words[place].norm in _JOINTS or _ends(between, text[words[place].start]):
            places.append(place)
    return places


def _in_brackets(text: str, at: int) -> bool:
    """Whether a place is inside of brackets: "crisps (salt, vinegar)" is one thing."""
    before = text[:at]
    return before.count("(") > before.count(")") and ")" in text[at:]


def _ends(between: str, following: str) -> bool:
    """Whether the signs between two words end a part: "milk! to the list" goes on."""
    stops = _STOPS.intersection(between)
    return bool(stops) and not (stops == frozenset("!") and following.islower())


def _clause(
    words: tuple[RequestWord, ...], kit: Kit, vouched: Mapping[str, float] | None = None
) -> Clause:
    while words and words[0].norm in _JOINTS:
        words = words[1:]
    return Clause(words, tuple(rank(_mended(words, kit), kit, vouched or {})[:4]))


def _mended(words: tuple[RequestWord, ...], kit: Kit) -> tuple[RequestWord, ...]:
    """Read an order with a slip of the finger in it as what it is one slip from."""
    plain = trimmed(words)
    first = plain[0] if plain else None
    if first is None or first.kind != "word" or first.capital:
        return words
    # A word that somebody's sentence has is no slip.
    if first.stem in kit.vocabulary or first.act or first.stem in FUNCTION:
        return words
    meant = [one for one in kit.vocabulary if is_slip(first.norm, one)]
    # Of several words that are one slip away, exactly one has to be an order.
    orders = [one for one in meant if one in ACTS or len(meant) == 1]
    if len(orders) != 1:
        return words
    stem = orders[0]
    right = replace(first, norm=stem, stem=stem, act=ACTS.get(stem, ""))
    return tuple(right if word is first else word for word in words)


def _completed(clause: Clause, before: Clause, kit: Kit) -> Clause:
    """Lend a short part the end of the one before: "... and remove rice [from it]"."""
    plain = trimmed(clause.words)
    # Only an order can borrow: "remove rice" lacks where from.
    if clause.best or before.best is None or not plain or not plain[0].act:
        return clause
    match = before.best
    steps = zip(match.fit.pattern.steps, match.fit.spans, strict=True)
    filled = [span for step, span in steps if span and step.param]
    tail = match.words[filled[0][1] :] if filled else ()
    longer = _clause((*plain, *tail), kit) if tail else clause
    return longer if longer.best else clause


def _stands_alone(clause: Clause, kit: Kit) -> bool:
    """Whether a part is a separate request: it begins like one and fits a tool."""
    if clause.best is None:
        return False
    plain = trimmed(clause.words)
    return bool(mood_of(plain)) or plain[0].stem in kit.index or bool(plain[0].act)


def _is_foreign(clause: Clause, joint: RequestWord, before: Clause) -> bool:
    """Whether a part asks the assistant for what no tool does: "and tell me a joke".

    Words of a text to somebody are no requests, whatever they are like.
    """
    if clause.best or before.best is None or joint.norm not in _JOINTS:
        return False
    params = (step.param for step in before.best.fit.pattern.steps)
    if any(param is not None and param.verbatim for param in params):
        return False
    plain = trimmed(clause.words)
    norms = " ".join(word.norm for word in plain).split()
    to_me = norms[:1] and norms[0] in _TELLING and norms[1:2] == ["me"]
    return bool(to_me) or (len(plain) > 2 and plain[0].stem in ASKING)


def _says_nothing(clause: Clause) -> bool:
    """Whether a part is mere talk before the request: "I am out of milk, ..."."""
    plain = trimmed(clause.words)
    mood = mood_of(plain)
    return mood == "say" or (not mood and bool(plain) and plain[0].stem in FUNCTION)


def _meets(whole: Clause, joint: RequestWord) -> bool:
    """Whether the pattern of the undivided request matches the joint itself."""
    match = whole.best
    if match is None or joint.norm not in _JOINTS:
        return False
    for step, span in zip(match.fit.pattern.steps, match.fit.spans, strict=True):
        if step.stems and span and joint in match.words[slice(*span)]:
            return True
    return False
