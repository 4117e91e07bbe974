"""Passes rings on: to a program, to a server on this machine, to the desktop.

A title may have been written by others. It is handed over as one argument, as a string of
JSON, or as a notice's title, which desktops show as it is; no shell sees it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import queue
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from agentkit.bells.rounds import Due
from agentkit.errors import ConfigError, MissingPackage
from agentkit.privacy.destinations import address_of, is_loopback

Announcer: TypeAlias = Callable[[Due], str]
"""Tells somebody; returns what went wrong, in a sentence, or nothing."""

# Seconds. A program that plays a sound takes some; one that hangs ends here.
_PROGRAM, _SERVER = 60.0, 10.0


def facts_of(due: Due) -> dict[str, Any]:
    """Return a ring as JSON-like data."""
    return {
        "kind": due.kind,
        "title": due.title,
        "time": due.moment.isoformat(timespec="seconds"),
        "lead_seconds": due.lead.total_seconds(),
    }


def program(name: str) -> Announcer:
    """Return an announcer that runs a program with kind, time and title.

    Args:
        name: the program, as the shell would find it.

    Raises:
        ConfigError: there is none.
    """
    path = shutil.which(name)
    if path is None:
        raise ConfigError(f"--command: there is no program {name!r} that can be run")

    def announce(due: Due) -> str:
        facts = facts_of(due)
        arguments = [due.kind, facts["time"], _argument(due.title)]
        try:
            ran = subprocess.run(
                [path, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                timeout=_PROGRAM,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return f"{name} was ended: it took more than {_PROGRAM:g} s"
        except OSError as exc:
            return f"{name} cannot be run: {exc.strerror}"
        return f"{name} failed with code {ran.returncode}" if ran.returncode else ""

    return announce


def _argument(title: str) -> str:
    """Return a title as an argument: one line that no program takes for an option."""
    line = " ".join(title.replace("\0", " ").split()) or "(no title)"
    return f" {line}" if line.startswith("-") else line


def webhook(url: str) -> Announcer:
    """Return an announcer that posts JSON to a server on this machine.

    Args:
        url: its address, such as `http://127.0.0.1:8123/ring`.

    Raises:
        ConfigError: it is not on this machine, or no such address.
    """
    if not url.startswith("http://") or not is_loopback(address_of(url).host):
        raise ConfigError(
            f"--webhook {url!r} is not on this machine: give http://127.0.0.1:PORT/PATH"
        )
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    def announce(due: Due) -> str:
        from http.client import HTTPConnection, HTTPException  # few have a server

        line = HTTPConnection(parts.hostname or "", parts.port, timeout=_SERVER)
        try:
            body = json.dumps(facts_of(due)).encode()
            line.request("POST", path, body, {"Content-Type": "application/json"})
            status = line.getresponse().status
        except (OSError, HTTPException) as exc:
            return f"{url} cannot be reached: {exc}"
        finally:
            line.close()
        return "" if status < 300 else f"{url} answered with {status}"

    return announce


def desktop() -> Announcer:
    """Return an announcer that shows a notice on the desktop.

    Raises:
        MissingPackage: the extra is not installed.
    """
    try:
        library: Any = import_module("desktop_notifier")
    except ImportError as exc:
        raise MissingPackage("desktop-notifier", "notify", "--desktop") from exc
    faults = _Faults()

    async def show(due: Due) -> None:
        # A new one each time: the bus may have gone and come back since the last one.
        notifier = library.DesktopNotifier(app_name="agentkit")
        # The title is shown as it is; in the message some desktops read markup.
        await notifier.send(due.title, f"{due.kind}, {due.moment:%H:%M}")

    def announce(due: Due) -> str:
        faults.last = ""
        asyncio.run(show(due))
        return f"the desktop shows no notice: {faults.last}" if faults.last else ""

    return announce


class _Faults(logging.Handler):
    """Hears that a notice was not shown: the library only logs it."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.last = ""
        log = logging.getLogger("desktop_notifier")
        log.addHandler(self)
        # The handler above tells it once; the terminal would have it twice.
        log.propagate = False

    def emit(self, record: logging.LogRecord) -> None:
        cause = record.exc_info[1] if record.exc_info else None
        self.last = str(cause or record.getMessage())


class Announcers:
    """Passes rings on to all announcers, in a thread of its own."""

    def __init__(
        self, all_of_them: Iterable[Announcer], fault: Callable[[str], None]
    ) -> None:
        """Start the thread.

        Args:
            all_of_them: whom to tell.
            fault: called with what went wrong, from another thread.
        """
        self._all = tuple(all_of_them)
        self._fault = fault
        self._waiting: queue.SimpleQueue[Due | None] = queue.SimpleQueue()
        # What hangs must not keep the command from ending.
        self._thread = threading.Thread(target=self._work, daemon=True)
        if self._all:
            self._thread.start()

    def tell(self, due: Due) -> None:
        """Queue a ring."""
        if self._all:
            self._waiting.put(due)

    def finish(self) -> None:
        """Wait until all rings were passed on."""
        if self._all:
            self._waiting.put(None)
            self._thread.join()

    def _work(self) -> None:
        while (due := self._waiting.get()) is not None:
            for announce in self._all:
                if told := _told(announce, due):
                    self._fault(told)


def _told(announce: Announcer, due: Due) -> str:
    try:
        return announce(due)
    except (
        Exception
    ) as exc:  # a desktop's library may raise anything; the next one rings
        return f"{type(exc).__name__}: {exc}"
