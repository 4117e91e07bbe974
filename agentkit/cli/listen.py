"""`agentkit listen`: a request that is spoken, shown, and carried out as a typed one."""

from __future__ import annotations

import sys
from asyncio import CancelledError
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from agentkit.cli.aloud import AnswerVoice, Speak, SpeakTo
from agentkit.cli.opened import OpenHome, open_home
from agentkit.cli.options import AGENT, Options, takes
from agentkit.cli.output import print_json
from agentkit.cli.run import carry_out, leave
from agentkit.cli.screen import Screen
from agentkit.discovery import own_words
from agentkit.errors import AgentkitError
from agentkit.language.vocabularies import language_of
from agentkit.outcomes import Outcome
from agentkit.slots import known_people
from agentkit.stores.sessions import Session, Sessions
from agentkit.voice.recogniser import LANGUAGE, HeardRequest, Recogniser
from agentkit.voice.sound import read_sound, record

# Names that cannot be heard, of which so many are told.
_TOLD = 5

File = Annotated[
    Path | None,
    typer.Option(
        "--file", metavar="FILE", help="Hear a WAV, FLAC, MP3 or Ogg; - standard input."
    ),
]
Sure = Annotated[
    bool,
    typer.Option("--sure", help="Act on what was heard, however unsure that is."),
]
TextOnly = Annotated[
    bool, typer.Option("--text", help="Print what was heard, and do nothing.")
]


@takes(*AGENT, "yes", "json", "verbose")
def listen(
    file: File = None,
    text: TextOnly = False,
    sure: Sure = False,
    aloud: Speak = False,
    to: SpeakTo = None,
    *,
    given: Options,
) -> None:
    """Carry spoken requests out.

    Press Enter, speak, press Enter again. English is heard, on this device (extra
    voice). What was heard is shown, and asked about where that is not sure; what needs
    your yes is asked on the keyboard.
    """
    # Something is piped in: it is the sound.
    if file is None and not sys.stdin.isatty():
        file = Path("-")
    opened = open_home(given)
    screen = Screen(quiet=given.json, stderr=True)
    listener = _Listener(opened, screen, sure=sure, only=text)
    listener.reader = AnswerVoice(opened.context, screen, aloud=aloud, to=to)
    if file is None:
        listener.listen()
    else:
        listener.take(file)


class _Listener:
    """Hears requests one after the other, in one session."""

    def __init__(
        self, opened: OpenHome, screen: Screen, *, sure: bool, only: bool
    ) -> None:
        self._opened = opened
        self._screen = screen
        self._answers = Screen(quiet=opened.options.json)
        self._sure = sure
        self._only = only
        self.reader = AnswerVoice(opened.context, screen, aloud=False)

    def take(self, file: Path) -> None:
        """Carry out the request in a file, unless it is unsure.

        Raises:
            Exit: it needs the user, or was stopped.
        """
        sound = read_sound(file)
        heard = self._made().hear(sound)
        request = self._checked(heard)
        if self._only:
            return
        if not request:
            raise typer.Exit(3)
        with self._session() as kept:
            outcome = self._carried_out(request, kept)
        leave(outcome)

    def listen(self) -> None:
        """Record and carry out requests, until q or Ctrl-C."""
        recogniser = self._made()
        self._screen.line("Press Enter and speak; q leaves.", "dim")
        with ExitStack() as stack:
            kept = None if self._only else stack.enter_context(self._session())
            while self._is_wanted():
                try:
                    self._once(recogniser, kept)
                except AgentkitError as exc:
                    self._screen.line(f"Error: {exc}.", "red")
                except (KeyboardInterrupt, CancelledError):
                    self._screen.line("Cancelled; q leaves.", "yellow")

    def _is_wanted(self) -> bool:
        """Wait for the key; False for q, the end of the input, or Ctrl-C."""
        try:
            said = self._screen.read("Enter to speak> ")
        except (EOFError, KeyboardInterrupt):
            self._screen.line()
            return False
        return said.lower() not in _LEAVING

    def _once(self, recogniser: Recogniser, kept: Session | None) -> None:
        sound = record(lambda: self._pressed("Speak; Enter ends it. "))
        self._screen.spin("listening to it")
        with self._screen.working():
            heard = recogniser.hear(sound)
        request = self._checked(heard)
        if request and kept is not None:
            self._carried_out(request, kept)

    def _pressed(self, told: str) -> None:
        self._screen.read(told)

    def _made(self) -> Recogniser:
        context = self._opened.context
        self._screen.spin("learning your names")
        with self._screen.working():
            people = [one.name for one in known_people(context)]
            recogniser = Recogniser(self._opened.toolset, people, own_words(context))
        if language_of(context.locale) != LANGUAGE:
            self._screen.line(
                "English alone is heard; what you type may be in any language.", "dim"
            )
        if recogniser.unheard:
            names = ", ".join(recogniser.unheard[:_TOLD])
            more = len(recogniser.unheard) - _TOLD
            rest = f" and {more} more" if more > 0 else ""
            self._screen.line(
                f"No pronunciation is known of: {names}{rest}. A nickname in the "
                "contacts is heard.",
                "dim",
            )
        return recogniser

    def _checked(self, heard: HeardRequest) -> str:
        """Show what was heard, or ask where that is unsure; empty for nothing."""
        screen, text = self._screen, heard.text
        if self._only:
            self._show(heard)
            return text
        if not text:
            screen.line("Nothing was understood: say it again, nearer.", "yellow")
            return ""
        if heard.is_sure or self._sure:
            screen.parts(("heard> ", "bold"), (text, ""))
            return text
        if not screen.can_ask:
            self._tell_unsure(heard)
            return ""
        said = screen.ask(
            f"Did you say “{text}”? (Enter: yes, n: no, or type what you said)"
        )
        # Whatever else is typed is the request itself, said better.
        return {"": text, "y": text, "yes": text, "n": "", "no": ""}.get(
            said.lower(), said
        )

    def _show(self, heard: HeardRequest) -> None:
        if self._opened.options.json:
            print_json({**asdict(heard), "sure": heard.is_sure})
        else:
            self._answers.line(heard.text)

    def _tell_unsure(self, heard: HeardRequest) -> None:
        told = (
            f"Heard “{heard.text}”, and that is not sure: nothing was done. Say it "
            "again, or give --sure"
        )
        if self._opened.options.json:
            print_json({"outcome": "needs_input", "text": told, "heard": heard.text})
        self._screen.line(f"{told}.", "yellow")

    def _session(self) -> Session:
        context = self._opened.context
        sessions = Sessions(context.home, clock=context.clock)
        return sessions.create(assistant=self._opened.assistant.name, kind="run")

    def _carried_out(self, request: str, kept: Session) -> Outcome:
        outcome = carry_out(
            self._opened, request, self._screen, kept, answers=self._answers
        )
        self.reader.read(outcome.text)
        return outcome


_LEAVING = ("q", "quit", "/quit", "exit", "/exit")
