"""Fetches a model from a hub: planned, resumed where it broke off, verified.

Nothing is fetched unless `fetch` is called with a plan. Not covered: whether what the
hub names as the file's hash is the hash of a good model.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from agentkit.errors import ConfigError, MissingPackage, StoreError
from agentkit.privacy import Gate

_ID = re.compile(r"[\w-][\w.-]*/[\w-][\w.-]*")
# Other formats of the same weights, such as .bin and .onnx, would be fetched in vain.
_CHECKPOINT = (".json", ".safetensors", ".jinja", "tokenizer.model")
# Bytes that are read at once.
_BLOCK = 1 << 20

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """One file to fetch.

    Attributes:
        name: its path in the repository.
        size: bytes.
        sha256: what its content must hash to; empty when the hub does not say.
    """

    name: str
    size: int
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class FetchPlan:
    """The files that would be fetched.

    Attributes:
        repository: its id, as in `meta-llama/Llama-3.2-1B-Instruct`.
        revision: the commit that is meant, so that what was shown is what comes.
        files: in the order in which they are fetched.
    """

    repository: str
    revision: str
    files: tuple[RemoteFile, ...]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)


def is_hub_id(text: str) -> bool:
    """Tell whether a text looks like ORG/NAME, with a file's name behind it or not."""
    return bool(_ID.fullmatch("/".join(text.split("/")[:2])))


def plan_fetch(what: str, gate: Gate) -> FetchPlan:
    """Ask the hub for a model's files; nothing is fetched.

    Args:
        what: ORG/NAME of a checkpoint, or ORG/NAME/FILE.gguf.
        gate: asked before the hub is.

    Raises:
        EgressDenied: nothing may leave this device.
        MissingPackage: huggingface_hub is not installed.
        ConfigError: the hub cannot be reached, or has no such model or file.
    """
    repository = "/".join(what.split("/")[:2])
    wanted = "/".join(what.split("/")[2:])
    gate.release(_address(), f"which files has {repository}")
    try:
        found = _hub().HfApi().model_info(repository, files_metadata=True)
    except Exception as exc:
        # The hub's library raises its own errors, requests' and its client's.
        raise ConfigError(
            f"{repository!r} cannot be found on the hub: {_line(exc)}"
        ) from exc
    listed = [_file(entry) for entry in found.siblings or ()]
    files = _chosen(listed, wanted, repository)
    # The commit, so that a push between showing and fetching changes nothing.
    return FetchPlan(repository, str(found.sha), tuple(files))


def fetch(plan: FetchPlan, tell: Tell, gate: Gate) -> Path:
    """Fetch what was planned; return the checkpoint's folder, or the GGUF file.

    A file that is there already is not fetched again, and one that broke off goes on.

    Args:
        plan: what to fetch.
        tell: told what is being fetched, one line a file.
        gate: asked before the hub is.

    Raises:
        EgressDenied: nothing may leave this device.
        ConfigError: the hub cannot be reached any more: try again, it goes on.
        StoreError: a file is not what the hub says it is; it was removed.
    """
    path = Path()
    for file in plan.files:
        tell(f"{file.name} ({shown_size(file.size)})")
        gate.release(_address(), f"fetch {plan.repository}/{file.name}")
        try:
            path = Path(
                _hub().hf_hub_download(
                    plan.repository, file.name, revision=plan.revision
                )
            )
        except Exception as exc:
            raise ConfigError(
                f"{file.name} could not be fetched: {_line(exc)}; run the same command "
                "again, it goes on where it stopped"
            ) from exc
        _verify(path, file)
    return path if path.suffix == ".gguf" else path.parent


def shown_size(size: int) -> str:
    """Write a size for people, as in `1.2 GB`."""
    for unit, bytes_of in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= bytes_of:
            return f"{size / bytes_of:.1f} {unit}"
    return f"{size} bytes"


def _chosen(listed: list[RemoteFile], wanted: str, repository: str) -> list[RemoteFile]:
    """Return a checkpoint's files, or the GGUF file that was named."""
    if wanted:
        named = [file for file in listed if file.name == wanted]
        if not named:
            raise ConfigError(f"{repository} has no file {wanted!r}")
        return named
    weights = [file for file in listed if file.name.endswith(".safetensors")]
    if weights:
        return [
            file
            # Small ones first: a gated repository refuses before gigabytes were
            # fetched.
            for file in sorted(listed, key=lambda one: one.size)
            if "/" not in file.name and file.name.endswith(_CHECKPOINT)
        ]
    packed = [file for file in listed if file.name.lower().endswith(".gguf")]
    if not packed:
        raise ConfigError(f"{repository} holds neither .safetensors nor GGUF files")
    rows = ", ".join(f"{file.name} ({shown_size(file.size)})" for file in packed[:20])
    raise ConfigError(
        f"{repository} has GGUF files; name one, as {repository}/FILE.gguf: {rows}"
    )


def _verify(path: Path, file: RemoteFile) -> None:
    digest = hashlib.sha256()
    with path.open("rb") as content:
        while block := content.read(_BLOCK):
            digest.update(block)
    size_fits = not file.size or path.stat().st_size == file.size
    if size_fits and file.sha256 in ("", digest.hexdigest()):
        return
    # The hub's cache has links: the content that is wrong goes, and its name.
    path.resolve().unlink(missing_ok=True)
    path.unlink(missing_ok=True)
    raise StoreError(
        f"{file.name} is not what the hub says it is (size or SHA-256 differ); it was "
        "removed: fetch it again"
    )


def _file(entry: Any) -> RemoteFile:
    large: Any = getattr(entry, "lfs", None)
    digest: Any = getattr(large, "sha256", "") or ""
    return RemoteFile(str(entry.rfilename), int(entry.size or 0), str(digest))


def _address() -> str:
    _hub()
    return str(import_module("huggingface_hub.constants").ENDPOINT)


def _hub() -> Any:
    if find_spec("huggingface_hub") is None:
        raise MissingPackage("huggingface_hub", "transformers", "Fetching models")
    return import_module("huggingface_hub")


def _line(exc: Exception) -> str:
    return " ".join(str(exc).split())[:200] or type(exc).__name__
