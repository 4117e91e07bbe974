"""Looks how work grows with text of others: `python tests/benchmarks/growth.py [NAME ...]`.

Each reader of foreign text gets the same few signs over and over, at 2,000 and 8,000
characters. CPU time of this process tells the exponent, and what 100,000 would take. A
row is printed where that is above the bound and grows faster than the text.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.agentkit.privacy.crafted import READERS, UNITS

_SMALL, _LARGE, _WHOLE = 2_000, 8_000, 100_000
_BOUND, _STEEP = 0.2, 1.3


def main() -> int:
    """Print what grows too fast; return 1 where anything does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    names = parser.parse_args().names or list(READERS)
    steep = 0
    for name in names:
        for unit in UNITS:
            small, large = (
                _cost(READERS[name], unit, size) for size in (_SMALL, _LARGE)
            )
            exponent = math.log(max(large, 1e-5) / max(small, 1e-5), _LARGE / _SMALL)
            whole = large * (_WHOLE / _LARGE) ** max(exponent, 1)
            if exponent > _STEEP and whole > _BOUND:
                # Looked at again: another program may have been in the way.
                whole = _cost(READERS[name], unit, _WHOLE)
            if exponent > _STEEP and whole > _BOUND:
                steep += 1
                print(f"{name:<10}{unit!r:<20}exponent {exponent:.2f}, {whole:.1f} s")
    print(f"{steep} of {len(names) * len(UNITS)} grow too fast")
    return int(steep > 0)


def _cost(read: Callable[[str], object], unit: str, size: int) -> float:
    """Return the least CPU time of two readings, in seconds."""
    text = unit * (size // len(unit)) + "!"
    least = math.inf
    for _ in range(2):
        start = time.process_time()
        read(text)
        least = min(least, time.process_time() - start)
    return least


if __name__ == "__main__":
    sys.exit(main())
