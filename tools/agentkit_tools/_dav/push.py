"""What was changed on this device, found and brought to the server, each change once.

Every write names the version that it is made of (If-Match), or that there is none
(If-None-Match). A write whose answer was lost is found at the next exchange: the server
has the same entry then.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from glob import escape
from pathlib import Path

from agentkit_tools._dav.dav_server import Refused
from agentkit_tools._dav.desk import Desk, Files
from agentkit_tools._dav.entries import SUFFIX, SyncEntry, file_name, read_entry
from agentkit_tools._dav.pull import put_in, read_again, restored
from agentkit_tools._dav.schedule_agent import outgoing
from agentkit_tools._dav.sync_db import Known
from agentkit_tools._dav.webdav import Kind


@dataclass(frozen=True, slots=True)
class PushPlan:
    """What is to go up.

    Attributes:
        renamed: what both sides have, under another file name now.
        changed: files that were changed here.
        new: files that the server does not know.
        gone: what was deleted here.
        twice: files whose UID another file has already.
    """

    renamed: dict[str, Known]
    changed: dict[str, Known]
    new: tuple[str, ...]
    gone: tuple[Known, ...]
    twice: tuple[str, ...]

    def lines(self, kind: Kind, files: Files) -> Iterable[str]:
        """Say it, an entry a line."""
        for file in self.new:
            yield f"new: {files.entries[file].title}"
        for file in self.changed:
            yield f"changed: {files.entries[file].title}"
        for known in self.gone:
            yield f"deleted: {title_of(kind, known)}"


def make_plan(files: Files, known: Iterable[Known]) -> PushPlan:
    """Compare a collection's files with what was agreed on."""
    by_file = {one.file: one for one in known}
    there = {*files.entries, *files.unfit}
    # A file that is gone and another with its UID: it was renamed.
    lost = {_uid(one): one for one in by_file.values() if one.file not in there}
    uids = {files.entries[file].uid for file in by_file if file in files.entries}
    renamed: dict[str, Known] = {}
    new: list[str] = []
    twice: list[str] = []
    for file, entry in files.entries.items():
        if file in by_file:
            continue
        if entry.uid in uids:
            twice.append(file)
        elif entry.uid in lost:
            renamed[file] = lost.pop(entry.uid)
        else:
            new.append(file)
        uids.add(entry.uid)
    pairs = {**{file: by_file[file] for file in files.entries if file in by_file},
             **renamed}  # fmt: skip
    changed = {
        file: one
        for file, one in pairs.items()
        if files.entries[file].digest != one.digest
    }
    return PushPlan(renamed, changed, tuple(new), tuple(lost.values()), tuple(twice))


def title_of(kind: Kind, known: Known) -> str:
    """Return the title of an entry as it was agreed on."""
    found = read_entry(kind, known.base or known.pending)
    return found.title if isinstance(found, SyncEntry) else Path(known.file).stem


def _uid(known: Known) -> str:
    for kind in ("calendar", "contacts"):
        found = read_entry(kind, known.base or known.pending)
        if isinstance(found, SyncEntry):
            return found.uid
    return known.href


# How often an entry is merged and sent that changes on the server meanwhile.
_TRIES = 3
# Deleted there, and refused because of its state there.
_GONE = (404, 410)
_CHANGED = (404, 409, 410, 412)
# The server does not take this one entry; others may be taken.
_SINGLE = (400, 403, 405, 409, 412, 413, 415, 422, 423)


def push(desk: Desk) -> None:
    """Bring what was changed on this device to the server.

    Raises:
        ToolError: the server cannot be used; what did not go up waits.
        StoreError: a file cannot be read or written.
    """
    files = desk.files()
    known_all = desk.known().values()
    plan = make_plan(files, known_all)
    for known in known_all:
        if known.file in files.unfit and known.etag and _was_damaged(desk, known.file):
            restored(desk, known)
            files.unfit.pop(known.file)
    _tell_unfit(desk, plan, files.unfit)
    if desk.shelf.read_only:
        _leave(desk, plan, files.entries)
        return
    for file, known in plan.renamed.items():
        desk.agree(replace(known, file=file))
    for file, known in plan.changed.items():
        _tried(desk, files.entries[file], file, replace(known, file=file))
    for file in plan.new:
        _tried(desk, files.entries[file], file, None)
    for known in plan.gone:
        _delete(desk, known)


def _tell_unfit(desk: Desk, plan: PushPlan, unfit: dict[str, str]) -> None:
    place = f"{desk.shelf.kind}/{desk.shelf.folder}"
    reasons = unfit | dict.fromkeys(plan.twice, "another file has the same UID")
    desk.report.problems.extend(
        f"{place}/{file} stays on this device: {reason}."
        for file, reason in reasons.items()
    )


def _leave(desk: Desk, plan: PushPlan, entries: dict[str, SyncEntry]) -> None:
    """Report changes to a read-only collection, and bring back what was deleted."""
    titles = [entries[file].title for file in (*plan.new, *plan.changed)]
    desk.report.problems.extend(
        f"{title!r} stays on this device: {desk.shelf.name!r} may only be read."
        for title in titles
    )
    for known in plan.gone:
        restored(desk, known)
        desk.report.problems.append(
            f"{title_of(desk.shelf.kind, known)!r} is back: {desk.shelf.name!r} may "
            "only be read."
        )


def _tried(desk: Desk, entry: SyncEntry, file: str, known: Known | None) -> None:
    try:
        _send(desk, entry, file, known)
    except Refused as exc:
        if exc.status not in _SINGLE:
            raise
        _not_sent(desk, file)
        desk.report.problems.append(f"{entry.title!r} did not go up: {_reason(exc)}")


def _not_sent(desk: Desk, file: str) -> None:
    """Forget that something was sent which the server did not take."""
    for known in desk.known().values():
        if known.file == file and known.pending:
            if known.etag:
                desk.agree(replace(known, pending=""))
            else:
                desk.state.drop(desk.shelf.url, known.href)


def _reason(exc: Refused) -> str:
    named = f" It names: {', '.join(exc.faults)}." if exc.faults else ""
    if exc.status == 412:
        return "it changes on the server all the time. Try again later."
    return f"{exc}{named}"


def _send(desk: Desk, entry: SyncEntry, file: str, known: Known | None) -> None:
    """Write one entry; what was changed on the server meanwhile is merged first.

    Raises:
        Refused: the server does not take it.
        ToolError: the server cannot be used.
    """
    for left in reversed(range(_TRIES)):
        entry = _ready(desk, entry, file, known)
        href = known.href if known else _new_href(desk, entry)
        blank = Known(href, file, "", "", "")
        # Noted before it is sent: if the answer is lost, the next exchange knows what
        # was sent.
        desk.agree(replace(known or blank, pending=entry.text))
        try:
            etag = desk.remote.put(href, entry.text, known.etag if known else "")
        except Refused as exc:
            if exc.status not in _CHANGED or not left:
                raise
            if not _looked_again(desk, entry, file, known or blank):
                raise
            known = desk.known().get(href)
            now = desk.entry(file)
            if not known or not now or now.digest == known.digest:
                # It is settled: merged away, or a conflict.
                return
            entry = now
            continue
        desk.report.sent.append(entry.title)
        _sent(desk, Known(href, file, etag, entry.text, entry.digest))
        return


def _ready(desk: Desk, entry: SyncEntry, file: str, known: Known | None) -> SyncEntry:
    """Return an entry as it goes up, its file the same."""
    if desk.shelf.kind != "calendar":
        return entry
    text = outgoing(entry.text, known.base if known else "", desk.me)
    return entry if text == entry.text else desk.replace(file, entry, text)


def _new_href(desk: Desk, entry: SyncEntry) -> str:
    """Name a new entry: the same entry always gets the same name."""
    return desk.remote.href_of(file_name(entry.uid, SUFFIX[desk.shelf.kind]))


def _looked_again(desk: Desk, entry: SyncEntry, file: str, known: Known) -> bool:
    """Take in what the server has; False when that does not explain its refusal."""
    # It was refused, and so is not there.
    known = replace(known, pending="")
    if known.etag:
        read_again(desk, known)
        return True
    desk.state.drop(desk.shelf.url, known.href)
    resource = desk.remote.read(known.href)
    if resource.text is None:
        return False
    put_in(desk, resource, None, {entry.uid: file})
    return True


def _sent(desk: Desk, known: Known) -> None:
    """Note what was written; a server that tells no ETag may have changed it."""
    desk.agree(known)
    if known.etag:
        return
    resource = desk.remote.read(known.href)
    if resource.text is not None:
        put_in(desk, resource, known, {})


def _delete(desk: Desk, known: Known) -> None:
    title = title_of(desk.shelf.kind, known)
    # It never arrived on the server.
    if not known.etag:
        desk.state.drop(desk.shelf.url, known.href)
        return
    # A file that was put aside as damaged was not deleted by anybody.
    if _was_damaged(desk, known.file):
        restored(desk, known)
        desk.report.problems.append(
            f"The file of {title!r} was damaged; it is back from the server."
        )
        return
    try:
        desk.remote.delete(known.href, known.etag)
    except Refused as exc:
        if exc.status == 412:
            read_again(desk, known)
            return
        if exc.status not in (*_SINGLE, *_GONE):
            raise
        if exc.status not in _GONE:
            desk.report.problems.append(f"{title!r} is not deleted: {_reason(exc)}")
            return
    desk.state.drop(desk.shelf.url, known.href)
    desk.report.removed.append(title)


def _was_damaged(desk: Desk, file: str) -> bool:
    """Whether a tool has put a damaged version of a file aside."""
    return any(desk.folder.glob(f"{escape(file)}.corrupt-*"))
