"""A spinner that appears only when something takes long."""

from __future__ import annotations

from threading import Lock, Timer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.status import Status
    from rich.text import Text

# Seconds. What is done sooner needs no sign of life, and would make the line flicker.
_LONG = 0.5


class Spinner:
    """Shows that something goes on, half a second after it began."""

    def __init__(self, status: Status, *, after: float = _LONG) -> None:
        """Store what draws it, and the seconds before it appears."""
        self._status = status
        self._after = after
        self._lock = Lock()
        self._waiting: Timer | None = None
        self._is_shown = False

    def start(self, doing: Text) -> None:
        """Set the text; it is seen at once if the spinner turns already."""
        with self._lock:
            self._status.update(doing)
            if self._is_shown or self._waiting:
                return
            self._waiting = Timer(self._after, self._show)
            self._waiting.daemon = True
            self._waiting.start()

    def stop(self) -> None:
        """Remove the spinner."""
        with self._lock:
            if self._waiting:
                self._waiting.cancel()
                self._waiting = None
            if self._is_shown:
                self._is_shown = False
                self._status.stop()

    def _show(self) -> None:
        with self._lock:
            if self._waiting is None:  # stopped meanwhile
                return
            self._waiting, self._is_shown = None, True
            self._status.start()
