"""How well the called tools and the form of their values fit the user's words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

from agentkit.messages import ToolCall
from agentkit.routing.confidence.said_text import Said, is_number, leaves
from agentkit.tools import AnyTool, Toolset
from agentkit.tools.selection.stems import STOP, read_words, stem

_KINDS = {
    "array": "list_arguments",
    "object": "object_arguments",
    "integer": "number_arguments",
    "number": "number_arguments",
    "boolean": "flag_arguments",
    "string": "text_arguments",
}


def weigh_forms(
    last: Said, calls: Sequence[ToolCall], toolset: Toolset
) -> dict[str, float]:
    """Measure the texts of calls, and what kinds of arguments their tools have.

    Args:
        last: what the user said last.
        calls: what the model asks for, of known tools.
        toolset: the tools that it could call.
    """
    values = [leaf for call in calls for leaf in leaves(dict(call.arguments))]
    texts = [v for v in values if isinstance(v, str) and not is_number(v)]
    return {**_texts(texts, last.text), **_arguments(calls, toolset)}


def _texts(texts: Sequence[str], said: str) -> dict[str, float]:
    lowered, count = said.lower(), max(1, len(texts))
    lengths = [len(text.split()) for text in texts]
    other = sum(text not in said for text in texts)
    unlike = sum(text.lower() not in lowered for text in texts)
    return {
        # Counts are cut, so that one huge call cannot run away with the sum.
        "texts": float(min(len(texts), 12)),
        "not_verbatim": other / count,
        "not_alike": unlike / count,
        "other_case": float(min(other - unlike, 8)),
        "longest_text": float(min(max(lengths, default=0), 40)),
        "text_length": math.log1p(sum(map(len, texts))),
        "worded_texts": sum(length > 1 for length in lengths) / count,
    }


def _arguments(calls: Sequence[ToolCall], toolset: Toolset) -> dict[str, float]:
    """Count the arguments that the called tools have, given or not, by their kind."""
    found = dict.fromkeys([*_KINDS.values(), "choice_arguments"], 0.0)
    for call in calls:
        for kind, count in _kinds(toolset[call.name]).items():
            # Over the calls, so that two calls of a tool count as one does. @lru_cache
            found[kind] += count / len(calls)
    return found


@lru_cache(maxsize=512)
def _kinds(tool: AnyTool) -> Mapping[str, int]:
    found: dict[str, int] = {}
    properties = cast(Mapping[str, Any], tool.parameters.get("properties") or {})
    for part in properties.values():
        kind = _kind(part)
        if kind:
            found[kind] = found.get(kind, 0) + 1
    return found


def _kind(part: object) -> str:
    if not isinstance(part, Mapping):
        return ""
    schema = cast(Mapping[str, Any], part)
    if schema.get("enum"):
        return "choice_arguments"
    wanted = schema.get("type")
    return _KINDS.get(wanted, "") if isinstance(wanted, str) else ""


# So much of a tool's name was said that the tool is meant, perhaps.
_NAMED = 2 / 3


def weigh_choice(
    last: Said, calls: Sequence[ToolCall], toolset: Toolset
) -> dict[str, float]:
    """Compare the called tools with the others, by the words that the user said.

    Args:
        last: what the user said last.
        calls: what the model asks for, of known tools.
        toolset: the tools that it could call.
    """
    called = {call.name for call in calls}
    fits = {tool.name: _fit(tool, last) for tool in toolset}
    # The least fitting call and the best tool that was not called: one wrong call is
    # enough.
    taken = min((fits[name] for name in called), default=0.0)
    left = max((fit for name, fit in fits.items() if name not in called), default=0.0)
    named = sum(
        _is_named(tool, last) for tool in toolset if tool.name not in called
    )  # fmt: skip
    return {
        "choice_gap": taken - left,
        "best_uncalled": left,
        "uncalled_named": float(min(named, 3)),
    }


def _fit(tool: AnyTool, last: Said) -> float:
    words = _about(tool)
    # By the root: long descriptions share more words by chance, and a full division
    # would punish them for telling more.
    return len(words & last.content) / math.sqrt(max(1, len(words)))


def _is_named(tool: AnyTool, last: Said) -> bool:
    words = _name(tool)
    return bool(words) and len(words & last.stems) >= _NAMED * len(words)


@lru_cache(maxsize=512)
def _about(tool: AnyTool) -> frozenset[str]:
    return _name(tool) | Said(tool.description).content


@lru_cache(maxsize=512)
def _name(tool: AnyTool) -> frozenset[str]:
    return frozenset(stem(word) for word in read_words(tool.name) if word not in STOP)
