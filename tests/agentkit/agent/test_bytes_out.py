"""What left the device is counted, also when nothing came back."""

from agentkit import Agent, InputNeeded, NeedsInput, Stopped, tool
from agentkit.backends import Reply, Request, ScriptedBackend
from agentkit.errors import BackendTimeout


def test_bytes_of_a_failed_try_are_counted() -> None:
    """A request that was sent and not answered still left the device."""

    def fail(_: Request) -> Reply:
        error = BackendTimeout("no answer in 60 s")
        error.bytes_out = 321
        raise error

    outcome = Agent(backend=ScriptedBackend([fail], on_device=False)).run("Hello")
    assert isinstance(outcome, Stopped)
    assert outcome.reason == "timeout"
    assert outcome.bytes_out == 321


def test_candidates_of_a_question_stay_on_the_device() -> None:
    """What a tool asks the user about is personal, even from a public tool."""

    @tool(effect="read")
    def greet(name: str) -> str:
        """Greet somebody."""
        raise InputNeeded("name", "Which Maya?", ("Maya Chen", "Maya Ortiz"))

    cloud = ScriptedBackend(["[greet(name='Maya')]", "Hi."], on_device=False)
    agent = Agent(tools=[greet], backend=cloud)
    asked = agent.run("Greet Maya")
    assert isinstance(asked, NeedsInput)
    outcome = agent.run("Maya Chen", conversation=asked.conversation)
    assert isinstance(outcome, Stopped)
    assert outcome.reason == "privacy"
    assert len(cloud.requests) == 1
