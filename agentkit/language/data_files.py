"""Tables of words that are data: TOML files, parsed once and then kept parsed."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from agentkit.installation.derived import derived

_FOLDER = Path(__file__).parent / "data"


@cache
def read_table(path: Path) -> dict[str, Any]:
    """Return what a TOML file of this installation holds.

    It is parsed once for all runs: Python's parser takes milliseconds, which a command
    that starts from cold would feel.
    """
    table: dict[str, Any] = derived(
        f"words-{path.stem}", "", [path], lambda: _parsed(path)
    )
    return table


def word_table(name: str) -> dict[str, Any]:
    """Return one of this room's own tables, such as `names`."""
    return read_table(_FOLDER / f"{name}.toml")


def _parsed(path: Path) -> dict[str, Any]:
    # Loaded when a table is parsed for the first time, and hardly ever again.
    import tomllib

    return tomllib.loads(path.read_text(encoding="utf-8"))
