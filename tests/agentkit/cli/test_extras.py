"""The optional parts that doctor lists."""

from __future__ import annotations

from agentkit.cli.parts import installed_extras
from tests.agentkit.cli.conftest import Cli


def test_packages_are_there_or_missing() -> None:
    """Each package of an extra is listed once, with its version where it is there."""
    for extra in installed_extras():
        packages = [*(part.split()[0] for part in extra.there), *extra.missing]
        assert packages
        assert len(packages) == len(set(packages))


def test_doctor_lists_all_of_them(cli: Cli) -> None:
    """Doctor has a line for each, none of which is a fault."""
    told = {
        one["what"]: one["state"] for one in cli("doctor", "--json").json["findings"]
    }
    states = [told[f"[{extra.name}]"] for extra in installed_extras()]
    assert len(states) > 5
    assert set(states) <= {"ok", "off", "note"}
