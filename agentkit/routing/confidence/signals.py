"""Signals of a local answer that can be measured without any other model."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agentkit.backends.base import Reply
from agentkit.messages import Conversation, ToolCall
from agentkit.routing.confidence.argument_support import (
    NOTHING,
    Arguments,
    about,
    read_arguments,
)
from agentkit.routing.confidence.fit import weigh_choice, weigh_forms
from agentkit.routing.confidence.hints import UNHEEDED, Heeded, heed
from agentkit.routing.confidence.said_text import Said, is_number, leaves, said_in
from agentkit.tools import Toolset

_MEAN = ("given", "least_said", "missing", "mistyped", "options_left", "partly_said")


@dataclass(frozen=True, slots=True)
class Signals:
    """Numbers that a prediction is made of, and words for its reasons.

    Attributes:
        values: by name; the same names for every reply.
        details: what a signal is about, such as the argument that nobody said.
        sure: how sure the model itself was of the tool's name, 0 to 1; 1 where its
            backend does not tell.
    """

    values: Mapping[str, float]
    details: Mapping[str, str]
    sure: float = 1.0


def gather(conversation: Conversation, toolset: Toolset, reply: Reply) -> Signals:
    """Look at a local model's reply.

    Args:
        conversation: the messages that it answers.
        toolset: the tools that it could call.
        reply: what it answered, read.
    """
    last, said = said_in(conversation)
    calls = [call for call in reply.calls if call.name in toolset]
    read = [read_arguments(call, toolset[call.name], last, said) for call in calls]
    heeded = [heed(call, toolset[call.name], last) for call in calls]
    values = {
        **_form(reply),
        **_request(last, toolset),
        **_unused(last, calls),
        **_unexplained(last, calls, toolset),
        **_number_of_calls(last, calls, toolset),
        **weigh_choice(last, calls, toolset),
        **weigh_forms(last, calls, toolset),
        **_sum_up(read),
        **_unheeded(heeded),
    }
    return Signals(values, _details(read, heeded), _sure(reply))


def _form(reply: Reply) -> dict[str, float]:
    return {
        "no_call": float(not reply.calls),
        # Counts are cut throughout, as those in `fit` are, and lengths stand as
        # logarithms.
        "faults": float(min(len(reply.faults), 3)),
        "repairs": float(min(len(reply.repairs), 4)),
        "prose": math.log1p(len(reply.text)) if reply.calls else 0.0,
    }


def _request(last: Said, toolset: Toolset) -> dict[str, float]:
    return {
        "length": math.log1p(len(last.words)),
        "numbers": float(min(sum(last.digits.values()), 12)),
        "quotes": float(min(len(last.quotes), 6)),
        "names": float(min(len(last.names), 12)),
        "negated": float(last.negated),
        "percents": float(min(len(last.percents), 4)),
        "bounds": float(min(last.bounds, 5)),
        "ands": float(min(last.words.count("and"), 6)),
        "tools": float(min(len(toolset), 8)),
    }


def _unused(last: Said, calls: Sequence[ToolCall]) -> dict[str, float]:
    """Measure what was said and is in no argument."""
    used = [leaf for call in calls for leaf in leaves(dict(call.arguments))]
    text = Said(" ".join(str(leaf) for leaf in used))
    numbers = {abs(float(leaf)) for leaf in used if is_number(leaf)} | text.numbers
    # Per cent, thousands and millions may have become another number.
    unsaid = [n for n in last.digits if not {n, n / 100, n * 1000, n * 1e6} & numbers]
    names = [name for name in last.names if not _is_in(name, text)]
    quotes = [quote for quote in last.quotes if not _is_in(quote, text)]
    return {
        "unused_numbers": float(min(len(unsaid), 5)),
        "unused_names": len(names) / max(1, len(last.names)),
        "unused_quotes": float(min(len(quotes), 3)),
        "unused_end": _unused_end(last.text.lower(), used),
    }


def _unused_end(text: str, used: Sequence[object]) -> float:
    """Return the share of a request that lies behind the last value used of it."""
    told = (str(leaf).lower() for leaf in used if not isinstance(leaf, bool | None))
    last = max((text.find(value) for value in told), default=-1)
    # A request whose end is in no argument was perhaps read halfway.
    return 1 - max(last, 0) / max(1, len(text))


def _unexplained(
    last: Said, calls: Sequence[ToolCall], toolset: Toolset
) -> dict[str, float]:
    """Measure the words that the calls leave out, and those that no tool speaks of.

    Without a call every tool counts: what none speaks of is none's work.
    """
    told = [str(leaf) for call in calls for leaf in leaves(dict(call.arguments))]
    told += [f"{call.name} {' '.join(call.arguments)}" for call in calls]
    left = last.content - Said(" ".join(told)).stems
    tools = [toolset[call.name] for call in calls] or list(toolset)
    abouts = {stem for tool in tools for stem in about(tool)}
    foreign = left - abouts
    return {
        "unexplained": float(min(len(left), 20)),
        "unexplained_share": len(left) / max(1, len(last.content)),
        "foreign": float(min(len(foreign), 20)),
        "foreign_share": len(foreign) / max(1, len(last.content)),
        "unfit": 0.0 if calls else len(foreign) / max(1, len(last.content)),
    }


def _is_in(text: str, used: Said) -> bool:
    return text.lower() in used.flat or set(Said(text).stems) <= used.stems


def _number_of_calls(
    last: Said, calls: Sequence[ToolCall], toolset: Toolset
) -> dict[str, float]:
    count = len(calls)
    keys = Counter((call.name, str(dict(call.arguments))) for call in calls)
    names = {call.name for call in calls}
    values = [leaf for call in calls for leaf in leaves(dict(call.arguments))]
    numeric = sum(is_number(leaf) for leaf in values)
    said = sum(last.digits.values())
    parts = last.parts
    return {
        "calls": float(min(count, 6)),
        "one_call": float(count == 1),
        "repeated": float(sum(keys.values()) - len(keys) > 0),
        "uncalled": float(min(len(toolset) - len(names), 6)),
        # One more on both sides, so that none has a logarithm.
        "number_ratio": math.log((1 + numeric) / (1 + said)),
        "parts": float(min(parts, 12)),
        "parts_per_call": math.log((1 + parts) / (1 + count)),
        "ands_per_call": math.log((1 + last.words.count("and")) / (1 + count)),
        "arguments_per_call": len(values) / max(1, count),
    }


def _sum_up(read: Sequence[Arguments]) -> dict[str, float]:
    """Take the worst of the calls for each signal, and for some the mean too."""
    values = [one.values for one in read] or [NOTHING]
    # One wrong call makes the answer wrong, however good the others are.
    worst = {name: max(found[name] for found in values) for name in NOTHING}
    mean = {name: sum(found[name] for found in values) / len(values) for name in _MEAN}
    return worst | {f"mean_{name}": value for name, value in mean.items()}


def _unheeded(heeded: Sequence[Heeded]) -> dict[str, float]:
    found = [one.values for one in heeded] or [UNHEEDED]
    return {name: max(counts[name] for counts in found) for name in UNHEEDED}


def _sure(reply: Reply) -> float:
    """Return how sure the model was of the least sure tool's name; 1 when unknown."""
    return math.exp(min(reply.logprobs, default=0.0))


def _details(read: Sequence[Arguments], heeded: Sequence[Heeded]) -> dict[str, str]:
    found: dict[str, str] = {}
    details = [one.details for one in read] + [one.details for one in heeded]
    for one in details:
        # The first call that shows a signal is the one that its reason names.
        for name, detail in one.items():
            found.setdefault(name, detail)
    return found
