"""Notices Ctrl-C in a second thread, as Python's own handler may have to wait.

A handler of Python's runs between two steps of the interpreter. While C code reads a
line, or a thread changes something that must be finished, nothing shows that the key was
pressed. The operating system's signal is known at once, through a pipe.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager

# Seconds between two tries to wake a reader that has not seen the signal.
_AGAIN = 0.05


@contextmanager
def noticed(act: Callable[[], None]) -> Generator[None]:
    """Call `act` in a second thread as soon as Ctrl-C is pressed.

    Nothing is noticed outside the main thread, nor on Windows, whose event loop needs
    the one pipe that there is.
    """
    is_main = threading.current_thread() is threading.main_thread()
    if sys.platform == "win32" or not is_main:
        yield
        return
    reader, writer = os.pipe()
    # `set_wakeup_fd` takes no pipe that could block: a full one would hang a signal
    # handler.
    os.set_blocking(writer, False)

    def watch() -> None:
        while numbers := os.read(reader, 64):
            if signal.SIGINT in numbers:
                act()

    thread = threading.Thread(target=watch, name="agentkit-ctrl-c", daemon=True)
    before = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    thread.start()
    try:
        yield
    finally:
        # Before the pipe is closed, or a signal would be written to whatever gets its
        # number.
        signal.set_wakeup_fd(before)
        os.close(writer)
        thread.join()
        os.close(reader)


@contextmanager
def interruptible() -> Generator[None]:
    """Let Ctrl-C end the reading of a line at any moment.

    An event loop that runs would only note it. Python's `readline` looks for signals
    where it waits for a key, and not while it draws one: a Ctrl-C of that moment would be
    seen after the next key. So the wait is interrupted until the handler has run.

    Raises:
        KeyboardInterrupt: it was pressed.
    """
    if sys.platform == "win32":
        with _heard(threading.Event()):
            yield
        return
    seen, reader = threading.Event(), threading.get_ident()

    def wake() -> None:
        # A signal that means nothing, since a second SIGINT would be a second Ctrl-C.
        while not seen.wait(_AGAIN):
            # Ignored by default, and used by nothing that reads a terminal.
            signal.pthread_kill(reader, signal.SIGURG)

    before = signal.signal(signal.SIGURG, _pass)
    try:
        with noticed(wake), _heard(seen):
            yield
    finally:
        signal.signal(signal.SIGURG, before)


@contextmanager
def _heard(seen: threading.Event) -> Generator[None]:
    """Raise KeyboardInterrupt for a Ctrl-C, even where it was swallowed."""

    def interrupt(_number: int, _frame: object) -> None:
        seen.set()
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield
        if seen.is_set():
            raise KeyboardInterrupt
    finally:
        signal.signal(signal.SIGINT, before)
        seen.set()


def _pass(_number: int, _frame: object) -> None:
    """Do nothing: the signal only has to interrupt a wait."""
