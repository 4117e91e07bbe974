"""What of a prompt was read before: prefixes of token ids, and their fingerprints."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256


def common_prefix(first: Sequence[int], second: Sequence[int]) -> int:
    """Count the ids that both begin with."""
    shorter = min(len(first), len(second))
    if list(first[:shorter]) == list(second[:shorter]):
        return shorter
    pairs = zip(first, second, strict=False)
    return next(at for at, (one, other) in enumerate(pairs) if one != other)


def reusable(cached: Sequence[int], prompt: Sequence[int]) -> int:
    """Count the ids of a prompt that need not be read again.

    The last one is always read: what follows it is asked for.
    """
    return min(common_prefix(cached, prompt), max(len(prompt) - 1, 0))


def fingerprint(*facts: object) -> str:
    """Hash facts: strings, numbers, and lists and dicts of them.

    Equal for equal facts, in every process.
    """
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()
