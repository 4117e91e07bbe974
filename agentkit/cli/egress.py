"""`agentkit egress list|show|verify|restart`: what has left this device, and whether that is true."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from agentkit.cli.options import Options, home_folder, takes
from agentkit.cli.output import print_json
from agentkit.cli.screen import Screen, moment, zone_of
from agentkit.errors import ConfigError
from agentkit.privacy import Ledger, LedgerEntry

app = typer.Typer(help="Show what has left this device.", no_args_is_help=True)

Number = Annotated[int, typer.Argument(metavar="N", help="Number of the entry.")]


@app.command("list")
@takes("home", "json", "verbose")
def list_entries(*, given: Options) -> None:
    """List what has left.

    When, where to, how many bytes, of which label, and why.
    """
    entries = list(_ledger(given).entries())
    if given.json:
        print_json({"entries": [_facts(entry) for entry in entries]})
        return
    screen, zone = Screen(), zone_of(home_folder(given.home))
    for entry in entries:
        screen.parts(
            (f"{entry.number:>5}  ", "bold"),
            (f"{moment(entry.time, zone)}  ", "dim"),
            (f"{entry.to}  ", "cyan"),
            (f"{entry.size} bytes  {entry.label}  ", ""),
            (entry.grant, "dim"),
        )
    if not entries:
        screen.line("Nothing has left this device.")


@app.command()
@takes("home", "json", "verbose")
def show(number: Number, *, given: Options) -> None:
    """Show exactly what left, controls escaped."""
    # Read from the beginning: the ledger is a file of lines, each chained to the one
    # before.
    found = [one for one in _ledger(given).entries() if one.number == number]
    if not found:
        raise ConfigError(f"the ledger has no entry {number}: see agentkit egress list")
    if given.json:
        print_json(asdict(found[0]))
        return
    screen = Screen()
    for key, value in _facts(found[0]).items():
        screen.parts((f"{key:<8}", "dim"), (str(value), ""))
    screen.line(f"{'hash':<8}{found[0].hash}", "dim")
    screen.line()
    screen.line(found[0].text)


@app.command()
@takes("home", "json", "verbose")
def verify(*, given: Options) -> None:
    """Check that no line of the ledger was changed, added or removed.

    Leaves with 1 when one was.
    """
    ledger = _ledger(given)
    faults = ledger.verify()
    if given.json:
        print_json({"ledger": str(ledger.path), "faults": list(faults)})
    else:
        screen = Screen()
        for fault in faults:
            screen.line(f"{ledger.path}: {fault}", "red")
        if not faults:
            screen.line(_sound(ledger), "green" if ledger.path.exists() else "")
    if faults:
        raise typer.Exit(1)


@app.command()
@takes("home", "json", "verbose")
def restart(*, given: Options) -> None:
    """Move a damaged ledger aside and begin a new one.

    Nothing leaves while the ledger is damaged. One that is sound stays.
    """
    moved = _ledger(given).restart()
    if given.json:
        print_json({"moved": [str(path) for path in moved]})
        return
    screen = Screen()
    for path in moved:
        screen.line(f"Kept as {path}")
    if not moved:
        screen.line("Nothing is wrong with the ledger: it stays.")


def _ledger(given: Options) -> Ledger:
    return Ledger(home_folder(given.home))


def _sound(ledger: Ledger) -> str:
    if not ledger.path.exists():
        return f"{ledger.path} is not there: nothing has left this device"
    count = sum(1 for _ in ledger.entries())
    lines = "1 line is as it was" if count == 1 else f"{count} lines are as they were"
    return f"{ledger.path}: {lines} written"


def _facts(entry: LedgerEntry) -> dict[str, Any]:
    """Return an entry without its text and hashes."""
    return {
        "number": entry.number,
        "time": entry.time,
        "to": entry.to,
        "bytes": entry.size,
        "label": entry.label,
        "grant": entry.grant,
    }
