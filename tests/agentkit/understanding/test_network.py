"""Weights are read as data, and checked before they are used."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from agentkit.errors import ConfigError
from agentkit.understanding.features import read_tokens
from agentkit.understanding.network import HERE, network, read_network


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the weights."""
    for name in ("weights.npz", "words.npz", "card.json"):
        shutil.copy(HERE / name, tmp_path / name)
    return tmp_path


def lose(folder: Path) -> None:
    (folder / "weights.npz").unlink()


def cut(folder: Path) -> None:
    path = folder / "weights.npz"
    path.write_bytes(path.read_bytes()[:10_000])


def mix(folder: Path) -> None:
    arrays = dict(np.load(folder / "words.npz"))
    arrays["vectors"] = arrays["vectors"][::-1]
    np.savez(folder / "words.npz", **arrays)


def age(folder: Path) -> None:
    card = json.loads((folder / "card.json").read_text("utf-8"))
    (folder / "card.json").write_text(json.dumps(card | {"version": 0}), "utf-8")


def garble(folder: Path) -> None:
    (folder / "card.json").write_text("{", "utf-8")


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lose, "lacks weights.npz"),
        (cut, "is damaged"),
        (mix, "sum of vectors is wrong"),
        (age, "is of version 0"),
        (garble, "is damaged"),
    ],
)
def test_weights_that_cannot_be_used_are_told(
    folder: Path, harm: Callable[[Path], None], said: str
) -> None:
    """Missing, damaged, mixed and foreign weights end in one sentence."""
    harm(folder)
    with pytest.raises(ConfigError, match=said):
        read_network(folder)


def test_the_weights_hold_no_objects() -> None:
    """All arrays load without pickle, and the card names data, licence and seed."""
    arrays = np.load(HERE / "weights.npz", allow_pickle=False)
    assert all(arrays[name].dtype.kind in "fiu" for name in arrays.files)
    card = network().card
    assert card["data"]
    assert card["licence"]
    assert "seed" in card


def test_the_weights_stay_small() -> None:
    """All that is shipped is below 20 MB."""
    files = ("weights.npz", "words.npz", "card.json")
    assert sum((HERE / name).stat().st_size for name in files) < 20e6


def test_one_text_reads_the_same_twice() -> None:
    """There is no chance in it."""
    tokens = read_tokens("wake me at seven")
    one, two = network().look(tokens), network().look(tokens)
    assert np.array_equal(one.labels, two.labels)
    assert np.array_equal(one.tags, two.tags)
