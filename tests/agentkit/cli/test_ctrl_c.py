"""Ctrl-C where Python is late to see it."""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from agentkit.cli.ctrl_c import interruptible, noticed
from tests.agentkit.cli.pseudo_terminal import Terminal

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="elsewhere")

_READER = """
import readline
from agentkit.cli.screen import Screen

screen = Screen()
for number in range(20):
    try:
        screen.read(f"{number}> ")
    except KeyboardInterrupt:
        print(f"cut off {number}.", flush=True)
"""


def test_it_is_heard_while_a_key_is_drawn(tmp_path: Path) -> None:
    """`readline` sees no signal then, and would wait for the next key."""
    reader = Terminal(["-c", _READER], tmp_path, command=(sys.executable,))
    for number in range(20):
        reader.wait_for(f"{number}> ")
        reader.type("words that are drawn")
        reader.process.send_signal(signal.SIGINT)
        reader.wait_for(f"cut off {number}.")
    assert reader.end()[0] == 0


def test_what_swallows_it_does_not_lose_it() -> None:
    """A completion that breaks off on Ctrl-C takes no line that is typed later."""
    with pytest.raises(KeyboardInterrupt), interruptible():
        _be_interrupted()


def _be_interrupted() -> None:
    with suppress(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGINT)
        threading.Event().wait(60)


def test_a_thread_notices_it_while_the_reader_is_busy() -> None:
    """The handler has not run yet, and somebody knows already."""
    pressed = threading.Event()
    before = signal.signal(signal.SIGINT, _ignore)
    try:
        with noticed(pressed.set):
            os.kill(os.getpid(), signal.SIGINT)
            assert pressed.wait(60)
    finally:
        signal.signal(signal.SIGINT, before)


def _ignore(_number: int, _frame: object) -> None:
    """Hear it, and go on."""


def test_handlers_are_what_they_were_before() -> None:
    """Whoever listened to signals does so again."""
    kinds = (signal.SIGINT, signal.SIGURG)
    before = [signal.getsignal(kind) for kind in kinds]
    with interruptible():
        assert [signal.getsignal(kind) for kind in kinds] != before
    assert [signal.getsignal(kind) for kind in kinds] == before
    assert signal.set_wakeup_fd(-1) == -1
