"""Measures how long a pass over several tokens takes here, and keeps it.

Guessed tokens save passes and make each one dearer. On a GPU a pass over eight costs what
one over one does; on two cores it cost five times as much (12, 34, 46, 64 and 116 ms for 1,
2, 4, 8 and 16 tokens of SmolLM2-135M). So a guess is read along only where it pays.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from agentkit.errors import StoreError
from agentkit.installation.derived import cache_folder
from agentkit.models.local import fingerprint_file
from agentkit.models.rates import this_device
from agentkit.stores.shared_files import write_json
from agentkit.tools.schema.json_schema import is_list

WIDTHS = (1, 2, 4, 8, 16)
_FILE = "passes.json"
# Of what a grammar forces, nearly all stands; a token that does not costs a pass anew.
_STANDS = 0.9


@dataclass(frozen=True, slots=True)
class PassCosts:
    """Seconds of a pass, by the number of its tokens.

    Attributes:
        seconds: for each of `WIDTHS`.
    """

    seconds: tuple[float, ...]

    def of(self, width: int) -> float:
        """Return the seconds of a pass, interpolated between the measured widths."""
        # Beyond the last width the last two go on in a straight line.
        at = min(max(bisect_left(WIDTHS, width), 1), len(WIDTHS) - 1)
        low, high = WIDTHS[at - 1], WIDTHS[at]
        before, behind = self.seconds[at - 1], self.seconds[at]
        return before + (behind - before) * (width - low) / (high - low)

    def worth(self, unread: int, draft: int) -> int:
        """Return how many tokens of a draft are worth reading along.

        Args:
            unread: tokens that the pass reads anyway.
            draft: how many are guessed.
        """
        alone, one = self.of(unread), self.of(1)
        # Each token that stands saves a pass of its own; a wider pass costs more.
        saved = [
            _STANDS * count * one - (self.of(unread + count) - alone)
            for count in range(draft + 1)
        ]
        return saved.index(max(saved))


def measured(read: Callable[[int], None], now: Callable[[], float]) -> PassCosts:
    """Measure passes of each width; the quicker of two counts.

    Args:
        read: lets the model read so many tokens, and forget them.
        now: seconds of a clock.
    """
    found: list[float] = []
    for width in WIDTHS:
        times: list[float] = []
        for _ in range(2):
            began = now()
            read(width)
            times.append(now() - began)
        # Another program can only make a pass slower.
        found.append(min(times))
    return PassCosts(tuple(found))


def kept_costs(
    path: Path, threads: int, *, folder: Path | None = None
) -> PassCosts | None:
    """Return the kept measurement of a file with so many threads; None if none."""
    kept: object = _kept(folder).get(_key(path, threads))
    seconds = [one for one in kept if _is_time(one)] if is_list(kept) else []
    return PassCosts(tuple(seconds)) if len(seconds) == len(WIDTHS) else None


def _is_time(value: object) -> bool:
    return isinstance(value, float) and value > 0


def keep_costs(
    path: Path, threads: int, costs: PassCosts, *, folder: Path | None = None
) -> None:
    """Keep a measurement; if it cannot be written, it is measured again next time."""
    kept = {**_kept(folder), _key(path, threads): list(costs.seconds)}
    with suppress(StoreError, OSError):
        write_json((folder or cache_folder()) / _FILE, kept)


def _key(path: Path, threads: int) -> str:
    # All three decide: another model, other threads or another machine is measured
    # anew.
    return f"{fingerprint_file(path)} {threads} {this_device()}"


def _kept(folder: Path | None) -> Mapping[str, Any]:
    try:
        text = ((folder or cache_folder()) / _FILE).read_text("utf-8")
        facts: object = json.loads(text)
    except (OSError, ValueError):
        return {}
    return cast(dict[str, Any], facts) if isinstance(facts, dict) else {}
