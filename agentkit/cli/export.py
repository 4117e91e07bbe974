"""`agentkit sessions export`: files of sessions, and only what the user agrees to."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

import typer

from agentkit.cli.opened import open_home
from agentkit.cli.options import Options
from agentkit.cli.output import json_text, printable
from agentkit.cli.screen import Screen
from agentkit.errors import ConfigError, StoreError
from agentkit.sessions import Sessions, Transcript
from agentkit.sessions.export import (
    as_json,
    as_markdown,
    contents_of,
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
    """Ask about each session that was not accepted as it is, and write the others."""
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
            whole = taught(found, found.session.accepted)
        if whole:
            lines.append(tuning_line(whole, _toolset(given, found)))
    told = f"{len(lines)} of {len(chosen)} sessions were accepted and written."
    screen.line(told if lines else "Nothing was exported: no session was accepted.")
    return lines


def _agrees(found: Transcript, screen: Screen) -> bool:
    """Tell whether the user agrees to all of a session, now or before."""
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
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        with os.fdopen(os.open(output, flags, 0o600), "w", encoding="utf-8") as file:
            file.writelines(f"{text}\n" for text in texts)
    except FileExistsError as exc:
        raise StoreError(f"{output} is there already: name another file") from exc
    except OSError as exc:
        raise StoreError(f"{output} cannot be written: {exc.strerror}") from exc
