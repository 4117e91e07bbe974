"""What the tools of the server exchange answer, and how it is said."""

from __future__ import annotations

from dataclasses import dataclass

from agentkit_tools._phrases import bullets, counted, listed, paragraphs

_SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """What came of an exchange with the server; entries by their titles.

    Attributes:
        came: new or changed on this device.
        gone: deleted on this device.
        sent: new or changed on the server.
        removed: deleted on the server.
        merged: changed on both sides, and made one.
        conflicts: waiting for the user's word: the server's version is in use, the
            other one is kept.
        problems: what was not exchanged, and why.
        bytes_out: what left the device.
    """

    server: str
    came: list[str]
    gone: list[str]
    sent: list[str]
    removed: list[str]
    merged: list[str]
    conflicts: list[str]
    problems: list[str]
    bytes_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A conflict that was ended; `kept` is `mine` or `server`.

    Attributes:
        file: where this device's version was kept, to undo it.
        target: the file that it is a version of.
        server: where the server's version is kept; empty when it is in use.
    """

    name: str
    kept: str
    file: str = ""
    target: str = ""
    server: str = ""


def say_synced(done: Synced) -> str:
    """Say what came of an exchange."""
    lines = [
        f"{words}: {_some(titles)}"
        for words, titles in (
            ("Came from the server", done.came),
            ("Deleted here", done.gone),
            ("Went to the server", done.sent),
            ("Deleted on the server", done.removed),
            ("Changed on both sides and made one", done.merged),
        )
        if titles
    ]
    head = f"Exchanged with {done.server}." if lines else f"{done.server}: no changes."
    return paragraphs(
        head,
        bullets(lines),
        _block(
            "Conflicts; the server's version is in use, yours is kept", done.conflicts
        ),
        _block("Not exchanged", done.problems),
    )


def _some(titles: list[str]) -> str:
    more = len(titles) - _SHOWN
    shown = titles[:_SHOWN]
    return listed([*shown, f"{counted(more, 'other')}"] if more > 0 else shown)


def _block(head: str, lines: list[str]) -> str:
    if not lines:
        return ""
    more = len(lines) - _SHOWN
    rest = [f"{counted(more, 'other')}"] if more > 0 else []
    return f"{head}:\n{bullets([*lines[:_SHOWN], *rest])}"


def say_settled(done: Settled) -> str:
    """Say which version stays."""
    if done.kept == "mine":
        return f"Your version of {done.name} is in use; it goes up at the next sync."
    return f"The server's version of {done.name} stays; yours is in conflicts/settled."
