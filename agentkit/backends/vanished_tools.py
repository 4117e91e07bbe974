"""Tools that a server does not show its model, detected by the tokens that it counts.

A server whose chat template knows no tools drops them without a word, and the model answers
as if there were none. How many tokens it read gives it away.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from agentkit.prompting.estimate import estimate_tokens

# Fewer tokens of tools are within what an estimate of the rest may be wrong by.
_LEAST = 200
# An estimate is right within 30 % (`tests/benchmarks/prompt_estimate.py`); roles and the
# template's own words come to it.
_OFF, _FRAME = 1.3, 64
# Templates write tools shorter than JSON does, but hardly in less than a third.
_SHARE = 0.3


def tools_size(body: Mapping[str, Any]) -> int:
    """Estimate the tokens of a request's tools; 0 where they are too few to be missed."""
    size = _estimate(body["tools"]) if body.get("tools") else 0
    return size if size >= _LEAST else 0


def are_vanished(body: Mapping[str, Any], tokens_in: int | None) -> bool:
    """Tell whether a server can have read a request's tools.

    Args:
        body: what was sent.
        tokens_in: how many tokens it says that the prompt had; None where it does not.
    """
    told = tools_size(body)
    if not told or not tokens_in:
        return False
    rest = _estimate(body["messages"])
    # Two tests: the count fits the messages alone, and the tools would not fit into it.
    return tokens_in < rest * _OFF + _FRAME and tokens_in < rest / _OFF + told * _SHARE


def _estimate(part: Any) -> int:
    return estimate_tokens(json.dumps(part, ensure_ascii=False))


def vanished_note(body: Mapping[str, Any], counted: int) -> str:
    """Say that a server dropped the tools, and how that was seen.

    Args:
        body: what was sent.
        counted: tokens of the prompt, as the server counts them.
    """
    return (
        f"the server's chat template drops tools: it read {counted:,} tokens, and the "
        f"tools alone have about {tools_size(body):,}; they are told in the instructions "
        "from now on"
    )
