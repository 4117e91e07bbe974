"""A developer's own tools, judged without training: by their words and their meaning.

Each tool is compared by the word ranker, by what its name, description and examples
mean, by how much of an example is said, and by whether values of its arguments are. How
these count together was fitted once, on published services; see the card.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from agentkit.language import read_table
from agentkit.tools import AnyTool, PerToolset, Toolset
from agentkit.tools.packs import fixed_tools
from agentkit.understanding.features import Token, read_tokens
from agentkit.understanding.network import Array, Seen, network
from agentkit.understanding.request_meaning import Span
from agentkit.understanding.sense import Sense, best_sense, word_sense

SIGNALS = (
    "ranked", "rank_share", "about", "about_share", "example", "example_share",
    "covered", "explained", "values", "roles", "unlike", "chat",
    "usual", "usual_alike", "usual_shared", "over_usual", "crowd", "shown",
)  # fmt: skip
# Against a tool whose contrary is said: more than all signals together speak for one.
_CONTRARY = 12.0
# `getWeather`, `get_weather` and `weather/get` name the same words.
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_./-]+")
_SLOT = re.compile(r"\{(\w+)[^{}]*\}")
_OPTIONAL = re.compile(r"\[[^\[\]]*\]")
# In examples: `{name}` stands for a value, `[...]` may be left out, `(a|b)` is a
# choice, of which the first is taken.
_CHOICE = re.compile(r"\(([^()|]*)[^()]*\)")
# Reading one takes about a millisecond, once for a toolset.
_MOST_EXAMPLES = 40
# What a parameter's format, type or name says of the role of its words.
_FORMATS = {"when": "time", "duration": "duration", "contact": "person"}


@dataclass(frozen=True, slots=True)
class Own:
    """One tool as it is compared.

    Attributes:
        words: of its name, description and examples, by which a word is "asked for".
        about: what its name and description mean.
        examples: what each example means, without its values.
        fixed: the words of each example, without its values.
        contrary: words that say the contrary of what its name or an example says.
        values: words that stand for an argument's values.
        roles: that its arguments may have.
    """

    name: str
    words: frozenset[str]
    about: Array
    examples: Array
    fixed: tuple[frozenset[str], ...]
    contrary: frozenset[str]
    values: frozenset[str]
    roles: frozenset[str]


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
        # One that came after the weights is judged by its sentences, as the rules do.
        newer = fixed_tools() if trained is None else frozenset[str]()
        own = [tool for tool in toolset if tool.name not in known | newer]
        self._sense = sense or (best_sense() if own else word_sense(self._network))
        self._own = [_read_tool(tool, self._sense) for tool in own]
        if own:
            self._near = np.stack([_with_examples(tool) for tool in self._own])
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


def _read_tool(tool: AnyTool, sense: Sense) -> Own:
    name = _CAMEL.sub(" ", tool.name)
    properties: dict[str, Any] = tool.parameters.get("properties", {})
    about = f"{name}. {tool.description}"
    plain = [_plain(example) for example in tool.examples[:_MOST_EXAMPLES]]
    means = sense.mean([about, *plain])
    fixed = tuple(_words(text) for text in plain)
    return Own(
        tool.name,
        _words(" ".join((about, *plain))),
        means[0],
        means[1:],
        fixed,
        _contraries(_words(name).union(*fixed)),
        frozenset(w for schema in properties.values() for w in _values(schema)),
        frozenset(_role(name, schema) for name, schema in properties.items()),
    )


@lru_cache(maxsize=10_000)
def _plain(example: str) -> str:
    """Write an example without its values and what may be left out."""
    text = _CHOICE.sub(r"\1", _OPTIONAL.sub(" ", example))
    return _SLOT.sub(" ", text).replace("...", " ")


def _words(text: str) -> frozenset[str]:
    return frozenset(t.text for t in read_tokens(text) if t.kind != "sign")


def _contraries(words: frozenset[str]) -> frozenset[str]:
    """Return the words that say the contrary of some, and are not among them."""
    found = {other for word in words for other in _opposites().get(word, ())}
    return frozenset(found - words)


@cache
def _opposites() -> Mapping[str, frozenset[str]]:
    pairs: dict[str, set[str]] = {}
    for rows in read_table(Path(__file__).with_name("opposites.toml")).values():
        for one, other in rows:
            pairs.setdefault(one, set()).add(other)
            pairs.setdefault(other, set()).add(one)
    return {word: frozenset(others) for word, others in pairs.items()}


def _values(schema: Mapping[str, Any]) -> list[str]:
    """List the words of the values that a parameter may have."""
    parts: list[Mapping[str, Any]] = [schema, *schema.get("anyOf", ())]
    parts += [schema["items"]] if "items" in schema else []
    values: list[Any] = [value for part in parts for value in part.get("enum", ())]
    return [w for value in values if isinstance(value, str) for w in _words(value)]


def _role(name: str, schema: Any) -> str:
    """Say which role the words of a parameter have, by its format, type and name."""
    kind = schema.get("format") or schema.get("type")
    if kind in ("integer", "number"):
        return "number"
    return _FORMATS.get(str(kind), _role_of_name(name.casefold()))


def _role_of_name(name: str) -> str:
    for role, words in _NAMES.items():
        if any(word in name for word in words):
            return role
    return ""


# The first role that fits is taken, so narrower words stand above wider ones; a name
# that holds none has no role.
_NAMES = {
    "time": ("time", "date", "when", "day", "start", "end"),
    "place": ("place", "city", "location", "destination", "origin", "address", "area"),
    "person": ("person", "name", "recipient", "contact", "who", "artist", "to"),
    "duration": ("duration", "length"),
    "number": ("number", "count", "amount", "quantity", "size"),
    "item": ("item", "product", "device"),
    "list": ("list",),
    "text": ("text", "message", "body", "note"),
    "title": ("title", "subject", "event", "movie", "song", "track", "album"),
    "query": ("query", "topic", "category", "genre", "type", "keyword"),
}


def _with_examples(own: Own) -> Array:
    """Return what a tool means, its examples counted as much as its description."""
    if not len(own.examples):
        return own.about
    mean: Array = own.about + own.examples.mean(0)
    # Words that the table does not know have no length to divide by.
    return mean / max(float(np.linalg.norm(mean)), 1e-6)


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
