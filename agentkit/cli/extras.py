"""The optional parts of this installation: what each is for and what is there.

Which packages an extra needs is read from the installed metadata, so a list here
cannot go stale.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from types import MappingProxyType

PURPOSES = MappingProxyType(
    {
        "caldav": "calendar and contacts of a server",
        "encrypted": "session files under a key",
        "llama": "GGUF files on this device",
        "openai": "OpenAI-compatible servers",
        "privacy": "phone numbers as people write them",
        "quantized": "weights of one byte, with transformers",
        "search": "search by meaning",
        "tokens": "exact token counts",
        "transformers": "Llama checkpoints on this device",
    }
)
_NEEDED = re.compile(
    r"(?P<package>[\w.-]+).*;.*\bextra == ['\"](?P<extra>[\w.-]+)['\"]"
)


@dataclass(frozen=True, slots=True)
class Extra:
    """An optional part.

    Attributes:
        name: as in `agentkit[NAME]`.
        there: packages that are installed, each with its version.
        missing: packages that are not.
    """

    name: str
    there: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def purpose(self) -> str:
        """What it is for, in a few words; empty where nobody says."""
        return PURPOSES.get(self.name, "")


def installed_extras() -> Iterator[Extra]:
    """Look every extra up, in the order of their names."""
    needed: dict[str, list[str]] = {}
    for line in requires("agentkit") or ():
        if found := _NEEDED.match(line):
            needed.setdefault(found["extra"], []).append(found["package"])
    for name, packages in sorted(needed.items()):
        versions = {package: _version(package) for package in packages}
        there = tuple(f"{package} {v}" for package, v in versions.items() if v)
        missing = tuple(package for package, v in versions.items() if not v)
        yield Extra(name, there, missing)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
