"""What backends cost: kept line by line in the home, so that a day has a limit."""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

from agentkit.errors import StoreError

SPENDING_FILE = "spending.jsonl"


def note_cost(
    home: Path,
    *,
    backend: str,
    cost: float,
    tokens_in: int = 0,
    tokens_out: int = 0,
    now: datetime | None = None,
) -> None:
    """Add what one reply cost to the home's list.

    Args:
        home: folder of the user's stores; made when it is not there.
        backend: who was paid.
        cost: in the currency of the price table.
        tokens_in: prompt tokens.
        tokens_out: generated tokens.
        now: when; the real time when None.

    Raises:
        StoreError: it cannot be written.
    """
    line = {
        "time": (now or datetime.now(UTC)).astimezone(UTC).isoformat("T", "seconds"),
        "backend": backend,
        "cost": cost,
        "tokens_in": tokens_in,
        "tokens_out": tokens_out,
    }
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        descriptor = os.open(home / SPENDING_FILE, flags, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
    except OSError as exc:
        raise StoreError(f"{home / SPENDING_FILE}: {exc.strerror}") from exc


def spent_on(home: Path, day: date | None = None) -> float:
    """Return what was spent on a day (UTC); today when None.

    A line that cannot be read, such as one that a crash cut off, counts for nothing.

    Raises:
        StoreError: the file is there and cannot be read.
    """
    wanted = (day or datetime.now(UTC).date()).isoformat()
    try:
        lines = (home / SPENDING_FILE).read_text("utf-8", "replace").splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return 0.0
    except OSError as exc:
        raise StoreError(f"{home / SPENDING_FILE}: {exc.strerror}") from exc
    return sum(_cost(line) for line in lines if wanted in line)


def _cost(line: str) -> float:
    try:
        facts: object = json.loads(line)
    except ValueError:
        return 0.0
    if not isinstance(facts, dict):
        return 0.0
    cost = cast(dict[str, Any], facts).get("cost")
    return float(cost) if isinstance(cost, int | float) and cost > 0 else 0.0
