"""One request carried out for a command: shown or as JSON, with its exit code."""

from __future__ import annotations

import shlex
from asyncio import CancelledError

import typer

from agentkit.cli.narrator import Narrator
from agentkit.cli.opened import Opened
from agentkit.cli.output import print_json
from agentkit.cli.screen import Screen
from agentkit.outcomes import Done, NeedsApproval, Outcome, Stopped
from agentkit.sessions import Session


def carry_out(
    opened: Opened, text: str, screen: Screen, kept: Session | None = None
) -> Outcome:
    """Run one request, telling what happens on the screen (quiet with --json)."""
    narrator = Narrator(screen, verbose=opened.options.verbose)
    quiet = opened.options.json
    agent = (
        opened.agent(kept=kept)
        if quiet
        else opened.agent(narrator.approve, narrator.ask_egress, kept=kept)
    )
    try:
        outcome = narrator.follow(agent.stream(text))
    except (KeyboardInterrupt, CancelledError):
        if kept and kept.conversation:
            screen.line()
            screen.line(f"To go on: {_resuming(opened, kept)}", "dim")
        raise
    if quiet:
        print_json({**outcome.as_dict(), **({"session": kept.id} if kept else {})})
    else:
        narrator.summary(outcome)
        if kept and isinstance(outcome, NeedsApproval):
            screen.line(f"Later: {_resuming(opened, kept)}", "dim")
    return outcome


def _resuming(opened: Opened, kept: Session) -> str:
    """Write the command that goes on with a session, in the home that was named."""
    home = opened.options.home
    where = f" --home {shlex.quote(str(home))}" if home else ""
    return f"agentkit sessions resume {kept.id}{where}"


def leave(outcome: Outcome) -> None:
    """Leave with the outcome's exit code: 0 done, 4 stopped, 3 needs the user."""
    if isinstance(outcome, Done):
        return
    raise typer.Exit(4 if isinstance(outcome, Stopped) else 3)
