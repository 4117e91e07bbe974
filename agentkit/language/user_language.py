"""The language that the user speaks at the moment, for whoever answers in words.

A run sets it from what was said; tools and backends read it. It goes along into the
threads that tools run in, and is no part of any result.
"""

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar

_SPOKEN: ContextVar[str] = ContextVar("agentkit_spoken", default="en")


def spoken() -> str:
    """Return the code of the language, such as "de"; English until one is told."""
    return _SPOKEN.get()


def speak(language: str) -> None:
    """Answer in a language from now on, in this run."""
    _SPOKEN.set(language)


@contextmanager
def speaking(language: str) -> Generator[None]:
    """Answer in a language for a while."""
    token = _SPOKEN.set(language)
    try:
        yield
    finally:
        _SPOKEN.reset(token)
