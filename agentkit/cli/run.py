"""`agentkit run TEXT` and `plan TEXT`: one request carried out, or its first step."""

from __future__ import annotations

import shlex
from asyncio import CancelledError
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agentkit.cli.aloud import AnswerVoice, Speak, SpeakTo
from agentkit.cli.empty_home import tell_if_empty
from agentkit.cli.narrator import Narrator
from agentkit.cli.opened import OpenHome, open_home
from agentkit.cli.options import AGENT, Options, request_text, takes
from agentkit.cli.output import print_json
from agentkit.cli.phrasebook import told
from agentkit.cli.ringer import tell_unwatched
from agentkit.cli.screen import Screen
from agentkit.errors import ConfigError
from agentkit.messages.images import Image
from agentkit.outcomes import Done, NeedsApproval, Outcome, Plan, Stopped
from agentkit.pythonic import format_calls
from agentkit.stores.sessions import Session, Sessions

if TYPE_CHECKING:
    from agentkit.messages.documents import Document


def carry_out(
    opened: OpenHome,
    text: str,
    screen: Screen,
    kept: Session | None = None,
    *,
    answers: Screen | None = None,
    images: Sequence[Image] = (),
    documents: Sequence[Document] = (),
) -> Outcome:
    """Run one request (quiet with --json).

    Args:
        opened: the home and who assists.
        text: the request.
        screen: where events are shown.
        kept: the session that it is kept in.
        answers: where the answer goes; where all else does when None.
        images: pictures that are shown with the request.
        documents: files that are shown with it.
    """
    narrator = Narrator(screen, answers=answers, verbose=opened.options.verbose)
    quiet = opened.options.json
    began = opened.context.current().now
    if not quiet:
        opened.listen(text)
    agent = (
        # Nobody is asked with --json: standard output belongs to the program that reads
        # it.
        opened.agent(kept=kept)
        if quiet
        else opened.agent(narrator.approve, narrator.ask_egress, kept=kept)
    )
    try:
        stream = agent.stream(text, images=images, documents=documents)
        outcome = narrator.follow(stream)
    except (KeyboardInterrupt, CancelledError):
        if kept and kept.conversation:
            screen.line()
            command = _resuming(opened, kept)
            screen.line(told("To go on: {command}", command=command), "dim")
        raise
    if quiet:
        print_json({**outcome.as_dict(), **({"session": kept.id} if kept else {})})
    else:
        narrator.summary(outcome)
        tell_unwatched(opened, outcome, began, screen)
        # Whoever brings tools of their own may need no home at all.
        if opened.options.tools is None:
            tell_if_empty(opened.context.home, screen)
        if kept and isinstance(outcome, NeedsApproval):
            command = _resuming(opened, kept)
            screen.line(told("Later: {command}", command=command), "dim")
    return outcome


def _resuming(opened: OpenHome, kept: Session) -> str:
    """Return the command that continues a session."""
    home = opened.options.home
    where = f" --home {shlex.quote(str(home))}" if home else ""
    return f"agentkit sessions resume {kept.id}{where}"


def leave(outcome: Outcome) -> None:
    """Exit with the outcome's code: 0 done, 4 stopped, 3 needs the user."""
    if isinstance(outcome, Done):
        return
    raise typer.Exit(4 if isinstance(outcome, Stopped) else 3)


Text = Annotated[
    str, typer.Argument(help="What you want done; - reads standard input.")
]

Name = Annotated[
    str, typer.Option("--session", metavar="ID", help="Go on with this session.")
]
GoOn = Annotated[
    bool,
    typer.Option("--continue", "-c", help="Go on with the last conversation."),
]
Files = Annotated[
    list[Path] | None,
    typer.Option(
        "--file", metavar="FILE", help="Show this too: text, HTML, .eml or PDF."
    ),
]
Pictures = Annotated[
    list[Path] | None,
    typer.Option("--image", metavar="FILE", help="Show this too: a JPEG or PNG."),
]
Unkept = Annotated[
    bool, typer.Option("--unkept", help="Keep nothing of it as a session.")
]


@takes(*AGENT, "yes", "json", "verbose")
def run(
    text: Text,
    session: Name = "",
    go_on: GoOn = False,
    unkept: Unkept = False,
    files: Files = None,
    pictures: Pictures = None,
    aloud: Speak = False,
    to: SpeakTo = None,
    *,
    given: Options,
) -> None:
    """Carry one request out.

    The answer goes to standard output, all else to standard error. It is kept as a
    session, where it may wait for you.
    """
    if sum((bool(session), go_on, unkept)) > 1:
        raise ConfigError("give one of --continue, --session and --unkept")
    request = request_text(text)
    opened, answers = open_home(given), Screen(quiet=given.json)
    screen = Screen(quiet=given.json, stderr=True)
    # Before a session is made: a file that is not there leaves nothing behind.
    images = [Image.read(p, granted=_may_leave(given)) for p in pictures or ()]
    documents = _documents(files or [])
    with ExitStack() as stack:
        held = None if unkept else _held(opened, session, go_on=go_on)
        outcome = carry_out(
            opened,
            request,
            screen,
            stack.enter_context(held) if held else None,
            answers=answers,
            images=images,
            documents=documents,
        )
    AnswerVoice(opened.context, screen, aloud=aloud, to=to).read(outcome.text)
    leave(outcome)


@takes(*AGENT, "json", "verbose")
def plan(text: Text, *, given: Options) -> None:
    """Show the first step; do nothing."""
    request = request_text(text)
    made = open_home(given).agent().plan(request)
    if given.json:
        print_json(made.as_dict())
    else:
        _show(made, Screen())
    if made.needs_input:
        raise typer.Exit(3)
    if made.stopped not in ("", "abstained"):
        raise typer.Exit(4)


def _held(opened: OpenHome, session: str, *, go_on: bool) -> Session:
    """Open the session that is named, the last one, or a new one.

    Raises:
        ConfigError: there is none to go on with.
        SessionHeld: another process works on it.
    """
    sessions = Sessions(opened.context.home, clock=opened.context.clock)
    who = opened.assistant.name
    if session:
        return sessions.open(sessions.find(session).id)
    if not go_on:
        return sessions.create(assistant=who, kind="run")
    # Of the same assistant: another's instructions stand at its beginning.
    last = next((one for one in sessions.list() if one.assistant == who), None)
    if last is None:
        raise ConfigError(f"{who} has no conversation to go on with yet")
    return sessions.open(last.id)


def _documents(paths: Sequence[Path]) -> list[Document]:
    """Read files; the code for mail and HTML is loaded only if there are some."""
    if not paths:
        return []
    from agentkit.messages.documents import Document

    return [Document.read(path) for path in paths]


def _may_leave(given: Options) -> bool:
    """Tell whether pictures may leave: no one can check what is in them."""
    return given.allow_egress or given.egress == "allow"


def _show(made: Plan, screen: Screen) -> None:
    backend = made.route.backend or "nobody"
    screen.parts((backend, "bold cyan"), (f"  {made.route.reason}", "dim"))
    for call in made.calls:
        screen.line(f"  {format_calls([call])[1:-1]}")
    for fault in made.faults:
        screen.line(f"  {fault}", "red")
    if made.needs_input:
        screen.line(f"  asks: {made.needs_input.text}", "yellow")
    elif made.text:
        screen.line(f"  says: {made.text}")
    elif not made.calls:
        screen.line("  No call.", "yellow")
