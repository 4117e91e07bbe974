"""Finds installed extras, model runtimes, and packages that hide this one.

Which packages an extra needs is read from the source of a checkout, or from the metadata
of what is installed, so a list here cannot go stale.

Only loopback is asked. agentkit sends its own prompt and is not affected; a person
who uses the same runtime without it is.

Not covered: one that an import hook finds, and not Python's path.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote, urlsplit

from agentkit.backends.ollama_server import OllamaServer
from agentkit.errors import BackendError, ConfigError
from agentkit.installation.distribution import (
    EXTRAS,
    NAME,
    Installation,
    this_installation,
    uninstall_command,
)
from agentkit.prompting import template_warnings

_PACKAGE = re.compile(r"[\w.-]+")
# As metadata has it: `mcp>=2; extra == "mcp"`.
_NEEDED = re.compile(
    r"(?P<package>[\w.-]+).*;.*\bextra\s*==\s*['\"](?P<extra>[\w.-]+)['\"]"
)


@dataclass(frozen=True, slots=True)
class Extra:
    """An optional part.

    Attributes:
        name: of the extra.
        there: packages that are installed, each with its version.
        missing: packages that are not.
    """

    name: str
    there: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def purpose(self) -> str:
        """What it is for, in a few words; empty where that is not known."""
        return EXTRAS.get(self.name, "")


def installed_extras() -> Iterator[Extra]:
    """Yield every extra, by name."""
    for name, packages in sorted(needed_packages(this_installation()).items()):
        versions = {package: _version(package) for package in packages}
        there = tuple(f"{package} {v}" for package, v in versions.items() if v)
        missing = tuple(package for package, v in versions.items() if not v)
        yield Extra(name, there, missing)


def needed_packages(copy: Installation) -> Mapping[str, list[str]]:
    """Return the packages of each extra; empty where no metadata is found."""
    if copy.project:
        optional: dict[str, list[str]] = copy.project.get("optional-dependencies", {})
        return {
            name: [found[0] for line in lines if (found := _PACKAGE.match(line))]
            for name, lines in optional.items()
        }
    needed: dict[str, list[str]] = {}
    for line in _requirements():
        if found := _NEEDED.match(line):
            needed.setdefault(found["extra"], []).append(found["package"])
    return needed


def _requirements() -> list[str]:
    from importlib.metadata import PackageNotFoundError, requires

    try:
        return requires(NAME) or []
    except PackageNotFoundError:
        return []


def _version(package: str) -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return ""


# The runtime is on this machine: it answers at once or is not there.
_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class RuntimeTemplate:
    """A model's chat template, as its runtime keeps it."""

    runtime: str
    model: str
    template: str

    @property
    def warnings(self) -> tuple[str, ...]:
        """Differences from the reference template; empty when there are none."""
        return template_warnings(self.template)


def runtime_templates(env: Mapping[str, str] = os.environ) -> Iterator[RuntimeTemplate]:
    """Find the Llama 3.2 templates of a running Ollama and of `AGENTKIT_MODEL`.

    Args:
        env: where `OLLAMA_HOST` and `AGENTKIT_MODEL` are read.
    """
    # No Ollama, or one that does not answer: then it has no template to tell of.
    with suppress(BackendError, ConfigError):
        yield from _ollama_templates(env.get("OLLAMA_HOST", ""))
    folder = env.get("AGENTKIT_MODEL", "")
    if folder:
        yield from _checkpoint_template(Path(folder))


def _ollama_templates(host: str) -> Iterator[RuntimeTemplate]:
    server = OllamaServer(host, timeout=_SECONDS)
    # A server elsewhere would learn that somebody asked.
    if not server.on_device:
        return
    for entry in server.models():
        name = str(entry.get("name", ""))
        # The warnings compare with Llama 3.2's reference; other families have their
        # own.
        if "llama3.2" in name.lower():
            template = str(server.show(name).get("template", ""))
            yield RuntimeTemplate("ollama", name, template)


def _checkpoint_template(folder: Path) -> Iterator[RuntimeTemplate]:
    path = folder / "tokenizer_config.json"
    try:
        config: object = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return
    if isinstance(config, dict):
        template: object = cast(dict[str, object], config).get("chat_template")
        if isinstance(template, str):
            yield RuntimeTemplate("checkpoint", str(folder), template)


# What is imported, and the name of somebody else's distribution.
_IMPORTED = "agentkit"
_VERSION = re.compile(r"^Version: *(\S+)", re.MULTILINE)
_DRIVE = re.compile(r"/(?=[A-Za-z]:)")


@dataclass(frozen=True, slots=True)
class Namesake:
    """Something that hides this copy, or could.

    Attributes:
        told: what it is and what to do about it, one sentence.
        harmful: whether programs get another package than ours.
    """

    told: str
    harmful: bool


@dataclass(frozen=True, slots=True)
class Distribution:
    """An installed distribution.

    Attributes:
        version: empty where its metadata has none.
        folder: where what it brings is imported from.
        brings: whether it has put a package `agentkit` there. One that links to a source
            folder has not.
    """

    version: str
    folder: Path
    brings: bool


def find_namesake(
    copy: Installation, path: Sequence[str] | None = None, here: Path | None = None
) -> Namesake | None:
    """Return the most harmful namesake of this copy, if there is one.

    Args:
        copy: the one that runs.
        path: where Python looks for packages; `sys.path` when None.
        here: the folder where programs are started; the working one when None.
    """
    places = list(sys.path if path is None else path)
    others, ours = _installed(_IMPORTED, places), _installed(NAME, places)
    clashes = (
        *_mixed(copy, others),
        *_hidden(copy, others, places),
        *_beside(copy, others, ours),
        *_misplaced(copy, ours),
        *_local(copy, str(here or "")),
    )
    # The worst first, in the order above: one thing to mend at a time.
    return clashes[0] if clashes else None


def _mixed(copy: Installation, others: list[Distribution]) -> Iterator[Namesake]:
    """Yield distributions that have overwritten our files."""
    for one in others:
        if one.brings and one.folder == copy.folder:
            told = f"the distribution {_IMPORTED} {one.version} has put its files among"
            todo = f"{uninstall_command(_IMPORTED)}, then {copy.again}"
            yield Namesake(f"{told} those of {NAME} in {copy.folder}: {todo}", True)


def _hidden(
    copy: Installation, others: list[Distribution], path: list[str]
) -> Iterator[Namesake]:
    """Yield a package that Python finds before ours."""
    found = _found(path)
    if found and found.parent != copy.folder:
        installed = any(one.folder == found.parent for one in others)
        todo = (
            uninstall_command(_IMPORTED)
            if installed
            else f"rename it, or take {found.parent} off Python's path"
        )
        told = f"Python imports {found}, and not {copy.folder / _IMPORTED}: {todo}"
        yield Namesake(told, True)


def _beside(
    copy: Installation, others: list[Distribution], ours: list[Distribution]
) -> Iterator[Namesake]:
    """Yield distributions of our import name that do no harm yet.

    A checkout was called so once: then its tools are found through it alone.
    """
    then = "" if ours else f", then {copy.again}"
    for one in others:
        told = (
            f"the distribution {_IMPORTED} {one.version} in {one.folder} is not {NAME}"
        )
        yield Namesake(f"{told}: {uninstall_command(_IMPORTED)}{then}", False)


def _misplaced(copy: Installation, ours: list[Distribution]) -> Iterator[Namesake]:
    """Yield where pip has our distribution, if not in the copy that runs."""
    if not ours:
        told = f"{copy.folder} is not installed, so that its tools are not found"
        yield Namesake(f"{told}: {copy.again}", False)
    elif all(one.folder != copy.folder for one in ours):
        told = f"{NAME} is installed from {ours[0].folder}, and runs from {copy.folder}"
        yield Namesake(f"{told}: {copy.again}", False)


def _local(copy: Installation, here: str) -> Iterator[Namesake]:
    """Yield a package that hides ours from programs started in a folder."""
    found = _found([here])
    if found and found.parent != copy.folder:
        told = f"started in this folder, Python imports {found}, and not"
        yield Namesake(f"{told} {copy.folder / _IMPORTED}: start it elsewhere", False)


def _found(path: list[str]) -> Path | None:
    """Return the package or module that an import would load."""
    # Python's own search, without importing what it finds.
    spec = PathFinder.find_spec(_IMPORTED, path)
    if spec is None or spec.origin is None:
        return None
    file = Path(spec.origin).resolve()
    return file.parent if spec.submodule_search_locations is not None else file


def _installed(name: str, path: list[str]) -> list[Distribution]:
    from importlib.metadata import distributions

    found: list[Distribution] = []
    for one in distributions(name=name, path=path):
        version = _VERSION.search(_text(one, "METADATA"))
        source = _source(_text(one, "direct_url.json"))
        folder = source or Path(str(one.locate_file("")))
        # RECORD lists the files with their hashes; an editable installation has none of
        # ours.
        brings = f"{_IMPORTED}/__init__.py," in _text(one, "RECORD")
        found.append(
            Distribution(version[1] if version else "", folder.resolve(), brings)
        )
    return found


def _text(distribution: Any, name: str) -> str:
    """Read a file of a distribution's metadata; empty where it cannot be read."""
    try:
        return distribution.read_text(name) or ""
    except (OSError, ValueError):
        return ""


def _source(direct_url: str) -> Path | None:
    """Return the source folder that an editable installation links to (PEP 610)."""
    try:
        told: Any = json.loads(direct_url or "{}")
        if not told["dir_info"]["editable"]:
            return None
        # file:///C:/x has the path "/C:/x", whose first slash is none of Windows'.
        return Path(_DRIVE.sub("", unquote(urlsplit(str(told["url"])).path), count=1))
    except (KeyError, TypeError, ValueError):
        return None
