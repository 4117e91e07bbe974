"""The prompt formats, as data, and what can be chosen about a prompt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date as Date
from pathlib import Path
from typing import Literal, TypedDict

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


Schemas = Literal["reference", "compact"]
DateIn = Literal["session", "header", "turn"]

KNOWLEDGE_CUTOFF = "December 2023"


class PromptOptions(TypedDict, total=False):
    """Keyword arguments of everything that assembles a prompt.

    Attributes:
        format: prompt format; `llama32` by default.
        tools_in: role that the tools stand in; the format's own by default.
        schemas: Meta's JSON documents, or signatures with the same facts in fewer
            tokens.
        date: today, as a date or in words; left out by default.
        date_in: `session`, behind instructions and tools, so that a new day keeps
            the cached prefix; `header`, at the very start, as Meta documents it; or
            `turn`, with the last user turn.
        knowledge_cutoff: second line of the header, `December 2023` by default;
            empty leaves it out.
        facts: what was looked up for this step; it follows the last user turn.
        python_tag: whether calls in the history start with `<|python_tag|>`.
        builtin_tools: names among `code_interpreter`, `brave_search` and
            `wolfram_alpha` that the environment offers.
        images: number of images that precede a message's text, by its index.
        result_chars: longest result in characters; longer ones are cut and say so.
        templates: folder whose templates replace the packaged ones of same name.
    """

    format: Format
    tools_in: ToolsIn | None
    schemas: Schemas
    date: Date | str | None
    date_in: DateIn
    knowledge_cutoff: str
    facts: str
    python_tag: bool
    builtin_tools: tuple[str, ...]
    images: Mapping[int, int]
    result_chars: int | None
    templates: Path | str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The same options with their defaults filled in."""

    format: Format = "llama32"
    tools_in: ToolsIn | None = None
    schemas: Schemas = "reference"
    date: Date | str | None = None
    date_in: DateIn = "session"
    knowledge_cutoff: str = KNOWLEDGE_CUTOFF
    facts: str = ""
    python_tag: bool = False
    builtin_tools: tuple[str, ...] = ()
    images: Mapping[int, int] = field(default_factory=dict[int, int])
    result_chars: int | None = None
    templates: Path | str | None = None
