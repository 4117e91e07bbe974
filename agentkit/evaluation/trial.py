"""Puts a suite to a backend: each request is planned, nothing is carried out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from json import dumps, loads
from typing import TYPE_CHECKING

from agentkit.agent import Agent
from agentkit.backends.base import Backend
from agentkit.context import Context
from agentkit.evaluation.suite import EvalCase
from agentkit.evaluation.verdicts import CaseVerdict, fault_of
from agentkit.privacy.gate import PrivacyPolicy
from agentkit.tools import Toolset

if TYPE_CHECKING:
    from agentkit.tools.selection import Selector


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """The backend, tools and settings that all cases share.

    Attributes:
        backend: who answers.
        toolset: the tools of cases that bring none.
        context: home, clock and user; nothing of the home is changed.
        instructions: the system prompt.
        privacy: what may leave the device.
        select: how few tools a model is shown.
        clock: seconds, for how long a case takes.
    """

    backend: Backend
    toolset: Toolset
    context: Context
    instructions: str = ""
    privacy: PrivacyPolicy | None = None
    select: int | Selector | None = None
    clock: Callable[[], float] = time.perf_counter

    def verdicts(self, cases: Iterable[EvalCase]) -> Iterator[CaseVerdict]:
        """Put the cases to the backend, one after the other.

        Raises:
            BackendError: it cannot answer.
        """
        for case in cases:
            yield self._verdict(case)

    def _verdict(self, case: EvalCase) -> CaseVerdict:
        toolset = _own_tools(dumps(case.tools)) if case.tools else self.toolset
        agent = Agent(
            toolset,
            self.backend,
            self.instructions,
            context=self.context,
            egress=self.privacy or "never",
            select=self.select,
            # Nothing is carried out: there is nothing to write down.
            journal=False,
        )
        began = self.clock()
        plan = agent.plan(case.request)
        why = fault_of(case, plan, toolset, self.context)
        return CaseVerdict(
            case=case,
            right=not why,
            why=why,
            calls=plan.calls,
            text=plan.text,
            tokens_in=plan.usage.input_tokens,
            tokens_out=plan.usage.output_tokens,
            seconds=self.clock() - began,
            cost=plan.usage.cost,
            bytes_out=plan.bytes_out,
        )


# Keyed by their text: cases of one suite often share their tools, and validators take
# milliseconds to make.
@lru_cache(maxsize=64)
def _own_tools(documents: str) -> Toolset:
    return Toolset.from_schemas(loads(documents))
