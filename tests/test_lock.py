"""What `make` installs is pinned, and each of its targets installs what is pinned."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
# `make test-oldest` and `make test-newest` run the same tests on other versions.
LOCK = ROOT / os.environ.get("LOCK", "constraints.txt")

pytestmark = pytest.mark.skipif(
    LOCK.name == "newest.txt", reason="the newest releases are not pinned"
)


def pins(lock: Path) -> dict[str, Version]:
    """Return the version of each package that a lock pins for this machine."""
    rows = [row.partition("#")[0].strip() for row in lock.read_text().splitlines()]
    wanted = [Requirement(row) for row in rows if row]
    return {
        canonicalize_name(one.name): Version(str(one.specifier).removeprefix("=="))
        for one in wanted
        if one.marker is None or one.marker.evaluate()
    }


def declared() -> list[Requirement]:
    """Return what pyproject.toml asks for: needed, extras, groups and the build."""
    tables = [
        PROJECT["project"]["dependencies"],
        *PROJECT["project"]["optional-dependencies"].values(),
        *PROJECT["dependency-groups"].values(),
        PROJECT["build-system"]["requires"],
    ]
    return [Requirement(row) for table in tables for row in table]


def requirements(wanted: Requirement) -> Iterator[Requirement]:
    """Yield what an installed package needs here, with the extras it is wanted with."""
    for row in distribution(wanted.name).requires or ():
        needed = Requirement(row)
        extras = ["", *wanted.extras]
        if needed.marker is None or any(
            needed.marker.evaluate({"extra": extra}) for extra in extras
        ):
            yield needed


def installed() -> dict[str, Version]:
    """Return what is installed of all that pyproject.toml asks for, at any depth.

    Without the part behind the plus sign: that one tells builds of a release apart.
    """
    found: dict[str, Version] = {}
    waiting, seen = declared(), set[str]()
    while waiting:
        wanted = waiting.pop()
        if str(wanted) in seen:
            continue
        seen.add(str(wanted))
        try:
            version = Version(distribution(wanted.name).version)
        except PackageNotFoundError:
            continue
        found[canonicalize_name(wanted.name)] = Version(version.public)
        waiting += requirements(wanted)
    return found


def test_each_installed_package_is_pinned() -> None:
    """What is installed, transitive packages too, has the version of the lock."""
    pinned, found = pins(LOCK), installed()
    assert found == {name: pinned.get(name) for name in found}


def test_pins_are_what_pyproject_allows() -> None:
    """A pin is in its range, and the oldest pins are the floors that are claimed."""
    pinned = pins(LOCK)
    for wanted in declared():
        pin = pinned.get(canonicalize_name(wanted.name))
        assert pin, f"{wanted} is not pinned: run `make lock`"
        assert pin in wanted.specifier, f"{pin} is not {wanted}: run `make lock`"
        if LOCK.name == "oldest.txt":
            bounds = [one for one in wanted.specifier if one.operator != "<"]
            floors = [Version(one.version) for one in bounds]
            assert floors == [pin], f"{wanted} was never tried: raise it to {pin}"


def test_lock_names_versions_only() -> None:
    """No address, path or local build: the lock holds wherever packages come from."""
    rows = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    for row in rows:
        assert re.match(r"#|[a-z0-9.-]+==[a-z0-9.!]+( ;|  |$)", row), row


@pytest.mark.skipif(shutil.which("make") is None, reason="there is no `make`")
@pytest.mark.parametrize(
    ("target", "lock"),
    [
        ("demo", "constraints.txt"),
        ("quick", "constraints.txt"),
        ("lint", "constraints.txt"),
        ("bench", "constraints.txt"),
        ("test", "constraints.txt"),
        ("test-newest", "build/newest.txt"),
        ("test-oldest", "build/oldest.txt"),
    ],
)
def test_targets_install_what_is_pinned(target: str, lock: str, tmp_path: Path) -> None:
    """Each installation of a target, that of pip included, is held to its lock."""
    told = subprocess.run(
        ["make", "--dry-run", "--always-make", target, f"VENV={tmp_path}/venv"],
        cwd=ROOT,
        env={**os.environ, "MAKEFLAGS": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    rows = told.stdout.replace("\\\n", " ").splitlines()
    installs = [row for row in rows if " install " in row and ".venv-lock/" not in row]
    assert len(installs) >= 2
    assert [row for row in installs if f" -c {lock} " not in row] == []
