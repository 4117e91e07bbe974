"""Makes the file by which the system starts a watcher at login.

Nothing is started and nothing is switched on: the entry is a file, and what makes the
system read it is told.
"""

from __future__ import annotations

import plistlib
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from xml.sax.saxutils import escape

from agentkit.errors import StoreError
from agentkit.stores.shared_files import make_folder, replace_text

# Seconds before it is started again, after a fault or while another one watches.
_PAUSE = 30


@dataclass(frozen=True, slots=True)
class AutostartEntry:
    """A file, and the commands that switch it on and off.

    Attributes:
        path: where it belongs.
        text: what is in it.
        start: the commands that start it, now and at each login.
        stop: those that end that.
    """

    path: Path
    text: str
    start: tuple[str, ...]
    stop: tuple[str, ...]

    def write(self) -> None:
        """Write the file, replacing an earlier one.

        Raises:
            StoreError: it cannot be written.
        """
        try:
            make_folder(self.path.parent)
            replace_text(self.path, self.text)
        except OSError as exc:
            raise StoreError(f"{self.path} cannot be written: {exc.strerror}") from exc


def entry_for(
    platform: str, command: Sequence[str], home: Path, env: Mapping[str, str]
) -> AutostartEntry:
    """Make the entry that starts a command.

    Args:
        platform: as in `sys.platform`.
        command: the program, by its full path, and its arguments.
        home: the home that is watched; each has an entry of its own.
        env: the environment; it says where the user's files are.
    """
    # A hash, as a path holds signs that no unit or task may have in its name.
    name = f"agentkit-watch-{sha256(str(home).encode()).hexdigest()[:8]}"
    if platform == "win32":
        return _task(name, command, env)
    if platform == "darwin":
        return _agent(name, command, env)
    return _unit(name, command, env)


def _unit(name: str, command: Sequence[str], env: Mapping[str, str]) -> AutostartEntry:
    """Make a systemd unit for the user."""
    base = Path(env.get("XDG_CONFIG_HOME") or _own_folder(env) / ".config")
    text = f"""\
[Unit]
Description=agentkit: rings when something is due

[Service]
ExecStart={" ".join(map(_unit_word, command))}
Restart=on-failure
RestartSec={_PAUSE}

[Install]
WantedBy=default.target
"""
    return AutostartEntry(
        base / "systemd" / "user" / f"{name}.service",
        text,
        (
            "systemctl --user daemon-reload",
            f"systemctl --user enable --now {name}.service",
        ),
        (f"systemctl --user disable --now {name}.service",),
    )


def _own_folder(env: Mapping[str, str]) -> Path:
    return Path(env.get("HOME") or Path.home())


def _unit_word(word: str) -> str:
    """Quote a word as systemd reads it: `%` and `$` stand for something there."""
    for sign, written in (
        ("\\", "\\\\"), ('"', '\\"'), ("%", "%%"), ("$", "$$"), ("\n", "\\n")
    ):  # fmt: skip
        word = word.replace(sign, written)
    return f'"{word}"'


def _agent(name: str, command: Sequence[str], env: Mapping[str, str]) -> AutostartEntry:
    """Make a launchd agent."""
    facts = {
        "Label": name,
        "ProgramArguments": list(command),
        "RunAtLoad": True,
        # As systemd's `on-failure`: whoever stops it by hand has stopped it.
        "KeepAlive": {"SuccessfulExit": False},
        "ThrottleInterval": _PAUSE,
        "ProcessType": "Background",
    }
    path = _own_folder(env) / "Library" / "LaunchAgents" / f"{name}.plist"
    return AutostartEntry(
        path,
        plistlib.dumps(facts).decode(),
        (f"launchctl bootstrap gui/$(id -u) {shlex.quote(str(path))}",),
        (f"launchctl bootout gui/$(id -u)/{name}",),
    )


def _task(name: str, command: Sequence[str], env: Mapping[str, str]) -> AutostartEntry:
    """Make a task for the Task Scheduler."""
    base = env.get("LOCALAPPDATA") or _own_folder(env) / "AppData" / "Local"
    path = Path(base) / "agentkit" / f"{name}.xml"
    text = f"""\
<?xml version="1.0"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>agentkit: rings when something is due</Description>
  </RegistrationInfo>
  <Triggers>
    <LogonTrigger><Enabled>true</Enabled></LogonTrigger>
  </Triggers>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <RestartOnFailure><Interval>PT1M</Interval><Count>999</Count></RestartOnFailure>
    <Hidden>true</Hidden>
  </Settings>
  <Actions>
    <Exec>
      <Command>{escape(command[0])}</Command>
      <Arguments>{escape(subprocess.list2cmdline(command[1:]))}</Arguments>
    </Exec>
  </Actions>
</Task>
"""
    return AutostartEntry(
        path,
        text,
        (f'schtasks /Create /TN {name} /XML "{path}"', f"schtasks /Run /TN {name}"),
        (f"schtasks /Delete /TN {name}",),
    )
