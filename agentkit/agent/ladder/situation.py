"""The facts of a run by which the router chooses a backend for the next step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from agentkit.agent.ladder.border import Border
from agentkit.agent.setup import Reach
from agentkit.backends.base import Backend, Reply, Request
from agentkit.backends.usage import NO_USAGE, Usage
from agentkit.context import Context
from agentkit.messages import Conversation, Label, Message, shown_files
from agentkit.routing import (
    Doubt,
    Facts,
    RoutePolicy,
    Spent,
    wish_of,
)
from agentkit.routing.rungs import (
    RequestTokens,
    doubt_of,
    likely_tools,
    note_cost,
    rung_of,
    spent_on,
)
from agentkit.tools import Toolset


@dataclass(slots=True)
class Situation:
    """What a run knows about its backends: who passed, who was unsure, what was spent.

    Attributes:
        backends: the ladder, by name.
        reasons: why each is on it.
        policy: what is wanted of the router.
        border: says what may leave for a backend.
        toolset: what may be called.
        shown: how many tools a backend is shown at most; all when 0.
        context: home of the run, where spending is kept.
        reach: whether the device seems to be online.
        passed: backends that left this run to another one, and why.
        doubts: how sure each local try was.
        usage_by: what the run's backends used so far, and what it cost.
        left: backends that this run had gone on without before it was paused.
        fruitless: steps in a row of which nothing came.
    """

    backends: Mapping[str, Backend]
    reasons: Mapping[str, str]
    policy: RoutePolicy
    border: Border
    toolset: Toolset
    context: Context
    shown: int = 0
    reach: Reach = field(default_factory=Reach)
    passed: dict[str, str] = field(default_factory=dict[str, str])
    doubts: dict[str, Doubt] = field(default_factory=dict[str, Doubt])
    left: dict[str, str] = field(default_factory=dict[str, str])
    usage_by: dict[str, Usage] = field(default_factory=dict[str, Usage])
    fruitless: int = 0
    _called: tuple[str, ...] = ()
    _before: float | None = None

    def facts(
        self,
        messages: Sequence[Message],
        label: Label,
        *,
        passing: Mapping[str, str] | None = None,
    ) -> Facts:
        """Gather what the router looks at.

        Args:
            messages: the conversation so far.
            label: its label.
            passing: backends that would pass too.
        """
        conversation, several = tuple(messages), len(self.backends) > 1
        traits = [one.traits for one in self.backends.values()]
        remote = any(not one.on_device for one in traits)
        # Counting tokens renders the prompt: only done where a window, a price or a
        # time decides.
        counts = several and any(one.window or one.price for one in traits)
        counted = counts or self.policy.patience is not None or self._limited
        images = [image for message in messages for image in message.images]
        count = RequestTokens(conversation, self.toolset, self.shown)
        ladder = tuple(
            rung_of(
                name,
                one,
                reason=self.reasons.get(name, ""),
                leave=self.border.answer(one, label),
                tokens=count.for_backend(one) if counted else 0,
                timed=self.policy.patience is not None,
            )
            for name, one in self.backends.items()
        )
        return Facts(
            ladder,
            {**self.passed, **(passing or {})},
            personal=label.privacy != "public",
            wish=wish_of(conversation) if several or remote else "",
            tools=self._tools(messages),
            images=len(images),
            kept_images=sum(not image.granted for image in images),
            files=shown_files(messages),
            online=not remote or (not self.context.offline and self.reach.online),
            left=self.left,
            doubts=self.doubts,
            spent=Spent(self.cost, self._today() if self._limited else 0.0),
            policy=self.policy,
        )

    def go_on_at(self, name: str, conversation: Conversation) -> None:
        """Pass over the rungs that the run had left behind before it was paused."""
        order = list(self.backends)
        # A user who asked for the big model begins at the other end of the ladder.
        if wish_of(conversation) == "big":
            order.reverse()
        for before in order[: order.index(name)]:
            self.left[before] = "the run went on without it before the pause"

    def looks_twice(self, name: str, request: Request, reply: Reply) -> bool:
        """Note what a local reply calls, and how sure it is, before the calls run.

        Returns:
            Whether the router should be asked again.
        """
        if len(self.backends) == 1 or not self.backends[name].traits.on_device:
            return False
        # An answer in words does nothing that could not be taken back: only calls are
        # doubted.
        if not reply.calls or not (self.policy.at_least or self._doubting):
            return False
        self._called = tuple(call.name for call in reply.calls)
        if self._doubting:
            said = request.conversation
            self.doubts[name] = doubt_of(said, self.toolset, reply)
        return True

    @property
    def usage(self) -> Usage:
        """What all of them used together."""
        return Usage.of(self.usage_by.values())

    @property
    def cost(self) -> float:
        """What the run's backends cost so far."""
        return self.usage.cost

    def paid(self, name: str, reply: Reply) -> Usage:
        """Note what a reply used; what it cost is written to the home's list."""
        used = reply.usage(self.backends[name].traits.price)
        self.usage_by[name] = self.usage_by.get(name, NO_USAGE) + used
        if used.cost > 0:
            note_cost(
                self.context.home,
                backend=name,
                cost=used.cost,
                tokens_in=used.input_tokens,
                tokens_out=used.output_tokens,
            )
        return used

    def came_of(self, statuses: Iterable[str]) -> bool:
        """Note the results of a step; return whether too many steps had none."""
        done = any(status == "done" for status in statuses)
        self.fruitless = 0 if done else self.fruitless + 1
        return self.fruitless >= self.policy.fruitless_steps

    @property
    def _doubting(self) -> bool:
        return self.policy.act_below is not None

    @property
    def _limited(self) -> bool:
        return self.policy.per_run is not None or self.policy.per_day is not None

    def _today(self) -> float:
        # Read once: what other programs spend while this run goes on is found by the
        # next one.
        if self._before is None:
            # A run that was paused brings its own cost along, which the list has too.
            self._before = spent_on(self.context.home) - self.cost
        return self._before + self.cost

    def _tools(self, messages: Sequence[Message]) -> tuple[str, ...]:
        backends = self.backends.values()
        callers = all(one.traits.calls_tools for one in backends)
        if len(backends) == 1 or (callers and not self.policy.at_least):
            return ()
        # What a model really called is surer than what the words of the request
        # suggest.
        return self._called or likely_tools(tuple(messages), self.toolset)
