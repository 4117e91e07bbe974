"""What doctor says of another `agentkit` on this machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from agentkit.cli.inventory import Namesake, find_namesake
from agentkit.installation.distribution import NAME, Installation, find_installation
from tests.agentkit.cli.conftest import Cli


def _package(site: Path) -> Path:
    """Put a package `agentkit` into a folder."""
    (site / "agentkit").mkdir(parents=True)
    (site / "agentkit" / "__init__.py").write_text("", "utf-8")
    return site


def _distribution(
    site: Path, name: str, *, brings: bool = False, source: Path | None = None
) -> None:
    """Put the metadata of a distribution into a folder."""
    folder = site / f"{name.replace('-', '_')}-0.4.dist-info"
    folder.mkdir(parents=True)
    told = f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.4\n"
    (folder / "METADATA").write_text(told, "utf-8")
    if brings:
        (folder / "RECORD").write_text("agentkit/__init__.py,,\n", "utf-8")
    if source:
        url = {"url": source.as_uri(), "dir_info": {"editable": True}}
        (folder / "direct_url.json").write_text(json.dumps(url), "utf-8")


def _checkout(folder: Path) -> Installation:
    _package(folder)
    (folder / "pyproject.toml").write_text(f'[project]\nname = "{NAME}"\n', "utf-8")
    return find_installation(folder)


def _wheel(site: Path) -> Installation:
    _distribution(_package(site), NAME, brings=True)
    return find_installation(site)


def _clash(
    copy: Installation, *path: Path, here: Path | None = None
) -> Namesake | None:
    return find_namesake(copy, [str(one) for one in path], here or path[0])


def test_nothing_is_in_the_way_of_a_wheel(tmp_path: Path) -> None:
    """A wheel beside its own metadata is sound."""
    assert _clash(_wheel(tmp_path), tmp_path) is None


def test_nothing_is_in_the_way_of_a_checkout(tmp_path: Path) -> None:
    """A checkout is sound that pip links to, with a blank in its path too."""
    copy, site = _checkout(tmp_path / "my source"), tmp_path / "site"
    _distribution(site, NAME, source=copy.folder)
    assert _clash(copy, site, copy.folder) is None


def test_files_of_another_among_ours(tmp_path: Path) -> None:
    """A wheel that somebody else's has written over is to be installed anew."""
    copy = _wheel(tmp_path)
    _distribution(tmp_path, "agentkit", brings=True)
    assert _clash(copy, tmp_path) == Namesake(
        "the distribution agentkit 0.4 has put its files among those of "
        f"agentkit-ondevice in {tmp_path}: pip uninstall agentkit, then pip install "
        "--force-reinstall --no-deps agentkit-ondevice",
        harmful=True,
    )


def test_another_distribution_before_a_checkout(tmp_path: Path) -> None:
    """Programs get somebody else's package where it comes first: it is to go."""
    copy, site = _checkout(tmp_path / "source"), tmp_path / "site"
    _distribution(_package(site), "agentkit", brings=True)
    _distribution(site, NAME, source=copy.folder)
    assert _clash(copy, site, copy.folder) == Namesake(
        f"Python imports {site / 'agentkit'}, and not {copy.folder / 'agentkit'}: "
        "pip uninstall agentkit",
        harmful=True,
    )


def test_a_file_before_a_wheel(tmp_path: Path) -> None:
    """A file of that name on the path is named, and not to be uninstalled."""
    copy, mine = _wheel(tmp_path / "site"), tmp_path / "mine"
    mine.mkdir()
    (mine / "agentkit.py").write_text("", "utf-8")
    clash = _clash(copy, mine, copy.folder)
    assert clash
    assert clash.harmful
    assert clash.told.startswith(f"Python imports {mine / 'agentkit.py'}, and not")
    assert clash.told.endswith(f"rename it, or take {mine} off Python's path")


def test_an_earlier_name_of_the_checkout(tmp_path: Path) -> None:
    """A checkout that was installed as `agentkit` once loses that name; no harm yet."""
    copy, site = _checkout(tmp_path / "source"), tmp_path / "site"
    for name in ("agentkit", NAME):
        _distribution(site, name, source=copy.folder)
    assert _clash(copy, site, copy.folder) == Namesake(
        f"the distribution agentkit 0.4 in {copy.folder} is not agentkit-ondevice: "
        "pip uninstall agentkit",
        harmful=False,
    )


def test_an_earlier_name_alone(tmp_path: Path) -> None:
    """A checkout that pip knows by its earlier name only is to be installed anew."""
    copy, site = _checkout(tmp_path / "source"), tmp_path / "site"
    _distribution(site, "agentkit", source=copy.folder)
    clash = _clash(copy, site, copy.folder)
    todo = f"pip uninstall agentkit, then pip install -e . in {copy.folder}"
    assert clash
    assert clash.told.endswith(f"is not agentkit-ondevice: {todo}")


def test_a_checkout_that_is_not_installed(tmp_path: Path) -> None:
    """Without metadata the tools are not found, and the command that mends it is told."""
    copy = _checkout(tmp_path)
    clash = _clash(copy, tmp_path)
    assert clash
    assert not clash.harmful
    assert clash.told.endswith(f"tools are not found: pip install -e . in {tmp_path}")


def test_a_checkout_beside_the_one_that_is_installed(tmp_path: Path) -> None:
    """The folder that pip knows of is told, where another one runs."""
    copy, other = _checkout(tmp_path / "second"), _checkout(tmp_path / "first")
    _distribution(tmp_path / "site", NAME, source=other.folder)
    clash = _clash(copy, tmp_path / "site", copy.folder)
    assert clash
    assert clash.told == (
        f"agentkit-ondevice is installed from {other.folder}, and runs from "
        f"{copy.folder}: pip install -e . in {copy.folder}"
    )


def test_a_package_in_the_folder_where_programs_start(tmp_path: Path) -> None:
    """A package of that name in the working folder is told."""
    copy, mine = _wheel(tmp_path / "site"), _package(tmp_path / "mine")
    clash = _clash(copy, copy.folder, here=mine)
    assert clash
    assert not clash.harmful
    assert f"Python imports {mine / 'agentkit'}" in clash.told


@pytest.mark.parametrize(
    "damage",
    [
        "",
        "[",
        "[]",
        "null",
        "{}",
        '{"dir_info": 3}',
        '{"dir_info": {"editable": true}}',
    ],
)
def test_damaged_metadata_breaks_nothing(tmp_path: Path, damage: str) -> None:
    """What cannot be read is taken for the metadata of a wheel there."""
    copy = _wheel(tmp_path)
    facts = tmp_path / "agentkit_ondevice-0.4.dist-info"
    (facts / "direct_url.json").write_text(damage, "utf-8")
    (facts / "METADATA").write_bytes(b"\xff\xfe")
    (facts / "RECORD").unlink()
    assert _clash(copy, tmp_path) is None


def test_doctor_tells_of_it(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else's package before ours is bad, and doctor leaves with 4."""
    _distribution(_package(tmp_path / "site"), "agentkit", brings=True)
    monkeypatch.setattr(sys, "path", [str(tmp_path / "site"), *sys.path])
    ran = cli("doctor", "--json")
    (found,) = [one for one in ran.json["findings"] if one["what"] == "name"]
    assert ran.code == 4
    assert found["state"] == "bad"
    assert str(tmp_path / "site" / "agentkit") in found["told"]


def test_the_command_finds_its_own_package(tmp_path: Path) -> None:
    """Behind somebody else's `agentkit`, the command runs, and doctor tells of it."""
    site = _package(tmp_path / "site")
    places = [site, *(Path(one) for one in sys.path if one)]
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import agentkit_ondevice; agentkit_ondevice.main()",
            *("doctor", "--json", "--home", str(tmp_path / "home")),
        ],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, places))},
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    told = {one["what"]: one["told"] for one in json.loads(done.stdout)["findings"]}
    assert done.returncode == 4
    assert told["name"].startswith(f"Python imports {site / 'agentkit'}, and not")
    assert "for personal" in told["tools"]
