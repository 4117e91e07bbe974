"""The prompt formats: what tells them apart, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from agentkit.errors import PromptError

Format = Literal["llama32", "llama31", "llama31_function", "base"]
ToolsIn = Literal["system", "user"]
CallStyle = Literal["pythonic", "json", "function"]


@dataclass(frozen=True, slots=True)
class FormatRules:
    """How one format differs from the others.

    Attributes:
        folder: folder of its templates.
        calls: how calls are written.
        tools_in: where tools stand unless said otherwise.
        tools_turn: whether tools in the user's role are a turn of their own.
        one_call: whether a turn holds one call at most.
    """

    folder: str
    calls: CallStyle
    tools_in: ToolsIn
    tools_turn: bool = False
    one_call: bool = False


FORMATS: dict[Format, FormatRules] = {
    "llama32": FormatRules("llama32", "pythonic", "system"),
    "llama31": FormatRules("llama31", "json", "user", tools_turn=True, one_call=True),
    "llama31_function": FormatRules(
        "llama31_function", "function", "user", tools_turn=True, one_call=True
    ),
    "base": FormatRules("llama32", "pythonic", "system"),
}


def rules_of(name: Format) -> FormatRules:
    """Return the rules of a format.

    Raises:
        PromptError: there is no such format.
    """
    if name not in FORMATS:
        known = ", ".join(FORMATS)
        raise PromptError(f"there is no prompt format {name!r}; known: {known}")
    return FORMATS[name]
