"""Files that are replaced in one step."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from agentkit.stores.shared_files import replace_text


def test_the_new_text_stands_in_place_of_the_old(tmp_path: Path) -> None:
    """One file is there afterwards, with all of the new text."""
    path = tmp_path / "rules.toml"
    path.write_text("an old and longer text", "utf-8")
    replace_text(path, "grün")
    assert path.read_text("utf-8") == "grün"
    assert list(tmp_path.iterdir()) == [path]


def test_a_fault_leaves_the_old_text_and_nothing_else(tmp_path: Path) -> None:
    """What could not be written is not left beside it."""
    path = tmp_path / "rules.toml"
    path.write_text("old", "utf-8")
    with pytest.raises(UnicodeEncodeError):
        replace_text(path, "half a character: \ud800")
    assert path.read_text("utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_only_the_owner_reads_it(tmp_path: Path) -> None:
    """Rules and lists of models are nobody else's business."""
    replace_text(tmp_path / "rules.toml", "mine")
    assert (tmp_path / "rules.toml").stat().st_mode & 0o777 == 0o600
