"""Memory that this process no longer needs, given back to the system."""

from __future__ import annotations

import ctypes
import sys


def trim_memory() -> bool:
    """Give back what was freed; return whether the platform could.

    Loading a tokenizer of 128,000 words frees hundreds of megabytes that the C
    library keeps for later. Nothing later needs them.
    """
    if sys.platform != "linux":
        return False
    # Not every C library of Linux has it.
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return trim is not None and bool(trim(0))
