"""A console shows what a run does, event by event, and what went wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from agentkit import (
    Agent,
    AgentkitError,
    ApprovalAsked,
    ApprovalGiven,
    BackendError,
    CallFinished,
    CallStarted,
    Compacted,
    ConfigError,
    EffectsSettled,
    Event,
    RateLimited,
    ReasoningDelta,
    Repaired,
    RunFinished,
    ShieldChecked,
    StepFinished,
    StepStarted,
    TextDelta,
    ToolsSelected,
)
from agentkit.backends import ScriptedBackend
from agentkit.errors import InvalidArguments, ToolDefinitionError
from agentkit.outcomes import Approval, PartialAnswer, Question, StopReason


def shown(event: Event) -> str:
    """Say what happened; a new kind of event is an error of the type checker."""
    match event:
        case StepStarted():
            return f"{event.step} {event.route.backend}"
        case (
            ToolsSelected()
            | Compacted()
            | StepFinished()
            | EffectsSettled()
            | PartialAnswer()
        ):
            return ""
        case TextDelta() | ReasoningDelta():
            return event.text
        case Repaired():
            return event.repair
        case ApprovalAsked() | ApprovalGiven():
            approval: Approval = event.approval
            return approval.preview
        case CallStarted():
            return f"{event.call.name} ({event.effect})"
        case CallFinished():
            return f"{event.result.status}: {event.result.value}"
        case ShieldChecked():
            return event.verdict.reason
        case RunFinished():
            return event.outcome.text
    assert_never(event)


def told(question: Question, reason: StopReason) -> str:
    """Say what is asked, and why the run before ended."""
    return f"{question.text} ({reason})"


def add(a: int, b: int = 1) -> int:
    """Add two numbers."""
    return a + b


def lines(words: str) -> Iterator[str]:
    """Run, and yield a line for each event."""
    try:
        agent = Agent(tools=[add], backend=ScriptedBackend(["[add(a=1)]", "It is 2."]))
        yield from filter(None, map(shown, agent.stream(words)))
    except (ConfigError, ToolDefinitionError, InvalidArguments) as error:
        yield f"mistake: {error}"
    except RateLimited as error:
        yield f"again in {error.retry_after} s"
    except BackendError as error:
        yield f"{error.bytes_out} bytes left: {error}"
    except AgentkitError as error:
        yield str(error)


def main() -> list[str]:
    """Show one run that goes well, and one request that says nothing."""
    return [*lines("What is 1 and 1?"), *lines(" ")]


if __name__ == "__main__":
    print("\n".join(main()))
