"""The optional parts of this installation: what each is for and what is there.

Which packages an extra needs is read from the source of a checkout, or from the metadata
of what is installed, so a list here cannot go stale.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from agentkit.installation import EXTRAS, NAME, Installation, this_installation

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
