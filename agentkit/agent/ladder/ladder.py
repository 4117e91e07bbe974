"""Asks the backends of a run one after the other, until one serves the step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from agentkit.agent.ladder.request import Requester, retell
from agentkit.agent.ladder.situation import Situation
from agentkit.agent.run_transcript import RunTranscript
from agentkit.agent.setup import Setup
from agentkit.backends.base import Reply, Request, ask_backend
from agentkit.backends.usage import NO_USAGE, Usage
from agentkit.errors import BackendError
from agentkit.outcomes import Emit, Outcome, Repaired, StepStarted, StopReason
from agentkit.routing import (
    NO_ROUTE,
    Facts,
    Route,
    Unserved,
    choose,
)


@dataclass(frozen=True, slots=True)
class Unanswered:
    """No backend answered: the reason, by name and in words."""

    reason: StopReason
    text: str


@dataclass(slots=True)
class Ladder:
    """Lets backends answer, from the first that may and can.

    Attributes:
        setup: the backends, and what stays the same.
        said: the conversation so far.
        situation: knows what decides who serves.
        requester: makes the requests.
        emit: told each route, with its reason.
        route: who serves now, and why.
        bytes_out: bytes that left the device so far.
        last: what the reply that was taken last used.
    """

    setup: Setup
    said: RunTranscript
    situation: Situation
    requester: Requester
    emit: Emit
    route: Route = NO_ROUTE
    bytes_out: int = 0
    last: Usage = NO_USAGE
    _step: int = 0
    # What a rung that abstained would say to the user, if nobody else serves.
    _declined: str = ""

    async def ask(self, step: int) -> Reply | Unanswered:
        """Return the reply of the first backend that may and can serve this step.

        Args:
            step: number of the step, from 1.
        """
        self._step = step
        while True:
            found = choose(self._facts())
            if isinstance(found, Unserved):
                # "I can only do X" of the rung that abstained says more than that
                # nobody serves.
                said = self._declined if found.reason == "abstained" else ""
                return Unanswered(found.reason, said or found.text)
            self._take(found)
            answer = await self._asked(found.backend)
            if answer is not None:
                return answer

    @property
    def usage(self) -> Usage:
        """What was used so far, by answers that were not taken too."""
        return self.situation.usage

    def add_spent(self, outcome: Outcome) -> None:
        """Add what an inner run used to this run's usage."""
        self.bytes_out += outcome.bytes_out
        used = self.situation.usage_by
        for name, usage in outcome.usage_by.items():
            used[name] = used.get(name, NO_USAGE) + usage

    def go_on_from(
        self, route: Route, *, bytes_out: int, usage_by: Mapping[str, Usage]
    ) -> None:
        """Continue from the route and usage of a run that was paused or cut off."""
        self.bytes_out, self.situation.usage_by = bytes_out, dict(usage_by)
        if route.backend in self.setup.backends:
            self.situation.go_on_at(route.backend, self.said.conversation)

    def step_up(self, why: str) -> bool:
        """Pass over the present rung from now on; False where no other would serve."""
        name = self.route.backend
        if not self._is_backed(name):
            return False
        self.situation.passed |= {name: why}
        return True

    def _is_backed(self, name: str) -> bool:
        """Tell whether another rung would serve the step if this one did not."""
        if len(self.setup.backends) == 1:
            return False
        facts = self.situation.facts(
            self.said.messages, self.said.label, passing={name: "left"}
        )
        return isinstance(choose(facts), Route)

    def watch(self, statuses: Iterable[str]) -> None:
        """Step up after too many steps in a row without a result."""
        if self.situation.came_of(statuses) and self.step_up("no progress"):
            self.situation.fruitless = 0

    async def _asked(self, name: str) -> Reply | Unanswered | None:
        """Ask one backend; None where the next one is to be asked."""
        backend = self.setup.backends[name]
        try:
            said, label = self.said.conversation, self.said.label
            request = await self.requester.request(said, backend, label)
            # A backend that is the last one answers where it would otherwise abstain.
            request = replace(request, alone=not self._is_backed(name))
            reply = await ask_backend(backend, request)
            reply = self.requester.border.incoming(reply, backend)
        except BackendError as exc:
            return self._failed(exc)
        self.setup.reach.answered(backend)
        self.bytes_out += reply.bytes_out
        self.last = self.situation.paid(name, reply)
        if reply.abstained:
            self._declined = reply.declined or self._declined
            # For the rest of the run: a rung that abstained is not asked at the next
            # step again.
            self.situation.passed[name] = reply.reason or "unsure"
            return None
        if self._is_doubted(request, reply):
            return None
        return self._noted(request, reply)

    def _failed(self, exc: BackendError) -> Unanswered | None:
        # A request that failed has left the device all the same.
        self.bytes_out += exc.bytes_out
        self.setup.reach.failed(exc)
        if self.step_up(str(exc)):
            return None
        return Unanswered(exc.failure, str(exc))

    def _is_doubted(self, request: Request, reply: Reply) -> bool:
        """Tell whether a local reply is so unsure that another rung should answer."""
        name = self.route.backend
        if not self.situation.looks_twice(name, request, reply):
            return False
        found = choose(self._facts())
        if not isinstance(found, Route) or found.backend != name:
            return True
        # The same backend for another reason, such as "unsure, and nobody else may":
        # told as a new start of the step.
        if found != self.route:
            self._take(found)
        return False

    def _noted(self, request: Request, reply: Reply) -> Reply:
        if reply.reason:
            self.route = Route(self.route.backend, reply.reason)
        for repair in reply.repairs:
            self.emit(Repaired(repair))
        faults = retell(reply.faults, request.toolset, self.setup.toolset)
        return replace(reply, faults=faults)

    def _facts(self) -> Facts:
        # By what would be sent: a long conversation keeps no small model from serving.
        said = self.requester.shortest(self.said.conversation)
        return self.situation.facts(said, self.said.label)

    def _take(self, route: Route) -> None:
        self.route = route
        self.emit(StepStarted(self._step, route))
