"""The ladder of a run: its backends, asked one after the other until one serves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from agentkit.agent.ladder.request import Requester, retell
from agentkit.agent.ladder.situation import Guide
from agentkit.agent.setup import Setup
from agentkit.agent.transcript import Transcript
from agentkit.backends.base import Reply, Request, check_reply
from agentkit.errors import BackendError, EgressDenied
from agentkit.outcomes import StopReason
from agentkit.outcomes.events import Emit, Repaired, StepStarted
from agentkit.routing import NO_ROUTE, Facts, Route, Unserved, choose


@dataclass(frozen=True, slots=True)
class Unanswered:
    """No backend answered: why, by name and in words."""

    reason: StopReason
    text: str


@dataclass(slots=True)
class Ladder:
    """Lets backends answer, from the first that may and can.

    Attributes:
        setup: the backends, and what stays the same.
        said: the conversation so far.
        guide: knows what decides who serves.
        requester: makes the requests.
        emit: told each route, with its reason.
        route: who serves now, and why.
        bytes_out: bytes that left the device so far.
        tokens: read and written so far, by answers that were not taken too.
    """

    setup: Setup
    said: Transcript
    guide: Guide
    requester: Requester
    emit: Emit
    route: Route = NO_ROUTE
    bytes_out: int = 0
    tokens: int = 0
    _step: int = 0
    # What a rung that abstained would say to the user, if nobody else serves.
    _declined: str = ""

    async def ask(self, step: int) -> Reply | Unanswered:
        """Let the first backend that may and can serve this step answer.

        Args:
            step: number of the step, from 1.
        """
        self._step = step
        while True:
            found = choose(self._facts())
            if isinstance(found, Unserved):
                said = self._declined if found.reason == "abstained" else ""
                return Unanswered(found.reason, said or found.text)
            self._take(found)
            answer = await self._asked(found.backend)
            if answer is not None:
                return answer

    def go_on_from(self, route: Route, *, bytes_out: int, cost: float) -> None:
        """Begin where a run stood before it was paused or cut off."""
        self.bytes_out, self.guide.cost = bytes_out, cost
        if route.backend in self.setup.backends:
            self.guide.go_on_at(route.backend, self.said.conversation)

    def step_up(self, why: str) -> bool:
        """Pass on to the next rung, if there is one that has not passed."""
        passing = {self.route.backend: why}
        facts = self.guide.facts(self.said.messages, self.said.label, passing=passing)
        if not isinstance(choose(facts), Route):
            return False
        self.guide.passed |= passing
        return True

    def watch(self, statuses: Iterable[str]) -> None:
        """Step up when too many steps in a row came to nothing."""
        if self.guide.came_of(statuses) and self.step_up("no progress"):
            self.guide.fruitless = 0

    async def _asked(self, name: str) -> Reply | Unanswered | None:
        """Ask one backend; None where another one is to be asked."""
        backend = self.setup.backends[name]
        try:
            said, label = self.said.conversation, self.said.label
            request = self.requester.request(said, backend, label)
            reply = check_reply(name, await backend.reply(request))
            reply = self.requester.border.incoming(reply, backend)
        except BackendError as exc:
            return self._failed(exc)
        self.setup.reach.answered(backend)
        self.bytes_out += reply.bytes_out
        self.tokens += (reply.tokens_in or 0) + (reply.tokens_out or 0)
        self.guide.paid(name, reply)
        if reply.abstained:
            self._declined = reply.declined or self._declined
            self.guide.passed[name] = reply.reason or "unsure"
            return None
        if self._is_doubted(request, reply):
            return None
        return self._noted(request, reply)

    def _failed(self, exc: BackendError) -> Unanswered | None:
        self.bytes_out += exc.bytes_out
        self.setup.reach.failed(exc)
        if self.step_up(str(exc)):
            return None
        denied = isinstance(exc, EgressDenied)
        return Unanswered("privacy" if denied else "backend_error", str(exc))

    def _is_doubted(self, request: Request, reply: Reply) -> bool:
        """Look twice at a local reply: whether another rung is asked before it runs."""
        name = self.route.backend
        if not self.guide.looks_twice(name, request, reply):
            return False
        found = choose(self._facts())
        if not isinstance(found, Route) or found.backend != name:
            return True
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
        said = self.requester.shortest(self.said.conversation)
        return self.guide.facts(said, self.said.label)

    def _take(self, route: Route) -> None:
        self.route = route
        self.emit(StepStarted(self._step, route))
