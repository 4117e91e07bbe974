"""Test doubles and contracts for tests of agents and backends.

`ScriptedBackend` stands in for a model. `BackendContract` is the Backend protocol as
tests: a backend of your own is held to the promises that ours keep.
"""

from agentkit.backends.base import Backend, Fault, Reply, Request
from agentkit.backends.scripted import ScriptedBackend
from agentkit.testing.contract import BackendContract
from agentkit.testing.promises import check_backend
from agentkit.testing.samples import SAMPLE_TOOLS, sample_request

__all__ = [
    "SAMPLE_TOOLS",
    "Backend",
    "BackendContract",
    "Fault",
    "Reply",
    "Request",
    "ScriptedBackend",
    "check_backend",
    "sample_request",
]
