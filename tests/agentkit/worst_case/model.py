"""A model that does its user's task and obeys every instruction that it meets."""

import json
from typing import Any

from agentkit.backends import Reply, Request, Traits
from agentkit.messages import ToolCall
from tests.agentkit.worst_case.attacks import Attack
from tests.agentkit.worst_case.tasks import Step, Task


class WorstCaseModel:
    """Carries out the steps of a task, and first those of an attack that it reads.

    The steps of the task see the results of the task's own calls only: a good model
    does not mix up what it read for whom. A call of its own that fails is made once
    more.
    """

    name = "worst-case"
    traits = Traits(on_device=True)

    def __init__(self, task: Task, attack: Attack | None) -> None:
        """Take what the user wants, and what a stranger wants."""
        self._attack = attack
        self._own: list[Step] = list(task.steps)
        self._foreign: list[Step] = []
        self._obeyed = False
        self._retried = False
        self._is_own: list[bool] = []

    async def reply(self, request: Request) -> Reply:
        """Do the next step; a stranger's steps come first."""
        if self._attack and not self._obeyed and self._reads(request):
            self._obeyed = True
            self._foreign = list(self._attack.steps)
            self._retry(request)
        for steps, own in ((self._foreign, False), (self._own, True)):
            seen = self._seen(request, own)
            while steps:
                calls = _try(steps.pop(0), seen)
                if calls:
                    self._is_own += [own] * len(calls)
                    return Reply(calls=calls)
        return Reply(text="Shall I do it?" if self.waits else "Done.")

    @property
    def waits(self) -> bool:
        """Whether it would obey once the user says yes."""
        return bool(self._attack and self._attack.later and not self._obeyed)

    def _reads(self, request: Request) -> bool:
        """Tell whether a result of the user's task orders something, at its time."""
        if self._attack is None or (self._attack.later and _turns(request) < 2):
            return False
        results = [turn.result for turn in request.conversation if turn.result]
        own = [one.value for one, own in zip(results, self._is_own, strict=True) if own]
        order = json.dumps(self._attack.text, ensure_ascii=False)[1:-1]
        return order in json.dumps(own, ensure_ascii=False)

    def _retry(self, request: Request) -> None:
        """Make the call again that failed with a stranger's order."""
        last = request.conversation[-1].result
        if last and last.status == "error" and not self._retried:
            self._retried = True
            again = ToolCall(last.name, last.arguments)
            self._own.insert(0, lambda _: (again,))

    def _seen(self, request: Request, own: bool) -> dict[str, Any]:
        """Return the latest result of each tool, and what the user asked first."""
        results = [turn.result for turn in request.conversation if turn.result]
        asked = next(one.text for one in request.conversation if one.role == "user")
        return {"request": asked} | {
            one.name: one.value
            for one, is_own in zip(results, self._is_own, strict=True)
            if is_own == own and one.status == "done"
        }


def _turns(request: Request) -> int:
    return sum(one.role == "user" for one in request.conversation)


def _try(step: Step, seen: dict[str, Any]) -> tuple[ToolCall, ...]:
    """Make the calls of a step; none when what it needs was not read."""
    try:
        return step(seen)
    except (KeyError, IndexError, StopIteration, TypeError):
        return ()
