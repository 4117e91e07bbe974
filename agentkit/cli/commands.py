"""The commands by name; the code of one is loaded when it is chosen.

`agentkit --help` needs names and one line each, and no command's imports.
"""

from __future__ import annotations

import gc
import os
from collections import UserDict
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

# The first line that each says of itself; a test holds them to that.
SUMMARIES = {
    "demo": "Run the main job on sample data.",
    "run": "Carry one request out.",
    "chat": "Talk with an assistant.",
    "plan": "Show the first step; do nothing.",
    "prompt": "Show what a model would be sent.",
    "providers": "List the hosts that serve Llama, for --backend PROVIDER:MODEL.",
    "journal": "List what was done on your behalf, the newest first.",
    "undo": "Take back what was done last.",
    "assistants": "List the ready assistants, for --assistant NAME.",
    "doctor": "Check this installation and a home.",
    "tools": "List, show and call tools.",
    "sessions": "Kept conversations: show, resume, export, delete.",
    "models": "The models on this device, and how fast they run.",
    "route": "Which backend serves a request, and why.",
    "egress": "Show what has left this device.",
    "rules": "Rules about calls, set by you only.",
}


class Commands(TyperGroup):
    """A group whose commands are modules of `agentkit.cli`."""

    def __init__(self, **attributes: Any) -> None:
        """Take what Typer says of the group."""
        super().__init__(**attributes)
        self.commands = _Loaded(dict.fromkeys(SUMMARIES))

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the list of commands without loading one."""
        with formatter.section("Commands"):
            formatter.write_dl(list(SUMMARIES.items()))


class _Loaded(UserDict[str, Any]):
    """Commands by name, each loaded when it is looked up."""

    def __getitem__(self, name: str) -> Any:
        if self.data[name] is None:
            self.data[name] = _load(name)
        return self.data[name]


def _spare_a_search() -> None:
    """Keep Pydantic from looking through all installed packages for plugins of its.

    It would do so in every process; which packages register one is known already.
    """
    from agentkit.installation import registered

    if not registered("pydantic"):
        os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")


def _load(name: str) -> Any:
    """Load a command's module: a group of its own, or one function of that name."""
    _spare_a_search()
    module = import_module(f"agentkit.cli.{name}")
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    if isinstance(group := getattr(module, "app", None), typer.Typer):
        app.add_typer(group, name=name)
    else:
        app.command(name)(getattr(module, name))
    if not gc.isenabled():  # see agentkit_ondevice
        gc.freeze()
        gc.enable()
    return typer.main.get_group(app).commands[name]
