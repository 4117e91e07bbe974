"""Templates that runtimes bring along, held against the format of Llama 3.2.

A runtime that is sent messages writes the prompt itself. Not covered: what a
template computes; only what its source says.
"""

from __future__ import annotations

import difflib


def template_warnings(source: str) -> tuple[str, ...]:
    """Say where a runtime's chat template departs from Llama 3.2's format.

    Args:
        source: the template's text, in Go's or Jinja's notation.

    Returns:
        One sentence for each difference; empty when none was seen.
    """
    if "<|start_header_id|>" not in source:
        return ("the template does not frame turns as Llama 3 was trained on",)
    found: list[str] = []
    pythonic = "func_name1(" in source or "[func" in source
    if "JSON" in source and not pythonic:
        found.append(
            "the template asks for calls as JSON, but Llama 3.2 1B and 3B were "
            "trained to write [name(argument=value)]"
        )
    elif not pythonic:
        found.append("the template does not tell the model how to call tools")
    if "ipython" not in source:
        found.append("the template has no ipython role for tool results")
    if "Cutting Knowledge Date" in source or "Today Date" in source:
        found.append(
            "the template puts its own date lines at the start, so that a new day "
            "empties the cache"
        )
    return tuple(found)


def prompt_diff(ours: str, theirs: str, *, name: str = "runtime") -> str:
    """Show line by line how another prompt differs; empty when it does not.

    Args:
        ours: the reference.
        theirs: what is held against it.
        name: what to call it.
    """
    lines = difflib.unified_diff(
        ours.splitlines(), theirs.splitlines(), "reference", name, lineterm=""
    )
    return "\n".join(lines)
