"""`agentkit chat`: a conversation, request by request, kept and gone on with."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Annotated

import typer

from agentkit.agent import EventStream
from agentkit.cli.empty_home import tell_if_empty
from agentkit.cli.narrator import Narrator
from agentkit.cli.opened import OpenHome, open_home
from agentkit.cli.options import AGENT, Options, decode, takes
from agentkit.cli.ringer import ringing, tell_unwatched
from agentkit.cli.screen import Screen
from agentkit.stores.sessions import Session, SessionHeld, Sessions

_HELP = (
    "Type a request. /new begins another conversation, /resume goes on with what "
    "waits, /quit leaves."
)

New = Annotated[bool, typer.Option("--new", help="Begin another conversation.")]
Name = Annotated[
    str, typer.Option("--session", metavar="ID", help="Go on with this one.")
]


@takes(*AGENT, "yes", "verbose")
def chat(new: New = False, session: Name = "", *, given: Options) -> None:
    """Talk with an assistant.

    It goes on with today's last conversation.
    """
    screen = Screen()
    narrator = Narrator(screen, verbose=given.verbose)
    opened = open_home(given)
    sessions = Sessions(opened.context.home, clock=opened.context.clock)
    kept = _kept(sessions, opened, screen, name=session, new=new)
    if sys.stdin.isatty():
        who = opened.assistant
        screen.line(f"{who.name}: {who.summary}", "bold")
        screen.line(_HELP, "dim")
        _greet(kept, screen)
        tell_if_empty(opened.context.home, screen)
    talk = _Chat(sessions, opened, narrator, screen, kept).talk
    if not sys.stdin.isatty():
        talk()
        return
    with ringing(opened.context.home, given.now, screen):
        talk()


class _Chat:
    """What goes on between the lines that are typed."""

    def __init__(
        self,
        sessions: Sessions,
        opened: OpenHome,
        narrator: Narrator,
        screen: Screen,
        kept: Session,
    ) -> None:
        self._sessions = sessions
        self._opened = opened
        self._narrator = narrator
        self._screen = screen
        self._kept = kept
        approve, ask = narrator.approve, narrator.ask_egress
        # One agent for all of it: its backend may have a model loaded.
        self._agent = opened.agent(approve, ask, kept=kept)
        self._commands: dict[str, Callable[[], None]] = {
            "/new": self._begin_anew,
            "/resume": self._resume,
        }

    def talk(self) -> None:
        """Answer line by line, until the input ends."""
        try:
            while (line := _read(self._screen)) not in (None, "/quit", "/exit"):
                if line:
                    self._answer(line)
        finally:
            self._kept.close()

    def _answer(self, line: str) -> None:
        if line in self._commands:
            self._commands[line]()
        elif line.startswith("/"):
            self._screen.line(_HELP, "dim")
        else:
            began = self._opened.context.current().now
            outcome = self._narrator.follow(self._agent.stream(line))
            tell_unwatched(self._opened, outcome, began, self._screen)

    def _begin_anew(self) -> None:
        self._kept.close()
        self._agent.session = self._kept = _new(self._sessions, self._opened)

    def _resume(self) -> None:
        if self._kept.unfinished is None:
            self._screen.line("Nothing waits here.", "dim")
            return
        agent = self._agent
        stream = EventStream(lambda emit, _: agent.aresume(emit=emit))
        self._narrator.follow(stream)


def _kept(
    sessions: Sessions, opened: OpenHome, screen: Screen, *, name: str, new: bool
) -> Session:
    """Hold the session that was named, else today's last chat, else a new one."""
    if name:
        return sessions.open(sessions.find(name).id)
    now, who = opened.context.clock(), opened.assistant.name
    last = None if new else next(
        (
            one
            for one in sessions.list()
            if one.kind == "chat"
            and one.assistant == who
            and datetime.fromisoformat(one.changed).astimezone(now.tzinfo).date()
            == now.date()
        ),
        None,
    )  # fmt: skip
    if last is not None:
        try:
            return sessions.open(last.id)
        except SessionHeld as exc:
            screen.line(f"{exc}. This is a new one.", "yellow")
    return _new(sessions, opened)


def _new(sessions: Sessions, opened: OpenHome) -> Session:
    return sessions.create(assistant=opened.assistant.name)


def _greet(kept: Session, screen: Screen) -> None:
    """Tell where the conversation was."""
    for told in kept.damaged:
        screen.line(f"Damaged: {told}", "red")
    if kept.conversation:
        said = next((m.text for m in reversed(kept.conversation) if m.text), "")
        screen.line(f"Goes on from session {kept.id}, where it was: {said}", "dim")
    if kept.unfinished is not None:
        screen.line("A run waits: /resume goes on with it.", "yellow")


def _read(screen: Screen) -> str | None:
    """Read one line; None at the end of the input."""
    with suppress(EOFError, KeyboardInterrupt):
        if sys.stdin.isatty():
            return screen.read("you> ")
        raw = sys.stdin.buffer.readline()
        return decode(raw).strip() if raw else None
    screen.line()
    return None
