"""What is installed: parts of packages."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from agentkit.installation import Registration, registered


def distribution(site: Path, name: str, **files: str) -> Path:
    """Install a distribution: its metadata folder and what stands in it."""
    folder = site / f"{name.replace('-', '_')}-1.0.dist-info"
    folder.mkdir(parents=True)
    told = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
    for file, text in {"METADATA": told, **files}.items():
        (folder / file.replace("_json", ".json")).write_text(text, "utf-8")
    return folder


def test_a_part_that_two_distributions_register_is_there_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A checkout installed under two names has each tool once."""
    for name in ("old-name", "new-name"):
        folder = distribution(tmp_path, name)
        points = "[agentkit.parrots]\npolly = json:loads\n"
        (folder / "entry_points.txt").write_text(points, "utf-8")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    (one,) = registered("agentkit.parrots")
    assert one == Registration("agentkit.parrots", "polly", "json:loads")
    assert callable(one.load())
