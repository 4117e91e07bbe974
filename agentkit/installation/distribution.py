"""How this copy of agentkit is installed, its extras, and registered packages.

The package to import is `agentkit`, the distribution to install `agentkit-ondevice`: on
the public index `agentkit` is somebody else's. So every hint that something is to be
installed is worded here.

`importlib.metadata` is imported where it is used: it is slow to load, and most commands
do without.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

NAME = "agentkit-ondevice"
EXTRAS = MappingProxyType(
    {
        "caldav": "calendar and contacts of a server",
        "chat": "a line to type on, with history and completion",
        "encrypted": "session files under a key",
        "executorch": "programs of ExecuTorch on this device",
        "files": "the text of PDF files",
        "llama": "GGUF files on this device",
        "mcp": "tools of MCP servers, and ours for others",
        "meaning": "the trained understanding",
        "notify": "notices on the desktop",
        "openai": "OpenAI-compatible servers",
        "otel": "traces and metrics for OpenTelemetry",
        "postgres": "sessions in PostgreSQL",
        "privacy": "phone numbers as people write them",
        "quantized": "weights of one byte, with transformers",
        "ray": "suites spread over a cluster",
        "search": "search by meaning",
        "serve": "an HTTP server for other programs",
        "tokens": "exact token counts",
        "transformers": "Llama checkpoints on this device",
        "voice": "spoken requests on this device",
    }
)


@dataclass(frozen=True, slots=True)
class Installation:
    """A copy of agentkit.

    Attributes:
        folder: holds the package `agentkit`.
        project: the table `[project]` of a checkout's `pyproject.toml`; empty for a
            copy that has no source folder, as a wheel makes it.
    """

    folder: Path
    project: Mapping[str, Any]

    @property
    def version(self) -> str:
        """The version, from the source or else from the installed metadata."""
        if self.project:
            return str(self.project.get("version", "of unknown version"))
        from importlib.metadata import PackageNotFoundError, version

        try:
            return version(NAME)
        except PackageNotFoundError:
            return "of unknown version"

    def command(self, package: str, extra: str = "") -> str:
        """Return the command that installs a package.

        Args:
            package: its name on the index, for where no extra of ours brings it.
            extra: the one that brings it.
        """
        return self.adding(extra) if extra in EXTRAS else f"pip install {package}"

    def adding(self, extra: str) -> str:
        """Return the command that adds an extra to this copy."""
        if self.project:
            return f"pip install -e '.[{extra}]' in {self.folder}"
        return f"pip install '{NAME}[{extra}]'"

    @property
    def again(self) -> str:
        """The command that installs this copy again."""
        if self.project:
            return f"pip install -e . in {self.folder}"
        return f"pip install --force-reinstall --no-deps {NAME}"


def find_installation(folder: Path) -> Installation:
    """Return how the copy in a folder is installed.

    A copy that runs from its source folder is a checkout, whether pip knows of it
    (`pip install -e`) or not.
    """
    import tomllib

    try:
        text = (folder / "pyproject.toml").read_text("utf-8")
        project: object = tomllib.loads(text).get("project")
    except (OSError, ValueError):
        project = None
    told = cast(dict[str, Any], project) if isinstance(project, dict) else {}
    return Installation(folder, told if told.get("name") == NAME else {})


@cache
def this_installation() -> Installation:
    """Return the copy that runs."""
    return find_installation(Path(__file__).resolve().parents[2])


def install_command(package: str, extra: str = "") -> str:
    """Return the command that installs a package; see `Installation.command`."""
    return this_installation().command(package, extra)


def uninstall_command(distribution: str) -> str:
    """Return the command that removes a distribution."""
    return f"pip uninstall {distribution}"


@dataclass(frozen=True, slots=True)
class Registration:
    """A part of an installed package, registered as an entry point.

    Attributes:
        group: as in `agentkit.tools`.
        name: of the part in its group.
        value: where it is, as in `package.module:object`.
    """

    group: str
    name: str
    value: str

    def load(self) -> object:
        """Import the part; errors of its module are raised."""
        module, _, inside = self.value.partition("[")[0].partition(":")
        part: object = import_module(module.strip())
        for name in filter(None, inside.strip().split(".")):
            part = getattr(part, name)
        return part


def registered(group: str) -> tuple[Registration, ...]:
    """Return what installed packages register in a group, each part once.

    A checkout registers what its `pyproject.toml` says now, whenever it was installed.
    Two distributions may say the same, such as a checkout that was installed under an
    earlier name of the distribution and under its present one.

    Args:
        group: one of agentkit's, such as `agentkit.tools`, or `pydantic`.
    """
    # Errors load this module, and `agentkit --help` loads errors.
    from agentkit.installation.derived import derived, installed

    project = this_installation().folder / "pyproject.toml"
    sources = [project] if project.is_file() else []
    parts = derived("registered", [installed()], sources, _all_registered)
    return tuple(Registration(group, *part) for part in parts.get(group, ()))


def _all_registered() -> dict[str, list[tuple[str, str]]]:
    """Return name and value of each part, by group."""
    from importlib.metadata import entry_points

    own = this_installation().project.get("entry-points")
    found: dict[str, dict[tuple[str, str], None]] = {}
    for group, parts in cast(dict[str, dict[str, str]], own or {}).items():
        found[group] = dict.fromkeys(parts.items())
    points = entry_points()
    groups = [one for one in points.groups if one.startswith(("agentkit.", "pydantic"))]
    for point in (point for group in groups for point in points.select(group=group)):
        # A checkout speaks for itself: what pip noted when it was installed may be old.
        if own is None or point.dist is None or point.dist.name != NAME:
            found.setdefault(point.group, {})[point.name, point.value] = None
    return {group: list(parts) for group, parts in found.items()}
