"""The language that the user speaks at the moment, and the core's own words in it.

A run sets it from what was said; tools and backends read it. It goes along into the
threads that tools run in, and is no part of any result.
"""

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from contextvars import ContextVar

from agentkit.language.vocabularies import word_table


def in_words(english: str, said: str, choices: Iterable[str] = ()) -> str:
    """Say a sentence of the core in the user's language.

    Args:
        english: the sentence as English has it, which is its name in the data.
        said: what it is about.
        choices: what may be meant.
    """
    words = word_table("core_wording").get(spoken(), {})
    either = words.get(" or ", " or ").join(choices)
    # A sentence that the data does not have is said in English.
    return str(words.get(english, english)).format(said=said, choices=either)


# A variable of the context: runs of several users in one process do not hear each
# other.
_SPOKEN: ContextVar[str] = ContextVar("agentkit_spoken", default="en")


def spoken() -> str:
    """Return the code of the language, such as "de"; English until one is set."""
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
