"""How surely a request asks for a tool that nothing was trained on, by its words.

Small models begin a call about as likely whether or not a tool fits: beside what is counted
here, how likely SmolLM2-135M would begin one tells nothing more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from agentkit.grammar.names_said import is_alike
from agentkit.grammar.said import SaidValues
from agentkit.grammar.stretches import stretches
from agentkit.grammar.value_types import Field, Real, TextValue, Whole
from agentkit.tools import AnyTool
from agentkit.tools.selection.stems import read_stems

# Words that names of tools and arguments have whatever they are for.
_COMMON = frozenset(
    read_stems(
        "get find calculate compute search retrieve fetch information info detail details "
        "data list check number value name type give show determine analysis analyze "
        "return specific estimate generate create function perform current query lookup"
    )
)
WEIGHTS: Mapping[str, float] = {
    "odds": 0.312,
    "named": 2.835,
    "described": 2.366,
    "explained": 0.721,
    "met": 1.705,
    "short": -2.179,
    "texts": 0.805,
    "lacking": -1.138,
    "bias": -2.978,
}
"""What each signal counts; `tests/benchmarks/decision_fit.py --shift 0.1` prints them."""


def fit_signals(
    odds: float, text: str, tool: AnyTool, fields: Sequence[Field], said: SaidValues
) -> Mapping[str, float]:
    """Measure what speaks for a tool.

    Args:
        odds: log-odds that the request asks for it, as the understanding reads it.
        text: the request.
        tool: the tool.
        fields: its arguments.
        said: what was said.

    Returns:
        The signals, by the names of `WEIGHTS`.
    """
    asked = read_stems(text)
    name, about = set(read_stems(tool.name)), set(read_stems(tool.description))
    shown = {s for f in fields for s in read_stems(f"{f.name} {f.about}")}
    taken = [one for one in stretches(text) if one.kind != "words"]
    values = {s for one in taken for s in read_stems(one.text)}
    words = [s for s in asked if s not in values and not _is_number(s)]
    required = [f.value for f in fields if f.required]
    texts = sum(isinstance(one, TextValue) for one in required)
    numbers = sum(isinstance(one, Whole | Real) for one in required)
    return {
        "odds": odds,
        "named": _share(name - _COMMON or name, asked),
        "described": _share(about - _COMMON or about, asked),
        "explained": _share(words, name | about | shown),
        "met": float(said.meets(fields)),
        "short": float(max(numbers - said.counts, 0)),
        "texts": float(texts),
        "lacking": float(max(texts - sum(one.whole for one in taken), 0)),
    }


def fit_odds(signals: Mapping[str, float]) -> float:
    """Return the log-odds that a request asks for a tool, by its signals."""
    return WEIGHTS["bias"] + sum(WEIGHTS[key] * value for key, value in signals.items())


def _share(stems: Iterable[str], others: Iterable[str]) -> float:
    """Return how many of some stems are among others, in whatever form."""
    listed, known = list(stems), list(others)
    found = sum(any(is_alike(one, other) for other in known) for one in listed)
    return found / len(listed) if listed else 0.0


def _is_number(stem: str) -> bool:
    return stem.replace(".", "").isdigit()
