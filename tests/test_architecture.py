"""The architecture page shows the layers that the import contract checks."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "explanation" / "architecture.md"


def layers() -> list[set[str]]:
    """Return the contract's layers, highest first."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    (contract,) = [
        one
        for one in project["tool"]["importlinter"]["contracts"]
        if one["type"] == "layers"
    ]
    return [set(row.split(" | ")) for row in contract["layers"]]


def picture() -> list[set[str]]:
    """Return the layers as the page draws them; a row that begins with | goes on."""
    drawn = PAGE.read_text("utf-8").split("```text\n")[1].split("```")[0]
    rows: list[set[str]] = []
    for line in drawn.splitlines():
        if found := re.match(r" (?P<more>  \| )?(?P<name>agentkit\.[\w.]+) ", line):
            if not found["more"]:
                rows.append(set())
            rows[-1].add(found["name"])
    return rows


def parts(package: str) -> set[str]:
    """Return the names of a package's own modules and packages."""
    return {
        f"{package}.{path.stem}"
        for path in (ROOT / package.replace(".", "/")).iterdir()
        if (path.suffix == ".py" and path.stem.strip("_") not in ("init", "main"))
        or (path / "__init__.py").is_file()
    }


def test_the_picture_is_the_contract() -> None:
    """The page's layers are those of pyproject.toml, in their order."""
    assert picture() == layers()


def test_every_part_has_its_layer() -> None:
    """No module of the core is outside of the contract; stores/ is told by its parts."""
    parted = "agentkit.stores"
    there = parts("agentkit") - {parted} | parts(parted)
    assert there == set().union(*layers())
