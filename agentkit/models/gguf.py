"""Reads the header of GGUF files, and checks that the file is whole.

llama.cpp may end the whole process on a damaged file, so it is read here first: magic,
version, every key, every tensor's place and size. Not covered: weights that have the
right size and the wrong content.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

from agentkit.errors import BackendUnavailable
from agentkit.models.gguf_types import BLOCKS, QUANTISATIONS

_MAGIC = b"GGUF"
# Those that llama.cpp still reads.
_VERSIONS = (2, 3)
# Type numbers of the format: struct codes of numbers, then the two that hold others.
_NUMBERS = dict(enumerate(("B", "b", "H", "h", "I", "i", "f", "?"))) | {
    10: "Q",
    11: "q",
    12: "d",
}
# The format's own numbers for kinds of values.
_STRING, _ARRAY = 8, 9
# Lists in lists are legal, and no model has them deeper.
_DEEPEST = 4
# Entries; the longest list of a model is its vocabulary.
_MOST = 1 << 24


@dataclass(frozen=True, slots=True)
class Tensor:
    """One tensor's entry.

    Attributes:
        name: as in `blk.0.attn_q.weight`.
        shape: numbers along each direction, the fastest first.
        kind: number format, as GGUF numbers them.
        offset: bytes from the start of the data.
        size: bytes.
    """

    name: str
    shape: tuple[int, ...]
    kind: int
    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class GgufFile:
    """A whole GGUF file's header.

    Attributes:
        path: where it is.
        size: bytes on disk.
        metadata: every key and its value; lists only with `read_gguf(lists=True)`.
        tensors: what is stored.
        data: byte at which the tensors begin.
    """

    path: Path
    size: int
    metadata: dict[str, Any]
    tensors: tuple[Tensor, ...]
    data: int

    @property
    def architecture(self) -> str:
        """The model's family, as in `llama`."""
        return str(self.metadata.get("general.architecture", ""))

    @property
    def parameters(self) -> int:
        """Count of stored numbers."""
        return sum(_product(one.shape) for one in self.tensors)

    @property
    def window(self) -> int:
        """Most tokens it was trained to take; 0 when the file does not say."""
        found = self.metadata.get(f"{self.architecture}.context_length", 0)
        return found if isinstance(found, int) else 0

    @property
    def quantisation(self) -> str:
        """How its weights are stored, as in `Q4_K_M`."""
        number = self.metadata.get("general.file_type")
        known = QUANTISATIONS.get(number) if isinstance(number, int) else None
        if known is not None:
            return known
        # Vectors are kept in full precision whatever the rest is: matrices tell.
        kinds = [one.kind for one in self.tensors if len(one.shape) > 1]
        # A mixture packs a few matrices finer; most are what its name says.
        return BLOCKS[max(set(kinds), key=kinds.count)][0] if kinds else "?"


@dataclass(slots=True)
class _Reader:
    """A position in a file; it refuses to read beyond the end."""

    path: Path
    data: mmap
    lists: bool
    at: int = 0
    _codes: dict[str, struct.Struct] = field(default_factory=dict[str, struct.Struct])

    def number(self, code: str) -> Any:
        kind = self._codes.setdefault(code, struct.Struct(f"<{code}"))
        start = self._pass(kind.size)
        return kind.unpack_from(self.data, start)[0]

    def text(self) -> str:
        length: int = self.number("Q")
        start = self._pass(length)
        return self.data[start : start + length].decode("utf-8", "replace")

    def value(self, kind: int, depth: int = 0) -> Any:
        if kind == _STRING:
            return self.text()
        if kind == _ARRAY:
            return self._list(depth + 1)
        if kind not in _NUMBERS:
            raise corrupt(self.path, f"a key has the unknown type {kind}")
        return self.number(_NUMBERS[kind])

    def count(self, code: str, what: str) -> int:
        found: int = self.number(code)
        if found > _MOST:
            raise corrupt(self.path, f"it claims {found:,} {what}")
        return found

    def _list(self, depth: int) -> list[Any] | None:
        kind = self.number("I")
        count = self.count("Q", "entries of one list")
        # A made file could nest lists until Python's stack ends.
        if depth > _DEEPEST:
            raise corrupt(self.path, "its lists are nested too deep")
        if kind in _NUMBERS and not self.lists:
            self._pass(count * struct.calcsize(f"<{_NUMBERS[kind]}"))
            return None
        if kind == _STRING and not self.lists:
            self._skip_texts(count)
            return None
        return [self.value(kind, depth) for _ in range(count)]

    def _skip_texts(self, count: int) -> None:
        """Skip strings; a tokenizer has up to 400,000 of them."""
        unpack, data, at, end = (
            struct.Struct("<Q").unpack_from,
            self.data,
            self.at,
            len(self.data) - 8,
        )
        for _ in range(count):
            if at > end:
                break
            at += 8 + unpack(data, at)[0]
        self.at = min(at, len(self.data) + 1)
        self._pass(0)

    def _pass(self, length: int) -> int:
        start = self.at
        if start + length > len(self.data):
            raise corrupt(self.path, "it ends in its own header: it was cut off")
        self.at = start + length
        return start


def read_gguf(path: Path, *, lists: bool = False) -> GgufFile:
    """Read and check a file's header.

    Args:
        path: the file.
        lists: keep lists too, such as the tokenizer's words.

    Raises:
        BackendUnavailable: there is no such file, or it is damaged or cut off.
    """
    try:
        with path.open("rb") as file:
            if file.read(4) != _MAGIC:
                raise BackendUnavailable(f"{path} is no GGUF file{_kind_of(path)}")
            # Mapped: the header of a file of many gigabytes is read in milliseconds.
            with mmap(file.fileno(), 0, access=ACCESS_READ) as data:
                return _read(_Reader(path, data, lists, at=4))
    except OSError as exc:
        raise BackendUnavailable(f"{path} cannot be read: {exc.strerror}") from exc


def _read(reader: _Reader) -> GgufFile:
    version = reader.number("I")
    if version not in _VERSIONS:
        raise corrupt(reader.path, f"its version is {version}, known are 2 and 3")
    tensors, keys = reader.count("Q", "tensors"), reader.count("Q", "keys")
    metadata: dict[str, Any] = {}
    for _ in range(keys):
        name = reader.text()
        metadata[name] = reader.value(reader.number("I"))
    found = tuple([_tensor(reader) for _ in range(tensors)])
    step = metadata.get("general.alignment", 32)
    # The format asks for a multiple of eight; all that is written is a power of two.
    if not isinstance(step, int) or step < 8 or step & (step - 1):
        raise corrupt(reader.path, f"its alignment is {step!r}")
    # Rounded up: data begins at the next multiple of the alignment.
    start = -(-reader.at // step) * step
    file = GgufFile(reader.path, len(reader.data), metadata, found, start)
    _check_places(file, step)
    return file


def _tensor(reader: _Reader) -> Tensor:
    name = reader.text()
    directions = reader.number("I")
    if not 1 <= directions <= 4:
        raise corrupt(reader.path, f"{name[:60]!r} has {directions} dimensions")
    shape = tuple([int(reader.number("Q")) for _ in range(directions)])
    kind, offset = reader.number("I"), reader.number("Q")
    if kind not in BLOCKS:
        raise BackendUnavailable(
            f"{reader.path}: {name[:60]!r} has a number format ({kind}) that is not "
            "known here: the file is newer than this, or damaged"
        )
    _, count, size = BLOCKS[kind]
    # Rows are packed in whole blocks.
    if not shape[0] or shape[0] % count:
        raise corrupt(reader.path, f"{name[:60]!r} has rows of {shape[0]:,}")
    return Tensor(name, shape, kind, offset, _product(shape) // count * size)


def _check_places(file: GgufFile, step: int) -> None:
    """Refuse tensors that lie beyond the end, or on top of each other."""
    expected = 0
    for tensor in file.tensors:
        # llama.cpp refuses tensors that do not lie one behind the other.
        if tensor.offset != expected:
            raise corrupt(file.path, f"{tensor.name[:60]!r} lies at a wrong place")
        expected = -(-(expected + tensor.size) // step) * step
        end = file.data + tensor.offset + tensor.size
        if end > file.size:
            raise BackendUnavailable(
                f"{file.path} is cut off: it has {file.size:,} bytes, and "
                f"{tensor.name[:60]!r} ends at byte {end:,}; fetch it again"
            )
    if not file.tensors:
        raise corrupt(file.path, "it holds no tensors")


def corrupt(path: Path, why: str) -> BackendUnavailable:
    """Make the error for a file that is damaged."""
    return BackendUnavailable(f"{path} is a damaged GGUF file: {why}; fetch it again")


def _product(shape: tuple[int, ...]) -> int:
    total = 1
    for length in shape:
        total *= length
    return total


def _kind_of(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(16).lstrip()
    if not start:
        return ": it is empty"
    if start.lower().startswith((b"<!doctype", b"<html")):
        return ": it is a web page, so the download went wrong"
    if start.startswith(b"version https://"):
        return ": it is a pointer of Git LFS, not the file itself"
    return f": it starts with {start[:4]!r}"
