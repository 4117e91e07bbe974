"""A checkpoint, loaded and checked, with errors for people.

Not covered: weights that fit their config and are wrong; a tokenizer whose ids
are in range and mean something else.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from agentkit.backends.local_prompts import CONTROL_TOKENS
from agentkit.backends.weights import (
    Quantize,
    check_config,
    check_tokenizer,
    fast_halves,
    find_device,
    find_folder,
    first_line,
    pick_dtype,
    quantization,
    require_memory,
)
from agentkit.errors import BackendError, BackendUnavailable, MissingPackage
from agentkit.grammar import GrammarTokenizer
from agentkit.installation.chatter import quiet
from agentkit.models.families import CALL_MARKS
from agentkit.tools.schema.json_schema import is_list


def trim_memory() -> bool:
    """Give back what was freed; return whether the platform could.

    Loading a tokenizer of 128,000 words frees hundreds of megabytes that the C
    library keeps for later. Nothing later needs them.
    """
    if sys.platform != "linux":
        return False
    # Not every C library of Linux has it.
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return trim is not None and bool(trim(0))


# Llama 3's ends of a turn, of a message that waits for a tool, and of a document.
STOP_TOKENS = ("<|eot_id|>", "<|eom_id|>", "<|end_of_text|>")

# Two bits: no kept quantisation stores a parameter in less.
_LEAST_BYTES = 0.25


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A model that is ready to generate.

    Attributes:
        model: the `transformers` model.
        tokenizer: its fast tokenizer.
        window: most tokens that prompt and answer may have together.
        stops: ids of the tokens that end a turn.
        hidden: ids of control tokens, which are not shown as text.
        folder: where the weights lie.
        rows: how many tokens the model scores.
    """

    model: Any
    tokenizer: Any
    rows: int
    window: int
    stops: tuple[int, ...]
    hidden: frozenset[int]
    folder: Path


def require_transformers() -> None:
    """Check that the packages are there, without loading them.

    Raises:
        MissingPackage: one is not.
    """
    # `device_map` is accelerate's: without it `transformers` refuses the option.
    for package in ("torch", "transformers", "accelerate"):
        if find_spec(package) is None:
            raise MissingPackage(package, "transformers", "The transformers backend")


@dataclass(frozen=True, slots=True)
class Loading:
    """How a checkpoint is loaded.

    Attributes:
        tokenizer: folder or hub id of the tokenizer; the model's own when empty.
        device_map: where layers go, as accelerate takes it.
        dtype: number format of the weights; `auto` is what the device does fast.
        quantize: store weights in fewer bits.
        download: whether a hub id that is not here may be fetched.
    """

    tokenizer: str = ""
    device_map: Any = "auto"
    dtype: str = "auto"
    quantize: Quantize = ""
    download: bool = False


def load_checkpoint(model: str, loading: Loading) -> Checkpoint:
    """Load a model and its tokenizer.

    Args:
        model: a folder, or a hub id.
        loading: how.

    Raises:
        BackendUnavailable: it is not there, is no checkpoint, or does not fit.
        MissingPackage: smaller weights are wanted, and torchao is not installed.
    """
    folder = find_folder(model, download=loading.download)
    check_config(folder)
    words = folder
    if loading.tokenizer:
        words = find_folder(loading.tokenizer, download=loading.download)
    check_tokenizer(words)
    transformers: Any = import_module("transformers")
    options: dict[str, Any] = {"device_map": loading.device_map}
    if loading.quantize:
        options["quantization_config"] = quantization(loading.quantize)
    # `local_files_only` below: `find_folder` has settled what may be fetched, and the
    # loaders would ask the hub again by themselves.
    with told_loading(model), quiet():
        options["dtype"] = _sized(folder, loading, transformers)
        reader = transformers.AutoTokenizer.from_pretrained(
            words, local_files_only=True
        )
        loaded, report = transformers.AutoModelForCausalLM.from_pretrained(
            folder, local_files_only=True, output_loading_info=True, **options
        )
    _check_weights(report, folder)
    ready = _ready(loaded.eval(), reader, words, folder)
    trim_memory()
    return ready


def grammar_tokenizer(checkpoint: Checkpoint) -> GrammarTokenizer:
    """Return a checkpoint's tokenizer as grammars need it; takes a second.

    Raises:
        ToolsetError: grammars cannot use it.
    """
    made = GrammarTokenizer.from_transformers(
        checkpoint.tokenizer, checkpoint.stops, checkpoint.rows
    )
    trim_memory()
    return made


def require_same_tokenizer(one: Checkpoint, other: Checkpoint) -> None:
    """Refuse a second model that means other words by the same ids.

    Raises:
        BackendUnavailable: the tokenizers differ.
    """
    if one.tokenizer.get_vocab() != other.tokenizer.get_vocab():
        raise BackendUnavailable(
            f"{other.folder} cannot draft for {one.folder}: their tokenizers differ"
        )


def _sized(folder: Path, loading: Loading, transformers: Any) -> str:
    """Check the size of the weights, and return their number format.

    A config far beyond the weights, or beyond the memory, is refused before it takes
    all of it.
    """
    torch: Any = import_module("torch")
    config = transformers.AutoConfig.from_pretrained(folder, local_files_only=True)
    # On the meta device parameters have shapes and take no memory.
    with torch.device("meta"):
        empty = transformers.AutoModelForCausalLM.from_config(config)
    count: int = sum(one.numel() for one in empty.parameters())
    stored = sum(path.stat().st_size for path in folder.glob("*.safetensors"))
    if 0 < stored < count * _LEAST_BYTES:
        raise BackendUnavailable(
            f"the weights in {folder} do not fit its config.json: {stored:,} bytes for "
            f"{count:,} parameters"
        )
    device = find_device(loading.device_map)
    dtype = loading.dtype
    if dtype == "auto":
        own = str(config.dtype or "float32").removeprefix("torch.")
        dtype = pick_dtype(own, device, fast_halves(device))
    require_memory(folder, count, loading.quantize or dtype, device)
    return dtype


def _check_weights(report: Any, folder: Path) -> None:
    """Refuse weights that do not cover the model: the rest would be random."""
    absent = sorted([*report["missing_keys"], *map(str, report["mismatched_keys"])])
    if absent:
        raise BackendUnavailable(
            f"the weights in {folder} do not fit its config.json: {len(absent)} are "
            f"missing or of another shape ({absent[0]}, ...)"
        )


def _stops(
    model: Any, tokenizer: Any, vocabulary: Mapping[str, int]
) -> tuple[int, ...]:
    """Return the tokens that end a turn: Llama's, and those that the model names."""
    settings: object = getattr(model, "generation_config", None)
    named: object = getattr(settings, "eos_token_id", None)
    own: list[object] = [*named] if is_list(named) else [named]
    # A checkpoint's own settings often name only one of them.
    listed = [vocabulary[name] for name in STOP_TOKENS if name in vocabulary]
    found: list[object] = [*listed, *own, tokenizer.eos_token_id]
    return tuple(dict.fromkeys(one for one in found if isinstance(one, int)))


def _ready(model: Any, tokenizer: Any, words: Path, folder: Path) -> Checkpoint:
    return ready_checkpoint(
        model,
        tokenizer,
        words,
        folder,
        rows=int(model.get_input_embeddings().weight.shape[0]),
        window=int(model.config.max_position_embeddings),
        stops=_stops(model, tokenizer, tokenizer.get_vocab()),
    )


def ready_checkpoint(
    model: Any,
    tokenizer: Any,
    words: Path,
    folder: Path,
    *,
    rows: int,
    window: int,
    stops: tuple[int, ...],
) -> Checkpoint:
    """Put a model and its tokenizer together, where they fit.

    Args:
        model: what computes.
        tokenizer: a fast one of `transformers`.
        words: where the tokenizer lies, for the error.
        folder: where the model lies.
        rows: how many tokens the model scores.
        window: most tokens of prompt and answer together.
        stops: ids that end a turn.

    Raises:
        BackendUnavailable: they do not fit, or it is not known how prompts are written.
    """
    ids = {name: tokenizer.convert_tokens_to_ids(name) for name in CONTROL_TOKENS}
    unknown = [n for n, i in ids.items() if i is None or i == tokenizer.unk_token_id]
    if unknown and not tokenizer.chat_template:
        raise BackendUnavailable(
            f"the tokenizer in {words} is not Llama 3's: it lacks {unknown[0]}, and no "
            "chat template tells how its prompts are written"
        )
    largest = max(tokenizer.get_vocab().values())
    # Fewer words than rows are fine: many models pad their embedding.
    if largest >= rows:
        raise BackendUnavailable(
            f"the tokenizer in {words} does not match the model: it has ids up to "
            f"{largest:,}, the model knows {rows:,} tokens"
        )
    return Checkpoint(
        model=model,
        tokenizer=tokenizer,
        rows=rows,
        window=window,
        stops=stops,
        hidden=frozenset(
            number
            for number, token in tokenizer.added_tokens_decoder.items()
            # Where a mark of a call is a control token, it must be seen for the call to
            # be read.
            if token.special and token.content not in CALL_MARKS
        ),
        folder=folder,
    )


@contextmanager
def told_loading(model: str) -> Generator[None]:
    """Turn what loading raises into one sentence."""
    try:
        yield
    except BackendError:
        raise
    except Exception as exc:
        # Readers of tokenizer and weight files raise bare Exception subclasses.
        if out_of_memory(exc):
            raise BackendUnavailable(
                f"{model} does not fit into memory: take a smaller model"
            ) from exc
        raise BackendUnavailable(
            f"{model} cannot be loaded: {first_line(exc)}"
        ) from exc


def out_of_memory(exc: Exception) -> bool:
    """Tell whether memory ran out, on whichever device."""
    said = str(exc).lower()
    # CUDA and Metal say the first, PyTorch's allocator for the processor the others.
    words = ("out of memory", "not enough memory", "can't allocate memory")
    return isinstance(exc, MemoryError) or any(word in said for word in words)
