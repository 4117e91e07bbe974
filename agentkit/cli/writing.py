"""`agentkit rewrite` and `summarize`: a text written anew or summed up, by any model."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from agentkit.agent import Agent
from agentkit.agent.calls.single import carry_out_call
from agentkit.agent.writing import (
    Length,
    WritingTask,
    added_numbers,
    parts_of,
    rewriting,
    summarizing,
)
from agentkit.backends.base import Backend
from agentkit.cli.ladder import make_shields, route_policy
from agentkit.cli.narrator import Narrator
from agentkit.cli.opened import OpenHome, open_home
from agentkit.cli.options import Options, decode, takes
from agentkit.cli.output import print_json
from agentkit.cli.run import leave
from agentkit.cli.screen import Screen
from agentkit.errors import ConfigError
from agentkit.messages import ToolCall
from agentkit.outcomes import Done, Outcome
from agentkit.tools.schema.json_schema import is_list

_NEEDS_A_MODEL = (
    "writing needs a model, and none is configured: name one with --backend "
    "(llama_cpp:FILE.gguf, ollama:MODEL, or a provider: agentkit providers), or add one "
    "with `agentkit models add`"
)
_MESSAGES = "find_messages"

What = Annotated[
    str,
    typer.Argument(help="The text, the path of a text file, or - for standard input."),
]
Language = Annotated[
    str, typer.Option("--language", metavar="NAME", help="In this language.")
]


@takes("home", "now", "backend", "allow_egress", "egress", "json", "verbose")
def rewrite(
    what: What,
    tone: Annotated[
        str, typer.Option("--tone", metavar="WORDS", help="Such as friendly, formal.")
    ] = "",
    length: Annotated[
        Length, typer.Option("--length", help="Shorter or longer than it is.")
    ] = "",
    language: Language = "",
    *,
    given: Options,
) -> None:
    """Write a text anew: its tone, length or language.

    The new text goes to standard output, and nothing else.
    """
    task = rewriting(_text(what), tone=tone, length=length, language=language)
    _finish(task, _Writer(given).write(task), given)


@takes("home", "now", "backend", "allow_egress", "egress", "json", "verbose")
def summarize(
    what: What = "",
    sender: Annotated[
        str,
        typer.Option("--from", metavar="PERSON", help="Messages that a person sent."),
    ] = "",
    about: Annotated[
        str, typer.Option("--about", metavar="WORDS", help="Messages with these words.")
    ] = "",
    sentences: Annotated[
        int, typer.Option("--sentences", metavar="N", help="At most so many.")
    ] = 3,
    language: Language = "",
    *,
    given: Options,
) -> None:
    """Sum up a text, a file, or messages.

    A text that is longer than the model's window is summed up part by part.
    """
    # Neither, or both: it is not clear what is to be summed up.
    if bool(what) == bool(sender or about):
        raise ConfigError("give a text or a file, or else --from or --about")
    writer = _Writer(given)
    text = _text(what) if what else writer.messages(sender, about)
    parts = parts_of(text, writer.window)
    while len(parts) > 1:
        told = [
            writer.quietly(summarizing(part, language=language, sentences=sentences))
            for part in parts
        ]
        # Each round is shorter by far; one that is not would never end.
        shorter = parts_of("\n\n".join(told), writer.window)
        if len(shorter) >= len(parts):
            raise ConfigError("the model's summaries are as long as the text")
        parts = shorter
    task = summarizing(parts[0], language=language, sentences=sentences)
    _finish(task, writer.write(task), given)


class _Writer:
    """Writes texts with the home's model."""

    def __init__(self, given: Options) -> None:
        self._opened: OpenHome = open_home(given)
        named = self._opened.backends()
        self._backends: list[Backend] = (
            [self._opened.backend()[0]] if isinstance(named, str) else named
        )
        # Rules write nothing: a model alone is asked.
        self._backends = [one for one in self._backends if one.traits.writes]
        if not self._backends:
            raise ConfigError(_NEEDS_A_MODEL)
        self._given = given

    @property
    def window(self) -> int:
        """The smallest window that is known; 0 when none is."""
        known = [one.traits.window for one in self._backends if one.traits.window]
        return min(known, default=0)

    def write(self, task: WritingTask) -> Outcome:
        """Write, streamed to standard output (quiet with --json)."""
        quiet = self._given.json
        screen = Screen(quiet=quiet, stderr=True)
        narrator = Narrator(
            screen, answers=Screen(quiet=quiet), verbose=self._given.verbose
        )
        return narrator.follow(self._agent(task, narrator).stream(task.text))

    def quietly(self, task: WritingTask) -> str:
        """Write a part that nobody reads as it is.

        Raises:
            ConfigError: the model did not finish it.
        """
        screen = Screen(quiet=self._given.json, stderr=True)
        outcome = self._agent(task, Narrator(screen)).run(task.text)
        if not isinstance(outcome, Done):
            raise ConfigError(f"a part could not be summed up: {outcome.text}")
        return outcome.text

    def messages(self, sender: str, about: str) -> str:
        """Find the messages, as `find_messages` does.

        Raises:
            ConfigError: there are none, or no tool finds any.
        """
        opened = self._opened
        if _MESSAGES not in opened.toolset:
            raise ConfigError("no installed tool finds messages")
        asked = {"sender": sender, "query": about, "count": 30}
        call = ToolCall(_MESSAGES, {key: one for key, one in asked.items() if one})
        quiet = Narrator(Screen(quiet=True))
        batch = asyncio.run(
            # Nobody approves: it only reads.
            carry_out_call(call, opened.toolset, opened.context, None, quiet.show)
        )
        value: object = batch.results[0].value if batch.results else None
        if not is_list(value) or not value:
            raise ConfigError("there are no such messages")
        # The newest is found first; a thread is read from its beginning.
        return "\n\n".join(map(_message, reversed(value)))

    def _agent(self, task: WritingTask, narrator: Narrator) -> Agent:
        opened, settings = self._opened, self._opened.settings
        return Agent(
            (),
            self._backends,
            task.instructions,
            context=opened.context,
            egress=opened.privacy,
            ask_egress=narrator.ask_egress,
            router=route_policy(settings.router),
            limits=settings.limits.limits(),
            shields=make_shields(settings.shields, remote=opened.remote),
            journal=False,
        )


def _message(found: dict[str, Any]) -> str:
    head = ", ".join(
        str(found[key]) for key in ("sender", "when", "subject") if found.get(key)
    )
    body = found.get("text") or found.get("body") or found.get("excerpt") or ""
    return f"{head}: {body}"


def _text(what: str) -> str:
    """Return a text that was given, read from a file, or from standard input."""
    if what == "-":
        return decode(sys.stdin.buffer.read())
    # A long text is no path, and the system refuses to look for one.
    path = Path(what).expanduser() if len(what) < 1024 and "\n" not in what else None
    if path is None or not path.is_file():
        return decode(os.fsencode(what))
    try:
        return path.read_text("utf-8")
    except OSError as exc:
        raise ConfigError(f"{path} cannot be read: {exc.strerror}") from exc
    except UnicodeDecodeError as exc:
        raise ConfigError(
            f"{path} is no text in UTF-8 (byte {exc.object[exc.start]:#04x} at position "
            f"{exc.start})"
        ) from exc


def _finish(task: WritingTask, outcome: Outcome, given: Options) -> None:
    """Warn of numbers that the source does not have, and exit."""
    added = added_numbers(task.text, outcome.text)
    if given.json:
        print_json({**outcome.as_dict(), "added_numbers": list(added)})
    elif added:
        told = f"Not in the text: {', '.join(added)}. Look before you use it."
        Screen(stderr=True).line(told, "yellow")
    leave(outcome)
