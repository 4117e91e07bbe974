"""`agentkit sessions`: conversations that were kept: shown, resumed, exported, deleted."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import tzinfo
from pathlib import Path
from typing import Annotated, Literal

import typer

from agentkit.agent import EventStream
from agentkit.cli.narrator import Narrator
from agentkit.cli.opened import open_home
from agentkit.cli.options import AGENT, Options, home_folder, takes
from agentkit.cli.output import json_text, print_json, printable
from agentkit.cli.run import leave
from agentkit.cli.screen import Screen, moment, zone_of
from agentkit.errors import ConfigError, StoreError
from agentkit.outcomes import NeedsApproval
from agentkit.stores.sessions import SessionRecord, Sessions, Transcript
from agentkit.stores.sessions.export import (
    as_json,
    as_markdown,
    contents_of,
    spoken,
    taught,
    tuning_line,
)
from agentkit.tools import Toolset

ExportFormat = Literal["json", "markdown", "llama32"]
FormatName = Annotated[
    ExportFormat,
    typer.Option("--format", help="json, markdown, or llama32: training data."),
]


def write_out(
    sessions: Sessions,
    given: Options,
    names: Iterable[str],
    format: ExportFormat,
    accept: Iterable[str],
    output: Path | None,
) -> None:
    """Write sessions to a file or to standard output.

    Raises:
        ConfigError: there is no such session, or several are to be one JSON.
        StoreError: the file is there already, or cannot be written.
    """
    # All names are looked up before the first question: a misspelt one costs no
    # answers.
    accepted = {sessions.find(name).id for name in accept}
    chosen = [sessions.find(name).id for name in names] or list(accepted)
    if format == "llama32":
        everything = [one.id for one in sessions.list()]
        _write(_lines(sessions, given, chosen or everything, accepted), output)
        return
    if len(chosen) != 1:
        raise ConfigError(f"give the one session to export as {format}, by its id")
    found = sessions.transcript(chosen[0])
    text = as_markdown(found) if format == "markdown" else _json(found)
    _write([text.rstrip("\n")], output)


def _json(found: Transcript) -> str:
    return json_text(as_json(found), indent=2)


def _lines(
    sessions: Sessions, given: Options, chosen: list[str], accepted: set[str]
) -> list[str]:
    """Ask about sessions that were not accepted yet, and return the lines."""
    screen = Screen(stderr=True)
    lines: list[str] = []
    for name in chosen:
        found = sessions.transcript(name)
        whole = taught(found)
        if not whole:
            continue
        if name in accepted or _agrees(found, screen):
            sessions.accept(name, len(found.conversation))
        else:
            # What was agreed to earlier is still agreed to, and no more than that.
            whole = taught(found, found.session.accepted)
        if whole:
            lines.append(tuning_line(whole, _toolset(given, found)))
    told = f"{len(lines)} of {len(chosen)} sessions were accepted and written."
    screen.line(told if lines else "Nothing was exported: no session was accepted.")
    return lines


def _agrees(found: Transcript, screen: Screen) -> bool:
    """Tell whether the user agrees to all of a session, now or earlier."""
    # Counted in messages: what was said since needs a yes of its own.
    if found.session.accepted >= len(found.conversation):
        return True
    if not screen.can_ask:
        return False
    held = contents_of(taught(found))
    screen.line(f"{found.session.id}  {found.session.title}", "bold")
    screen.line(f"   {held.turns} turns, readable by whoever gets the file")
    for word, sources in (("holds", held.private), ("others wrote", held.untrusted)):
        if sources:
            screen.line(f"   {word}: {', '.join(sources)}", "yellow")
    answer = screen.ask("   Export it as training data? [y/N]")
    return answer.lower() in ("y", "yes")


def _toolset(given: Options, found: Transcript) -> Toolset:
    """Return the tools of the session's assistant."""
    name = found.session.assistant
    if name and given.assistant == Options().assistant:
        given = replace(given, assistant=name)
    return open_home(given).toolset


def _write(texts: list[str], output: Path | None) -> None:
    """Write a new file that only the user may read, or to standard output."""
    if output is None:
        for text in texts:
            typer.echo(printable(text))
        return
    # EXCL: a file that is there is never written over, nor a link followed.
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        with os.fdopen(os.open(output, flags, 0o600), "w", encoding="utf-8") as file:
            file.writelines(f"{text}\n" for text in texts)
    except FileExistsError as exc:
        raise StoreError(f"{output} is there already: name another file") from exc
    except OSError as exc:
        raise StoreError(f"{output} cannot be written: {exc.strerror}") from exc


app = typer.Typer(
    help="Kept conversations: show, resume, export, delete.",
    no_args_is_help=True,
)

Name = Annotated[str, typer.Argument(metavar="ID", help="Its id, or how it begins.")]
Names = Annotated[
    list[str], typer.Argument(metavar="ID...", help="Their ids, or how they begin.")
]
MaybeNames = Annotated[
    list[str] | None, typer.Argument(metavar="[ID...]", help="Which; all when none.")
]
Accept = Annotated[
    list[str] | None,
    typer.Option(metavar="ID", help="Agree to this session as training data."),
]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to.")
]
_STATES = {
    "needs_approval": "waits for your approval",
    "needs_input": "asked you",
    "open": "under way, or cut off",
}


@app.command("list")
@takes("home", "json", "verbose")
def list_sessions(*, given: Options) -> None:
    """List the sessions, the one that changed last first."""
    found = _sessions(given).list()
    if given.json:
        print_json({"sessions": [one.as_dict() for one in found]})
        return
    list_on(Screen(), found, zone_of(home_folder(given.home)))


def list_on(
    screen: Screen, found: Sequence[SessionRecord], zone: tzinfo | None
) -> None:
    """List sessions, one a line."""
    if not found:
        screen.line("There is no session yet. `agentkit chat` begins one.")
    for one in found:
        _list_line(one, screen, zone)


@app.command()
@takes("home", "json", "verbose")
def show(name: Name, *, given: Options) -> None:
    """Show what was said in a session, and what waits."""
    found = _sessions(given).transcript(name)
    if given.json:
        print_json(as_json(found))
        return
    screen = Screen()
    _list_line(found.session, screen, zone_of(home_folder(given.home)))
    for message in found.conversation:
        screen.parts((f"{message.role:>9}  ", "bold cyan"), (spoken(message), ""))
    last = found.runs[-1].outcome if found.runs else None
    if isinstance(last, NeedsApproval):
        for item in last.pending:
            screen.parts((f"    waits  {item.effect}: ", "yellow"), (item.preview, ""))
    for told in found.damaged:
        screen.line(f"Damaged: {told}", "red")


@app.command()
@takes(
    *AGENT,
    *("yes", "json", "verbose"),
)
def resume(name: Name, *, given: Options) -> None:
    """Go on with a run that waits for approval or was cut off."""
    sessions = _sessions(given)
    record = sessions.find(name)
    if record.assistant and given.assistant == Options().assistant:
        given = replace(given, assistant=record.assistant)
    opened = open_home(given)
    screen = Screen(quiet=given.json, stderr=True)
    narrator = Narrator(screen, answers=Screen(quiet=given.json), verbose=given.verbose)
    sessions = Sessions(opened.context.home, clock=opened.context.clock)
    with sessions.open(record.id) as kept:
        approve = None if given.json else narrator.approve
        ask = None if given.json else narrator.ask_egress
        agent = opened.agent(approve, ask, kept=kept)
        outcome = narrator.follow(EventStream(lambda emit, _: agent.aresume(emit=emit)))
    if given.json:
        print_json({**outcome.as_dict(), "session": record.id})
    else:
        narrator.summary(outcome)
    leave(outcome)


@app.command()
@takes("home", "yes", "verbose")
def delete(names: Names, *, given: Options) -> None:
    """Delete sessions for good; asks first.

    What the journal says of them goes, too.
    """
    sessions, screen = _sessions(given), Screen()
    zone = zone_of(home_folder(given.home))
    # All found before the first is deleted: a beginning that two share deletes nothing.
    for record in [sessions.find(name) for name in names]:
        if not given.yes:
            _list_line(record, screen, zone)
            if not _agreed(
                screen, "Delete it for good? What it did can not be undone then."
            ):
                continue
        told = "deleted"
        if not sessions.delete(record.id):
            told += "; another program has the file open: its log is emptied at its end"
        screen.line(f"{record.id}  {told}")


@app.command()
@takes("home", "now", "tools", "assistant", "verbose")
def export(
    names: MaybeNames = None,
    format: FormatName = "json",
    accept: Accept = None,
    output: Output = None,
    *,
    given: Options,
) -> None:
    """Write sessions out, as JSON or else.

    As Markdown for people, or as training data for Llama 3.2.

    As training data only what you agree to is written: sessions that --accept names,
    those you accepted before, and those you say yes to when asked.
    """
    write_out(_sessions(given), given, names or [], format, accept or [], output)


@app.command()
@takes("home", "verbose")
def encrypt(*, given: Options) -> None:
    """Encrypt sessions and journal.

    With the key in AGENTKIT_SESSIONS_KEY, else with a new one, kept in the system's keyring.
    """
    sessions = _sessions(given)
    where = sessions.encrypt()
    Screen().line(
        f"{sessions.place} and the journal are encrypted; the key is {where}."
    )


@app.command()
@takes("home", "verbose")
def decrypt(*, given: Options) -> None:
    """Decrypt sessions and journal.

    They are kept in the open again, and the keyring forgets their key.
    """
    sessions = _sessions(given)
    was_sealed = sessions.sealed
    sessions.decrypt()
    told = "is not encrypted any more" if was_sealed else "was not encrypted"
    Screen().line(f"{sessions.place} {told}.")


def _sessions(given: Options) -> Sessions:
    return Sessions(home_folder(given.home))


def _agreed(screen: Screen, question: str) -> bool:
    """Ask for a yes.

    Raises:
        ConfigError: nobody is there to answer.
    """
    if not screen.can_ask:
        raise ConfigError(f"{question} Nobody is here to answer: add --yes")
    return screen.ask(f"{question} [y/N]").lower() in ("y", "yes")


def _list_line(record: SessionRecord, screen: Screen, zone: tzinfo | None) -> None:
    state = _STATES.get(record.state, record.state)
    screen.parts(
        (f"{record.id:<10}", "bold cyan"),
        (f"{moment(record.changed, zone, seconds=False)}  ", "dim"),
        (f"{record.messages:>4} messages  ", "dim"),
        (f"{state:<24}" if state else "", "yellow" if state in _STATES else "dim"),
        (record.title, ""),
    )
