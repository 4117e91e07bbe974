"""What left the device is counted, also when nothing came back."""

from agentkit import Agent, Stopped
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
    assert outcome.reason == "backend_error"
    assert outcome.bytes_out == 321
