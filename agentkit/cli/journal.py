"""`agentkit journal [N]` and `undo [N]`: what was done, by which request; taken back."""

from __future__ import annotations

import asyncio
from datetime import datetime, tzinfo
from itertools import islice
from typing import Annotated, Literal, cast

import typer

from agentkit.agent.record import EffectRecord
from agentkit.cli.opened import OpenHome, open_home
from agentkit.cli.options import Options, takes
from agentkit.cli.output import print_json
from agentkit.cli.phrasebook import is_yes, told
from agentkit.cli.screen import Screen, moment
from agentkit.errors import ConfigError, RunBusy
from agentkit.stores.journal import (
    Journal,
    JournalEntry,
    Redone,
    Undone,
    decide,
    settle_interrupted,
    summary,
)

Number = Annotated[
    int | None, typer.Argument(metavar="[N]", help="Show this entry in full.")
]
Since = Annotated[
    str, typer.Option(metavar="ISO-TIME", help="Only what began then or later.")
]
Count = Annotated[
    int, typer.Option(metavar="COUNT", help="How many at most.", min=1, max=1_000_000)
]
Happened = Annotated[
    Literal["yes", "no"] | None,
    typer.Option(
        metavar="yes|no", help="Say whether an entry whose fate is unknown was done."
    ),
]

_STYLES = {
    "done": "green",
    "not done": "yellow",
    "unknown": "bold red",
    "running": "cyan",
    "undone": "dim",
    "undo cut off": "bold red",
}


@takes("home", "tools", "assistant", "json", "verbose")
def journal(
    number: Number = None,
    since: Since = "",
    count: Count = 20,
    happened: Happened = None,
    *,
    given: Options,
) -> None:
    """List what was done on your behalf, the newest first."""
    opened = open_home(given)
    kept = Journal(opened.context.home)
    # First, so that the list says what really became of each.
    asyncio.run(settle_interrupted(kept, opened.toolset, opened.context))
    if number is None:
        if happened:
            raise ConfigError("--happened needs the number of an entry")
        found = kept.entries(since=_since(since, opened), count=count)
        _list(found, kept, opened)
        return
    if happened:
        _decide(kept, number, happened)
    entry = kept.entry(number)
    if entry is None:
        raise ConfigError(f"the journal has no entry {number}")
    if given.json:
        print_json({**entry.as_dict(), "status": status_of(entry, kept)})
    else:
        _show(entry, kept, opened)


def status_of(entry: JournalEntry, kept: Journal) -> str:
    """Return the status of an entry in a word."""
    if entry.state == "begun":
        return "running" if _is_running(entry, kept) else "unknown"
    words = {"failed": "not done", "undoing": "undo cut off"}
    return words.get(entry.state, entry.state)


def _is_running(entry: JournalEntry, kept: Journal) -> bool:
    lock = kept.lock(entry.intent.run_id)
    try:
        # Whoever carries the run out holds its lock: nobody needs to be asked.
        lock.take()
    except RunBusy:
        return True
    lock.leave()
    return False


def _decide(kept: Journal, number: int, happened: str) -> None:
    if decide(kept, number, happened=happened == "yes") is None:
        raise ConfigError(f"entry {number} is none whose fate is unknown")


def _list(found: tuple[JournalEntry, ...], kept: Journal, opened: OpenHome) -> None:
    statuses = [status_of(entry, kept) for entry in found]
    if opened.options.json:
        rows = zip(found, statuses, strict=True)
        print_json({"entries": [{**one.as_dict(), "status": s} for one, s in rows]})
        return
    screen = Screen()
    for entry, status in zip(found, statuses, strict=True):
        screen.parts(
            (f"{entry.number:>5}  ", "bold"),
            (f"{moment(entry.began, opened.context.tz)}  ", "dim"),
            (f"{status:<13}", _STYLES[status]),
            (f"{entry.intent.tool:<18} ", "cyan"),
            (summary(entry), ""),
        )
    if not found:
        screen.line(told("Nothing was done yet."))
    if "unknown" in statuses:
        screen.line(
            "Of what is unknown, say whether it was done: "
            "agentkit journal N --happened yes|no",
            "yellow",
        )


def _show(entry: JournalEntry, kept: Journal, opened: OpenHome) -> None:
    intent, status, screen = entry.intent, status_of(entry, kept), Screen()
    screen.parts((f"{entry.number}  ", "bold"), (status, _STYLES[status]))
    facts = {
        "done": summary(entry),
        "tool": f"{intent.tool} ({intent.effect})",
        **{f"  {name}": str(value) for name, value in intent.arguments.items()},
        "request": intent.request,
        "run": f"{intent.run_id}, step {intent.step}",
        "began": moment(entry.began, opened.context.tz),
        "ended": moment(entry.ended, opened.context.tz),
        "result": str(entry.result) if entry.result is not None else "",
        "note": entry.note,
    }
    for name, text in facts.items():
        if text:
            screen.parts((f"  {name:<12}", "cyan"), (text, ""))


def _since(text: str, opened: OpenHome) -> datetime | None:
    """Read `--since`.

    Raises:
        ConfigError: it is no ISO 8601 time.
    """
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as exc:
        raise ConfigError(
            f"--since {text!r} is no ISO 8601 time; an example: 2026-09-25"
        ) from exc
    zone: tzinfo = opened.context.tz
    # A time without an offset is the user's own.
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


HowMany = Annotated[
    int,
    typer.Argument(metavar="[N]", help="How many side effects, the newest first."),
]
EntryNumber = Annotated[
    int | None,
    typer.Option(metavar="NUMBER", help="One entry of the journal instead.", min=1),
]


# More things than a person put there one by one: an import, a fetch.
_MANY = 20


@takes("home", "tools", "assistant", "yes", "json", "verbose")
def undo(count: HowMany = 1, entry: EntryNumber = None, *, given: Options) -> None:
    """Take back what was done last.

    What was changed since stays as it is. Several effects, or one that brought very
    many things, are shown and asked about first.
    """
    if entry is not None and count != 1:
        raise ConfigError("give N or --entry NUMBER, not both")
    opened = open_home(given)
    undone = take_back(opened, Screen(quiet=given.json), count, entry or 0)
    if undone is None:
        raise typer.Exit(3)
    if given.json:
        print_json({"undone": [one.as_dict() for one in undone]})
    if not all(one.done for one in undone):
        raise typer.Exit(4)


@takes("home", "tools", "assistant", "json", "verbose")
def redo(count: HowMany = 1, entry: EntryNumber = None, *, given: Options) -> None:
    """Do again what was taken back last.

    What would be sent again is asked about each time.
    """
    if entry is not None and count != 1:
        raise ConfigError("give N or --entry NUMBER, not both")
    opened, screen = open_home(given), Screen(quiet=given.json)
    redone = do_again(opened, screen, count, entry or 0)
    if given.json:
        print_json({"redone": [one.as_dict() for one in redone]})
    if not all(one.done for one in redone):
        raise typer.Exit(4)


def do_again(
    opened: OpenHome, screen: Screen, count: int = 1, number: int = 0
) -> tuple[Redone, ...]:
    """Redo effects that were undone, and show the results.

    Args:
        opened: the home.
        screen: where it is asked and told.
        count: how many, what was taken back last first.
        number: one entry of the journal instead; 0 for none.
    """

    def leave(entry: JournalEntry) -> str:
        # No `--yes` for all of them: a message that goes out twice is seen by others.
        if not screen.can_ask:
            return ""
        screen.forget_typed()
        question = told("Send again: {what}?", what=summary(entry))
        answer = screen.ask(f"{question} {told('[y/N]')}")
        return "the user said yes to sending it again" if is_yes(answer) else ""

    record = EffectRecord(True, opened.context)
    tools, context = opened.toolset, opened.context
    redone = asyncio.run(record.redo(count, number, tools, context, leave))
    if not redone:
        screen.line(told("Nothing was taken back."))
    for one in redone:
        _tell_one(one.entry, one.done, one.text, "not done again: ", screen)
    return redone


def take_back(
    opened: OpenHome, screen: Screen, count: int = 1, number: int = 0
) -> tuple[Undone, ...] | None:
    """Undo effects and show the results; None where the user says no.

    Args:
        opened: the home.
        screen: where it is asked and told.
        count: how many, the newest first.
        number: one entry of the journal instead; 0 for none.
    """
    if not opened.options.yes and not _is_wanted(opened, count, number, screen):
        return None
    record = EffectRecord(True, opened.context)
    undone = asyncio.run(record.undo(count, number, opened.toolset, opened.context))
    _tell(undone, screen)
    return undone


def _is_wanted(opened: OpenHome, count: int, number: int, screen: Screen) -> bool:
    """Ask before much is undone; where nobody can answer it is not done."""
    kept = Journal(opened.context.home)
    one = kept.entry(number) if number else None
    meant = [one] if one else [] if number else [*islice(kept.takeable(), count)]
    many = [entry for entry in meant if _things(entry) > _MANY]
    # One thing, or a script that asked for a few: what was said is clear.
    if not many and (len(meant) < 2 or not screen.can_ask):
        return True
    for entry in meant:
        more = (
            told(" ({count} things)", count=f"{_things(entry):,}")
            if entry in many
            else ""
        )
        screen.parts((f"{entry.number:>5}  ", "bold"), (f"{summary(entry)}{more}", ""))
    if not screen.can_ask:
        english = (
            "To take back so much at once, say it with --yes; nothing was taken back."
        )
        screen.line(told(english), "yellow")
        return False
    screen.forget_typed()
    question = f"{told('Take back {count}?', count=len(meant))} {told('[y/N]')}"
    return is_yes(screen.ask(question))


def _things(entry: JournalEntry) -> int:
    """Return how many things an effect brought, by its tool's result."""
    found = entry.result
    if isinstance(found, list):
        return len(cast(list[object], found))
    facts = cast(dict[str, object], found) if isinstance(found, dict) else {}
    # As the tools that bring many name it: imports, subscriptions, fetches.
    counts = (facts.get(name) for name in ("added", "changes", "count"))
    return max((one for one in counts if isinstance(one, int)), default=1)


def _tell(undone: tuple[Undone, ...], screen: Screen) -> None:
    if not undone:
        screen.line(told("There is nothing to take back."))
    for one in undone:
        _tell_one(one.entry, one.done, one.text, "not taken back: ", screen)


def _tell_one(
    entry: JournalEntry, done: bool, text: str, otherwise: str, screen: Screen
) -> None:
    number = (f"{entry.number}  ", "bold")
    if done:
        screen.parts(number, (text, "green"))
        return
    screen.parts(number, (told(otherwise), "yellow"), (text, ""))
    screen.line(f"   {summary(entry)}", "dim")
