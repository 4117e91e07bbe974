"""Calendars that are subscribed to: a folder each, fetched again now and then.

`calendar/NAME/` holds `calendar.ics` as it came, without entries that cannot be read,
and `.subscription`, which says where it is from. Nothing in it is changed here.
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from agentkit import AgentkitError, Context, ToolError
from agentkit.language import fold
from agentkit_tools._archives.arrival import Arrival
from agentkit_tools._archives.calendar_archive import sound_events, zones_of
from agentkit_tools._archives.feed import Edition, address_of, fetch_edition
from agentkit_tools._store.blocks import Blocks, split_blocks
from agentkit_tools._store.card_files import unescaped
from agentkit_tools._store.files import locked, read_bytes, told, write_atomic
from agentkit_tools._store.folder import FOLDER, SUBSCRIBED
from agentkit_tools._store.ics import HEAD, TAIL
from agentkit_tools._store.octets import bytes_of, text_of

_ICS = "calendar.ics"
# Subscriptions of a home: each is asked for every hour.
_MOST = 100


@dataclass(frozen=True, slots=True)
class Subscription:
    """A calendar of somebody else's.

    Attributes:
        name: its folder.
        title: as it calls itself.
        url: where it is from.
        etag: what its server tells this state of it by.
        modified: the same, as a date.
        fetched: when it was asked for last, ISO 8601; empty for never.
        events: how many it has.
    """

    name: str
    title: str
    url: str
    etag: str = ""
    modified: str = ""
    fetched: str = ""
    events: int = 0


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What came of fetching a subscription: it is new, or why it is not."""

    subscription: Subscription
    arrival: Arrival
    changed: bool = True
    fault: str = ""


def subscriptions(home: Path) -> list[Subscription]:
    """List the calendars that are subscribed to.

    Raises:
        StoreError: the folder cannot be read.
    """
    return list(_subscriptions(home))


def subscribe(context: Context, said: str, name: str = "") -> Refreshed:
    """Subscribe to a calendar, or fetch it again where it is subscribed to.

    Args:
        context: the home, its gate and its ledger.
        said: its address.
        name: what its folder shall be called; as it calls itself when empty.

    Raises:
        EgressDenied: nothing may leave.
        ToolError: it cannot be fetched, or is no calendar.
        StoreError: the home cannot be written.
    """
    url = address_of(said)
    known = [one for one in subscriptions(context.home) if one.url == url]
    if known:
        return refresh(context, known[0])
    edition = fetch_edition(context, url)
    content, arrival, title = _taken(edition.content or b"", urlsplit(url))
    with locked(context.home):
        if len(subscriptions(context.home)) >= _MOST:
            raise ToolError(f"There are {_MOST} subscriptions, which is the most.")
        new = Subscription(_free_name(context.home, name or title), title, url)
        kept = _keep(context, new, edition, content, arrival.events)
    return Refreshed(kept, arrival)


def refresh(context: Context, known: Subscription) -> Refreshed:
    """Fetch a subscription again; what is there stays where that fails.

    Raises:
        EgressDenied: nothing may leave.
        ToolError: it cannot be fetched, or is no calendar.
        StoreError: the home cannot be written.
    """
    edition = fetch_edition(context, known.url, known.etag, known.modified)
    # The server says that nothing changed: only the time of asking is noted.
    if edition.content is None:
        kept = replace(known, fetched=context.now.isoformat())
        _write_mark(context.home, kept)
        return Refreshed(kept, Arrival(events=known.events), changed=False)
    content, arrival, _ = _taken(edition.content, urlsplit(known.url))
    with locked(context.home):
        kept = _keep(context, known, edition, content, arrival.events)
    return Refreshed(kept, arrival)


def refresh_all(context: Context) -> list[Refreshed]:
    """Fetch all subscriptions again, and say of each what came of it.

    Raises:
        StoreError: the folder cannot be read.
    """
    done: list[Refreshed] = []
    for one in subscriptions(context.home):
        try:
            done.append(refresh(context, one))
        except AgentkitError as exc:
            done.append(Refreshed(one, Arrival(), changed=False, fault=str(exc)))
    return done


def unsubscribe(home: Path, said: str) -> Subscription:
    """End a subscription: its folder is put aside, and its events with it.

    Raises:
        ToolError: there is none of that name or address.
        StoreError: its folder cannot be moved.
    """
    wanted = fold(said)
    found = [
        one
        for one in subscriptions(home)
        if said == one.url or wanted in (fold(one.name), fold(one.title))
    ]
    if len(found) != 1:
        names = ", ".join(one.name for one in subscriptions(home)) or "none"
        raise ToolError(f"There is no subscription {said!r}; there are: {names}.")
    folder, aside = home / FOLDER / found[0].name, _aside(home, found[0].name)
    with locked(home), told(folder, "put aside"):
        # Of two ended subscriptions of one name, the later is kept.
        if aside.exists():
            shutil.rmtree(aside)
        folder.rename(aside)
    return found[0]


def resubscribe(home: Path, name: str) -> None:
    """Take a subscription up again that was ended.

    Raises:
        ToolError: nothing is kept of it, or there is another one.
        StoreError: its folder cannot be moved.
    """
    folder, aside = home / FOLDER / name, _aside(home, name)
    if folder.exists() or not aside.is_dir():
        raise ToolError(f"The subscription {name} cannot be taken up: subscribe again.")
    with locked(home), told(folder, "put back"):
        aside.rename(folder)


def _aside(home: Path, name: str) -> Path:
    """Return where the folder of an ended subscription lies, which nobody reads."""
    return home / FOLDER / f".ended-{name}"


def is_old(one: Subscription, now: datetime, seconds: float) -> bool:
    """Whether a subscription was fetched longer ago than that."""
    try:
        last = datetime.fromisoformat(one.fetched)
    except ValueError:
        return True
    # A time in the future is a clock that was set back: then it is fetched.
    return not 0 <= (now - last).total_seconds() < seconds


def _subscriptions(home: Path) -> Iterator[Subscription]:
    top = home / FOLDER
    if not top.is_dir():
        return
    with told(top, "list the folder"):
        # Not those that were put aside, whose folders begin with a dot.
        marks = sorted(top.glob(f"[!.]*/{SUBSCRIBED}"))
    for mark in marks:
        # One that was damaged by hand is subscribed to again by its address.
        with contextlib.suppress(ValueError, TypeError, KeyError):
            record: dict[str, Any] = json.loads(read_bytes(mark) or b"")
            named: dict[str, Any] = record | {"name": mark.parent.name}
            yield Subscription(**named)


def _taken(content: bytes, place: Any) -> tuple[bytes, Arrival, str]:
    """Return what is kept of a calendar, what came of it, and its title."""
    blocks, arrival = split_blocks(text_of(content)), Arrival()
    if "BEGIN:VCALENDAR" not in blocks.text[:2000].upper():
        raise ToolError(
            f"What {place.hostname} gives out there is no calendar: it is no iCalendar "
            "file (.ics)."
        )
    events = sound_events(blocks, arrival)
    arrival.events = len(events)
    kept = Blocks((*zones_of(blocks), *events)).text
    return (
        bytes_of(f"{HEAD}{kept}{TAIL}"),
        arrival,
        _title(blocks) or str(place.hostname),
    )


def _title(blocks: Blocks) -> str:
    found = re.search(
        r"(?im)^(?:X-WR-CALNAME|NAME)(?:;[^:\r\n]*)?:(.*?)\r?$", blocks.text
    )
    return " ".join(unescaped(found[1]).split())[:80] if found else ""


def _keep(
    context: Context, one: Subscription, edition: Edition, content: bytes, events: int
) -> Subscription:
    kept = replace(
        one,
        etag=edition.etag,
        modified=edition.modified,
        fetched=context.now.isoformat(),
        events=events,
    )
    folder = context.home / FOLDER / one.name
    # The mark first: a folder without it would be one that may be changed.
    _write_mark(context.home, kept)
    # An unchanged file keeps its stamp, and the index need not read it again.
    if read_bytes(folder / _ICS) != content:
        write_atomic(folder / _ICS, content)
    return kept


def _write_mark(home: Path, one: Subscription) -> None:
    # The folder is its name, and may be renamed by hand.
    record = {name: value for name, value in asdict(one).items() if name != "name"}
    path = home / FOLDER / one.name / SUBSCRIBED
    write_atomic(path, json.dumps(record, ensure_ascii=False, indent=1).encode())


def _free_name(home: Path, title: str) -> str:
    stem = re.sub(r"[^\w-]+", "-", title.strip().lower())[:40].strip("-_") or "calendar"
    name, number = stem, 1
    while (home / FOLDER / name).exists():
        number += 1
        name = f"{stem}-{number}"
    return name
