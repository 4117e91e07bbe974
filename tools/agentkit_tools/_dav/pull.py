"""What changed on the server, brought to this device.

For each entry the file is written before the state: after a crash in between, the same
entry is looked at again, and found to be equal.
"""

from __future__ import annotations

from agentkit import make_folder
from agentkit_tools._dav.conflicts import set_aside
from agentkit_tools._dav.desk import Desk
from agentkit_tools._dav.entries import (
    SUFFIX,
    SyncEntry,
    digest_of,
    file_name,
    read_entry,
)
from agentkit_tools._dav.merge import Clash, changed_groups, merge, same
from agentkit_tools._dav.remote import Delta, Resource
from agentkit_tools._dav.sync_db import Known, mark, server_of
from agentkit_tools._dav.webdav import Kind
from agentkit_tools._phrases import listed
from agentkit_tools._store.files import locked, told


def is_own(kind: Kind, known: Known, theirs: str) -> bool:
    """Whether the server's version is just what was sent from here."""
    return bool(known.pending) and same(kind, known.pending, theirs)


def base_of(kind: Kind, known: Known, theirs: str) -> str:
    """Return the version that this device's and the server's both come from.

    That is what was sent, where it has arrived: then all that it changed is in the
    server's version. Where somebody changed it there again, the older version is
    taken, and at worst there is a conflict, which loses nothing.
    """
    if not known.pending:
        return known.base
    sent = changed_groups(kind, known.base, known.pending)
    kept = sent - changed_groups(kind, known.pending, theirs)
    # The name of a new entry is made of its UID: another one is hardly there.
    enough = len(sent) / 2 if not known.base else len(sent)
    return known.pending if len(kept) >= enough else known.base


def pull(desk: Desk) -> None:
    """Bring what changed on the server to this device.

    Raises:
        ToolError: the server cannot be used.
        StoreError: a file cannot be read or written.
    """
    known = desk.known()
    # Without this, a folder that was lost would look as if all of it had been deleted.
    if known and server_of(desk.folder) != desk.shelf.url:
        desk.state.forget(desk.shelf.url)
        desk.report.problems.append(
            f"The folder {desk.shelf.kind}/{desk.shelf.folder} was lost; it is read "
            "from the server anew, and nothing is deleted there."
        )
        known = {}
    with told(desk.folder, "make the folder"):
        make_folder(desk.folder)
    mark(desk.folder, desk.shelf.url)
    delta = desk.remote.delta(desk.shelf.token if known else "")
    whole = _fetch(desk, delta, known)
    # A whole list says by leaving out what is gone.
    left_out = set(known) - set(delta.etags) if delta.whole else set[str]()
    for href in sorted((delta.gone | left_out) & set(known)):
        if known[href].etag:
            take_out(desk, known[href])
        # It was sent, and is not there: it is still new.
        else:
            desk.state.drop(desk.shelf.url, href)
    # With the old token, what was not given this time is named again the next time.
    if whole:
        desk.state.set_token(desk.shelf.url, delta.token)


def _fetch(desk: Desk, delta: Delta, known: dict[str, Known]) -> bool:
    """Fetch what is new or changed; False when some of it was not given."""
    wanted = [
        href
        for href, etag in sorted(delta.etags.items())
        if href not in known or not etag or known[href].etag != etag
    ]
    strays = _strays(desk, known) if wanted else {}
    left = set(wanted)
    for batch in desk.remote.fetch(wanted):
        for resource in batch:
            if resource.text is not None:
                left.discard(resource.href)
                put_in(desk, resource, known.get(resource.href), strays)
    return not left


def _strays(desk: Desk, known: dict[str, Known]) -> dict[str, str]:
    """Return the files that the server does not know yet, by their UID."""
    synced = {one.file for one in known.values()}
    files = desk.files().entries.items()
    return {entry.uid: file for file, entry in files if file not in synced}


def put_in(
    desk: Desk, resource: Resource, known: Known | None, strays: dict[str, str]
) -> None:
    """Bring one entry of the server to this device.

    Args:
        desk: its collection.
        resource: the entry as it is on the server.
        known: what both sides agreed on before.
        strays: files that the server does not know yet, by their UID.

    Raises:
        StoreError: a file cannot be read or written.
    """
    theirs = read_entry(desk.shelf.kind, resource.text or "")
    if isinstance(theirs, str):
        desk.report.problems.append(
            f"An entry of {desk.shelf.name!r} on the server is left out: {theirs}."
        )
        return
    with locked(desk.home):
        file = _file(desk, theirs, known, strays)
        mine = desk.entry_or_aside(file)
        if mine is None and known and is_own(desk.shelf.kind, known, theirs.text):
            # Sent from here, and deleted here since: that is still to be told.
            digest = theirs.digest
            desk.agree(Known(resource.href, file, resource.etag, theirs.text, digest))
            return
        text = _decided(desk, file, mine, theirs, known)
        if mine is None or text != mine.text:
            desk.write(file, text)
        # What is not the server's version yet is a change to be sent.
        alike = text == theirs.text or same(desk.shelf.kind, text, theirs.text)
        agreed = digest_of(text) if alike else theirs.digest
        desk.agree(Known(resource.href, file, resource.etag, theirs.text, agreed))


def _file(
    desk: Desk, theirs: SyncEntry, known: Known | None, strays: dict[str, str]
) -> str:
    """Return the file of an entry: its own, one renamed or made here, or a new one."""
    if known and desk.there(known.file):
        return known.file
    if theirs.uid in strays:
        return strays.pop(theirs.uid)
    if known:
        return known.file
    return file_name(theirs.uid, SUFFIX[desk.shelf.kind], desk)


def _decided(
    desk: Desk,
    file: str,
    mine: SyncEntry | None,
    theirs: SyncEntry,
    known: Known | None,
) -> str:
    """Return what the file shall hold."""
    kind, report = desk.shelf.kind, desk.report
    if mine is None:
        report.came.append(theirs.title)
        if known:
            report.problems.append(
                f"{theirs.title!r} was deleted here and changed on the server: it is "
                "back. Delete it once more if it shall go."
            )
        return theirs.text
    if mine.digest == theirs.digest:
        return mine.text
    if known and mine.digest == known.digest:
        report.came.append(theirs.title)
        return theirs.text
    if same(kind, mine.text, theirs.text):
        return mine.text
    base = base_of(kind, known, theirs.text) if known else ""
    found = merge(kind, base, mine.text, theirs.text)
    if isinstance(found, Clash):
        # The server's version is used, as other devices have it; this one's is kept.
        set_aside(desk.home, kind, desk.shelf.folder, file, mine)
        report.clashes.append(
            f"{theirs.title}: both sides changed {listed(found.what)}"
        )
        return theirs.text
    report.merged.append(theirs.title)
    # This device has all of it already: its own bytes stay.
    return mine.text if same(kind, found, mine.text) else found


def take_out(desk: Desk, known: Known) -> None:
    """Delete what was deleted on the server, unless it was changed here.

    Raises:
        StoreError: a file cannot be read or written.
    """
    with locked(desk.home):
        mine = desk.entry_or_aside(known.file)
        if mine and mine.digest != known.digest:
            set_aside(desk.home, desk.shelf.kind, desk.shelf.folder, known.file, mine)
            desk.report.clashes.append(
                f"{mine.title}: deleted on the server, and changed here"
            )
        elif mine:
            desk.report.gone.append(mine.title)
        desk.remove(known.file)
        desk.state.drop(desk.shelf.url, known.href)


def read_again(desk: Desk, known: Known) -> None:
    """Bring one entry to this device, whatever is there now.

    Raises:
        ToolError: the server cannot be used.
        StoreError: a file cannot be read or written.
    """
    resource = desk.remote.read(known.href)
    if resource.text is None:
        take_out(desk, known)
    else:
        put_in(desk, resource, known, {})


def restored(desk: Desk, known: Known) -> None:
    """Bring back an entry whose file is gone or damaged, as it is on the server.

    Raises:
        ToolError: the server cannot be used.
        StoreError: a file cannot be read or written.
    """
    resource = desk.remote.read(known.href)
    theirs = read_entry(desk.shelf.kind, resource.text or "")
    if isinstance(theirs, str):
        return
    with locked(desk.home):
        desk.entry_or_aside(known.file)
        desk.write(known.file, theirs.text)
        digest = theirs.digest
        desk.agree(Known(known.href, known.file, resource.etag, theirs.text, digest))
