"""Hashes of tools' descriptions, by which later changes are noticed.

A server that was harmless when it was added may describe its tools anew later, with
orders in the description. What has changed since is not used before the user agrees.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

from agentkit.errors import StoreError
from agentkit.stores.shared_files import file_lock, make_folder, write_json

PINS_FILE = "mcp_pins.json"


def pin_of(document: Mapping[str, Any]) -> str:
    """Return the hash of a tool's whole document."""
    # The schema too: descriptions of arguments are read by the model just the same.
    told = json.dumps(document, sort_keys=True, ensure_ascii=False, default=str)
    return sha256(told.encode("utf-8", "replace")).hexdigest()


class Pins:
    """The hashes of tools that a home's user agreed to."""

    def __init__(self, home: Path) -> None:
        """Store the home; the file is made with the first pin."""
        self._file = home / PINS_FILE

    def of(self, server: str) -> dict[str, str] | None:
        """Return the pins of a server's tools by name; None for a new server.

        Raises:
            StoreError: the file cannot be read: nothing is taken on a guess.
        """
        return self._read().get(server)

    def keep(self, server: str, pins: Mapping[str, str]) -> None:
        """Pin what the user has agreed to.

        Raises:
            StoreError: it cannot be written.
        """
        make_folder(self._file.parent)
        lock = self._file.with_suffix(".lock")
        # Servers begin at once, and each keeps its pins in the one file.
        with file_lock(lock, busy=f"{PINS_FILE} is in use: try again", passing=True):
            write_json(self._file, {**self._read(), server: dict(pins)})

    def _read(self) -> dict[str, dict[str, str]]:
        try:
            found = json.loads(self._file.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as exc:
            raise StoreError(
                f"{PINS_FILE} in your home cannot be read ({exc}): delete it, and look "
                "at what each server offers again"
            ) from exc
        if not isinstance(found, dict):
            raise StoreError(f"{PINS_FILE} in your home holds no object: delete it")
        return cast(dict[str, dict[str, str]], found)
