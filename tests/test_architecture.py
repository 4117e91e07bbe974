"""The architecture page shows the layers that the contract checks, and names what is there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from pkgutil import resolve_name

import pytest
from hypothesis import HealthCheck, settings

from tests.house import Module, circles, classes_twice, modules

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


def walked() -> list[str]:
    """Return the dotted names in the page's walk of a request."""
    page = PAGE.read_text("utf-8")
    walk = page.split("## A request, down and back")[1].split("\n## ")[0]
    return sorted(set(re.findall(r"`([a-z]\w*(?:\.\w+)+)`", walk)))


def there_is(name: str) -> bool:
    """Whether a dotted name leads to something."""
    try:
        resolve_name(name)
    except (ImportError, AttributeError):
        return False
    return True


@pytest.mark.parametrize("name", walked())
def test_what_the_walk_names_is_there(name: str) -> None:
    """Each module, class and function that a request passes by name exists."""
    short = name.removeprefix("agentkit.")
    rooms = ("agentkit", "agentkit.agent")
    assert any(there_is(f"{room}.{short}") for room in rooms)


@pytest.fixture(scope="module")
def house() -> list[Module]:
    """Every module of the three packages."""
    return modules()


def test_no_imports_go_in_a_circle(house: list[Module]) -> None:
    """No modules reach one another, not by imports inside functions or for types."""
    assert circles(house, ("top", "inside", "checking")) == []


def test_every_public_class_has_a_name_of_its_own(house: list[Module]) -> None:
    """A class name leads to one class."""
    assert classes_twice(house) == []


def test_no_property_measures_the_machine() -> None:
    """Neither a deadline nor a slow draw fails a property: both tell of a busy machine."""
    used = settings()
    assert used.deadline is None
    assert HealthCheck.too_slow in used.suppress_health_check
