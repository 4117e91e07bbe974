"""Past conversations under another policy: what would have left, at what cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from agentkit.backends.base import Backend, Reply, destination
from agentkit.messages import Conversation, Label, Message, shown_files
from agentkit.privacy import PrivacyPolicy
from agentkit.routing.choice import Route, Unserved, choose
from agentkit.routing.facts import Doubt, Facts, RoutePolicy, Rung, Spent
from agentkit.routing.rungs import RequestTokens, doubt_of, likely_tools, rung_of
from agentkit.routing.wishes import wish_of
from agentkit.tools import Toolset


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """One step of the past, routed anew.

    Attributes:
        step: number of the assistant's turn in its conversation, from 1.
        backend: who would have answered; empty when nobody.
        reason: why, in words.
        leaves: whether the request would have left the device.
        tokens: of the request, estimated.
        cost: of the step, estimated; None when no price is known.
    """

    step: int
    backend: str
    reason: str
    leaves: bool
    tokens: int
    cost: float | None = None


def replay(
    conversation: Conversation,
    toolset: Toolset,
    backends: Sequence[Backend],
    *,
    policy: RoutePolicy,
    privacy: PrivacyPolicy,
) -> tuple[Replayed, ...]:
    """Route each step of a conversation as another policy would have.

    A local model is taken to have answered as the one did whose words are kept, so
    that what is sure or not can be judged. Nothing is sent, and no model is asked.

    Args:
        conversation: all messages, with their labels.
        toolset: the tools that could be called.
        backends: the ladder.
        policy: what is wanted of the router.
        privacy: what may leave.
    """
    steps: list[Replayed] = []
    spent = 0.0
    turns = [i for i, one in enumerate(conversation) if one.role == "assistant"]
    for step, index in enumerate(turns, 1):
        # As the router saw it then: nothing that was said later.
        before, turn = conversation[:index], conversation[index]
        rungs = _rungs(before, toolset, backends, policy, privacy)
        route = choose(_facts(before, turn, toolset, rungs, policy, spent))
        found = _replayed(step, route, {rung.backend: rung for rung in rungs})
        spent += found.cost or 0.0
        steps.append(found)
    return tuple(steps)


def _rungs(
    before: Conversation,
    toolset: Toolset,
    backends: Sequence[Backend],
    policy: RoutePolicy,
    privacy: PrivacyPolicy,
) -> tuple[Rung, ...]:
    label, count = _label(before), RequestTokens(before, toolset)
    return tuple(
        rung_of(
            one.name,
            one,
            leave=None
            if one.traits.on_device
            else privacy.answer(label.privacy, destination(one)),
            tokens=count.for_backend(one),
            timed=policy.patience is not None,
        )
        for one in backends
    )


def _facts(
    before: Conversation,
    turn: Message,
    toolset: Toolset,
    rungs: tuple[Rung, ...],
    policy: RoutePolicy,
    spent: float,
) -> Facts:
    called = tuple(call.name for call in turn.calls)
    images = [image for message in before for image in message.images]
    # What was called is known by now; before the step it would have been guessed.
    needed = called or likely_tools(before, toolset) if policy.at_least else ()
    return Facts(
        rungs,
        personal=_label(before).privacy != "public",
        wish=wish_of(before),
        tools=needed,
        images=len(images),
        kept_images=sum(not image.granted for image in images),
        files=shown_files(before),
        doubts=_doubts(before, turn, toolset, rungs, policy),
        # A conversation is taken for one run of one day.
        spent=Spent(spent, spent),
        policy=policy,
    )


def _label(before: Conversation) -> Label:
    return reduce(Label.join, (message.label for message in before), Label("model"))


def _doubts(
    before: Conversation,
    turn: Message,
    toolset: Toolset,
    rungs: tuple[Rung, ...],
    policy: RoutePolicy,
) -> Mapping[str, Doubt]:
    if policy.act_below is None or not turn.calls:
        return {}
    doubt = doubt_of(before, toolset, Reply(text=turn.text, calls=turn.calls))
    # Only local answers are judged; those of larger models were not in the judge's
    # data.
    return {rung.backend: doubt for rung in rungs if rung.on_device}


def _replayed(
    step: int, route: Route | Unserved, rungs: Mapping[str, Rung]
) -> Replayed:
    if isinstance(route, Unserved):
        return Replayed(
            step=step, backend="", reason=route.text, leaves=False, tokens=0
        )
    rung = rungs[route.backend]
    return Replayed(
        step=step,
        backend=route.backend,
        reason=route.reason,
        leaves=not rung.on_device,
        tokens=rung.tokens,
        cost=rung.cost,
    )
