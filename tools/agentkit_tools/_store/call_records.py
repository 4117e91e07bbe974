"""undo/NAME.json: what a call did, where its effect alone does not tell it afterwards."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from agentkit import in_effect
from agentkit_tools._store.change_sets import change_name
from agentkit_tools._store.files import read_bytes, write_atomic


def note_call(home: Path, record: Mapping[str, Any]) -> None:
    """Keep what this call is about to do, where it may be tried again.

    Raises:
        StoreError: it cannot be written.
    """
    # Outside of a run no call is tried again, and nobody asks for it.
    if in_effect():
        write_atomic(_file(home), json.dumps(record).encode())


def call_noted(home: Path) -> Mapping[str, Any] | None:
    """Return what this call was about to do when it was tried before.

    Raises:
        StoreError: it cannot be read.
    """
    kept = read_bytes(_file(home))
    record: Mapping[str, Any] | None = json.loads(kept) if kept else None
    return record


def _file(home: Path) -> Path:
    return home / "undo" / f"{change_name()}.json"
