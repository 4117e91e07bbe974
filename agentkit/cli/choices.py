"""`agentkit assistants` and `providers`: what `--assistant` and `--backend` can name."""

from __future__ import annotations

import os
import shlex
from typing import Any

from agentkit.backends.providers import PROVIDERS, Provider
from agentkit.cli.opened import ASSISTANTS
from agentkit.cli.options import Options, takes
from agentkit.cli.output import print_json
from agentkit.cli.screen import Screen


@takes("json")
def assistants(*, given: Options) -> None:
    """List the ready assistants, for --assistant NAME."""
    if given.json:
        rows = [
            {
                "name": one.name,
                "summary": one.summary,
                "tools": list(one.tools().names),
                "example": one.example,
            }
            for one in ASSISTANTS
        ]
        print_json({"assistants": rows})
        return
    screen = Screen()
    for one in ASSISTANTS:
        screen.parts((f"{one.name:<12}", "bold cyan"), (one.summary, ""))
        screen.line(f"{'':<12}{len(one.tools())} tools; try:", "dim")
        # Ready to be pasted: examples hold apostrophes.
        request = shlex.quote(one.example)
        screen.line(f"{'':<12}agentkit run --assistant {one.name} {request}", "dim")


@takes("json", "verbose")
def providers(*, given: Options) -> None:
    """List the hosts that serve Llama, for --backend PROVIDER:MODEL.

    A ladder passes over a host whose key or variable is missing.
    """
    if given.json:
        print_json({"providers": [_facts(one) for one in PROVIDERS]})
        return
    screen = Screen()
    for one in PROVIDERS:
        screen.parts(
            (f"{one.name:<17}", "bold cyan"),
            (f"{one.title:<36}", ""),
            (_state(one), "dim" if one.has_key() and not _missing(one) else "yellow"),
        )
        screen.line(f"{'':<17}--backend {one.name}:{one.models[0]}", "dim")
        if given.verbose:
            _more(one, screen)


def _more(one: Provider, screen: Screen) -> None:
    rows = {
        "address": one.url,
        "models": ", ".join(one.models),
        "window": f"{one.window:,} tokens" if one.window else "",
        "takes": "messages and raw text" if one.completes else "messages",
        "note": one.note,
        "unsure": one.unsure,
        "source": one.source,
    }
    for key, value in rows.items():
        if value:
            screen.line(f"{'':<17}{key}: {value}", "dim")


def _missing(one: Provider) -> list[str]:
    return [name for name in one.variables if not os.environ.get(name)]


def _state(one: Provider) -> str:
    if not one.key:
        return "on this device, no key"
    key = f"{one.key} is set" if one.has_key() else f"{one.key} is not set"
    missing = _missing(one)
    return f"{key}; needs {', '.join(missing)}" if missing else key


def _facts(one: Provider) -> dict[str, Any]:
    return {
        "name": one.name,
        "title": one.title,
        "url": one.url,
        "key": one.key,
        "key_is_set": one.has_key(),
        "missing": _missing(one),
        "models": list(one.models),
        "window": one.window,
        "completes": one.completes,
        "usable": one.has_key() and not _missing(one),
        "note": one.note,
        "unsure": one.unsure,
        "source": one.source,
    }
