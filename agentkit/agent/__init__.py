"""The agent: a request in, calls carried out, an outcome back."""

from agentkit.agent.agent import Agent
from agentkit.agent.stream import EventStream

__all__ = ["Agent", "EventStream"]
