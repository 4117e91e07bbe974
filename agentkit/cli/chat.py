"""`agentkit chat`: a conversation, request by request."""

from __future__ import annotations

import sys

from agentkit.agent import Agent
from agentkit.cli.narrator import Narrator
from agentkit.cli.options import Options, decode, open_session, takes
from agentkit.cli.screen import Screen
from agentkit.messages import Conversation

_HELP = "Type a request. /new forgets the conversation, /quit leaves."


@takes(
    "home",
    "now",
    "backend",
    "tools",
    "assistant",
    "allow_egress",
    "egress",
    "yes",
    "verbose",
)
def chat(*, given: Options) -> None:
    """Talk with an assistant."""
    screen = Screen()
    narrator = Narrator(screen, verbose=given.verbose)
    session = open_session(given)
    agent = session.agent(narrator.approve, narrator.ask_egress)
    if sys.stdin.isatty():
        screen.line(f"{session.assistant.name}: {session.assistant.summary}", "bold")
        screen.line(_HELP, "dim")
    _talk(agent, narrator, screen)


def _talk(agent: Agent, narrator: Narrator, screen: Screen) -> None:
    conversation: Conversation = ()
    while (line := _read(screen)) is not None:
        if line in ("/quit", "/exit"):
            return
        if line == "/new":
            conversation = ()
        elif line.startswith("/"):
            screen.line(_HELP, "dim")
        elif line:
            outcome = narrator.follow(agent.stream(line, conversation=conversation))
            conversation = outcome.conversation


def _read(screen: Screen) -> str | None:
    """Read one line; None at the end of the input."""
    try:
        if sys.stdin.isatty():
            return input("you> ").strip()
        raw = sys.stdin.buffer.readline()
    except (EOFError, KeyboardInterrupt):
        screen.line()
        return None
    return decode(raw).strip() if raw else None
