"""Deciding values of a call that nobody said: chosen by the model, or made up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from agentkit.language.tokens import MAIL, URL
from agentkit.safety.provenance.comparison import (
    HANDLE,
    PATH,
    SITE,
    addresses,
    as_text,
    words,
)
from agentkit.safety.provenance.evidence import Evidence
from agentkit.safety.provenance.request_words import opens, sends
from agentkit.safety.provenance.trace import Trace
from agentkit.tools import AnyTool

# Words that a name or a title has at most, and letters of a mark such as a permission.
_NAME, _MARK = 5, 2
_PAGES = (URL, SITE)
_THINGS = (URL, SITE, MAIL, PATH, HANDLE)


def decides(trace: Trace, tool: AnyTool) -> bool:
    """Tell whether only the user may choose a value: by its role, or by its shape."""
    if trace.role.decides:
        return True
    if trace.role.kind != "plain":
        return False
    value = trace.value.strip()
    if (tool.effect == "delete" or sends(tool)) and trace.ground == "text":
        # A few words that a stranger wrote may name a receiver or a thing; a letter or
        # two, such as the `r` of a permission, stand in any text.
        return len(value.split()) <= _NAME and not _is_mark(value)
    # What looks like an address or a path decides, whatever its argument is called.
    shapes = _PAGES if tool.effect == "read" else _THINGS
    return any(shape.fullmatch(value) for shape in shapes)


def _is_mark(value: str) -> bool:
    return len(value) <= _MARK and value.isascii() and value.isalpha()


def unsaid_value(
    tool: AnyTool, traces: Sequence[Trace], evidence: Evidence
) -> tuple[Trace, Literal["unsaid", "invented"]] | None:
    """Find a deciding value that nobody said, and whether it is made up."""
    if tool.effect == "read" and not is_wary(tool, evidence):
        return None
    for trace in traces:
        if trace.ground != "nowhere" or not decides(trace, tool):
            continue
        if _is_left_to_model(trace, tool, evidence):
            continue
        alike, specific = _resembles(trace, evidence), _is_specific(trace)
        if specific or not alike:
            # Once others' text was read it may be theirs in disguise: a yes or no is
            # asked for, not a value, so that the run can go on without.
            made_up = specific and not alike and not evidence.read_others
            return trace, "invented" if made_up else "unsaid"
    return None


# An address that a model makes up is a fault, whatever was read; most others are a choice.
_NEVER_MADE_UP = ("recipient", "url")


def _is_left_to_model(trace: Trace, tool: AnyTool, evidence: Evidence) -> bool:
    """Tell whether a value that nobody said may be chosen by the model.

    The default is, and one thing where a number of things is asked for. So is what a
    plain change writes, as long as no text of others was read that could have chosen it.
    """
    schema = tool.parameters.get("properties", {}).get(trace.argument, {})
    if "default" in schema and as_text(schema["default"]) == trace.value:
        return True
    if trace.value == "1" and trace.argument.lower().endswith(_COUNTED):
        return True
    free = not (evidence.strict or evidence.read_texts or opens(tool))
    return free and tool.effect == "write" and trace.role.kind not in _NEVER_MADE_UP


# One of something is what is meant when nobody says how many.
_COUNTED = ("qty", "quantity", "count")


def is_wary(tool: AnyTool, evidence: Evidence) -> bool:
    """Tell whether something was read that may have asked for what a tool does.

    Short values of the application's own tools ask for no change; for what leaves or is
    lost they count as others' all the same.
    """
    plain = tool.effect in ("read", "write") and not evidence.strict
    return evidence.read_texts if plain else evidence.read_others


def _resembles(trace: Trace, evidence: Evidence) -> bool:
    """Tell whether a part of the value was said: `ana@home.org` where `Ana` was."""
    if trace.role.kind in ("amount", "url"):
        return False
    said, name = evidence.user_words, trace.value.partition("@")[0]
    letters = [word in said for word in words(name) if len(word) > 2 and _letters(word)]
    # A path shares its folder with what was said, and is still another file.
    return all(letters) if trace.role.kind == "identifier" else any(letters)


def _letters(word: str) -> bool:
    return not word.isdigit()


def _is_specific(trace: Trace) -> bool:
    """Tell an address, a number, an amount from a mere name."""
    if trace.role.kind in ("amount", "url") or addresses(trace.value):
        return True
    return any(char.isdigit() for char in trace.value)
