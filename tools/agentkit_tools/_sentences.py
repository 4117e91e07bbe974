"""Example sentences of the bundled tools, kept as text beside the code."""

from __future__ import annotations

from importlib.resources import files


def sentences(area: str) -> dict[str, tuple[str, ...]]:
    """Read `sentences/AREA.txt`: `[tool_name]`, then one sentence a line.

    Blank lines and lines that begin with `#` are passed over.
    """
    text = (
        files("agentkit_tools").joinpath("sentences", f"{area}.txt").read_text("utf-8")
    )
    found: dict[str, list[str]] = {}
    name = ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            name = line.partition("]")[0][1:]
            found[name] = []
        elif line and not line.startswith("#"):
            found[name].append(line)
    return {tool: tuple(lines) for tool, lines in found.items()}
