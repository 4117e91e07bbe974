"""The files of a checkpoint, and the number format of its weights on a device."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal, TypeAlias, cast

from agentkit.context import Context
from agentkit.errors import BackendUnavailable, MissingPackage
from agentkit.settings import home_gate

# NAME or OWNER/NAME; no part begins with a dot, so `../x` is none.
_HUB_ID = re.compile(r"[\w-][\w.-]*(?:/[\w-][\w.-]*)?")
_TOKENIZERS = ("tokenizer.json", "tokenizer.model")
# No pickled weights, which run code when they are read, and no Python files.
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
        # A download tells the hub which model this device uses, so it is released like
        # text.
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


Quantize: TypeAlias = Literal["", "int8"]

# For each weight; int8 keeps a scale for every group, too.
BYTES = {"float32": 4.0, "bfloat16": 2.0, "float16": 2.0, "int8": 1.1}
# Cache, buffers and the runtime's own, beside the weights.
_BESIDE = 200_000_000
_HALVES = ("bfloat16", "float16")
# accelerate's ways to spread a model over what is there.
_SPREAD = ("auto", "balanced", "balanced_low_0", "sequential")


def pick_dtype(stored: str, device: str, fast: Mapping[str, bool]) -> str:
    """Choose the number format for a device.

    Args:
        stored: the checkpoint's own, as `bfloat16`.
        device: `cuda`, `mps` or `cpu`.
        fast: whether the device computes in each of the two-byte formats.

    Returns:
        The checkpoint's own where the device does it fast, else the other format
        of two bytes, else `float32`. Weights of four bytes stay as they are.
    """
    if stored not in _HALVES:
        return "float32"
    if fast.get(stored):
        return stored
    others = [name for name in _HALVES if fast.get(name)]
    return others[0] if others else "float32"


def find_device(device_map: Any) -> str:
    """Return the kind of device that most of the model will be on."""
    if isinstance(device_map, Mapping):
        placed = list(cast(Mapping[str, int | str], device_map).values())
        # A bare number is that of a GPU.
        kinds = ["cuda" if isinstance(p, int) else p.partition(":")[0] for p in placed]
        return max(kinds, key=kinds.count, default="cpu")
    torch: Any = import_module("torch")
    if isinstance(device_map, str) and device_map not in _SPREAD:
        return device_map.partition(":")[0]
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def fast_halves(device: str) -> dict[str, bool]:
    """Tell which two-byte formats a device computes in.

    A CPU without them converts each weight at each use: slower than four bytes.
    """
    torch: Any = import_module("torch")
    if device == "cuda":
        return {"bfloat16": torch.cuda.is_bf16_supported(), "float16": True}
    if device == "mps":
        # Metal does not compute in bfloat16 on every chip.
        return {"bfloat16": False, "float16": True}
    known: Any = getattr(torch.cpu, "get_capabilities", None)
    able: dict[str, Any] = known() if known else {}
    # x86 and Arm under the names that PyTorch gives them.
    names = ("avx512_bf16", "amx_bf16", "bf16", "sve_bf16")
    return {"bfloat16": any(able.get(name) for name in names), "float16": False}


def quantization(quantize: Quantize) -> Any:
    """Return the configuration that makes weights smaller while they are loaded.

    Raises:
        MissingPackage: torchao is not installed.
    """
    if find_spec("torchao") is None:
        raise MissingPackage("torchao", "quantized", f"quantize={quantize!r}")
    kinds: Any = import_module("torchao.quantization")
    transformers: Any = import_module("transformers")
    return transformers.TorchAoConfig(kinds.Int8WeightOnlyConfig())


def require_memory(folder: Path, count: int, format: str, device: str) -> None:
    """Refuse weights that do not fit, before they take all the memory.

    Args:
        folder: of the checkpoint, for the message.
        count: number of parameters.
        format: of the weights, as in `BYTES`.
        device: kind of device they go to.

    Raises:
        BackendUnavailable: says which size would fit.
    """
    free = free_memory(device)
    needed = count * BYTES[format]
    if free is None or needed + _BESIDE <= free:
        return
    raise BackendUnavailable(
        f"{folder} does not fit into memory: its {count:,} parameters take "
        f"{needed / 1e9:.1f} GB as {format}, and {free / 1e9:.1f} GB are free; "
        f"{what_fits(count, free)}"
    )


def what_fits(count: int, free: float) -> str:
    """Say which size would fit into so many bytes."""
    room = max(free - _BESIDE, 0)
    most = room / BYTES["bfloat16"] / 1e9
    model = f"a model of up to {most:.1f} billion parameters in bfloat16"
    smaller = "quantize='int8', or " if count * BYTES["int8"] <= room else ""
    return f"what would fit: {smaller}{model}"


def free_memory(device: str) -> float | None:
    """Return how many bytes a device has left; None when it cannot be known."""
    if device == "cuda":
        torch: Any = import_module("torch")
        return float(torch.cuda.mem_get_info()[0])
    if device == "cpu" and find_spec("psutil") is not None:
        return float(import_module("psutil").virtual_memory().available)
    return None
