"""The Typer application: loads commands by name, and words errors in one sentence.

`agentkit --help` needs names and one line each, and no command's imports.
"""

from __future__ import annotations

import gc
import io
import os
import sys
import traceback
from collections import UserDict
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from agentkit.cli.output import json_text, printable
from agentkit.errors import (
    AgentkitError,
    BackendError,
    InputNeeded,
    StoreError,
    ToolError,
)

# By what they are for, the daily ones first, and the first line that each says of
# itself; a test holds them to that.
GROUPS = {
    "Every day": {
        "chat": "Talk with an assistant.",
        "run": "Carry one request out.",
        "listen": "Carry spoken requests out.",
        "brief": "Tell what the day holds, and what waits for you.",
        "rewrite": "Write a text anew: its tone, length or language.",
        "summarize": "Sum up a text, a file, or messages.",
        "watch": "Ring when something is due.",
        "undo": "Take back what was done last.",
        "redo": "Do again what was taken back last.",
        "setup": "Bring in your calendar, contacts and mail.",
        "import": "Take in mail, calendars and contacts from files.",
        "subscribe": "Follow a calendar on the web (ICS), read-only.",
        "demo": "Run the main job on sample data.",
    },
    "What it did, keeps and may do": {
        "journal": "List what was done on your behalf, the newest first.",
        "sessions": "Kept conversations: show, resume, export, delete.",
        "egress": "Show what has left this device.",
        "rules": "Rules about calls, set by you only.",
        "doctor": "Check this installation and a home.",
    },
    "Models": {
        "models": "The models on this device, and how fast they run.",
        "providers": "List the hosts that serve Llama, for --backend PROVIDER:MODEL.",
        "route": "Which backend serves a request, and why.",
    },
    "For developers": {
        "eval": "Measure backends on a suite of requests, and make a suite.",
        "tools": "List, show and call tools.",
        "assistants": "List the ready assistants, for --assistant NAME.",
        "serve": "Serve other programs over HTTP.",
        "mcp": "Offer the tools to another assistant over MCP.",
        "plan": "Show the first step; do nothing.",
        "prompt": "Show what a model would be sent.",
    },
}
SUMMARIES = {name: told for group in GROUPS.values() for name, told in group.items()}
_WIDTH = max(map(len, SUMMARIES))
# Commands that stand in a file with another name than theirs.
_FILES = {
    "assistants": "choices",
    "import": "imports",
    "subscribe": "imports",
    "plan": "run",
    "providers": "choices",
    "redo": "journal",
    "rewrite": "writing",
    "summarize": "writing",
    "undo": "journal",
}


class Commands(TyperGroup):
    """A group whose commands are modules of `agentkit.cli`."""

    def __init__(self, **attributes: Any) -> None:
        """Store the group's attributes, and the names of the commands."""
        super().__init__(**attributes)
        self.commands = _Loaded(dict.fromkeys(SUMMARIES))

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the list of commands without loading one."""
        for title, summaries in GROUPS.items():
            with formatter.section(title):
                # One column for all groups.
                rows = [(f"{name:<{_WIDTH}}", told) for name, told in summaries.items()]
                formatter.write_dl(rows)

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """Complete a command's name without loading one."""
        # Typer carries its own copy of Click, and exports no name for this class.
        from typer._click.shell_completion import CompletionItem

        names = [name for name in SUMMARIES if name.startswith(incomplete)]
        named = [CompletionItem(name, help=SUMMARIES[name]) for name in names]
        return named or super().shell_complete(ctx, incomplete)


class _Loaded(UserDict[str, Any]):
    """Commands by name, each loaded when it is looked up."""

    def __getitem__(self, name: str) -> Any:
        if self.data[name] is None:
            self.data[name] = _load(name)
        return self.data[name]


def _spare_a_search() -> None:
    """Keep Pydantic from searching all installed packages for its plugins.

    It would do so in every process; which packages register one is known already.
    """
    from agentkit.installation.distribution import registered

    if not registered("pydantic"):
        # Pydantic's own switch; what the user has set stays.
        os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")


def _load(name: str) -> Any:
    """Load a command's module, which has a Typer group or a function of its name."""
    _spare_a_search()
    module = import_module(f"agentkit.cli.{_FILES.get(name, name)}")
    # A group of one command, so that Typer itself makes the command with its options.
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    if isinstance(group := getattr(module, "app", None), typer.Typer):
        app.add_typer(group, name=name)
    else:
        # A word of Python's own, such as `import`, has an underscore behind it.
        function = getattr(module, name, None) or getattr(module, f"{name}_")
        app.command(name)(function)
    if not gc.isenabled():  # see agentkit_ondevice
        # What is loaded by now lives as long as the process: it need not be looked
        # through.
        gc.freeze()
        gc.enable()
    return typer.main.get_group(app).commands[name]


# 2 is the shell's own for wrong usage, 130 for Ctrl-C.
OK, FAULT, USAGE, NEEDS_USER, STOPPED, CANCELLED = 0, 1, 2, 3, 4, 130

app = typer.Typer(
    name="agentkit",
    cls=Commands,
    no_args_is_help=True,
    # Tracebacks are for `--verbose`; a person gets one sentence.
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _tell_version(asked: bool) -> None:
    if asked:
        # `--help` does without.
        from agentkit.installation.distribution import NAME, this_installation

        copy = this_installation()
        print(f"{NAME} {copy.version} ({copy.folder / 'agentkit'})")
        raise typer.Exit


@app.callback()
def _agentkit(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Show the version, and which copy it is.",
            callback=_tell_version,
            is_eager=True,
        ),
    ] = False,
) -> None:
    """Personal assistants that run on your own device."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code.

    0 done, 1 a fault of agentkit's, 2 usage, 3 needs input or approval, 4 stopped.
    """
    given = sys.argv[1:] if arguments is None else arguments
    _show_what_cannot_be_encoded()
    try:
        # Not standalone: Typer would print errors and leave by itself.
        code = app(args=given, prog_name="agentkit", standalone_mode=False)
    except (typer.Abort, KeyboardInterrupt):
        code = CANCELLED
    except typer.TyperException as exc:
        code = _usage(exc, given)
    except BrokenPipeError:
        # The reader went away (`| head`): nothing to tell, nobody to tell it to.
        sys.stderr.close()
        code = OK
    except AgentkitError as exc:
        code = _told(exc, given)
    except OSError as exc:
        code = _outside(exc, given)
    except Exception as exc:
        code = _fault(exc, given)
    # No Exception: it passes by the lines above.
    except _cancelled():
        code = CANCELLED
    if code == CANCELLED:  # Typer makes this of a Ctrl-C
        print("\nCancelled; nothing was left half-written.", file=sys.stderr)
    raise SystemExit(code if isinstance(code, int) else OK)


def _cancelled() -> type[BaseException]:
    """Return asyncio's exception for Ctrl-C; imported only after an exception."""
    from asyncio import CancelledError

    return CancelledError


def _show_what_cannot_be_encoded() -> None:
    """Write escapes to an output that has no such character, rather than fail."""
    for stream in (sys.stdout, sys.stderr):
        # Tests and embedders put other streams there.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _usage(exc: typer.TyperException, given: list[str]) -> int:
    message, context = exc.format_message(), getattr(exc, "ctx", None)
    if message.startswith("Usage: "):  # no command was given: Typer hands its help
        print(message, file=sys.stderr)
        return USAGE
    _say(message, given)
    if context is not None and "--json" not in given:
        print(f"Try: {context.command_path} --help", file=sys.stderr)
    return USAGE


def _told(exc: AgentkitError, given: list[str]) -> int:
    _say(str(exc), given)
    _trace(given)
    if isinstance(exc, InputNeeded):
        return NEEDS_USER
    return STOPPED if isinstance(exc, BackendError | StoreError | ToolError) else USAGE


def _outside(exc: OSError, given: list[str]) -> int:
    """Tell that a file cannot be used; an error without a file is a fault of ours."""
    if not exc.filename or not exc.strerror:
        return _fault(exc, given)
    _say(f"{exc.filename} cannot be used: {exc.strerror}", given)
    _trace(given)
    return STOPPED


def _fault(exc: Exception, given: list[str]) -> int:
    kind = type(exc).__name__
    _say(f"agentkit failed ({kind}: {exc}); --verbose shows where.", given)
    _trace(given)
    return FAULT


def _say(message: str, given: list[str]) -> None:
    """Print an error, as JSON on standard output with `--json`."""
    if "--json" in given:
        print(json_text({"outcome": "error", "text": message}))
    else:
        print(f"Error: {printable(message)}", file=sys.stderr)


def _trace(given: list[str]) -> None:
    if "--verbose" in given or "-v" in given:
        traceback.print_exc()
