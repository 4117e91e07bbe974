"""Drafts: what each clause asks for, whom "her" stands for, and what is still missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from agentkit.backends.reflex.clauses import Clause, Vouch, nobody, split
from agentkit.backends.reflex.english import said_as, word_set
from agentkit.backends.reflex.matcher import Match
from agentkit.backends.reflex.parameters import Param
from agentkit.backends.reflex.patterns import Kit
from agentkit.backends.reflex.persons import PRONOUNS, likely_name
from agentkit.backends.reflex.request_tokens import RequestWord, read_number, read_words
from agentkit.backends.reflex.slot_filling import (
    Arguments,
    each_of,
    fill,
    missing,
    value_from,
)
from agentkit.context import Context
from agentkit.tools.schema.json_schema import is_list

_MATTERS = frozenset(
    {"details", "detail", "info", "information", "it", "that", "this", "about it"}
)
_THINGS = frozenset({"it", "that", "this", "these", "those", "them", "that one"})


def resolve(
    arguments: Mapping[str, Any],
    params: Mapping[str, Param],
    person: str,
    named: Mapping[str, Any],
) -> dict[str, Any]:
    """Put what was named before in the place of pronouns.

    Args:
        arguments: what the words gave.
        params: the tool's parameters.
        person: who was named last; empty when nobody was.
        named: the arguments of earlier calls, by parameter.

    Returns:
        The arguments; one whose pronoun stands for nothing known is left out.
    """
    found: dict[str, Any] = {}
    for name, value in arguments.items():
        kind = params[name].kind
        said = value[0] if kind == "people" and len(value) == 1 else value
        word = str(said).lower()
        if kind in ("person", "people") and word in PRONOUNS:
            if person:
                found[name] = [person] if kind == "people" else person
        elif kind in ("text", "person") and word in _THINGS:
            if name in named:
                found[name] = named[name]
        else:
            found[name] = value
    return found


def retell(
    arguments: Mapping[str, Any], params: Mapping[str, Param], told: str
) -> dict[str, Any]:
    """Put the first clause's words in the place of a text that points at them.

    Args:
        arguments: what the words gave.
        params: the tool's parameters.
        told: the words of the first clause; empty in the first clause itself.
    """
    return {
        name: told
        if told and params[name].verbatim and _points_back(str(value))
        else value
        for name, value in arguments.items()
    }


def _points_back(said: str) -> bool:
    words = [word for word in said.lower().split() if word not in ("the", "all")]
    return " ".join(words) in _MATTERS


def spoken_matter(match: Match, text: str) -> str:
    """What a clause is about, in its own words: all but its verb and article."""
    words = list(match.words)
    steps = zip(match.fit.pattern.steps, match.fit.spans, strict=True)
    verbs = {span[0] for step, span in steps if span and step.verb}
    if len(words) > 1 and (0 in verbs or words[0].act):
        words = words[1:]
    start, end = (words[0].start, words[-1].end) if words else (0, 0)
    return text[start:end].strip(" ,;:.!?")


def last_person(words: Iterable[RequestWord], text: str) -> str:
    """The person who is named last in some words of a text; empty when none is."""
    run: list[RequestWord] = []
    found: list[RequestWord] = []
    for word in words:
        if not likely_name(word):
            continue
        beside = bool(run) and word.start - run[-1].end <= 1
        run = [*run, word] if beside else [word]
        found = run
    return text[found[0].start : found[-1].end] if found else ""


def last_person_of(texts: Iterable[str]) -> str:
    """The person who is named last in earlier turns."""
    person = ""
    for text in texts:
        person = last_person(read_words(text), text) or person
    return person


# Said with any request, and heard by nobody.
COURTESIES = word_set(
    "uh uhh uhm um umm er erm hmm hm like maybe perhaps kinda sorta ish please thanks "
    "thank kindly quickly hey hi hello dear okay sure yeah yep cheers ta lol btw asap"
)
# So much less likely may be what lacks nothing, beside what has to be asked for.
_NEAR = 0.25


@dataclass(frozen=True, slots=True)
class CallDraft:
    """A call in the making.

    Attributes:
        missing: required parameters without a value.
        words: the clause's words that the tool's own sentence does not speak of,
            for finding another tool that provides what is missing.
        reason: why this tool, in words.
        after: the tool whose call must have been done before; empty for none.
        score: how well a sentence of the tool fits, 0 to 1; 0 where none was laid beside.
        left: words of the clause that became of nothing.
    """

    tool: str
    arguments: Arguments
    missing: tuple[Param, ...]
    words: tuple[RequestWord, ...]
    reason: str
    after: str = ""
    score: float = 0.0
    left: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CallReading:
    """What a request asks for.

    Attributes:
        drafts: the calls in the making; empty where nothing is to be called.
        unclear: which part fits no tool.
        partly: another part of it fits one.
        said: what to answer where nothing is to be called; empty for nothing.
        is_answer: whether `said` answers, and does not decline.
        foreign: whether it is known to be about what no tool does.
        off: the tool that would serve it and is off; empty for none.
        half: the calls of the part that can be done where nobody else does the whole.
        not_done: what is then said of the rest.
    """

    drafts: tuple[CallDraft, ...] = ()
    unclear: str = ""
    partly: bool = False
    said: str = ""
    is_answer: bool = False
    foreign: bool = False
    off: str = ""
    half: tuple[CallDraft, ...] = ()
    not_done: str = ""


def read_request(
    text: str,
    kit: Kit,
    context: Context,
    earlier: tuple[str, ...] = (),
    vouch: Vouch = nobody,
) -> CallReading:
    """Read a request as drafts of calls.

    Args:
        text: what the user says.
        kit: the compiled toolset.
        context: the clock that dates are found by.
        earlier: what the user said before, for "her" and "them".
        vouch: names the tools that the trained understanding takes for likely.
    """
    words = read_words(text, context.now)
    before = last_person_of(earlier)
    drafts: list[CallDraft] = []
    named: dict[str, Any] = {}
    told = ""
    clauses = split(words, text, kit, vouch)
    for clause in clauses:
        if clause.best is None:
            partly = any(one.best for one in clauses)
            return CallReading(unclear=_why_unclear(clause, text), partly=partly)
        start = clause.words[0].start
        person = last_person((w for w in words if w.start < start), text) or before
        end = _clause_end(clause, words, text)
        draft = _complete(
            [
                _draft(match, text, kit, person, named, told, end)
                for match in clause.matches
                if match.sure
            ]
        )
        told = told or spoken_matter(clause.best, text)
        named |= draft.arguments
        parted = _per_thing(draft, clause.best, kit)
        for one in parted if len(parted) > 1 else _per_person(draft, kit):
            drafts += _per_time(one, clause.best, text, kit)
    if not drafts:
        return CallReading(unclear="there are no words to go by")
    passed = _passed_over(words, clauses, drafts, text)
    drafts[0] = replace(drafts[0], left=(*drafts[0].left, *passed))
    return CallReading(_shared_numbers(drafts, kit))


def _passed_over(
    words: tuple[RequestWord, ...],
    clauses: tuple[Clause, ...],
    drafts: list[CallDraft],
    text: str,
) -> tuple[str, ...]:
    """Tell the content words before a request that no clause of it holds."""
    heard = {(word.start, word.end) for one in clauses for word in one.words}
    said = " ".join(way for one in drafts for way in _texts(one.arguments)).lower()
    return tuple(
        text[word.start : word.end]
        for word in words
        if (word.start, word.end) not in heard
        and word.content
        and word.norm not in COURTESIES
        and not _holds(said, word.norm)
    )


def _complete(drafts: list[CallDraft]) -> CallDraft:
    """Choose a draft: the best, or one about the same that lacks nothing, where it does.

    "Make lunch two hours" is less like an event to be made than like one to be changed.
    """
    best, *others = drafts
    if not best.missing:
        return best
    noun = best.tool.rpartition("_")[2]
    whole = (
        one
        for one in others
        if one.tool.endswith(noun) and not one.missing and not one.left
        and one.score >= best.score - _NEAR
        and len(one.arguments) > 1
    )  # fmt: skip
    return next(whole, best)


def _clause_end(clause: Clause, words: tuple[RequestWord, ...], text: str) -> int:
    """Where a clause ends, signs behind its last word included."""
    last = clause.words[-1]
    if last is words[-1] or last.end == words[-1].end:
        return len(text)
    return last.end


def _draft(
    match: Match,
    text: str,
    kit: Kit,
    person: str,
    named: dict[str, Any],
    told: str,
    end: int,
) -> CallDraft:
    params = kit.params[match.tool]
    given = retell(fill(match, text, params, end), params, told)
    arguments = resolve(given, params, person, named)
    reason = _reason(match, arguments)
    return CallDraft(
        match.tool,
        arguments,
        missing(arguments, params),
        _unspoken(match),
        reason,
        score=match.score,
        left=unaccounted(match, arguments, text),
    )


def unaccounted(match: Match, arguments: Arguments, text: str) -> tuple[str, ...]:
    """Tell which words of a clause became of nothing.

    A word is accounted for when the sentence has it, an argument holds it, or it is one
    that says nothing by itself, such as "please" and "the".
    """
    places = _taken(match, arguments)
    held = [_extent(value, text) for value in _texts(arguments)]
    said = " ".join(_texts(arguments)).lower()
    left: list[str] = []
    for place, word in enumerate(match.words):
        inside = any(start < word.end and word.start < end for start, end in held)
        counted = read_number(word.norm) if word.kind == "number" else ""
        if (
            place in places
            or inside
            or _holds(said, word.norm)
            or (counted and _holds(said, counted))
        ):
            continue
        if word.norm in COURTESIES:
            continue
        if word.kind != "word" or word.content:
            start, end = _gap_around(match, place) or (word.start, word.end)
            left.append(text[start:end].strip())
    return tuple(dict.fromkeys(left))


def _gap_around(match: Match, place: int) -> tuple[int, int] | None:
    """Where the words stand that "..." took with one: "when I get home" is one thing."""
    for step, span in zip(match.fit.pattern.steps, match.fit.spans, strict=True):
        if span and not step.stems and not step.param and place in range(*span):
            return match.words[span[0]].start, match.words[span[1] - 1].end
    return None


def _holds(said: str, word: str) -> bool:
    """Whether a word stands in what is said, and not as a part: the 2 of "1/2"."""
    return bool(re.search(rf"(?<![\w/.]){re.escape(word)}(?![\w/])", said))


def _taken(match: Match, arguments: Arguments) -> set[int]:
    """The places of a clause's words that the sentence, or an argument's slot, took."""
    steps = zip(match.fit.pattern.steps, match.fit.spans, strict=True)
    return {
        place
        for step, span in steps
        # What "..." stands for is heard by nobody.
        if span and (step.stems or (step.param and step.param.name in arguments))
        for place in range(*span)
    }


def _texts(arguments: Arguments) -> list[str]:
    """The words that arguments may stand for: "daily" was said as "every day"."""
    lists = (value if is_list(value) else [value] for value in arguments.values())
    texts = (str(one) for each in lists for one in each)
    return [way for text in texts for way in (text, *said_as(text))]


def _extent(value: str, text: str) -> tuple[int, int]:
    start = text.lower().find(value.lower())
    return (start, start + len(value)) if start >= 0 and value else (0, 0)


def _per_person(draft: CallDraft, kit: Kit) -> list[CallDraft]:
    """Make one call for each of "text Tom and Maya"."""
    for param in kit.params[draft.tool].values():
        if param.kind == "person" and " and " in str(
            draft.arguments.get(param.name, "")
        ):
            return [
                replace(draft, arguments={**draft.arguments, param.name: name})
                for name in each_of(draft.arguments[param.name])
            ]
    return [draft]


def _per_thing(draft: CallDraft, match: Match, kit: Kit) -> list[CallDraft]:
    """Make one call for each of "delete the dentist and car service".

    Whoever stands behind "with" belongs to what is before it.
    """
    removes = any(word.act == "remove" for word in match.words[:1])
    name = next(
        (p.name for p in kit.params[draft.tool].values() if p.name == "title"), ""
    )
    said = str(draft.arguments.get(name, "")) if name and removes else ""
    if " and " not in said or re.search(r"\bwith\b", said.rpartition(" and ")[0], re.I):
        return [draft]
    things = [_ARTICLE.sub("", thing) for thing in each_of(said)]
    return [
        replace(draft, arguments={**draft.arguments, name: thing}) for thing in things
    ]


_ARTICLE = re.compile(r"^(?:the|my|our|an?)\s+", re.I)


def _per_time(draft: CallDraft, match: Match, text: str, kit: Kit) -> list[CallDraft]:
    """Make one call for each time of "set alarms for 6am and 7am"."""
    whens = [word for word in match.words if word.kind == "when"]
    slot = next((p for p in kit.params[draft.tool].values() if p.kind == "when"), None)
    if slot is None or not slot.required or len(whens) < 2:
        return [draft]
    between = pairwise(whens)
    if not all(" and " in text[a.end : b.start] + " " for a, b in between):
        return [draft]
    values = [value_from(slot, (word,), text) for word in whens]
    return [
        replace(draft, arguments={**draft.arguments, slot.name: value}, missing=())
        for value in values
    ]


def _unspoken(match: Match) -> tuple[RequestWord, ...]:
    """The words that no word of the pattern met, in slots or left over."""
    steps = zip(match.fit.pattern.steps, match.fit.spans, strict=True)
    met = {span[0] for step, span in steps if span and step.stems}
    return tuple(word for place, word in enumerate(match.words) if place not in met)


def _reason(match: Match, arguments: Arguments) -> str:
    steps = zip(match.fit.pattern.steps, match.fit.spans, strict=True)
    said = [match.words[span[0]].norm for step, span in steps if span and step.stems]
    slots = "".join(f", {name}: {value!r}" for name, value in arguments.items())
    return f"{' '.join(said)!r} matches {match.tool} ({match.score:.2f}){slots}"


def _why_unclear(clause: Clause, text: str) -> str:
    said = text[clause.words[0].start : clause.words[-1].end] if clause.words else ""
    shown = said if len(said) <= 60 else said[:57] + "..."
    if not clause.matches:
        return f"no tool's sentences are like {shown!r}"
    near = clause.matches[0]
    return f"{shown!r} is not clear enough: nearest is {near.tool} ({near.score:.2f})"


def _shared_numbers(drafts: list[CallDraft], kit: Kit) -> tuple[CallDraft, ...]:
    """Carry a number over to the calls that have a place for it and none given."""
    given: dict[str, int] = {}
    for draft in drafts:
        for name, value in draft.arguments.items():
            if kit.params[draft.tool][name].kind == "integer":
                given.setdefault(name, value)
    return tuple(with_numbers(draft, given, kit) for draft in drafts)


def with_numbers(draft: CallDraft, given: dict[str, int], kit: Kit) -> CallDraft:
    """Add numbers given elsewhere in the request where a parameter awaits them."""
    more = {
        name: value
        for name, value in given.items()
        if name not in draft.arguments
        and name in kit.params[draft.tool]
        and kit.params[draft.tool][name].kind == "integer"
    }
    return replace(draft, arguments={**draft.arguments, **more}) if more else draft
