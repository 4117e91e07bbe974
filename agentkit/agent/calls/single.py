"""One call made without a model, such as by a command; journaled as a run."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from typing import cast

from agentkit.agent.calls.approval import Approve
from agentkit.agent.calls.batch import CallBatch
from agentkit.agent.calls.executor import Executor
from agentkit.context import Context
from agentkit.messages import ToolCall, user
from agentkit.outcomes import Emit
from agentkit.safety.provenance import gather
from agentkit.stores.journal import Effects, Journal
from agentkit.tools import Toolset


async def carry_out_call(
    call: ToolCall,
    toolset: Toolset,
    context: Context,
    approve: Approve | None,
    emit: Emit,
) -> CallBatch:
    """Check a call, ask where the policy says so, and carry it out.

    Whoever names a call says each of its arguments: they count as the user's words.

    Args:
        call: the tool and its arguments.
        toolset: what may be called.
        context: home, user and clock.
        approve: asked about what sends or deletes; it waits where that is None.
        emit: told each event.
    """
    words = "\n".join([call.name.replace("_", " "), *_said(call.arguments)])
    effects = Effects(Journal(context.home), uuid.uuid4().hex, "", context)
    executor = Executor(
        toolset,
        context,
        approve,
        emit,
        evidence=gather((user(words),), toolset),
        effects=effects,
    )
    try:
        return await executor.carry_out((call,))
    finally:
        effects.release()


def _said(value: object) -> Iterator[str]:
    """Yield the names and values of arguments, as they were written."""
    if isinstance(value, Mapping):
        for name, inner in cast(Mapping[str, object], value).items():
            yield f"{name} {' '.join(_said(inner))}"
    elif isinstance(value, list):
        for inner in cast(list[object], value):
            yield from _said(inner)
    elif value is not None:
        yield str(value)
