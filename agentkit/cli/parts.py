"""The optional parts of this installation, and the model runtimes beside it.

Which packages an extra needs is read from the source of a checkout, or from the metadata
of what is installed, so a list here cannot go stale.

Only loopback is asked. agentkit sends its own prompt and is not affected; a person
who uses the same runtime without it is.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from agentkit.backends.ollama_server import OllamaServer
from agentkit.errors import BackendError, ConfigError
from agentkit.installation import EXTRAS, NAME, Installation, this_installation
from agentkit.prompting import template_warnings

_PACKAGE = re.compile(r"[\w.-]+")
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
        """What it is for, in a few words; empty where nobody says."""
        return EXTRAS.get(self.name, "")


def installed_extras() -> Iterator[Extra]:
    """Look every extra up, in the order of their names."""
    for name, packages in sorted(needed_packages(this_installation()).items()):
        versions = {package: _version(package) for package in packages}
        there = tuple(f"{package} {v}" for package, v in versions.items() if v)
        missing = tuple(package for package, v in versions.items() if not v)
        yield Extra(name, there, missing)


def needed_packages(copy: Installation) -> Mapping[str, list[str]]:
    """Return the packages of each extra; none where nothing tells them."""
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


_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class RuntimeTemplate:
    """A model's own template, as its runtime keeps it."""

    runtime: str
    model: str
    template: str

    @property
    def warnings(self) -> tuple[str, ...]:
        """How it departs from the reference; empty when it does not."""
        return template_warnings(self.template)


def runtime_templates(env: Mapping[str, str] = os.environ) -> Iterator[RuntimeTemplate]:
    """Find the Llama 3.2 templates of a running Ollama and of `AGENTKIT_MODEL`.

    Args:
        env: where `OLLAMA_HOST` and `AGENTKIT_MODEL` are read.
    """
    with suppress(BackendError, ConfigError):
        yield from _ollama_templates(env.get("OLLAMA_HOST", ""))
    folder = env.get("AGENTKIT_MODEL", "")
    if folder:
        yield from _checkpoint_template(Path(folder))


def _ollama_templates(host: str) -> Iterator[RuntimeTemplate]:
    server = OllamaServer(host, timeout=_SECONDS)
    if not server.on_device:
        return
    for entry in server.models():
        name = str(entry.get("name", ""))
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
