"""How likely a local answer is wrong, and why, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, cast

from agentkit.backends.base import Reply
from agentkit.backends.replies import reply_from_text
from agentkit.errors import ConfigError
from agentkit.messages import Conversation, Message, assistant, system, user
from agentkit.routing.confidence.probability import Model, packaged_model
from agentkit.routing.confidence.signals import Signals, gather
from agentkit.tools import Toolset

# More than a person reads.
_MOST_REASONS = 3
# A reason is given when its signal speaks for wrong at least so much, in log-odds.
_LEAST = 0.05

_WORDS: dict[str, str] = {
    "no_call": "it calls no tool",
    "faults": "a part of it could not be read",
    "repairs": "it had to be mended to be read",
    "missing": "{argument!r} is missing",
    "extra": "there is no argument {argument!r}",
    "mistyped": "{argument!r} is of the wrong type",
    "unsaid_number": "nobody said the number in {argument!r}",
    "unsaid_text": "nobody said what is in {argument!r}",
    "partly_said": "{argument!r} was said in part only",
    "least_said": "a value is not what was said",
    "unsaid_option": "nobody asked for {argument!r}",
    "unsaid_choice": "nobody said which {argument!r}",
    "overlooked_option": "{argument!r} was spoken of and is not given",
    "raised_flag": "nobody asked for {argument!r}",
    "cut_name": "the name in {argument!r} goes on",
    "as_per_cent": "{argument!r} may want a fraction, not per cent",
    "as_fraction": "{argument!r} may want per cent, not a fraction",
    "unused_numbers": "a number that was said is not used",
    "unused_names": "a name that was said is not used",
    "unexplained_share": "much that was said is not used",
    "ands_per_call": "more was asked for than it calls",
    "parts_per_call": "more was asked for than it calls",
    "repeated": "it makes the same call twice",
    "bounds": "the request sets bounds",
    "length": "the request is long",
    "per_cent_clash": "{argument!r} may want a fraction, or per cent",
    "unlisted": "{argument!r} is none of the choices that its tool names",
    "overlooked_choice": "{argument!r} was spoken of and is not given",
    "other_unit": "{argument!r} is in another unit than what was said",
    "copied_example": "{argument!r} is the example of the tool's description",
    "form_clash": "{argument!r} is not written as its tool wants it",
    "not_verbatim": "a text is not as it was said",
    "place_clash": "{argument!r} wants the state or country too",
    "uncalled_named": "a tool that was spoken of is not called",
    "best_uncalled": "another tool may fit better",
}


@dataclass(frozen=True, slots=True)
class Confidence:
    """How likely a local answer is wrong.

    Attributes:
        p_wrong: the probability that it is wrong, 0 to 1.
        reasons: what speaks for that, in words, the weightiest first.
    """

    p_wrong: float
    reasons: tuple[str, ...] = ()


def predict_wrong(signals: Signals, model: Model | None = None) -> Confidence:
    """Predict whether a local answer is wrong.

    Where its backend told how sure the model was of the tool's name, the answer is no
    surer than that: this only ever raises `p_wrong`, so that a bound on wrong actions
    holds as before.

    Args:
        signals: what `gather` saw of it.
        model: another model than the packaged one.
    """
    used = model or packaged_model()
    # Reasons come from the regression: trees vote together, and no part of them is a
    # sentence.
    weighty = sorted(
        used.contributions(signals.values).items(), key=lambda item: -item[1]
    )
    told = [
        _WORDS[name].format(argument=signals.details.get(name, ""))
        for name, weight in weighty
        # A signal of 0 can still count against its mean; "nothing is missing" is no
        # reason.
        if name in _WORDS and weight > _LEAST and signals.values[name] > 0
    ]
    p_wrong = used.predict(signals.values)
    if 1 - signals.sure > p_wrong:
        p_wrong = 1 - signals.sure
        told.insert(0, f"the model was sure of the tool by {signals.sure:.0%} only")
    # Two signals share a sentence, such as those for too few calls.
    return Confidence(p_wrong, tuple(dict.fromkeys(told))[:_MOST_REASONS])


def threshold(bound: float, model: Model | None = None) -> float:
    """Return the highest `p_wrong` to act on, for a bound on wrong actions.

    Args:
        bound: the share of all requests that may be acted on wrongly.
        model: another model than the packaged one.

    Raises:
        ConfigError: no threshold was measured for this bound.
    """
    known = (model or packaged_model()).thresholds
    found = {float(text): value for text, value in known.items()}
    if bound not in found:
        bounds = ", ".join(known)
        raise ConfigError(f"no threshold for a bound of {bound}; there are: {bounds}")
    return found[bound]


Request: TypeAlias = str | Sequence[Message] | Sequence[Mapping[str, Any]]
Tools: TypeAlias = Toolset | Iterable[Mapping[str, Any]]

_MAKE = {"user": user, "system": system, "assistant": assistant}


def judge_answer(
    request: Request,
    tools: Tools,
    answer: str | Reply,
    *,
    logprobs: Sequence[float] = (),
) -> Confidence:
    """Say how likely a model's answer is wrong, and why, before its calls run.

    Nothing is sent, no model is asked and no tool runs.

    Args:
        request: what the user said: a text, messages, or chat documents such as
            `{"role": "user", "content": "..."}`.
        tools: a toolset, or tool documents as `Toolset.from_schemas` takes them.
        answer: the model's raw output, or a reply that was read already.
        logprobs: for each call the natural logarithm of how sure the model was of the
            tool's name, where it is known.

    Raises:
        ConfigError: the request has a role that there is not.
        ToolsetError: a tool document is malformed.
    """
    toolset = tools if isinstance(tools, Toolset) else Toolset.from_schemas(tools)
    reply = answer if isinstance(answer, Reply) else reply_from_text(answer, toolset)
    if logprobs:
        reply = replace(reply, logprobs=tuple(logprobs))
    return predict_wrong(gather(_conversation(request), toolset, reply))


def _conversation(request: Request) -> Conversation:
    if isinstance(request, str):
        return (user(request),)
    return tuple(one if isinstance(one, Message) else _message(one) for one in request)


def _message(document: Mapping[str, Any]) -> Message:
    role = str(document.get("role", ""))
    if role not in _MAKE:
        raise ConfigError(
            f"a message's role is {role!r}; it is one of {', '.join(_MAKE)}"
        )
    return _MAKE[role](_text(document.get("content")))


def _text(content: object) -> str:
    """Return a message's text; of content in parts, that of its texts."""
    if not isinstance(content, list):
        return "" if content is None else str(content)
    parts = cast(Sequence[Mapping[str, Any]], content)
    return "\n".join(str(part.get("text", "")) for part in parts)
