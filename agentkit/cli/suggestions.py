"""Completions for the Tab key in a chat: commands, tools and people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from agentkit.language import fold

# Letters of a name; fewer would complete every "a".
_FEWEST = 2
# Names begin at one of the last words: "Ana Maria Silva" has three.
_WORDS = 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A completion of the line.

    Attributes:
        text: what stands there then.
        typed: how many characters before the cursor give way to it.
        told: what it is, in words.
    """

    text: str
    typed: int
    told: str = ""


class Suggestions:
    """Completes the line before the cursor."""

    def __init__(
        self,
        commands: Mapping[str, str],
        tools: Iterable[str],
        people: Callable[[], Iterable[str]],
    ) -> None:
        """Store the commands, tools and people.

        Args:
            commands: what each does, by its word, such as `/help`.
            tools: names of tools, which follow `/tools`.
            people: reads the names of people; asked at the first name.
        """
        self._commands = commands
        self._tools = tuple(tools)
        self._read_people = people

    def of(self, before: str) -> list[Suggestion]:
        """Return the completions of a line, the likeliest first.

        Args:
            before: the line before the cursor.
        """
        if not before.startswith("/"):
            return list(self._names(before))
        command, space, rest = before.partition(" ")
        if not space:
            return [
                Suggestion(word, len(before), told)
                for word, told in self._commands.items()
                if word.startswith(before)
            ]
        tools = self._tools if command == "/tools" else ()
        return [Suggestion(one, len(rest)) for one in tools if one.startswith(rest)]

    @cached_property
    def _people(self) -> tuple[str, ...]:
        # Others write cards: what steers a terminal is no name.
        return tuple(
            dict.fromkeys(one for one in self._read_people() if one.isprintable())
        )

    def _names(self, before: str) -> Iterator[Suggestion]:
        """Yield people one of whose names begins with the last words of the line."""
        words = before.replace("\n", " ").split(" ")
        # The longest first: "Ana Ma" means Ana Maria, and "Ma" alone many.
        for count in range(min(_WORDS, len(words)), 0, -1):
            said = " ".join(words[-count:])
            found = [one for one in self._people if _begins(one, said)]
            if found and len(said) >= _FEWEST:
                yield from (Suggestion(one, len(said)) for one in found)
                return


def _begins(name: str, said: str) -> bool:
    # With a blank before both: a name is found by the beginning of any of its words.
    return f" {fold(name)}".find(f" {fold(said)}") >= 0
