"""A command that believes a person sits in front of it."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

COMMAND = str(Path(sys.executable).with_name("agentkit"))
PATIENCE = 600.0
_CODES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\x1b\][^\a]*\a")


def _path(site: Path) -> str:
    """Put a folder in front of what Python is told to look in already."""
    return os.pathsep.join([str(site), os.environ.get("PYTHONPATH", "")])


_SIZE = ("COLUMNS", "LINES")


class Terminal:
    """A command at a terminal of some size, whose keys are typed here."""

    def __init__(
        self,
        arguments: list[str],
        site: Path,
        *,
        columns: int = 80,
        env: Mapping[str, str] | None = None,
        stdout: Path | None = None,
        stderr: Path | None = None,
        command: tuple[str, ...] = (COMMAND,),
    ) -> None:
        """Start it.

        Args:
            arguments: of the command.
            site: a folder in front of Python's path.
            columns: how wide the terminal is.
            env: variables beside those of this process.
            stdout: where standard output goes instead.
            stderr: where standard error goes instead.
            command: what is started, when it is another program.
        """
        self._here, there = os.openpty()
        self._seen = b""
        self.resize(columns)
        files = [path.open("wb") if path else None for path in (stdout, stderr)]
        self.process = subprocess.Popen(
            [*command, *arguments],
            stdin=there,
            stdout=files[0] or there,
            stderr=files[1] or there,
            env={
                # Whoever runs the tests may say how wide their own terminal is.
                **{k: v for k, v in os.environ.items() if k not in _SIZE},
                "TERM": "xterm",
                "PYTHONPATH": _path(site),
                **(env or {}),
            },
            start_new_session=True,
            preexec_fn=_own_terminal,
        )
        os.close(there)
        for file in filter(None, files):
            file.close()

    def resize(self, columns: int, rows: int = 24) -> None:
        """Make the window wider or narrower."""
        import fcntl
        import struct
        import termios

        size = struct.pack("HHHH", rows, columns, 0, 0)
        fcntl.ioctl(self._here, termios.TIOCSWINSZ, size)

    def wait_for(self, text: str, behind: str = "") -> None:
        """Read until a text is shown.

        Args:
            text: what is awaited.
            behind: it counts only when it comes after this.
        """
        deadline = time.monotonic() + PATIENCE
        while (
            text not in (self.shown.rpartition(behind)[2] if behind else self.shown)
            or behind not in self.shown
        ):
            assert time.monotonic() < deadline, self.shown
            assert self._read(), f"ended without {text!r}: {self.shown}"

    def type(self, text: str) -> None:
        """Type at the keyboard."""
        os.write(self._here, text.encode())

    def interrupt(self) -> None:
        """Press Ctrl-C, and wait until the command has ended."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(PATIENCE)

    def end(self) -> tuple[int, str]:
        """Read to the end and return exit code and what was shown."""
        while self._read():
            pass
        return self.process.wait(PATIENCE), self.shown

    def close(self) -> None:
        """End the command if it has not ended, and put the terminal away."""
        self.process.kill()
        self.process.wait()
        os.close(self._here)

    @property
    def shown(self) -> str:
        """What a person has seen, without colours and movements."""
        return _CODES.sub("", self.raw)

    @property
    def raw(self) -> str:
        """All that was written, codes included."""
        return self._seen.decode("utf-8", "replace")

    def press_ctrl_c(self) -> None:
        """Press it, whatever the command does just now."""
        self.type("\x03")

    def _read(self) -> bool:
        ready, _, _ = select.select([self._here], [], [], PATIENCE)
        try:
            piece = os.read(self._here, 65536) if ready else b""
        except OSError:  # what Linux gives when the other side is closed
            piece = b""
        self._seen += piece
        return bool(piece)


def _own_terminal() -> None:
    """Let Ctrl-C at this terminal reach the command."""
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    # Tests that a script has put into the background ignore it, and so would the command.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
