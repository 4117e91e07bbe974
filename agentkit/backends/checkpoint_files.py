"""The files of a checkpoint: found and checked before anything is loaded."""

from __future__ import annotations

import json
import re
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from agentkit.context import Context
from agentkit.errors import BackendUnavailable
from agentkit.settings import home_gate

_HUB_ID = re.compile(r"[\w-][\w.-]*(?:/[\w-][\w.-]*)?")
_TOKENIZERS = ("tokenizer.json", "tokenizer.model")
_FILES = ["*.json", "*.safetensors", "tokenizer.model"]


def find_folder(model: str, *, download: bool) -> Path:
    """Return the folder of a checkpoint; a hub's only when it is here already."""
    folder = Path(model).expanduser()
    if folder.is_dir():
        return folder
    if folder.is_file() or not _HUB_ID.fullmatch(model):
        raise BackendUnavailable(
            f"there is no checkpoint folder {model!r}: give a folder with a "
            "config.json, or a hub id such as meta-llama/Llama-3.2-1B-Instruct"
        )
    hub: Any = import_module("huggingface_hub")
    if download:
        gate = home_gate(Context().home, grant="the application passed download=True")
        address: str = import_module("huggingface_hub.constants").ENDPOINT
        gate.release(address, f"fetch {model}")
    try:
        found = hub.snapshot_download(
            model, local_files_only=not download, allow_patterns=_FILES
        )
    except Exception as exc:
        if not download:
            raise BackendUnavailable(
                f"{model!r} is neither a folder nor in this device's hub cache; "
                "nothing was fetched: download it first, or pass download=True"
            ) from exc
        raise BackendUnavailable(
            f"{model!r} could not be downloaded: {first_line(exc)}"
        ) from exc
    return Path(found)


def check_config(folder: Path) -> None:
    """Refuse a folder that holds no Llama checkpoint.

    Raises:
        BackendUnavailable: saying what is missing.
    """
    path = folder / "config.json"
    try:
        config: object = json.loads(path.read_text("utf-8"))
    except FileNotFoundError as exc:
        raise BackendUnavailable(
            f"{folder} is no checkpoint: it has no config.json"
        ) from exc
    except (OSError, ValueError) as exc:
        raise BackendUnavailable(f"{path} cannot be read: {exc}") from exc
    facts = cast(dict[str, object], config) if isinstance(config, dict) else {}
    kind = facts.get("model_type")
    if kind != "llama":
        raise BackendUnavailable(
            f"{folder} holds a {kind or 'nameless'!s} model, not a Llama one: its "
            "prompt and call format are not known here"
        )


def check_tokenizer(folder: Path) -> None:
    """Refuse a folder without a tokenizer.

    Raises:
        BackendUnavailable: there is none.
    """
    if not any((folder / name).is_file() for name in _TOKENIZERS):
        raise BackendUnavailable(f"{folder} has no tokenizer: no {_TOKENIZERS[0]}")


def first_line(exc: Exception) -> str:
    """Return the start of an error's message, as one line."""
    return " ".join(str(exc).split())[:200] or type(exc).__name__
