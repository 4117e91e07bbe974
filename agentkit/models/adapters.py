"""LoRA adapters in GGUF files: which tools they know, and whether they fit.

An adapter changes a model's matrices by products of two thin ones (Hu et al. 2021, arXiv
2106.09685). Ours say which tools they know by heart, so that no prompt has to tell of
them. Not covered: several adapters at once, and those of other makers, which say nothing
of tools.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from zlib import crc32

from agentkit.errors import BackendUnavailable
from agentkit.models.gguf import GgufFile, read_gguf
from agentkit.tools import AnyTool, Toolset
from agentkit.tools.schema.json_schema import is_list

# Of the metadata below and of the prompt that the adapter is trained with.
VERSION = 1
VERSION_KEY, TOOLS_KEY, SUM_KEY = "agentkit.version", "agentkit.tools", "agentkit.sum"
WRITES_KEY = "agentkit.writes"
_PARTS = (".lora_a", ".lora_b")


@dataclass(frozen=True, slots=True)
class Adapter:
    """An adapter that was trained for tools.

    Attributes:
        path: its file.
        tools: the tools that it knows, with the arguments that it gives.
        writes: how instructions begin that it was trained to write by, in prose.
    """

    path: Path
    tools: Mapping[str, tuple[str, ...]]
    writes: tuple[str, ...] = ()

    def known(self, toolset: Toolset) -> Toolset:
        """Return the tools of a set that it knows."""
        return Toolset([tool for tool in toolset if self._knows(tool)])

    def _knows(self, tool: AnyTool) -> bool:
        learnt = self.tools.get(tool.name)
        if learnt is None:
            return False
        has = cast(Mapping[str, Any], tool.parameters.get("properties", {}))
        needs = cast(list[str], tool.parameters.get("required", []))
        # A tool may have grown arguments with defaults since; a new one that it needs
        # was never learnt.
        return has.keys() >= set(learnt) and set(learnt) >= set(needs)


def read_adapter(path: Path, base: Path) -> Adapter:
    """Read an adapter's file, and check it against the model that it changes.

    Args:
        path: the adapter.
        base: the model's GGUF file.

    Raises:
        BackendUnavailable: one of them is not there or damaged, it is no adapter of
            ours or of another version, or it was made for another model.
    """
    file = read_gguf(path)
    if file.metadata.get("general.type") != "adapter":
        raise BackendUnavailable(f"{path} is a model, not an adapter for one")
    _check_version(file)
    _check_sum(file)
    _check_fit(file, read_gguf(base))
    return Adapter(path, _tools(file), _writes(file))


def _check_version(file: GgufFile) -> None:
    found = file.metadata.get(VERSION_KEY)
    if found is None:
        raise BackendUnavailable(
            f"{file.path} does not say which tools it was trained for: it was not made "
            "with agentkit's recipe"
        )
    if found != VERSION:
        raise BackendUnavailable(
            f"{file.path} is an adapter of version {found}, and this agentkit reads "
            f"version {VERSION}: take the adapter and agentkit of one release"
        )


def _check_sum(file: GgufFile) -> None:
    # A wrong number in weights raises nothing: the model only calls the wrong tool.
    if file.metadata.get(SUM_KEY) != checksum(file.path, file.data):
        raise BackendUnavailable(
            f"{file.path} is damaged: its numbers are not those that were written; "
            "install agentkit again, or make the adapter anew"
        )


def checksum(path: Path, start: int) -> int:
    """Return the CRC-32 of a file's bytes from `start` on."""
    return crc32(path.read_bytes()[start:])


def _check_fit(file: GgufFile, base: GgufFile) -> None:
    shapes = {tensor.name: tensor.shape for tensor in base.tensors}
    for tensor in file.tensors:
        name = tensor.name.removesuffix(_PARTS[0]).removesuffix(_PARTS[1])
        # A reads what the matrix reads, and B writes what it writes.
        wide = 0 if tensor.name.endswith(_PARTS[0]) else 1
        shape = shapes.get(name, ())
        if len(shape) != 2 or shape[wide] != tensor.shape[wide]:
            raise BackendUnavailable(
                f"{file.path} was made for another model than {base.path.name}: "
                f"{name} differs"
            )


def _tools(file: GgufFile) -> dict[str, tuple[str, ...]]:
    try:
        facts: object = json.loads(file.metadata.get(TOOLS_KEY, ""))
    except ValueError:
        facts = None
    if not isinstance(facts, dict):
        raise BackendUnavailable(f"{file.path} names no tools: make the adapter anew")
    named = cast(dict[str, Any], facts)
    return {name: tuple(map(str, a)) for name, a in named.items() if is_list(a)}


def can_write(path: Path) -> bool:
    """Whether an adapter was trained to write; False where it cannot be read."""
    try:
        return bool(_writes(read_gguf(path)))
    except BackendUnavailable:
        return False


def _writes(file: GgufFile) -> tuple[str, ...]:
    # An adapter that was made before it could write says nothing of it.
    try:
        openings: object = json.loads(file.metadata.get(WRITES_KEY, "[]"))
    except ValueError:
        openings = None
    if not is_list(openings):
        raise BackendUnavailable(
            f"{file.path} is unclear about what it writes: make the adapter anew"
        )
    return tuple(map(str, openings))
