import errno
import socket

import pytest

from agentkit.agent.setup import is_offline


@pytest.mark.parametrize(
    ("exc", "offline"),
    [
        pytest.param(OSError(errno.ENETUNREACH, "unreachable"), True, id="no way out"),
        pytest.param(OSError(errno.ENETDOWN, "down"), True, id="network down"),
        pytest.param(
            socket.gaierror(socket.EAI_AGAIN, "try again"), True, id="no name server"
        ),
        pytest.param(
            socket.gaierror(socket.EAI_NONAME, "unknown"), False, id="unknown name"
        ),
        pytest.param(OSError(errno.ECONNREFUSED, "refused"), False, id="refused"),
        pytest.param(TimeoutError(), False, id="silent"),
        pytest.param(
            ExceptionGroup("all", [OSError(errno.ENETUNREACH, "")]), True, id="a group"
        ),
    ],
)
def test_what_says_that_there_is_no_network(exc: Exception, offline: bool) -> None:
    """Only an error of the network itself counts, not one of the server or its name."""
    assert is_offline(exc) is offline


def test_causes_are_looked_at() -> None:
    """The client wraps what the system said; the wrapping changes nothing."""
    wrapped = ConnectionError("Connection error.")
    wrapped.__cause__ = OSError(errno.ENETUNREACH, "unreachable")
    assert is_offline(wrapped)
