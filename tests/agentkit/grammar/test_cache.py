"""Grammars that are kept."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

from agentkit.errors import StoreError
from agentkit.grammar import GrammarCache, Mode, make_grammar
from agentkit.tools import Toolset, tool
from tests.agentkit.grammar.walks import fits, small_tokenizer


@tool
def ring(times: int) -> str:
    """Ring.

    Args:
        times: how often.
    """
    return ""


TOOLS = Toolset(ring)


def test_a_kept_grammar_is_the_made_one(tmp_path: Path) -> None:
    """From the folder comes what was put there."""
    made = GrammarCache(tmp_path).grammar(TOOLS)
    assert GrammarCache(tmp_path).grammar(TOOLS) == made == make_grammar(TOOLS)


def test_modes_are_kept_apart(tmp_path: Path) -> None:
    """Each mode has a fingerprint and a file of its own."""
    cache = GrammarCache(tmp_path)
    modes: tuple[Mode, ...] = ("auto", "calls", "text")
    prints = {cache.grammar(TOOLS, mode=mode).fingerprint for mode in modes}
    assert {path.stem for path in tmp_path.iterdir()} == prints


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param('"checksum"', "", id="no JSON"),
        pytest.param("{", "[", id="other JSON"),
        pytest.param("start:", "start: ", id="changed"),
        pytest.param('"relaxed": [', '"relaxed": ["x", ', id="a sentence more"),
    ],
)
def test_a_damaged_file_is_made_anew(tmp_path: Path, old: str, new: str) -> None:
    """What is not whole is not used."""
    made = GrammarCache(tmp_path).grammar(TOOLS)
    (path,) = tmp_path.iterdir()
    damaged = path.read_text().replace(old, new, 1)
    path.write_text(damaged)
    assert GrammarCache(tmp_path).grammar(TOOLS) == made
    assert path.read_text() != damaged


def test_an_empty_file_is_made_anew(tmp_path: Path) -> None:
    """A file that was cut off to nothing is not used."""
    made = GrammarCache(tmp_path).grammar(TOOLS)
    (path,) = tmp_path.iterdir()
    path.write_text("")
    assert GrammarCache(tmp_path).grammar(TOOLS) == made
    assert json.loads(path.read_text())["lark"] == made.lark


def test_old_files_go(tmp_path: Path) -> None:
    """The folder is bounded."""
    cache = GrammarCache(tmp_path, files=2)
    modes: tuple[Mode, ...] = ("auto", "calls", "text")
    for mode in modes:
        cache.grammar(TOOLS, mode=mode)
    assert len(list(tmp_path.iterdir())) == 2


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """The place and the reason are named."""
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(StoreError, match="cannot be kept"):
        GrammarCache(blocked / "inner").grammar(TOOLS)


@pytest.mark.slow
def test_the_fingerprint_is_the_same_in_every_process() -> None:
    """No hash that changes from run to run goes into it."""
    code = (
        "from agentkit.grammar import make_grammar\n"
        "from agentkit.tools import Toolset\n"
        "d = {'name': 'f', 'description': '', 'parameters': {'type': 'object'}}\n"
        "print(make_grammar(Toolset.from_schemas([d])).fingerprint)"
    )
    runs = {subprocess.check_output([sys.executable, "-c", code]) for _ in range(2)}
    assert len(runs) == 1


@pytest.mark.skipif(
    importlib.util.find_spec("llguidance") is None, reason="llguidance is not installed"
)
def test_each_answer_gets_a_fresh_guide() -> None:
    """A compiled grammar serves many answers."""
    cache = GrammarCache()
    for _ in range(2):
        assert fits(cache.guide(TOOLS, small_tokenizer()), "[ring(times=2)]")
