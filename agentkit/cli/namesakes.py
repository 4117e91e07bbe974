"""Another `agentkit`: a package or a distribution that has the name of ours.

Not covered: one that an import hook finds, and not Python's path.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from agentkit.installation import NAME, Installation, uninstall_command

# What is imported, and the name of somebody else's distribution.
_PACKAGE = "agentkit"
_VERSION = re.compile(r"^Version: *(\S+)", re.MULTILINE)
_DRIVE = re.compile(r"/(?=[A-Za-z]:)")


@dataclass(frozen=True, slots=True)
class Clash:
    """What is in the way of this copy.

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


def find_clash(
    copy: Installation, path: Sequence[str] | None = None, here: Path | None = None
) -> Clash | None:
    """Look for the worst that is in the way of a copy.

    Args:
        copy: the one that runs.
        path: where Python looks for packages; `sys.path` when None.
        here: the folder where programs are started; the working one when None.
    """
    places = list(sys.path if path is None else path)
    others, ours = _installed(_PACKAGE, places), _installed(NAME, places)
    clashes = (
        *_mixed(copy, others),
        *_hidden(copy, others, places),
        *_beside(copy, others, ours),
        *_misplaced(copy, ours),
        *_local(copy, str(here or "")),
    )
    return clashes[0] if clashes else None


def _mixed(copy: Installation, others: list[Distribution]) -> Iterator[Clash]:
    """Tell of a distribution that has written over our files."""
    for one in others:
        if one.brings and one.folder == copy.folder:
            told = f"the distribution {_PACKAGE} {one.version} has put its files among"
            todo = f"{uninstall_command(_PACKAGE)}, then {copy.again}"
            yield Clash(f"{told} those of {NAME} in {copy.folder}: {todo}", True)


def _hidden(
    copy: Installation, others: list[Distribution], path: list[str]
) -> Iterator[Clash]:
    """Tell of a package that Python finds before ours."""
    found = _found(path)
    if found and found.parent != copy.folder:
        installed = any(one.folder == found.parent for one in others)
        todo = (
            uninstall_command(_PACKAGE)
            if installed
            else f"rename it, or take {found.parent} off Python's path"
        )
        told = f"Python imports {found}, and not {copy.folder / _PACKAGE}: {todo}"
        yield Clash(told, True)


def _beside(
    copy: Installation, others: list[Distribution], ours: list[Distribution]
) -> Iterator[Clash]:
    """Tell of a distribution that does no harm yet.

    A checkout was called so once: then its tools are found through it alone.
    """
    then = "" if ours else f", then {copy.again}"
    for one in others:
        told = (
            f"the distribution {_PACKAGE} {one.version} in {one.folder} is not {NAME}"
        )
        yield Clash(f"{told}: {uninstall_command(_PACKAGE)}{then}", False)


def _misplaced(copy: Installation, ours: list[Distribution]) -> Iterator[Clash]:
    """Tell where pip has our distribution from, if not from the copy that runs."""
    if not ours:
        told = f"{copy.folder} is not installed, so that its tools are not found"
        yield Clash(f"{told}: {copy.again}", False)
    elif all(one.folder != copy.folder for one in ours):
        told = f"{NAME} is installed from {ours[0].folder}, and runs from {copy.folder}"
        yield Clash(f"{told}: {copy.again}", False)


def _local(copy: Installation, here: str) -> Iterator[Clash]:
    """Tell of a package that hides ours from programs started in a folder."""
    found = _found([here])
    if found and found.parent != copy.folder:
        told = f"started in this folder, Python imports {found}, and not"
        yield Clash(f"{told} {copy.folder / _PACKAGE}: start it elsewhere", False)


def _found(path: list[str]) -> Path | None:
    """Return the package or module that an import would load."""
    spec = PathFinder.find_spec(_PACKAGE, path)
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
        brings = f"{_PACKAGE}/__init__.py," in _text(one, "RECORD")
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
        return Path(_DRIVE.sub("", unquote(urlsplit(str(told["url"])).path), count=1))
    except (KeyError, TypeError, ValueError):
        return None
