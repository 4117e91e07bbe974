"""`agentkit chat`: a conversation, request by request, kept and gone on with."""

from __future__ import annotations

import sys
from asyncio import CancelledError
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from textwrap import shorten
from typing import Annotated

import typer

from agentkit.agent import EventStream
from agentkit.cli import journal
from agentkit.cli import sessions as kept_sessions
from agentkit.cli import tools as known_tools
from agentkit.cli.aloud import AnswerVoice, Speak
from agentkit.cli.empty_home import tell_if_empty
from agentkit.cli.line_editor import LineEditor, line_editor
from agentkit.cli.narrator import Narrator
from agentkit.cli.opened import OpenHome, open_home
from agentkit.cli.options import AGENT, Options, decode, takes
from agentkit.cli.phrasebook import told
from agentkit.cli.ringer import ringing, tell_unwatched
from agentkit.cli.screen import Screen
from agentkit.cli.suggestions import Suggestions
from agentkit.errors import AgentkitError
from agentkit.outcomes import Outcome
from agentkit.slots import known_people
from agentkit.stores.sessions import Session, SessionHeld, Sessions

# Requests that the arrow keys find again, of this conversation and of others.
_PAST = 200
# Characters of what was said last, when a conversation goes on.
_SHOWN = 120

New = Annotated[bool, typer.Option("--new", help="Begin another conversation.")]
Name = Annotated[
    str, typer.Option("--session", metavar="ID", help="Go on with this one.")
]


@takes(*AGENT, "yes", "verbose")
def chat(
    new: New = False, session: Name = "", aloud: Speak = False, *, given: Options
) -> None:
    """Talk with an assistant.

    It goes on with today's last conversation. /help tells what else can be typed;
    Ctrl-C cancels what goes on, twice leaves.
    """
    screen, answers = Screen(stderr=True), Screen()
    narrator = Narrator(screen, answers=answers, verbose=given.verbose)
    opened = open_home(given)
    sessions = Sessions(opened.context.home, clock=opened.context.clock)
    kept = _kept(sessions, opened, screen, name=session, new=new)
    reader = AnswerVoice(opened.context, screen, aloud=aloud)
    talk = Chat(sessions, opened, narrator, screen, kept, reader)
    if not sys.stdin.isatty():
        # A script must see the fault in the exit code, and not go on with the next
        # line.
        talk.listen(PipedLines(), patient=False)
        return
    who = opened.assistant
    screen.line(f"{who.name}: {told(who.summary)}", "bold")
    screen.line(told("Type a request; /help tells what else can be typed."), "dim")
    _greet(kept, screen)
    tell_if_empty(opened.context.home, screen)
    past = sessions.requests(_PAST)
    editor = line_editor(screen, talk.suggestions, past)
    # Only while a person sits there: a pipe has nobody to hear it.
    with ringing(opened.context.home, given.now, screen):
        talk.listen(editor)


class PipedLines:
    """Requests from a pipe, one a line."""

    def read(self) -> str:
        """Read the next line.

        Raises:
            EOFError: there is none.
            ConfigError: it is not UTF-8.
        """
        raw = sys.stdin.buffer.readline()
        if not raw:
            raise EOFError
        return decode(raw).strip()


@dataclass(frozen=True, slots=True)
class SlashCommand:
    """A command of the chat that begins with a slash.

    Attributes:
        told: that, in words.
        act: does it; takes what was typed behind the word.
        argument: what may stand behind the word.
    """

    told: str
    act: Callable[[str], None]
    argument: str = ""


class Chat:
    """Carries out what is typed in a chat."""

    def __init__(
        self,
        sessions: Sessions,
        opened: OpenHome,
        narrator: Narrator,
        screen: Screen,
        kept: Session,
        reader: AnswerVoice,
    ) -> None:
        """Store the home, the screens and the session."""
        self._reader = reader
        self._sessions = sessions
        self._opened = opened
        self._narrator = narrator
        self._screen = screen
        self._kept = kept
        # One agent for all of it: its backend may have a model loaded.
        self._agent = opened.agent(narrator.approve, narrator.ask_egress, kept=kept)
        self._is_leaving = False
        self._commands = {
            "/help": SlashCommand("Show this.", self._help),
            "/details": SlashCommand("Show how the last answer came.", self._details),
            "/redo": SlashCommand("Do again what was taken back last.", self._redo),
            "/undo": SlashCommand("Take back what was done last.", self._undo),
            "/tools": SlashCommand("List the tools, or show one.", self._tools, "NAME"),
            "/sessions": SlashCommand("List the conversations.", self._list_sessions),
            "/new": SlashCommand("Begin another conversation.", self._begin_anew),
            "/resume": SlashCommand(
                "Go on with what waits here, or with another conversation.",
                self._resume,
                "ID",
            ),
            "/quit": SlashCommand("Leave.", self._leave),
        }

    @property
    def suggestions(self) -> Suggestions:
        """What the Tab key completes."""
        return Suggestions(
            {
                f"{word} " if one.argument else word: told(one.told)
                for word, one in self._commands.items()
            },
            self._opened.toolset.names,
            lambda: [one.name for one in known_people(self._opened.context)],
        )

    def listen(self, editor: LineEditor, *, patient: bool = True) -> None:
        """Answer requests until the input ends.

        Args:
            editor: reads them.
            patient: somebody sits there: an error, or one Ctrl-C, is no end of it.
        """
        is_cancelled = False
        try:
            while not self._is_leaving:
                try:
                    self._take(editor.read())
                    is_cancelled = False
                except EOFError:
                    break
                except AgentkitError as exc:
                    if not patient:
                        raise
                    self._screen.line(told("Error: {what}", what=exc), "red")
                except (KeyboardInterrupt, CancelledError):
                    if not patient:
                        raise
                    if is_cancelled:
                        break
                    is_cancelled = True
                    self._screen.line(told("Ctrl-C again, or /quit, leaves."), "dim")
        finally:
            self._kept.close()

    def _take(self, line: str) -> None:
        word, _, rest = line.partition(" ")
        if word == "/exit":
            word = "/quit"
        if word in self._commands:
            self._commands[word].act(rest.strip())
        # "/home/sam/notes.txt says what?" is a request about a path.
        elif line.startswith("/") and "/" not in word[1:]:
            self._screen.line(told("There is no {word} here.", word=word), "yellow")
            self._help("")
        elif line:
            self._answer(line)

    def _answer(self, line: str) -> None:
        # Before the run: what it sets for later has been made since.
        began = self._opened.context.current().now
        self._opened.listen(line)
        outcome = self._followed(self._agent.stream(line))
        tell_unwatched(self._opened, outcome, began, self._screen)

    def _followed(self, stream: EventStream) -> Outcome:
        """Follow a run; one that is cancelled can be resumed."""
        try:
            outcome = self._narrator.follow(stream)
        except (KeyboardInterrupt, CancelledError):
            # Read anew from the file: a run that was cut off is only there as it was
            # kept.
            self._go_on_with(self._kept.id)
            goes_on = "Cancelled; /resume goes on with it."
            english = goes_on if self._kept.unfinished else "Cancelled."
            self._screen.line()
            self._screen.line(told(english), "yellow")
            raise
        self._reader.read(outcome.text)
        if outcome.bytes_out or self._opened.options.verbose:
            self._narrator.summary(outcome)
        return outcome

    def _go_on_with(self, session_id: str) -> None:
        """Close the session, and open another one, or the same one again."""
        self._kept.close()
        self._hold(self._sessions.open(session_id))

    def _hold(self, session: Session) -> None:
        self._agent.session = self._kept = session

    def _help(self, _: str) -> None:
        for word, one in self._commands.items():
            shown = f"{word} [{one.argument}]" if one.argument else word
            self._screen.parts((f"  {shown:<14}", "bold cyan"), (told(one.told), ""))
        further = told("Anything else is a request. Alt-Enter begins a new line.")
        self._screen.line(f"  {further}")

    def _details(self, _: str) -> None:
        self._narrator.details()

    def _undo(self, _: str) -> None:
        journal.take_back(self._opened, self._screen)

    def _redo(self, _: str) -> None:
        journal.do_again(self._opened, self._screen)

    def _tools(self, name: str) -> None:
        toolset = self._opened.toolset
        if name:
            known_tools.show_on(self._screen, known_tools.find_tool(toolset, name))
        else:
            known_tools.list_on(self._screen, toolset)

    def _list_sessions(self, _: str) -> None:
        found, zone = self._sessions.list(), self._opened.context.tz
        kept_sessions.list_on(self._screen, found, zone)
        self._screen.line(told("This one is {name}.", name=self._kept.id), "dim")

    def _begin_anew(self, _: str) -> None:
        self._kept.close()
        self._hold(_new(self._sessions, self._opened))

    def _resume(self, name: str) -> None:
        if name:
            self._go_on_with(self._sessions.find(name).id)
            _greet(self._kept, self._screen)
        elif self._kept.unfinished is None:
            self._screen.line(told("Nothing waits here."), "dim")
        else:
            self._followed(self._agent.stream_resume())

    def _leave(self, _: str) -> None:
        self._is_leaving = True


def _kept(
    sessions: Sessions, opened: OpenHome, screen: Screen, *, name: str, new: bool
) -> Session:
    """Open the session that was named, else today's last chat, else a new one."""
    if name:
        return sessions.open(sessions.find(name).id)
    now, who = opened.context.clock(), opened.assistant.name
    last = None if new else next(
        (
            one
            for one in sessions.list()
            # A single request that waits is gone on with by its id, and no talk.
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
        except SessionHeld:
            english = "Session {name} is open elsewhere: this is a new one."
            screen.line(told(english, name=last.id), "yellow")
    return _new(sessions, opened)


def _new(sessions: Sessions, opened: OpenHome) -> Session:
    return sessions.create(assistant=opened.assistant.name)


def _greet(kept: Session, screen: Screen) -> None:
    """Show where the conversation stopped."""
    for what in kept.damaged:
        screen.line(told("Damaged: {what}", what=what), "red")
    if kept.conversation:
        said = next((m.text for m in reversed(kept.conversation) if m.text), "")
        line = shorten(said, _SHOWN, placeholder=" ...")
        english = "Goes on from session {name}, where it was: {line}"
        screen.line(told(english, name=kept.id, line=line), "dim")
    if kept.unfinished is not None:
        screen.line(told("A run waits: /resume goes on with it."), "yellow")
