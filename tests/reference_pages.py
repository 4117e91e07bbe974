"""Writes the reference pages that are made from code: `python -m tests.reference_pages`.

`docs/reference/cli.md` comes from the Typer application, `bundled-tools.md` beside it
from the bundled tools, `repairs.md` from real readings and `stop-reasons.md` from the
outcomes. A test says when they are out of date.
"""

from __future__ import annotations

import contextlib
import io
import os
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest import mock

import typer

from agentkit.cli.app import app
from agentkit.errors import BackendError
from agentkit.outcomes import STOPS
from agentkit.tools import AnyTool
from agentkit.tools.packs import TOOLS_GROUP, tools_in
from tests.api_pages import api_pages
from tests.repair_pages import repairs_page

ROOT = Path(__file__).parent.parent
PAGES = ROOT / "docs" / "reference"

_CLI = """\
# Command line

Made from the code by `python -m tests.reference_pages`.

Exit codes: 0 done, 1 a fault of agentkit's, 2 usage, 3 needs input or approval,
4 stopped, 130 cancelled by Ctrl-C.

`run`, `chat` and `sessions resume` print what the assistant says to standard output, and
all else (calls, questions, a summary) to standard error.

`--json` prints one JSON object to standard output and nothing else. An error is then
`{"outcome": "error", "text": "..."}`. Output to a pipe has no colours and no spinner.
What tools and models return is shown, never obeyed: control characters are printed as
escapes.

`--home` wins over the environment variable `AGENTKIT_HOME`, which wins over
`~/.agentkit`. The files in a home are on [their own page](home-folder.md).

`agentkit --version` tells the version, and the folder of the copy that runs.
"""

_TOOLS = """\
# Bundled tools

Made from the code by `python -m tests.reference_pages`.

The tools that come with agentkit, by pack. `effect` says what a tool does to the
world; [sends and deletes are asked about first](../how-to/approve-calls.md).
*Personal* results are the user's private data. *Untrusted* results hold text that
somebody else wrote. In the example sentences `{x}` marks an argument, `[x]` may be
left out, `(a|b)` is a choice, `...` stands for any words, and `{x}+(a|b)` gives the word
to the argument beside it. `agentkit tools show NAME` has more of them.
"""

_STOPS = """\
# Reasons to stop

Made from the code by `python -m tests.reference_pages`.

A run that ends without an answer is `Stopped`, with one of these as its `reason`. A
failure of a backend ends a run only where no other backend of the ladder takes the step
over; its error is of [the kind](errors.md) that is named.

| `reason` | meaning | error |
|---|---|---|"""

_KINDS = {
    "when": "a time, in the user's words or ISO 8601",
    "duration": "a length of time, in the user's words or ISO 8601",
    "amount": "money or a number with a unit, in the user's words",
    "contact": "a person",
    "recurrence": "how often, in the user's words or as a rule of RFC 5545",
}


def pages() -> dict[Path, str]:
    """Return each page's path and what it should hold."""
    return {
        PAGES / "cli.md": "\n".join([_CLI, *_commands()]),
        PAGES / "bundled-tools.md": "\n".join([_TOOLS, *_packs()]),
        PAGES / "repairs.md": repairs_page(),
        **api_pages(PAGES / "api"),
        PAGES / "stop-reasons.md": "\n".join([_STOPS, *_reasons()]),
    }


def _reasons() -> Iterator[str]:
    kinds: dict[str, str] = {
        kind.failure: kind.__name__ for kind in _below(BackendError)
    }
    for reason, meaning in STOPS.items():
        error = kinds.get(reason, "")
        yield f"| `{reason}` | {meaning} | {f'`{error}`' if error else ''} |"
    yield ""


def _below(kind: type[BackendError]) -> Iterator[type[BackendError]]:
    """Yield an error and those below it, the most general last."""
    for one in kind.__subclasses__():
        yield from _below(one)
    yield kind


def _commands() -> Iterator[str]:
    for path in command_paths():
        title = " ".join(("agentkit", *path))
        yield f"## {title}\n\n```text\n{_help(path)}```\n"


def command_paths() -> list[tuple[str, ...]]:
    """Return the words of each command, groups' own commands behind the group."""
    return list(_paths(typer.main.get_command(app), ()))


def _paths(command: Any, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for name, child in getattr(command, "commands", {}).items():
        yield (*words, name)
        yield from _paths(child, (*words, name))


def _help(path: tuple[str, ...]) -> str:
    shown = io.StringIO()
    with (
        mock.patch.dict(os.environ, COLUMNS="80"),
        contextlib.redirect_stdout(shown),
    ):
        app(args=[*path, "--help"], prog_name="agentkit", standalone_mode=False)
    return shown.getvalue()


def _packs() -> Iterator[str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    for name, module in sorted(
        settings["project"]["entry-points"][TOOLS_GROUP].items()
    ):
        yield f"## {name}\n"
        yield from map(_tool, tools_in(import_module(module)))


def _tool(tool: AnyTool) -> str:
    labels = [f"effect `{tool.effect}`"]
    labels += ["personal"] if tool.personal else []
    labels += ["untrusted"] if tool.untrusted else []
    lines = [f"### {tool.name}", "", tool.description, "", f"{', '.join(labels)}.", ""]
    required = tool.parameters.get("required", ())
    rows = [
        f"| `{name}` | {_kind(facts)} | {'yes' if name in required else ''} "
        f"| {facts.get('description', '')} |"
        for name, facts in tool.parameters["properties"].items()
    ]
    if rows:
        lines += ["| argument | type | required | what |", "|---|---|---|---|", *rows]
        lines.append("")
    if tool.examples:
        lines += [f"Say: `{tool.examples[0]}`", ""]
    return "\n".join(lines)


def _kind(facts: dict[str, Any]) -> str:
    if "enum" in facts:
        return " or ".join(f"`{value}`" for value in facts["enum"])
    if facts.get("type") == "array":
        return f"list of {_kind(facts.get('items', {}))}"
    return _KINDS.get(facts.get("format", ""), str(facts.get("type", "anything")))


if __name__ == "__main__":
    for page, text in pages().items():
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(text, "utf-8")
