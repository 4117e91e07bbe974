"""The side effect being carried out, and ids that stay the same when it is tried again."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

_SPACE = uuid.UUID("6f1c6c1e-8d0b-5b5e-9a55-3f6f0c1d7a42")


@dataclass(frozen=True, slots=True)
class _Intent:
    key: str
    given: Counter[str] = field(default_factory=Counter[str])


_current: ContextVar[_Intent | None] = ContextVar("agentkit_intent", default=None)


@contextmanager
def carrying_out(key: str) -> Generator[None]:
    """Carry out one intent: `fresh_id` gives ids made from its key.

    Args:
        key: names the intent; the same each time it is tried.
    """
    token = _current.set(_Intent(key))
    try:
        yield
    finally:
        _current.reset(token)


def fresh_id(purpose: str = "id") -> str:
    """Make an id for something that a tool is about to write or send.

    Within one side effect the first, second ... id of a purpose is the same each time
    the effect is tried, so that a tool's `settle` can look for it in its store. Outside
    of a run it is a random one.

    Args:
        purpose: what it is for; ids of several purposes never mix.

    Returns:
        A UUID, written with hyphens.
    """
    intent = _current.get()
    if intent is None:
        return str(uuid.uuid4())
    intent.given[purpose] += 1
    return str(uuid.uuid5(_SPACE, f"{intent.key} {purpose} {intent.given[purpose]}"))


def in_effect() -> bool:
    """Whether a side effect of a run is being carried out or looked up."""
    return _current.get() is not None
