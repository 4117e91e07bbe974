"""Values of closed sets, and switches, said in another language than English."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from agentkit.backends.reflex.english import RANK_WORDS
from agentkit.backends.reflex.parameters import Param
from agentkit.language.vocabularies import read_table
from agentkit.understanding import Span

_EDGES = " \t\r\n,;:.!?।"


def closed_value(
    param: Param, text: str, language: str, spans: Sequence[Span]
) -> tuple[str | bool, int, int] | None:
    """Find which of a parameter's values is said.

    Args:
        param: one of a closed set, or a switch.
        text: the request.
        language: that it is in, not English.
        spans: of the request, as they can be read.

    Returns:
        The value, True for a switch, and where it is said; None where none is.
    """
    names = (param.name,) if param.kind == "boolean" else param.values
    for name, ways in _words(language).items():
        # In the table's order: it has the longer way of two before the shorter.
        for match in re.finditer(ways, text, re.I) if name in names else ():
            if name not in RANK_WORDS or not _is_of_time(match, spans):
                return param.kind == "boolean" or name, *match.span()
    return None


def _is_of_time(match: re.Match[str], spans: Sequence[Span]) -> bool:
    """Whether a rank belongs to a time, as in "next week", and says of nothing else."""
    return any(
        span.role == "time"
        and span.start <= match.start() < span.end
        and match.end() - match.start() < span.end - span.start
        for span in spans
    )


def is_rank(said: str, language: str) -> bool:
    """Whether some words have a rank in them, such as "next" or "last"."""
    words = _words(language)
    ways = (words[rank] for rank in RANK_WORDS if rank in words)
    return any(re.search(way, said.strip(_EDGES), re.I) for way in ways)


def _words(language: str) -> Mapping[str, str]:
    return _table().get(language, {})


@cache
def _table() -> dict[str, dict[str, str]]:
    return read_table(Path(__file__).with_name("closed_values.toml"))
