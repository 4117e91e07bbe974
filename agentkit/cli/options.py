"""The options that commands share, and how they are read."""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

from agentkit.errors import ConfigError
from agentkit.privacy.gate import Leave

# Beyond these, recurring events and time zones of calendars mean nothing certain.
YEARS = range(1900, 2200)


def _folder(text: str) -> Path:
    if not text:  # what an unset variable of the shell leaves
        raise ConfigError('--home is empty: give a folder, "." for this one')
    return Path(text).expanduser()


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The values of the common options; each command takes those it names."""

    home: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Folder of your data (or AGENTKIT_HOME).",
            parser=_folder,
        ),
    ] = None
    now: Annotated[
        str, typer.Option(metavar="ISO-TIME", help="The clock that the run sees.")
    ] = ""
    backend: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="auto, reflex, llama_cpp:MODEL, transformers:MODEL, executorch:FILE.pte, ollama:MODEL, "
            "openai:MODEL, or PROVIDER:MODEL (agentkit providers).",
        ),
    ] = ""
    tools: Annotated[
        Path | None,
        typer.Option(metavar="FILE.py", help="Add the tools of a Python file."),
    ] = None
    mcp: Annotated[
        Path | None,
        typer.Option(metavar="CONFIG.json", help="Add the tools of MCP servers."),
    ] = None
    assistant: Annotated[
        str, typer.Option(metavar="NAME", help="A ready assistant.")
    ] = "personal"
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Answer every approval with yes.")
    ] = False
    json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object, nothing else.")
    ] = False
    verbose: Annotated[
        bool,
        typer.Option("--verbose", "-v", help="Show reasons, repairs and tracebacks."),
    ] = False
    allow_egress: Annotated[
        bool,
        typer.Option(
            "--allow-egress", help="Let personal data go to a remote backend."
        ),
    ] = False
    egress: Annotated[
        Leave | None,
        typer.Option(
            help="What becomes of personal data before a remote backend; the "
            "[privacy] of agentkit.toml when not given."
        ),
    ] = None


# What a command takes that makes an agent.
AGENT = (
    "home",
    "now",
    "backend",
    "tools",
    "mcp",
    "assistant",
    "allow_egress",
    "egress",
)


def takes(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the named common options, handed over as one `given: Options`.

    Typer reads a command's options from its signature: this writes them there.
    """
    hints = get_type_hints(Options, include_extras=True)
    defaults = Options()

    def decorate(function: Callable[..., None]) -> Callable[..., None]:
        # Annotations are strings in these modules; Typer wants what they stand for.
        own = inspect.signature(function, eval_str=True).parameters.values()
        shared = [
            inspect.Parameter(
                name,
                inspect.Parameter.KEYWORD_ONLY,
                default=getattr(defaults, name),
                annotation=hints[name],
            )
            for name in names
        ]
        parameters = [p for p in own if p.name != "given"] + shared

        def command(**values: Any) -> None:
            given = Options(**{name: values.pop(name) for name in names})
            function(**values, given=given)

        command.__name__, command.__doc__ = function.__name__, function.__doc__
        # Typer reads both this and the signature.
        command.__annotations__ = {p.name: p.annotation for p in parameters}
        signature = inspect.Signature(parameters)
        command.__signature__ = signature  # type: ignore[attr-defined]
        return command

    return decorate


def home_folder(given: Path | None) -> Path:
    """Return the home to use: the option, AGENTKIT_HOME, or `~/.agentkit`."""
    if given is not None:
        return given
    variable = os.environ.get("AGENTKIT_HOME", "")
    return Path(variable).expanduser() if variable else Path.home() / ".agentkit"


def parse_now(text: str) -> datetime | None:
    """Read `--now`.

    Raises:
        ConfigError: it is no ISO 8601 time, or in no year that calendars cover.
    """
    if not text:
        return None
    try:
        now = datetime.fromisoformat(text)
    except ValueError as exc:
        raise ConfigError(
            f"--now {text!r} is no ISO 8601 time; an example: 2026-09-25T09:00+02:00"
        ) from exc
    if now.year not in YEARS:
        raise ConfigError(
            f"--now {text!r} is too far away; give a year of {YEARS[0]} to {YEARS[-1]}"
        )
    return now


def request_text(text: str) -> str:
    """Return the request: the argument, or standard input for `-`.

    Raises:
        ConfigError: it is empty, or not UTF-8.
    """
    # `fsencode` gives back the bytes that were typed: Python has put surrogates for
    # those that are no UTF-8.
    decoded = decode(sys.stdin.buffer.read() if text == "-" else os.fsencode(text))
    if not decoded.strip():
        raise ConfigError("The request is empty: say what you want done.")
    return decoded


def decode(raw: bytes) -> str:
    """Decode what was typed.

    Raises:
        ConfigError: it is not UTF-8.
    """
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as exc:
        raise ConfigError(
            f"The request is not valid UTF-8 (byte {raw[exc.start]:#04x} at position "
            f"{exc.start}); save or type it as UTF-8."
        ) from exc
