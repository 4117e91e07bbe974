"""The rules-first backend: no model, no weights, an answer at once."""

from agentkit.backends.reflex.backend import ReflexBackend

__all__ = ["ReflexBackend"]
