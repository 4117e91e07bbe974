"""Drafts: what each clause asks for, who "her" is, and what is still missing."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from agentkit.backends.reflex.clauses import Clause, Vouch, nobody, split
from agentkit.backends.reflex.leftovers import passed_over, unaccounted
from agentkit.backends.reflex.matcher import Match
from agentkit.backends.reflex.parameters import Param
from agentkit.backends.reflex.patterns import Kit
from agentkit.backends.reflex.references import (
    last_person,
    last_person_of,
    resolve,
    retell,
    spoken_matter,
)
from agentkit.backends.reflex.request_tokens import RequestWord, read_words
from agentkit.backends.reflex.slot_filling import fill, missing
from agentkit.backends.reflex.slot_values import Arguments, each_of, value_from
from agentkit.context import Context

# So much less likely may be what lacks nothing, beside what has to be asked for. At 0 it
# would be asked for what the user said.
_NEAR = 0.25


@dataclass(frozen=True, slots=True)
class CallDraft:
    """A call in the making.

    Attributes:
        missing: required parameters without a value.
        words: the clause's words that the tool's own sentence does not have,
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
        # In "call Ana and text her", "her" is who was named before this clause.
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
        # Later clauses may leave out what an earlier one has said.
        named |= draft.arguments
        parted = _per_thing(draft, clause.best, kit)
        # What was split by thing is not split by person again.
        for one in parted if len(parted) > 1 else _per_person(draft, kit):
            drafts += _per_time(one, clause.best, text, kit)
    if not drafts:
        return CallReading(unclear="there are no words to go by")
    passed = passed_over(words, clauses, [one.arguments for one in drafts], text)
    # They are before the first clause, so they count against that.
    drafts[0] = replace(drafts[0], left=(*drafts[0].left, *passed))
    return CallReading(_shared_numbers(drafts, kit))


def _complete(drafts: list[CallDraft]) -> CallDraft:
    """Choose a draft: the best, or one about the same that lacks nothing, where it does.

    "Make lunch two hours" is less like an event to be made than like one to be changed.
    """
    best, *others = drafts
    if not best.missing:
        return best
    # "event" of `create_event` and `move_event`.
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

    Whoever follows "with" belongs to what is before it.
    """
    # Only in what is removed: "add salt and pepper" may be one thing.
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
    # Where a time may be left out, two of them are hardly two calls.
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
    # Reasons are shown in one line of `--verbose`.
    shown = said if len(said) <= 60 else said[:57] + "..."
    if not clause.matches:
        return f"no tool's sentences are like {shown!r}"
    near = clause.matches[0]
    return f"{shown!r} is not clear enough: nearest is {near.tool} ({near.score:.2f})"


def _shared_numbers(drafts: list[CallDraft], kit: Kit) -> tuple[CallDraft, ...]:
    """Carry a number over to the calls that have an empty parameter for it."""
    given: dict[str, int] = {}
    for draft in drafts:
        for name, value in draft.arguments.items():
            if kit.params[draft.tool][name].kind == "integer":
                given.setdefault(name, value)
    return tuple(with_numbers(draft, given, kit) for draft in drafts)


def with_numbers(draft: CallDraft, given: dict[str, int], kit: Kit) -> CallDraft:
    """Add numbers from elsewhere in the request to parameters without a value."""
    more = {
        name: value
        for name, value in given.items()
        if name not in draft.arguments
        and name in kit.params[draft.tool]
        and kit.params[draft.tool][name].kind == "integer"
    }
    return replace(draft, arguments={**draft.arguments, **more}) if more else draft
