"""Whatever the umask: nobody but the owner reads a home, or looks into its folders."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from agentkit.stores.shared_files import make_folder, make_private

USE = """
import os, sys
os.umask(int(sys.argv[2], 8))
from datetime import datetime, timezone
from pathlib import Path
from agentkit import Context, release
from agentkit_tools import calendar, contacts, lists, messages, notes, reminders, search
home = Path(sys.argv[1]) / "deep" / "home"
context = Context(home=home, now=datetime(2026, 11, 18, 9, tzinfo=timezone.utc),
                  user_email="kim@berg.example")
def use(tool, **arguments):
    return tool.invoke(tool.check(arguments, context))
use(calendar.create_event, title="x", start="tomorrow at 8")
use(calendar.find_events)
use(calendar.send_invite, title="y", start="tomorrow at 9", attendees=["a@b.example"])
use(contacts.add_contact, name="Ana")
use(lists.add_to_list, item="milk")
use(reminders.create_reminder, text="x")
use(notes.take_note, text="x")
use(messages.send_message, to="a@b.example", text="hello")
use(search.search_everything, query="x")
release(context, "https://api.example/v1", "hello")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="permissions differ there")
@pytest.mark.parametrize("umask", ["000", "022", "027", "077"])
def test_all_that_is_made_is_private(umask: str, tmp_path: Path) -> None:
    """Files are 0600 and folders 0700, those above the home that are made too."""
    (tmp_path / "agentkit.toml").touch()
    done = subprocess.run(
        [sys.executable, "-c", USE, str(tmp_path), umask],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    made = (tmp_path / "deep", *(tmp_path / "deep").rglob("*"))
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in made}
    wrong = {
        path.relative_to(tmp_path): oct(mode)
        for path, mode in modes.items()
        if mode != (0o700 if path.is_dir() else 0o600)
    }
    assert wrong == {}
    assert {"messages.db", "calendar.db", "search.db"} <= {path.name for path in made}


@pytest.mark.skipif(sys.platform == "win32", reason="permissions differ there")
def test_what_an_older_version_left_open_is_shut(tmp_path: Path) -> None:
    """A database that others could read is taken from them; the owner's rights stay."""
    path = tmp_path / "messages.db"
    path.touch()
    for before, after in ((0o644, 0o600), (0o444, 0o400), (0o600, 0o600)):
        path.chmod(before)
        make_private(path)
        assert stat.S_IMODE(path.stat().st_mode) == after


@pytest.mark.skipif(sys.platform == "win32", reason="permissions differ there")
def test_a_folder_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    """It may be shared on purpose; a file in its place is told."""
    tmp_path.chmod(0o755)
    make_folder(tmp_path)
    make_folder(tmp_path / "a" / "b")
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o700
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        make_folder(tmp_path / "file" / "c")
    assert os.listdir(tmp_path / "a") == ["b"]
