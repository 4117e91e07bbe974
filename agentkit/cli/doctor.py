"""`agentkit doctor`: what is there, what is missing, and what to do about it."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import typer

from agentkit.backends.auto import backend_names
from agentkit.backends.base import Traits
from agentkit.backends.llama_library import library_version, llama_library
from agentkit.cli.inventory import find_namesake, installed_extras, runtime_templates
from agentkit.cli.ladder import make_ladder
from agentkit.cli.opened import open_home
from agentkit.cli.options import Options, home_folder, takes
from agentkit.cli.output import print_json
from agentkit.cli.screen import Screen
from agentkit.errors import AgentkitError
from agentkit.installation.distribution import NAME, this_installation
from agentkit.models.families import form_named
from agentkit.models.local import describe, is_model
from agentkit.privacy import Ledger
from agentkit.safety.rules import Rules
from agentkit.stores.journal import Journal
from agentkit.stores.sessions import Sessions

_MARKS = {
    "ok": ("ok  ", "green"),
    "off": ("off ", "dim"),
    "note": ("note", "yellow"),
    "bad": ("BAD ", "red"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one look; `off` is an optional part that is not installed."""

    state: Literal["ok", "off", "note", "bad"]
    what: str
    told: str


@takes("home", "now", "backend", "tools", "assistant", "json", "verbose")
def doctor(*, given: Options) -> None:
    """Check this installation and a home.

    Leaves with exit code 4 when something is bad.
    """
    findings = [found for check in _CHECKS for found in _guarded(check, given)]
    if given.json:
        rows = [{"state": f.state, "what": f.what, "told": f.told} for f in findings]
        print_json({"findings": rows})
    else:
        screen = Screen()
        for finding in findings:
            screen.parts(
                _MARKS[finding.state],
                (f" {finding.what:<15}", "bold"),
                (finding.told, ""),
            )
    if any(finding.state == "bad" for finding in findings):
        raise typer.Exit(4)


def _guarded(
    check: Callable[[Options], Iterator[Finding]], given: Options
) -> Iterator[Finding]:
    """Run one check; its error becomes a finding, and does not hide the others."""
    try:
        yield from check(given)
    except AgentkitError as exc:
        yield Finding("bad", check.__name__.strip("_"), str(exc))


def _python(_: Options) -> Iterator[Finding]:
    told = f"Python {platform.python_version()} on {platform.system()}"
    copy = this_installation()
    yield Finding("ok", "python", f"{told}, {NAME} {copy.version} in {copy.folder}")


def _name(_: Options) -> Iterator[Finding]:
    if clash := find_namesake(this_installation()):
        yield Finding("bad" if clash.harmful else "note", "name", clash.told)


def _extras(_: Options) -> Iterator[Finding]:
    off = False
    for extra in installed_extras():
        what = f"[{extra.name}]"
        if not extra.missing:
            yield Finding("ok", what, f"{extra.purpose}: {', '.join(extra.there)}")
            continue
        off, missing = True, ", ".join(extra.missing)
        if extra.there:
            yield Finding("note", what, f"{extra.purpose}: {missing} is missing")
        else:
            yield Finding("off", what, f"{extra.purpose}: needs {missing}")
    if off:
        told = f"one that is off is added by {this_installation().adding('NAME')}"
        yield Finding("off", "extras", told)


def _home(given: Options) -> Iterator[Finding]:
    folder = home_folder(given.home)
    if not folder.exists():
        yield Finding(
            "note", "home", f"{folder} is not there yet; it is made when used"
        )
        return
    if not folder.is_dir():
        yield Finding("bad", "home", f"{folder} is a file; give a folder")
        return
    # Asked of the system, as trying would leave a file behind.
    if not os.access(folder, os.W_OK):
        yield Finding("bad", "home", f"{folder} cannot be written to")
        return
    yield Finding("ok", "home", str(folder))
    sessions = Sessions(folder)
    if many := len(sessions.list()):
        sealed = "encrypted" if sessions.sealed else "not encrypted"
        where = f" in {sessions.place}"
        if sessions.path.exists():
            where = f", {sessions.path.stat().st_size / 1e6:.1f} MB"
        yield Finding("ok", "sessions", f"{many} kept{where}, {sealed}")
    yield from _ledger(folder)
    yield from _rules(folder)
    yield from _unknown(folder)
    for path in sorted(folder.glob("*.corrupt-*")):
        yield Finding(
            "note", "kept aside", f"{path.name}: a damaged file; mend it or delete it"
        )


def _ledger(folder: Path) -> Iterator[Finding]:
    ledger = Ledger(folder)
    if faults := ledger.verify():
        told = f"{len(faults)} faults: agentkit egress verify"
        yield Finding("bad", "ledger", told)
    elif ledger.path.exists():
        count = sum(1 for _ in ledger.entries())
        yield Finding("ok", "ledger", f"{count} times something left this device")


def _rules(folder: Path) -> Iterator[Finding]:
    try:
        rules = Rules(folder).all()
    except AgentkitError as exc:
        yield Finding("bad", "rules", str(exc))
        return
    if rules:
        yield Finding("ok", "rules", "; ".join(str(one) for one in rules))


def _unknown(folder: Path) -> Iterator[Finding]:
    journal = Journal(folder)
    cut_off = [*journal.entries(state="begun"), *journal.entries(state="undoing")]
    if cut_off:
        told = (
            f"{len(cut_off)} effects were cut off, or are under way: agentkit journal"
        )
        yield Finding("note", "journal", told)


def _settings(given: Options) -> Iterator[Finding]:
    opened = open_home(given)
    context = opened.context
    who = context.user_name or "nobody yet (agentkit.toml: name, email, time_zone)"
    yield Finding("ok" if context.user_name else "note", "user", who)
    yield Finding("ok", "clock", f"{context.now.isoformat()} ({context.tz})")
    yield Finding("ok", "tools", f"{len(opened.toolset)} for {opened.assistant.name}")
    yield Finding("ok", "privacy", f"mode {opened.settings.privacy.mode}")
    backend, reason = opened.backend()
    yield Finding("ok", "backend", f"{backend.name}: {reason}; {_told(backend.traits)}")


def _model(given: Options) -> Iterator[Finding]:
    """Find how the backend's model writes calls, or why it cannot chat."""
    path = Path(open_home(given).backend()[0].traits.model).expanduser()
    if not path.name or not is_model(path):
        return
    one = describe(path, path.name, "added")
    form = form_named(one.form)
    told = f"{one.name} writes {form.example}, as {form.families} do" if form else ""
    yield Finding("bad" if one.fault else "ok", "model", one.fault or told)


def _told(traits: Traits) -> str:
    """Return in words where a backend is and what it can do."""
    parts = {
        "on this device": traits.on_device,
        "NOT on this device": not traits.on_device,
        f"{traits.window:,} tokens": traits.window > 0,
        "reads all tools": traits.reads_all_tools,
        "writes": traits.writes,
        "sends tools in the server's format": traits.native_tools,
        "holds calls to the tools": traits.holds_calls,
        "sees images": traits.sees_images,
        "streams": traits.streams,
        "tells how sure it is": traits.logprobs,
        "keeps what it read": traits.warms,
    }
    return ", ".join(part for part, holds in parts.items() if holds)


def _ladder(given: Options) -> Iterator[Finding]:
    """Find whether each rung of `[router]` can be asked."""
    settings = open_home(given).settings
    router, remote = settings.router, settings.privacy.remote
    for rung in make_ladder(router, remote=remote) if router.ladder else ():
        # No fault: a ladder is meant to be gone up where a rung is missing.
        if lacks := rung.traits.down:
            yield Finding("note", "rung", f"{rung.name} is passed over: {lacks}")
            continue
        yield Finding("ok", "rung", f"{rung.name}, {_told(rung.traits)}")


def _backends(_: Options) -> Iterator[Finding]:
    yield Finding("ok", "backends", ", ".join(backend_names()))


def _runtimes(_: Options) -> Iterator[Finding]:
    for found in runtime_templates():
        for warning in found.warnings:
            told = f"{found.model}: {warning}; agentkit sends its own prompt instead"
            yield Finding("note", found.runtime, told)
        if not found.warnings:
            told = f"{found.model}: its template calls tools as Llama 3.2 was trained"
            yield Finding("ok", found.runtime, told)


def _gguf(_: Options) -> Iterator[Finding]:
    """Open the library that runs GGUF files: another build has another layout."""
    if found := library_version():
        # Opening it is the check: it raises what is wrong with the library.
        llama_library()
        yield Finding("ok", "gguf", f"xllamacpp {found} is one that is known here")


_CHECKS: tuple[Callable[[Options], Iterator[Finding]], ...] = (
    _python,
    _name,
    _home,
    _settings,
    _model,
    _ladder,
    _backends,
    _gguf,
    _runtimes,
    _extras,
)
