"""Lazy names of a package, loaded at first use (PEP 562).

A package says under `TYPE_CHECKING` what it re-exports, for readers and type checkers,
and here in which of its modules each name is. So whoever needs one of its modules does
not load all of them. What `face` returns stands under `if not TYPE_CHECKING`: a module
with a `__getattr__` has any name to a type checker, a misspelt one included.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def face(
    package: str, rooms: Mapping[str, tuple[str, ...]]
) -> tuple[list[str], Callable[[str], Any], Callable[[], list[str]]]:
    """Return what a package has as `__all__`, `__getattr__` and `__dir__`.

    Args:
        package: its `__name__`.
        rooms: its public names by the module they are in, seen from the package.
    """
    room_of = {name: room for room, names in rooms.items() for name in names}
    public = sorted(room_of)

    def load(name: str) -> Any:
        """Load a public name."""
        if name not in room_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(f"{package}.{room_of[name]}"), name)
        setattr(sys.modules[package], name, value)
        return value

    return public, load, lambda: list(public)
