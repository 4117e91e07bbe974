"""Tools that a server does not show its model, detected by the tokens that it counts.

A server whose chat template knows no tools drops them without a word, and the model answers
as if there were none. How many tokens it read gives it away.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, TypeAlias

from agentkit.backends.base import Request
from agentkit.prompting.estimate import estimate_tokens

# Fewer tokens of tools are within what an estimate of the rest may be wrong by.
_LEAST = 200
# An estimate is right within 30 % (`tests/benchmarks/prompt_estimate.py`); roles and the
# template's own words come to it.
_OFF, _FRAME = 1.3, 64
# Templates write tools shorter than JSON does, but hardly in less than a third.
_SHARE = 0.3

Heard: TypeAlias = list[Callable[[], None]]


def tools_size(body: Mapping[str, Any]) -> int:
    """Estimate the tokens of a request's tools; 0 where they are too few to be missed."""
    size = _estimate(body["tools"]) if body.get("tools") else 0
    return size if size >= _LEAST else 0


def _are_vanished(body: Mapping[str, Any], tokens_in: int | None) -> bool:
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


def vanished_note(body: Mapping[str, Any], counted: int | None) -> str:
    """Say that a server dropped the tools, and how that was seen; empty if it did not.

    Args:
        body: what was sent.
        counted: tokens of the prompt, as the server counts them; None where it does
            not.
    """
    if not _are_vanished(body, counted):
        return ""
    return (
        f"the server's chat template drops tools: it read {counted:,} tokens, and the "
        f"tools alone have about {tools_size(body):,}; they are told in the instructions "
        "from now on"
    )


def held_back(request: Request, heard: Heard) -> Request:
    """Return a request whose text and thoughts are kept, in order, to be told later."""

    def keep(tell: Callable[[str], None]) -> Callable[[str], None]:
        return lambda piece: heard.append(partial(tell, piece))

    on_text, on_reasoning = keep(request.on_text), keep(request.on_reasoning)
    return replace(request, on_text=on_text, on_reasoning=on_reasoning)
