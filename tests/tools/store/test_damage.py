"""Damaged, locked and unusable homes: nothing is lost, and one sentence tells it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agentkit import Context, CorruptStore, StoreError, Tool
from agentkit_tools._store.mailbox import Letter, add_letters
from agentkit_tools.calendar import create_event, find_events
from agentkit_tools.contacts import add_contact, find_contact
from agentkit_tools.lists import show_list
from agentkit_tools.messages import find_messages, send_message
from agentkit_tools.reminders import create_reminder, list_reminders
from agentkit_tools.search import search_everything

Use = Callable[..., Any]
AnyTool = Tool

READS: tuple[tuple[str, AnyTool, dict[str, Any]], ...] = (
    ("calendar.ics", find_events, {"when": "next 30 days"}),
    ("contacts.vcf", find_contact, {"name": "Priya"}),
    ("reminders.ics", list_reminders, {}),
    ("messages.db", find_messages, {}),
)
files = pytest.mark.parametrize(
    ("name", "tool", "arguments"), READS, ids=lambda v: str(v)[:20]
)


def asides(home: Path, name: str) -> list[Path]:
    """Return the damaged files that were kept."""
    return sorted(home.glob(f"{name}.corrupt-*"))


@pytest.mark.parametrize(
    "garbage",
    [b"\x00\xff garbage \xfe" * 50, b"just some words\n", b"<html>no</html>"],
    ids=["bytes", "words", "html"],
)
@files
def test_garbage_is_kept_aside_and_told(
    name: str, tool: AnyTool, arguments: dict[str, Any], garbage: bytes,
    sample: Context, use: Use,
) -> None:  # fmt: skip
    """A file of garbage is kept byte for byte, told of once, and then empty."""
    path = sample.home / name
    for side in sample.home.glob(f"{name}-*"):
        side.unlink()
    path.write_bytes(garbage)
    with pytest.raises(CorruptStore, match=r"kept as \S+\.corrupt-2026"):
        use(tool, sample, **arguments)
    assert [kept.read_bytes() for kept in asides(sample.home, name)] == [garbage]
    assert use(tool, sample, **arguments) == []


@pytest.mark.parametrize("name", ["calendar.ics", "contacts.vcf", "reminders.ics"])
def test_a_cut_off_file_keeps_its_whole_entries(
    name: str, sample: Context, use: Use
) -> None:
    """Of a file that ends in the middle, all whole entries are served."""
    path = sample.home / name
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * 0.8)])
    tool, arguments = next((t, a) for n, t, a in READS if n == name)
    found = use(tool, sample, **arguments)
    assert found
    assert f"{name} was damaged" in found[0].warning
    assert asides(sample.home, name)[0].read_bytes() == whole[: int(len(whole) * 0.8)]
    assert use(tool, sample, **arguments)[0].warning == ""


def test_one_broken_event_does_not_hide_the_others(sample: Context, use: Use) -> None:
    """An event whose time cannot be read is left out and told of; the file stays."""
    path = sample.home / "calendar.ics"
    before = len(use(find_events, sample, when="next 30 days"))
    assert before > 25
    text = path.read_text("utf-8")
    bad = "BEGIN:VEVENT\r\nUID:bad\r\nDTSTART:soon\r\nSUMMARY:Bad\r\nEND:VEVENT\r\n"
    path.write_text(text.replace("END:VCALENDAR", f"{bad}END:VCALENDAR"), newline="")
    content = path.read_bytes()
    found = use(find_events, sample, when="next 30 days")
    assert (len(found), path.read_bytes()) == (before, content)
    assert "“Bad” has a start that cannot be read" in found[0].warning
    assert asides(sample.home, "calendar.ics") == []


def test_a_write_to_a_damaged_file_keeps_it_and_goes_on(
    sample: Context, use: Use
) -> None:
    """What is added to a damaged calendar is stored, and the damage is told."""
    path = sample.home / "calendar.ics"
    path.write_bytes(path.read_bytes()[:3000])
    change = use(create_event, sample, title="New thing", start="tomorrow at 8am")
    assert "damaged" in change.warning
    assert asides(sample.home, "calendar.ics")
    assert use(find_events, sample, query="New thing")


def test_asides_never_overwrite_each_other(sample: Context, use: Use) -> None:
    """Two damages in one second keep two files."""
    for garbage in (b"one", b"two"):
        (sample.home / "contacts.vcf").write_bytes(garbage)
        with pytest.raises(CorruptStore):
            use(find_contact, sample, name="Priya")
    kept = [path.read_bytes() for path in asides(sample.home, "contacts.vcf")]
    assert kept == [b"one", b"two"]


def test_a_half_damaged_database_is_salvaged(context: Context, use: Use) -> None:
    """Messages before the damage are taken over into a new database."""
    letters = [
        Letter(
            message_id=f"<{number}@x.example>",
            thread="t",
            sender="Ana",
            address="ana@x.example",
            sent=context.now,
            text=f"number {number} " + "words " * 50,
        )
        for number in range(500)
    ]
    add_letters(context.home, letters, context.now)
    path = context.home / "messages.db"
    content = bytearray(path.read_bytes())
    content[len(content) // 2 :] = b"\xee" * (len(content) - len(content) // 2)
    path.write_bytes(content)
    with pytest.raises(CorruptStore, match=r"messages could be read"):
        use(find_messages, context, query="words")
    assert len(use(find_messages, context, count=200)) > 50
    assert asides(context.home, "messages.db")[0].read_bytes() == bytes(content)


def test_a_damaged_index_is_made_again(sample: Context, use: Use) -> None:
    """The search index holds nothing of its own and is thrown away when damaged."""
    (sample.home / "search.db").write_bytes(b"garbage" * 1000)
    assert use(search_everything, sample, query="Lisbon")


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        (find_events, {}),
        (find_contact, {"name": "x"}),
        (find_messages, {}),
        (list_reminders, {}),
        (show_list, {}),
        (search_everything, {"query": "x"}),
        (create_event, {"title": "x", "start": "noon"}),
        (create_reminder, {"text": "x"}),
        (add_contact, {"name": "x"}),
        (send_message, {"to": "a@b.example", "text": "x"}),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_a_home_that_is_a_file_is_told(
    tool: AnyTool, arguments: dict[str, Any], tmp_path: Path, use: Use
) -> None:
    """A home that is a file gives one sentence, and the file stays as it is."""
    home = tmp_path / "home"
    home.write_text("mine")
    with pytest.raises(StoreError, match="is a file"):
        use(tool, Context(home=home), **arguments)
    assert home.read_text() == "mine"


@pytest.mark.parametrize("name", ["calendar.ics", "contacts.vcf", "messages.db"])
def test_a_folder_in_a_files_place_is_told(name: str, tmp_path: Path, use: Use) -> None:
    """A folder where a file should be gives one sentence."""
    (tmp_path / name).mkdir()
    tool, arguments = next((t, a) for n, t, a in READS if n == name)
    with pytest.raises(StoreError, match=name):
        use(tool, Context(home=tmp_path), **arguments)


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from datetime import datetime, timezone
from agentkit import Context, StoreError
from agentkit_tools.calendar import create_event
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
context = Context(home=Path(sys.argv[1]), now=datetime(2026, 11, 18, 9, tzinfo=timezone.utc))
checked = create_event.check({"title": "x", "start": "tomorrow at 8"}, context)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    create_event.invoke(checked)
except StoreError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no file size limits there")
def test_a_full_disk_loses_nothing(sample: Context) -> None:
    """When a file cannot be written out, the old one stays and the reason is told."""
    path = sample.home / "calendar.ics"
    before = path.read_bytes()
    found = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(sample.home)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert found.stdout.startswith("Cannot write ")
    assert path.read_bytes() == before
    assert not list(sample.home.glob(".calendar.ics.*"))


READ_ONLY = """
import os, sys
from pathlib import Path
from datetime import datetime, timezone
from agentkit import Context, StoreError
from agentkit_tools.calendar import create_event, find_events
from agentkit_tools.messages import find_messages, send_message
from agentkit_tools.search import search_everything

def context(home):
    now = datetime(2026, 11, 18, 9, tzinfo=timezone.utc)
    return Context(home=Path(home), now=now)

def read(home):
    found = len(find_events(home)) > 5, len(find_messages(home))
    return *found, bool(search_everything(home, "Lisbon"))

def write(home):
    for tool, arguments in (
        (create_event, {"title": "x", "start": "tomorrow at 8"}),
        (send_message, {"to": "a@b.example", "text": "x"}),
    ):
        try:
            tool.invoke(tool.check(arguments, home))
        except StoreError as error:
            print(error)

# What is loaded late has to be loaded before the rights are given up.
read(context(sys.argv[1]))
write(context(sys.argv[1]))
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
print(read(context(sys.argv[2])))
write(context(sys.argv[2]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="permissions differ there")
def test_a_read_only_home_is_read_and_not_written(
    sample: Context, sample_home: Path
) -> None:
    """Reading goes on in a home without permission to write; writing is refused."""
    # Not below pytest's folder, which nobody but its owner may enter.
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        Path(name).chmod(0o755)
        home = Path(name) / "home"
        shutil.copytree(sample_home, home)
        (home / ".lock").unlink()
        for path in (*home.rglob("*"), home):
            path.chmod(0o555 if path.is_dir() else 0o444)
        found = subprocess.run(
            [sys.executable, "-c", READ_ONLY, str(sample.home), str(home)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        for path in (home, *home.rglob("*")):
            path.chmod(0o755)
    lines = found.stdout.splitlines()
    assert lines[:1] == ["(True, 10, True)"], found.stderr
    assert len(lines) == 3
    assert all("permission is denied" in line for line in lines[1:])
