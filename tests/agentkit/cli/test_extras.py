"""The optional parts that doctor lists."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from agentkit.backends.llama_library import library_version, llama_library
from agentkit.cli.inventory import installed_extras
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


def test_doctor_names_an_unknown_llama_cpp(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A release of xllamacpp that agentkit does not know is bad, and said why."""
    info = tmp_path / "xllamacpp-2026.12.12999.dist-info"
    info.mkdir()
    text = "Metadata-Version: 2.1\nName: xllamacpp\nVersion: 2026.12.12999\n"
    (info / "METADATA").write_text(text)
    (tmp_path / "xllamacpp.py").touch()
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    llama_library.cache_clear()
    ran = cli("doctor", "--json")
    (found,) = [one for one in ran.json["findings"] if one["what"] == "gguf"]
    assert (ran.code, found["state"]) == (4, "bad")
    assert "xllamacpp 2026.12.12999 is not known" in found["told"]


@pytest.mark.slow
def test_doctor_opens_llama_cpp(cli: Cli) -> None:
    """Doctor opens the library that runs GGUF files, and finds it known."""
    findings = cli("doctor", "--json").json["findings"]
    (found,) = [one for one in findings if one["what"] == "gguf"]
    assert (found["state"], library_version() in found["told"]) == ("ok", True)
