"""The few tools of a large toolset that a conversation needs, and how a model asks for more.

A pure function of the conversation: the same messages give the same tools, after a
resume too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias, cast

from agentkit.errors import ConfigError
from agentkit.messages import Conversation, Result
from agentkit.tools import AnyTool, Toolset, tool
from agentkit.tools.selection.index import index_of
from agentkit.tools.selection.rank import Embed, Ranked, Selector, closeness_of, rank
from agentkit.tools.selection.stems import read_stems, read_words

FINDER = "find_tools"
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


def names_found(result: Result) -> tuple[str, ...]:
    """List the tools that a call of the finder found, the best first."""
    if result.name != FINDER or result.status != "done":
        return ()
    value = result.value
    return tuple(cast(Mapping[str, str], value)) if isinstance(value, Mapping) else ()


# A tool this close to the best one is kept, and so are the first few.
_CLOSE = 0.35
_FEWEST = 3
# A turn with so few telling words, or with one of these, leans on the turn before.
_SHORT = 2
_POINTERS = "it that this them those these he she him her same instead too"
_BACK = frozenset(_POINTERS.split())
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
    if len(toolset) - (FINDER in toolset) <= limit:
        return Selection(toolset)
    order = _orderer(toolset, selector.embed)
    standing: list[str] = []
    for turn in _turns(conversation, toolset):
        needed = [name for name in _needed(order, turn.text, limit) if name != FINDER]
        wanted = list(dict.fromkeys([*reversed(turn.asked), *needed]))[:limit]
        if not set(wanted) <= set(standing):
            standing = list(dict.fromkeys([*wanted, *standing]))[:limit]
    kept = {*standing, FINDER}
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
