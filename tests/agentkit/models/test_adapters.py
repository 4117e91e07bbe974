"""Adapters: which tools they know, and files that cannot be used."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agentkit import Toolset, tool
from agentkit.errors import BackendUnavailable
from agentkit.models.adapters import (
    SUM_KEY,
    TOOLS_KEY,
    VERSION,
    VERSION_KEY,
    Adapter,
    checksum,
    read_adapter,
)
from agentkit.models.gguf import read_gguf
from tests.agentkit.models.files import LLAMA, gguf_bytes

MATRICES = {
    "blk.0.w.weight.lora_a": ((32, 2), 1),
    "blk.0.w.weight.lora_b": ((2, 16), 1),
}
FACTS: dict[str, Any] = {
    "general.architecture": "llama",
    "general.type": "adapter",
    VERSION_KEY: VERSION,
    TOOLS_KEY: json.dumps({"add": ["a", "b"]}),
}


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A model with one matrix, 32 numbers in and 16 out."""
    path = tmp_path / "base.gguf"
    path.write_bytes(gguf_bytes(LLAMA, {"blk.0.w.weight": ((32, 16), 0)}))
    return path


@pytest.fixture
def adapter(tmp_path: Path) -> Callable[..., Path]:
    """Writes an adapter, with its checksum unless another one is given."""

    def write(facts: dict[str, Any], matrices: Any = MATRICES) -> Path:
        path = tmp_path / "adapter.gguf"
        path.write_bytes(gguf_bytes({SUM_KEY: 0, **facts}, matrices))
        right = checksum(path, read_gguf(path).data)
        path.write_bytes(gguf_bytes({SUM_KEY: right, **facts}, matrices))
        return path

    return write


def test_whole_adapter(base: Path, adapter: Callable[..., Path]) -> None:
    """An adapter that fits names the tools it knows, with their arguments."""
    path = adapter(FACTS)
    assert read_adapter(path, base) == Adapter(path, {"add": ("a", "b")})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param({VERSION_KEY: 9}, "is an adapter of version 9", id="version"),
        pytest.param({SUM_KEY: 1}, "its numbers are not those", id="damaged"),
        pytest.param({"general.type": "model"}, "is a model, not an", id="model"),
        pytest.param({TOOLS_KEY: "["}, "names no tools", id="tools"),
    ],
)
def test_unusable_adapter(
    base: Path, adapter: Callable[..., Path], change: dict[str, Any], words: str
) -> None:
    """What cannot be used is told in one sentence that names the file."""
    path = adapter({**FACTS, **change})
    with pytest.raises(BackendUnavailable, match=words) as told:
        read_adapter(path, base)
    assert str(path) in str(told.value)
    assert "\n" not in str(told.value)


def test_adapter_of_others(base: Path, adapter: Callable[..., Path]) -> None:
    """One that does not say what it was trained for is refused, not guessed at."""
    path = adapter(
        {key: FACTS[key] for key in ("general.architecture", "general.type")}
    )
    with pytest.raises(BackendUnavailable, match="which tools it was trained for"):
        read_adapter(path, base)


def test_adapter_of_another_model(base: Path, adapter: Callable[..., Path]) -> None:
    """Matrices of other sizes would change another model's weights."""
    wide = {"blk.0.w.weight.lora_a": ((64, 2), 1)}
    with pytest.raises(BackendUnavailable, match="made for another model"):
        read_adapter(adapter(FACTS, wide), base)


def test_adapter_cut_off(base: Path, adapter: Callable[..., Path]) -> None:
    """A download that broke off is told as such."""
    path = adapter(FACTS)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(BackendUnavailable, match="cut off"):
        read_adapter(path, base)


@tool
def add(a: int, b: int = 0) -> int:
    """Add numbers.

    Args:
        a: the first.
        b: the second.
    """
    return a + b


@pytest.mark.parametrize(
    ("learnt", "known"),
    [
        pytest.param({"add": ("a", "b")}, True, id="as it is"),
        pytest.param({"add": ("a",)}, True, id="a new optional argument"),
        pytest.param({"add": ("b",)}, False, id="a required one is new"),
        pytest.param({"add": ("a", "c")}, False, id="one is gone"),
        pytest.param({"sum": ("a", "b")}, False, id="another name"),
    ],
)
def test_known_tools(learnt: dict[str, tuple[str, ...]], known: bool) -> None:
    """A tool is known as long as the calls that were learnt are valid."""
    found = Adapter(Path("x"), learnt).known(Toolset([add]))
    assert found.names == (("add",) if known else ())
