"""A developer's own tools, judged without training: by their words and their meaning.

Each tool is compared by the word ranker, by what its name, description and examples
mean, by how much of an example is said, and by whether values of its arguments are. How
these count together was fitted once, on published services; see the card.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from agentkit.tools import PerToolset, Toolset
from agentkit.understanding.features import Token
from agentkit.understanding.network import Array, Seen, network
from agentkit.understanding.own_tool import Own, read_tool, with_examples
from agentkit.understanding.request_meaning import Span
from agentkit.understanding.sense import Sense, best_sense, word_sense

SIGNALS = (
    "ranked", "rank_share", "about", "about_share", "example", "example_share",
    "covered", "explained", "values", "roles", "unlike", "chat",
    "usual", "usual_alike", "usual_shared", "over_usual", "crowd", "shown",
)  # fmt: skip
# Against a tool whose contrary is said: more than all signals together speak for one.
_CONTRARY = 12.0


class Candidates:
    """The tools of a toolset, ready to be compared with a request."""

    def __init__(
        self,
        toolset: Toolset,
        trained: frozenset[str] | None = None,
        sense: Sense | None = None,
    ) -> None:
        """Read the tools; about a millisecond for each example.

        Args:
            toolset: the tools.
            trained: names that the network judges; those of its labels by default.
            sense: tells what texts mean; the best that is installed by default.
        """
        self._network = network()
        known = frozenset(self._network.labels) if trained is None else trained
        self.trained = tuple(n for n in toolset.names if n in known)
        own = [tool for tool in toolset if tool.name not in known]
        self._sense = sense or (best_sense() if own else word_sense(self._network))
        self._own = [read_tool(tool, self._sense) for tool in own]
        if own:
            self._near = np.stack([with_examples(tool) for tool in self._own])
            self._profile = self._near @ self._sense.usual.T
        self._words = {tool.name: tool.words for tool in self._own}
        self._own_tools = Toolset(own)

    def score(
        self,
        text: str,
        tokens: Sequence[Token],
        spans: Sequence[Span],
        seen: Seen,
    ) -> dict[str, float]:
        """Return the probability of each own tool, if no trained tool is meant.

        Args:
            text: the request.
            tokens: of the request.
            spans: found in it.
            seen: what the network makes of it.
        """
        if not self._own:
            return {}
        signals = self.signals(text, tokens, spans, seen)
        weights = self._sense.counts
        logits = signals @ np.array([weights[name] for name in SIGNALS])
        # The bias is the evidence that a tool needs against "none of them", whose logit
        # is 0.
        logits = logits + weights["bias"] - _CONTRARY * self._contrary(tokens, spans)
        # The last logit, 0, is that of "none of them".
        shifted = np.exp(np.append(logits, 0.0) - max(0.0, float(logits.max())))
        shares = shifted[:-1] / shifted.sum()
        return {t.name: float(p) for t, p in zip(self._own, shares, strict=True)}

    def _contrary(self, tokens: Sequence[Token], spans: Sequence[Span]) -> Array:
        """Tell for each own tool whether the contrary of it is said."""
        said = _outside(tokens, spans)
        return np.array([float(bool(own.contrary & said)) for own in self._own])

    def signals(
        self,
        text: str,
        tokens: Sequence[Token],
        spans: Sequence[Span],
        seen: Seen,
    ) -> Array:
        """Return a row for each own tool, in the order of `SIGNALS`."""
        (meaning,) = self._sense.mean([text])
        chat = self._network.chat(seen)
        said = frozenset(t.text for t in tokens if t.kind != "sign")
        outside = _outside(tokens, spans)
        roles = frozenset(span.role for span in spans)
        ranked = self._ranked(text)
        about = np.array([float(own.about @ meaning) for own in self._own])
        example = np.array([_closest(own, meaning) for own in self._own])
        rows = [
            [
                *_covered(own, said, outside),
                float(bool(own.values & said)),
                len(roles & own.roles) / (len(roles) or 1),
                _unlike(own, said),
                chat,
            ]
            for own in self._own
        ]
        usual = self._sense.usual @ meaning
        nearest = int(usual.argmax())
        alike = self._profile[:, nearest]
        shared = np.minimum(usual, self._profile).max(1)
        # A tool is as near as the nearer of its two descriptions: many have no
        # examples.
        near = np.maximum(about, example)
        columns = [
            # Scores of words have no upper end; the logarithm keeps one rare word from
            # deciding.
            np.log1p(ranked), _over_others(ranked), about, _over_others(about),
            near - about, _over_others(near), *np.array(rows).T,
            np.full(len(near), usual[nearest]), alike, shared, near - usual[nearest],
            # Of many tools some are near by chance, and of many examples one is.
            np.full(len(near), np.log(len(near))),
            np.array([np.log1p(len(own.examples)) for own in self._own]),
        ]  # fmt: skip
        return np.stack(columns, 1)

    def _ranked(self, text: str) -> Array:
        scores = np.zeros(len(self._own))
        if self._own:
            # The bundled tools need no ranker, and most runs hold no others.
            from agentkit.tools.selection import index_of, rank

            for item in rank(index_of(self._own_tools), text):
                scores[item.place] = item.score
        return scores

    def names(self, word: str, tool: str) -> bool:
        """Whether an own tool's name, description or examples hold a word."""
        return word in self._words.get(tool, ())

    def bounds(self, tool: str) -> tuple[float, float]:
        """Return from what probability a tool is asked about, and called."""
        if tool in self._words:
            return self._sense.counts["ask_at"], self._sense.counts["call_at"]
        return self._network.ask_at, self._network.call_at


_CANDIDATES = PerToolset(Candidates)


def candidates_of(toolset: Toolset) -> Candidates:
    """Return a toolset's candidates, or those of an equal one read before."""
    return _CANDIDATES.of(toolset)


def _outside(tokens: Sequence[Token], spans: Sequence[Span]) -> frozenset[str]:
    """Return the words that stand in no span."""
    inside = {t for s in spans for t in tokens if s.start <= t.start < s.end}
    return frozenset([t.text for t in tokens if t.kind != "sign" and t not in inside])


def _closest(own: Own, meaning: Array) -> float:
    """Return the likeness to the likest example; 0 without any."""
    return float((own.examples @ meaning).max()) if len(own.examples) else 0.0


def _covered(
    own: Own, said: frozenset[str], outside: frozenset[str]
) -> tuple[float, float]:
    """Return how much of an example was said, and how much of the request it covers."""
    best, most = (0.0, 0.0), 0.0
    for fixed in filter(None, own.fixed):
        shared = len(fixed & said) / len(fixed)
        explained = len(fixed & outside) / (len(outside) or 1)
        # Both at once: a short example is soon said whole, and a long request soon
        # holds it.
        if shared * explained > most:
            best, most = (shared, explained), shared * explained
    return best


def _unlike(own: Own, said: frozenset[str]) -> float:
    """Return how little of any example is said; 0 without examples."""
    shares = [len(fixed & said) / len(fixed) for fixed in own.fixed if fixed]
    return 1 - max(shares) if shares else 0.0


def _over_others(column: Array) -> Array:
    """Return by how much each is above the best of the others."""
    if len(column) < 2:
        return np.zeros(len(column))
    # Being likely tells little where another tool is as likely.
    second, first = sorted(column.tolist())[-2:]
    return np.array([x - (second if x == first else first) for x in column.tolist()])
