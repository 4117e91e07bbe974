"""What could not be read as a call is told to the outside, too."""

from agentkit import Agent
from agentkit.backends import ScriptedBackend
from agentkit.outcomes import CallFinished


def test_a_call_of_an_unknown_tool_is_an_event() -> None:
    """The one who watches sees the fault that the model is told."""
    agent = Agent(backend=ScriptedBackend(["[nope(a=1)]", "Done."]))
    events = list(agent.stream("Do it"))
    told = [event.result for event in events if isinstance(event, CallFinished)]
    assert [(result.name, result.status) for result in told] == [("nope", "error")]
