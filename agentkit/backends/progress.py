"""How far the loading of a model is, told to a person who sits at the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TextIO


def loading_shown(
    what: str, stream: TextIO | None = None
) -> Callable[[float], None] | None:
    """Return what shows progress on standard error; None when nobody looks at it.

    Args:
        what: what is loaded, in a few words.
        stream: where to show it; standard error when None.
    """
    out: TextIO = sys.stderr if stream is None else stream
    if not out.isatty():
        return None
    name = "".join(c if c.isprintable() else "?" for c in what)
    shown = -1

    def show(part: float) -> None:
        nonlocal shown
        percent = min(100, int(part * 100))
        if percent == shown:
            return
        shown = percent
        line = f"Loading {name} {percent:3} %"
        # The line goes when all is there: what follows is the answer.
        out.write(f"\r{line}" if percent < 100 else f"\r{' ' * len(line)}\r")
        out.flush()

    return show
