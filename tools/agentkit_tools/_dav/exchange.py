"""One exchange with the user's server: calendars, then address books."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from agentkit import Context, ToolError, make_folder
from agentkit.language import fold
from agentkit_tools._dav.account import Account, account_of
from agentkit_tools._dav.addresses import Collection, NothingFound, collections_of
from agentkit_tools._dav.dav_server import Refused, Server
from agentkit_tools._dav.desk import Desk, Report, files_in, read_files
from agentkit_tools._dav.entries import SUFFIX, SyncEntry, file_name
from agentkit_tools._dav.pull import pull
from agentkit_tools._dav.push import make_plan, push
from agentkit_tools._dav.remote import Remote
from agentkit_tools._dav.sync_db import State, SyncShelf, opened
from agentkit_tools._dav.webdav import Kind
from agentkit_tools._phrases import counted, phrase
from agentkit_tools._store.card_files import name_folder
from agentkit_tools._store.files import claimed, locked, move_file, open_home, told

_NOUN: dict[Kind, str] = {"calendar": "event", "contacts": "contact"}


def exchange(context: Context) -> Report:
    """Bring this device and the server to the same state.

    Raises:
        ToolError: no server is set up, or it cannot be used; nothing is lost.
        ConfigError: a setting cannot be used.
        StoreError: a file cannot be read or written.
    """
    account = account_of(context)
    with claimed(open_home(context.home) / ".sync.lock") as free:
        if not free:
            raise ToolError(
                phrase("Another program is exchanging with the server right now.")
            )
        with opened(context.home, context.now) as state:
            return _exchange_all(context, account, state)


def _exchange_all(context: Context, account: Account, state: State) -> Report:
    report = Report()
    seen: set[str] = set()
    kinds: list[Kind] = ["calendar", "contacts"] if account.contacts else ["calendar"]
    for kind in kinds:
        try:
            _exchange_kind(context, account, state, kind, report, seen)
        except ToolError as exc:
            # What was exchanged before is told; an error alone would hide it.
            if not report.changed and kind == kinds[0]:
                raise
            report.problems.append(str(exc))
            return report
    report.problems += [
        f"No calendar or address book is called {name!r}."
        for name in account.collections
        if fold(name) not in seen
    ]
    return report


def _exchange_kind(
    context: Context,
    account: Account,
    state: State,
    kind: Kind,
    report: Report,
    seen: set[str],
) -> None:
    url = account.url if kind == "calendar" else account.carddav_url or account.url
    with Server(context, account, url) as server:
        try:
            found = _found(server, kind)
            seen |= {fold(one.name) for one in found}
            wanted = _wanted(found, account)
            desks = [
                Desk(
                    home=context.home,
                    me=context.user_email,
                    now=context.now,
                    state=state,
                    shelf=state.shelf(one, context.home),
                    remote=Remote(server, one),
                    report=report,
                )
                for one in wanted
            ]
            # New files go to their collection first. Then all is pulled before anything
            # is pushed, so that what both sides changed is merged here.
            main = _main(kind, account, desks)
            _take_in(context.home, kind, main, report)
            for desk in desks:
                pull(desk)
            if desks:
                name_folder(context.home / kind, main.shelf.folder if main else "")
            for desk in desks:
                if main and desk.shelf.read_only:
                    # What was put into a calendar that only others may change goes
                    # where it may.
                    _move(desk.folder, _new_in(desk), main)
            for desk in desks:
                push(desk)
        finally:
            report.bytes_out += server.bytes_out


def _found(server: Server, kind: Kind) -> list[Collection]:
    """Find the collections; a server for calendars alone has no address books.

    Raises:
        ToolError: there are none, or the server cannot be used.
    """
    try:
        return collections_of(server, kind)
    except (NothingFound, Refused):
        if kind == "contacts" and not server.account.carddav_url:
            return []
        raise


def _wanted(found: list[Collection], account: Account) -> list[Collection]:
    """Return the collections that the settings name; all when they name none."""
    if not account.collections:
        return found
    names = {fold(name) for name in account.collections}
    return [one for one in found if fold(one.name) in names]


def _take_in(home: Path, kind: Kind, main: Desk | None, report: Report) -> None:
    """Move new entries into the collection that takes them."""
    loose = files_in(home / kind, SyncShelf("", kind, "", "", "", read_only=False))
    if main:
        _move(home / kind, loose.entries, main)
    elif loose.entries:
        key = "new_events" if kind == "calendar" else "new_contacts"
        report.problems.append(
            f"{counted(len(loose.entries), f'new {_NOUN[kind]}')} stays on this device: "
            f"there are several places for it. Name one in `{key}` of [packs.caldav]."
        )


def _new_in(desk: Desk) -> dict[str, SyncEntry]:
    files = desk.files()
    new = make_plan(files, desk.known().values()).new
    return {file: files.entries[file] for file in new}


def _move(folder: Path, entries: Mapping[str, SyncEntry], desk: Desk) -> None:
    if entries:
        with told(desk.folder, "make the folder"):
            make_folder(desk.folder)
    for file, entry in entries.items():
        with locked(desk.home):
            taken = {path.name.lower() for path in desk.folder.iterdir()}
            name = file
            if file.lower() in taken:
                name = file_name(entry.uid, SUFFIX[desk.shelf.kind], taken)
            move_file(folder / file, desk.folder / name)


def _main(kind: Kind, account: Account, desks: list[Desk]) -> Desk | None:
    """Return what takes new entries: the one that is named, or the only one."""
    wanted = fold(account.new_events if kind == "calendar" else account.new_contacts)
    free = [one for one in desks if not one.shelf.read_only]
    named = [one for one in free if wanted and fold(one.shelf.name) == wanted]
    # With several and none named, nobody is guessed at: the user is asked to name one.
    return named[0] if named else free[0] if len(free) == 1 and not wanted else None


def waiting(context: Context) -> list[str]:
    """Say what would go up to the server, an entry a line; nothing is sent.

    Raises:
        StoreError: a file cannot be read.
    """
    if not (context.home / "sync.db").exists():
        return list(_loose(context.home))
    with opened(context.home, context.now) as state:
        return [*_loose(context.home), *_planned(context.home, state)]


def _loose(home: Path) -> Iterable[str]:
    for kind in _NOUN:
        shelf = SyncShelf("", kind, "", "", "", read_only=False)
        for entry in files_in(home / kind, shelf).entries.values():
            yield f"new: {entry.title}"


def _planned(home: Path, state: State) -> Iterable[str]:
    for shelf in state.shelves():
        if shelf.read_only or not (home / shelf.kind / shelf.folder).is_dir():
            continue
        files = read_files(shelf, home)
        plan = make_plan(files, state.known(shelf.url).values())
        yield from plan.lines(shelf.kind, files)
