"""Links in the folders of calendars and contacts: within the home they count, out of it not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agentkit import Context, CorruptStore
from agentkit_tools.calendar import find_events
from agentkit_tools.contacts import find_contact

Use = Callable[..., Any]

CALENDAR = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1@o\r\nSUMMARY:Rosewood\r\n"
    "DTSTART:20261120T100000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Rosewood\r\nTEL:123456\r\nEND:VCARD\r\n"
# The folder, a file in it, what it holds, and what asks for it.
KINDS = pytest.mark.parametrize(
    ("folder", "name", "text", "ask"),
    [
        ("calendar", "a.ics", CALENDAR, (find_events, {"when": "2026-11-20"})),
        ("contacts", "a.vcf", CARD, (find_contact, {"name": "Rosewood"})),
    ],
    ids=["calendar", "contacts"],
)


def told(use: Use, ask: tuple[Any, dict[str, Any]], home: Path) -> str:
    """Ask a tool, and return all that it tells, warnings and refusals too."""
    tool, arguments = ask
    try:
        return str(use(tool, Context(home=home), **arguments))
    except CorruptStore as exc:
        return str(exc)


@KINDS
@pytest.mark.parametrize("which", ["file", "folder"])
def test_a_link_within_the_home_is_followed(
    folder: str, name: str, text: str, ask: Any, which: str, tmp_path: Path, use: Use
) -> None:
    """What is kept in another place of the home is read through a link."""
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / name).write_text(text, "utf-8", newline="")
    (tmp_path / folder).mkdir()
    target = kept / name if which == "file" else kept
    (tmp_path / folder / (name if which == "file" else "sub")).symlink_to(target)
    assert "Rosewood" in told(use, ask, tmp_path)


@KINDS
@pytest.mark.parametrize("which", ["file", "folder", "top"])
def test_a_link_out_of_the_home_is_told_and_not_followed(
    folder: str, name: str, text: str, ask: Any, which: str, tmp_path: Path, use: Use
) -> None:
    """Files of elsewhere are not read, and the link is named."""
    home, away = tmp_path / "home", tmp_path / "away"
    away.mkdir()
    (away / name).write_text(text, "utf-8", newline="")
    places = {"file": f"{folder}/{name}", "folder": f"{folder}/sub", "top": folder}
    link = home / places[which]
    link.parent.mkdir(parents=True)
    link.symlink_to(away / name if which == "file" else away)
    said = told(use, ask, home)
    assert "TEL" not in said
    assert "123456" not in said
    assert "2026-11-20T" not in said
    tool, arguments = ask
    own = home / ("calendar.ics" if folder == "calendar" else "contacts.vcf")
    own.write_text(text.replace("Rosewood", "Own Rosewood"), "utf-8", newline="")
    (found,) = use(tool, Context(home=home), **arguments)
    assert "leads out of the home" in found.warning
