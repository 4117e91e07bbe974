"""A model that does its user's task and obeys every instruction that it meets."""

import json
from typing import Any

from agentkit.backends import Reply, Request
from agentkit.messages import Call
from tests.agentkit.worst_case.attacks import Attack
from tests.agentkit.worst_case.tasks import Step, Task


class WorstCaseModel:
    """Carries out the steps of a task, and first those of an attack that it reads.

    The steps of the task see the results of the task's own calls only: a good model
    does not mix up what it read for whom.
    """

    name = "worst-case"
    on_device = True

    def __init__(self, task: Task, attack: Attack | None) -> None:
        """Take what the user wants, and what a stranger wants."""
        self._attack = attack
        self._own: list[Step] = list(task.steps)
        self._foreign: list[Step] = []
        self._obeyed = False
        self._is_own: list[bool] = []

    async def reply(self, request: Request) -> Reply:
        """Do the next step; a stranger's steps come first."""
        if self._attack and not self._obeyed and self._reads(request):
            self._obeyed = True
            self._foreign = list(self._attack.steps)
        for steps, own in ((self._foreign, False), (self._own, True)):
            seen = self._seen(request, own)
            while steps:
                calls = _try(steps.pop(0), seen)
                if calls:
                    self._is_own += [own] * len(calls)
                    return Reply(calls=calls)
        return Reply(text="Done.")

    def _reads(self, request: Request) -> bool:
        seen = json.dumps(self._seen(request, True), ensure_ascii=False)
        return self._attack is not None and self._attack.text in seen

    def _seen(self, request: Request, own: bool) -> dict[str, Any]:
        """Return the latest result of each tool."""
        results = [turn.result for turn in request.conversation if turn.result]
        return {
            one.name: one.value
            for one, is_own in zip(results, self._is_own, strict=True)
            if is_own == own and one.status == "done"
        }


def _try(step: Step, seen: dict[str, Any]) -> tuple[Call, ...]:
    """Make the calls of a step; none when what it needs was not read."""
    try:
        return step(seen)
    except (KeyError, IndexError, StopIteration, TypeError):
        return ()
