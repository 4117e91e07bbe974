"""Whether a version that was sent, without an answer, has arrived."""

from __future__ import annotations

from agentkit_tools._dav.merging import changed_groups, same
from agentkit_tools._dav.requests import Kind
from agentkit_tools._dav.state import Known


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
