"""The few tools of a large toolset that a conversation needs, by words and by meaning.

A pure function of the conversation: the same messages give the same tools, after a
resume too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias, cast

from agentkit.errors import ConfigError
from agentkit.messages import Conversation, ToolResult
from agentkit.tools import AnyTool, Toolset, tool
from agentkit.tools.selection.index import Scores, ToolIndex, index_of, offer_of
from agentkit.tools.selection.stems import read_stems, read_words, split_request

Embed: TypeAlias = Callable[[Sequence[str]], Sequence[Sequence[float]]]


@dataclass(frozen=True, slots=True)
class Selector:
    """How tools are selected.

    Attributes:
        limit: how many are shown at most.
        embed: texts to vectors, on this device; None for words alone. It is called
            once for the tools, and once for each request.
        always: names of tools that are shown whatever is asked, beside the limit.
    """

    limit: int
    embed: Embed | None = None
    always: frozenset[str] = frozenset()


class Closeness:
    """Compares a text with every tool of a toolset."""

    def __init__(self, toolset: Toolset, embed: Embed) -> None:
        """Embed the tools.

        Raises:
            ConfigError: the model does not give one vector for each text.
        """
        self._embed = embed
        self._tools = self._vectors([_document(tool) for tool in toolset])

    def score(self, text: str) -> list[float]:
        """Return the cosine with each tool, 0 to 1; what is below 0 is 0."""
        (said,) = self._vectors([text])
        return [
            max(0.0, sum(a * b for a, b in zip(said, tool, strict=True)))
            for tool in self._tools
        ]

    def _vectors(self, texts: list[str]) -> list[list[float]]:
        vectors = [_unit(vector) for vector in self._embed(texts)]
        if len(vectors) != len(texts):
            raise ConfigError(
                f"embed gave {len(vectors)} vectors for {len(texts)} texts; "
                "it must give one for each"
            )
        return vectors


@lru_cache(maxsize=16)
def closeness_of(toolset: Toolset, embed: Embed) -> Closeness:
    """Return the embedded tools of a toolset, made once."""
    return Closeness(toolset, embed)


def _document(tool: AnyTool) -> str:
    return f"{' '.join(read_words(tool.name))}: {tool.description}"


def _unit(vector: Sequence[float]) -> list[float]:
    length = math.sqrt(sum(x * x for x in vector)) or 1.0
    return [x / length for x in vector]


# These four were set on the half of the questions that may be looked at, as the weights
# of `index` were; what meaning adds has no figures
# (docs/explanation/tool-selection.md).
# A part of a request counts when its best score is this share of the best part's.
_HEARD = 0.3
# What the whole request adds to the score within a part.
_WHOLE = 0.5
# Each part of a request gets a turn for its best tools before the rest follow.
_ROUNDS = 3
# What full closeness to the request adds, over the best score by words.
_MEANT = 0.5


@dataclass(frozen=True, slots=True)
class Ranked:
    """One tool's place in the order.

    Attributes:
        place: its index in the toolset.
        name: what it is called.
        strength: its score over the best one, in the whole or the part that speaks
            most for it; 0 to 1.
        score: its score in the whole and in its best part.
    """

    place: int
    name: str
    strength: float
    score: float


def rank(
    index: ToolIndex, text: str, closeness: Closeness | None = None
) -> tuple[Ranked, ...]:
    """Order all tools; parts of a request take turns, so that each has its tool.

    Args:
        index: the tools.
        text: the request.
        closeness: adds what an embedding model says of the same tools.
    """
    offer = offer_of(text)
    whole = index.score(text, offer)
    parts = [index.score(part, offer) for part in split_request(text)]
    best = [max(scores) for scores in zip(*parts, strict=True)] if parts else whole
    total = [a + b for a, b in zip(whole, best, strict=True)]
    if closeness is not None:
        top = max(total) or 1.0
        near = closeness.score(text)
        total = [a + _MEANT * top * b for a, b in zip(total, near, strict=True)]
    strength = _strengths([total, *_heard(parts)])
    order = _take_turns(_by_score(total), [_leaders(p, whole) for p in _heard(parts)])
    return tuple(
        Ranked(place, index.names[place], strength[place], total[place])
        for place in order
    )


def _by_score(scores: Scores) -> list[int]:
    return sorted(range(len(scores)), key=lambda place: -scores[place])


def _heard(parts: Sequence[Scores]) -> list[Scores]:
    """Keep the parts that speak for some tool, the clearest first."""
    clear = max((max(part) for part in parts), default=0.0)
    loud = [part for part in parts if max(part) > _HEARD * clear]
    return sorted(loud, key=lambda part: -max(part))


def _leaders(part: Scores, whole: Scores) -> list[int]:
    return _by_score([a + _WHOLE * b for a, b in zip(part, whole, strict=True)])


def _take_turns(base: list[int], leaders: list[list[int]]) -> list[int]:
    order = dict.fromkeys(base[:1])
    if leaders:
        for turn in range(min(_ROUNDS, len(base))):
            order |= dict.fromkeys(part[turn] for part in leaders)
            # Two of the whole request's after each round, so that a cut at a wrong
            # place hides nothing.
            order |= dict.fromkeys(base[: 2 + 2 * turn])
    return list(order | dict.fromkeys(base))


def _strengths(lists: list[Scores]) -> Scores:
    tops = [max(scores) or 1.0 for scores in lists]
    return [
        max(score / top for score, top in zip(column, tops, strict=True))
        for column in zip(*lists, strict=True)
    ]


FINDER = "find_tools"
# A tool that finds tools shows few: each costs a hundred tokens and more.
_SHOWN = 4


def finder_of(toolset: Toolset) -> AnyTool:
    """Make the tool that finds other tools of a toolset."""

    @tool(name=FINDER, effect="read")
    def find_tools(task: str) -> dict[str, str]:
        """Find other tools, when none of these can do a task.

        Args:
            task: what has to be done, in a few words.
        """
        order = rank(index_of(toolset), task)[:_SHOWN]
        found = [toolset[toolset.names[item.place]] for item in order if item.score]
        return {item.name: item.description for item in found}

    return find_tools


def with_finder(toolset: Toolset) -> Toolset:
    """Add the finder at the end, unless there is a tool of its name."""
    if FINDER in toolset or not len(toolset):
        return toolset
    return toolset + Toolset(finder_of(toolset))


def names_found(result: ToolResult) -> tuple[str, ...]:
    """List the tools that a call of the finder found, the best first."""
    if result.name != FINDER or result.status != "done":
        return ()
    value = result.value
    return tuple(cast(Mapping[str, str], value)) if isinstance(value, Mapping) else ()


# A tool this close to the best one is kept, and so are the first few: with fewer, one
# misjudged word hides the tool, and three cost about 400 tokens of prompt.
_CLOSE = 0.35
_FEWEST = 3
# A turn with so few telling words, or with one of these, leans on the turn before.
_SHORT = 2
_POINTERS = "it that this them those these he she him her same instead too"
_BACK = frozenset(_POINTERS.split())
# Older turns speak of something else.
_MOST_TURNS = 8

Order: TypeAlias = Callable[[str], tuple[Ranked, ...]]


@dataclass(frozen=True, slots=True)
class Selection:
    """What the model is shown.

    Attributes:
        toolset: the selected tools, in the order of the whole toolset.
        left_out: how many are not shown.
    """

    toolset: Toolset
    left_out: int = 0


def select_tools(
    conversation: Conversation, toolset: Toolset, how: int | Selector
) -> Selection:
    """Select the tools that the conversation needs, and no more than the limit.

    Tools that were called or asked for stay, and so do those of earlier turns while
    there is room: a turn that needs nothing new leaves the selection as it was.

    Args:
        conversation: all messages so far; only what the user said, the names of
            calls and what the finder found are looked at.
        toolset: all tools; one named `find_tools` is always kept.
        how: how many at most, the finder not counted; or a selector.

    Raises:
        ConfigError: the limit is below one.
    """
    selector = how if isinstance(how, Selector) else Selector(how)
    limit = selector.limit
    if limit < 1:
        raise ConfigError(f"select must be at least 1, not {limit}")
    always = selector.always | {FINDER}
    if len([name for name in toolset.names if name not in always]) <= limit:
        return Selection(toolset)
    order = _orderer(toolset, selector.embed)
    standing: list[str] = []
    for turn in _turns(conversation, toolset):
        needed = [n for n in _needed(order, turn.text, limit) if n not in always]
        # The latest first: where there is no room, what was called long ago goes.
        asked = [name for name in reversed(turn.asked) if name not in always]
        wanted = list(dict.fromkeys([*asked, *needed]))[:limit]
        # The selection stays while it has all that is needed: the prompt's start, and
        # so the cache of a local model, is the same.
        if not set(wanted) <= set(standing):
            standing = list(dict.fromkeys([*wanted, *standing]))[:limit]
    kept = always.union(standing)
    # In the order of the toolset, so that the same tools give the same prompt.
    names = [name for name in toolset.names if name in kept]
    return Selection(toolset.select(names), len(toolset) - len(names))


@dataclass(slots=True)
class _Turn:
    """What the user said, with what it refers to, and the tools named since."""

    text: str
    asked: list[str]


def _turns(conversation: Conversation, toolset: Toolset) -> list[_Turn]:
    turns = [_Turn("", [])]
    said = ""
    for message in conversation:
        if message.role == "user":
            text = f"{said}\n{message.text}" if _leans(message.text) else message.text
            said = message.text
            turns.append(_Turn(text, []))
        named = [call.name for call in message.calls]
        named += (
            [message.result.name, *names_found(message.result)]
            if message.result
            else []
        )
        turns[-1].asked += [n for n in named if n in toolset and n != FINDER]
    return turns[-_MOST_TURNS:]


def _leans(text: str) -> bool:
    return len(read_stems(text)) <= _SHORT or not _BACK.isdisjoint(read_words(text))


def _orderer(toolset: Toolset, embed: Embed | None) -> Order:
    index = index_of(toolset)
    closeness = closeness_of(toolset, embed) if embed else None
    return lambda text: rank(index, text, closeness)


def _needed(order: Order, text: str, limit: int) -> list[str]:
    return [item.name for item in _enough(order(text), limit)] if text else []


def _enough(order: Iterable[Ranked], limit: int) -> Iterator[Ranked]:
    """Keep the first few, and those close to the best one."""
    for number, item in zip(range(limit), order, strict=False):
        if number < _FEWEST or item.strength >= _CLOSE:
            yield item
