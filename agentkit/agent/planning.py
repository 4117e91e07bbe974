"""The first reply of a run as a plan: what would be called, nothing carried out."""

from __future__ import annotations

from agentkit.agent.run import Run
from agentkit.backends.base import Reply
from agentkit.errors import InputNeeded, InvalidArguments
from agentkit.messages import Call, Question
from agentkit.outcomes import Outcome, Plan, Stopped
from agentkit.routing import Route


def plan_of(run: Run, reply: Reply | Outcome) -> Plan:
    """Check the calls of a reply; a run that stopped before has none."""
    if not isinstance(reply, Reply):
        reason = reply.reason if isinstance(reply, Stopped) else ""
        return Plan(route=Route(run.route.backend, reply.text), stopped=reason)
    found = [_fault(run, call) for call in reply.calls if not call.needs]
    asked = (one for one in found if isinstance(one, Question))
    return Plan(
        route=run.route,
        calls=reply.calls,
        text=reply.text,
        needs_input=reply.question or next(asked, None),
        faults=(
            *(fault.message for fault in reply.faults),
            *(one for one in found if isinstance(one, str)),
        ),
    )


def _fault(run: Run, call: Call) -> str | Question | None:
    """Return what is wrong with a call, in words or as a question."""
    try:
        run.executor.check(call)
    except InvalidArguments as exc:
        return f"{call.name}: {exc}"
    except InputNeeded as exc:
        return Question(call.name, exc.slot, exc.question, exc.candidates)
    return None
