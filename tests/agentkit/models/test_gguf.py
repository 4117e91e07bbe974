from __future__ import annotations

import contextlib
import struct
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentkit.errors import BackendUnavailable
from agentkit.models.gguf import read_gguf
from agentkit.models.gguf_types import BLOCKS
from tests.agentkit.models.files import LLAMA, gguf_bytes, text


def written(folder: Path, data: bytes) -> Path:
    path = folder / "model.gguf"
    path.write_bytes(data)
    return path


def test_whole_file(tmp_path: Path) -> None:
    """Family, window, packing, parameters and size are told."""
    file = read_gguf(written(tmp_path, gguf_bytes()))
    assert (file.architecture, file.window, file.quantisation) == (
        "llama",
        2048,
        "Q4_0",
    )
    assert (file.parameters, file.tensors[0].size) == (136, 72)
    assert file.metadata["tokenizer.ggml.tokens"] is None


def test_lists_on_demand(tmp_path: Path) -> None:
    """Long lists are read only when asked for."""
    file = read_gguf(written(tmp_path, gguf_bytes()), lists=True)
    assert file.metadata["tokenizer.ggml.tokens"] == ["a", "b", "c"]


def test_packing_of_a_file_that_does_not_say(tmp_path: Path) -> None:
    """Without its key, the commonest format of the matrices counts."""
    facts = {key: value for key, value in LLAMA.items() if key != "general.file_type"}
    assert read_gguf(written(tmp_path, gguf_bytes(facts))).quantisation == "Q4_0"


DAMAGED: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "it is empty"),
    "another kind": (b"PK\x03\x04 zip", r"starts with b'PK"),
    "web page": (b"<!DOCTYPE html><html>", "it is a web page"),
    "git lfs": (b"version https://git-lfs.github.com", "a pointer of Git LFS"),
    "version": (gguf_bytes(version=77), "its version is 77"),
    "big endian": (b"GGUF" + struct.pack(">I", 3) + bytes(64), "its version is"),
    "cut in the header": (gguf_bytes()[:90], "ends in its own header"),
    "cut in a list": (gguf_bytes()[:205], "ends in its own header"),
    "cut in the data": (gguf_bytes()[:-40], r"is cut off: it has .* 'b' ends at byte"),
    "no tensors": (gguf_bytes(tensors={}), "it holds no tensors"),
    "huge count": (
        b"GGUF" + struct.pack("<IQQ", 3, 1 << 60, 1),
        "claims 1,152,921,504,606,846,976 tensors",
    ),
    "huge text": (
        b"GGUF" + struct.pack("<IQQ", 3, 1, 1) + struct.pack("<Q", 1 << 62),
        "ends in its own header",
    ),
    "unknown value type": (
        b"GGUF" + struct.pack("<IQQ", 3, 1, 1) + text("key") + struct.pack("<I", 99),
        "the unknown type 99",
    ),
    "rows that do not fit": (
        gguf_bytes(tensors={"a": ((33, 2), 2)}),
        "'a' has rows of 33",
    ),
    "wrong place": (
        gguf_bytes(offsets={"b": 64}),
        "'b' lies at a wrong place",
    ),
    "alignment": (
        gguf_bytes({**LLAMA, "general.alignment": 3}),
        "its alignment is 3",
    ),
}


@pytest.mark.parametrize(("data", "words"), DAMAGED.values(), ids=DAMAGED)
def test_damaged(tmp_path: Path, data: bytes, words: str) -> None:
    """What is wrong with a file is said in one sentence."""
    with pytest.raises(BackendUnavailable, match=words) as raised:
        read_gguf(written(tmp_path, data))
    assert "\n" not in str(raised.value)


def test_unknown_number_format(tmp_path: Path) -> None:
    """A number format that is newer than the table is no damage, and is named."""
    data = gguf_bytes(tensors={"a": ((32, 1), 0)})
    place = data.index(b"a" + struct.pack("<I", 2)) + 1 + 4 + 16
    spoilt = data[:place] + struct.pack("<I", 4000) + data[place + 4 :]
    with pytest.raises(BackendUnavailable, match=r"\(4000\) that is not known here"):
        read_gguf(written(tmp_path, spoilt))


def test_lists_in_lists(tmp_path: Path) -> None:
    """A list nested without end is refused before Python's own limit."""
    deep = struct.pack("<IQ", 9, 1) * 500
    data = b"GGUF" + struct.pack("<IQQ", 3, 1, 1) + text("k") + struct.pack("<I", 9)
    with pytest.raises(BackendUnavailable, match="nested too deep"):
        read_gguf(written(tmp_path, data + deep))


def test_no_file(tmp_path: Path) -> None:
    """A file that is not there is told so."""
    with pytest.raises(BackendUnavailable, match="cannot be read: No such file"):
        read_gguf(tmp_path / "none.gguf")


@settings(max_examples=200, deadline=None)
@given(
    changes=st.lists(st.tuples(st.integers(4, 260), st.integers(0, 255)), max_size=4)
)
def test_any_damage_is_told(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int]]
) -> None:
    """Whatever bytes of the header change, it is read or refused, never a crash."""
    data = bytearray(gguf_bytes())
    for place, value in changes:
        data[place % len(data)] = value
    path = tmp_path_factory.getbasetemp() / "fuzzed.gguf"
    path.write_bytes(data)
    with contextlib.suppress(BackendUnavailable):
        assert read_gguf(path, lists=True).size == len(data)


def test_table_is_the_formats() -> None:
    """Blocks are as the package `gguf` has them, where that is installed."""
    gguf: Any = pytest.importorskip("gguf", reason="pip install gguf")
    sizes = gguf.GGML_QUANT_SIZES
    ours = {kind: BLOCKS[kind.value][1:] for kind in sizes if kind.value in BLOCKS}
    assert ours == {kind: sizes[kind] for kind in ours}
    assert len(ours) == len(BLOCKS)
