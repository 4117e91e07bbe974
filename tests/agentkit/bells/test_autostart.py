"""What starts a watcher at login, on each system."""

from __future__ import annotations

import configparser
import plistlib
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from agentkit.bells.autostart import AutostartEntry, entry_for
from agentkit.errors import StoreError

HOME = Path("/home/ada/my data")
ENV = {"HOME": "/home/ada", "LOCALAPPDATA": "/local"}
COMMAND = ["/opt/my tools/agentkit", "watch", "--home", str(HOME), "--command", "a&b"]


def entry(platform: str, *more: str) -> AutostartEntry:
    """Make an entry for a system."""
    return entry_for(platform, [*COMMAND, *more], HOME, ENV)


def test_systemd() -> None:
    """A unit of the user's, which is enabled with two commands."""
    made = entry("linux")
    name = made.path.name
    assert made.path.parent == Path("/home/ada/.config/systemd/user")
    assert re.fullmatch(r"agentkit-watch-[0-9a-f]{8}\.service", name)
    unit = configparser.ConfigParser(interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(made.text)
    assert unit["Service"]["ExecStart"] == " ".join(f'"{word}"' for word in COMMAND)
    assert unit["Service"]["Restart"] == "on-failure"
    assert unit["Install"]["WantedBy"] == "default.target"
    assert made.start == (
        "systemctl --user daemon-reload",
        f"systemctl --user enable --now {name}",
    )


@pytest.mark.parametrize(
    ("word", "written"),
    [
        ("100%", '"100%%"'),
        ("$HOME", '"$$HOME"'),
        ('a"b', '"a\\"b"'),
        ("a\\b", '"a\\\\b"'),
        ("a\nExecStart=b", '"a\\nExecStart=b"'),
    ],
)
def test_systemd_reads_each_word_as_it_is(word: str, written: str) -> None:
    """Nothing in a path stands for something else, or begins another line."""
    lines = entry("linux", word).text.splitlines()
    (start,) = [line for line in lines if line.startswith("ExecStart=")]
    assert start.endswith(f" {written}")


def test_the_users_folder_for_settings_is_kept() -> None:
    """XDG_CONFIG_HOME goes before ~/.config."""
    made = entry_for("linux", COMMAND, HOME, {**ENV, "XDG_CONFIG_HOME": "/conf"})
    assert made.path.parent == Path("/conf/systemd/user")


def test_launchd() -> None:
    """An agent of the user's, started again only after a fault."""
    made = entry("darwin", "<&>")
    facts = plistlib.loads(made.text.encode())
    assert made.path.parent == Path("/home/ada/Library/LaunchAgents")
    assert facts["ProgramArguments"] == [*COMMAND, "<&>"]
    assert facts["Label"] == made.path.stem
    assert facts["KeepAlive"] == {"SuccessfulExit": False}
    assert made.start == (f"launchctl bootstrap gui/$(id -u) {made.path}",)


def test_task_scheduler() -> None:
    """A task at logon, without a limit of time, on batteries too."""
    made = entry("win32", "<&>")
    task = ElementTree.fromstring(made.text)
    space = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}
    told = {
        name: task.findtext(f".//t:{name}", namespaces=space)
        for name in ("Command", "Arguments", "ExecutionTimeLimit")
    }
    assert told == {
        "Command": "/opt/my tools/agentkit",
        "Arguments": 'watch --home "/home/ada/my data" --command a&b <&>',
        "ExecutionTimeLimit": "PT0S",
    }
    assert made.path == Path("/local/agentkit") / made.path.name
    assert made.start[0] == f'schtasks /Create /TN {made.path.stem} /XML "{made.path}"'


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_each_home_has_its_own(platform: str) -> None:
    """The entry of one home does not replace that of another."""
    other = entry_for(platform, COMMAND, Path("/home/ada/other"), ENV)
    assert other.path != entry(platform).path


def test_it_is_written_whole_again(tmp_path: Path) -> None:
    """A second time replaces the first; what cannot be written is told."""
    made = entry_for("linux", COMMAND, HOME, {"HOME": str(tmp_path)})
    made.write()
    made.write()
    assert made.path.read_text("utf-8") == made.text
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be written"):
        entry_for("linux", COMMAND, HOME, {"HOME": str(tmp_path / "file")}).write()
