"""What a command loads in a process of its own: no more than it needs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

# Each takes longer to load than all of `agentkit --help` may.
_HEAVY = (
    "asyncio",
    "dateparser",
    "httpx",
    "icalendar",
    "jinja2",
    "pydantic",
    "rich",
    "sqlite3",
    "zoneinfo",
)
_LOADED = """
import contextlib, io, json, sys
from agentkit.cli import main
with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
    main()
print(json.dumps(sorted(sys.modules)))
"""


def modules_of(*arguments: str) -> set[str]:
    """Name the modules that a command has loaded when it ends."""
    ran = subprocess.run(
        [sys.executable, "-c", _LOADED, *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(ran.stdout))


@pytest.mark.parametrize("arguments", [("--help",), ("dance",)], ids=["help", "typo"])
def test_the_list_of_commands_loads_no_command(arguments: tuple[str, ...]) -> None:
    """What is there, and what is not, is told without the code of a command."""
    own = {name for name in modules_of(*arguments) if name.startswith("agentkit")}
    assert own == {
        "agentkit",
        "agentkit.cli",
        "agentkit.cli.app",
        "agentkit.cli.output",
        "agentkit.errors",
        "agentkit.installation",
        "agentkit.installation.face",
    }


def test_help_loads_nothing_heavy() -> None:
    """The list of commands needs Typer, and none of the larger libraries."""
    assert not modules_of("--help").intersection(_HEAVY)


def test_a_kept_request_loads_only_the_tools_it_calls(home: Path) -> None:
    """Once tools and sentences are known, a run loads one pack and no model's code."""
    request = ("run", "what time is it", "--home", str(home))
    modules_of(*request)
    loaded = modules_of(*request)
    packs = {name for name in loaded if re.fullmatch(r"agentkit_tools\.[a-z]\w*", name)}
    assert packs == {"agentkit_tools.clock"}
    assert not loaded.intersection(
        (
            "agentkit.backends.reflex.compiled",
            "agentkit.models",
            "agentkit.pythonic.parser",
            "agentkit.routing.confidence",
            "agentkit.tools.selection",
            *("dateparser", "icalendar", "jinja2", "rich", "httpx"),
        )
    )
