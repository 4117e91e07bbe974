"""Loading a GGUF file: checked before llama.cpp sees it, with errors for people."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from agentkit.backends.gguf_memory import check_memory
from agentkit.backends.llama_cpp_model import BATCH, MOST_SCORED, LlamaCppModel
from agentkit.backends.llama_library import (
    LogCallback,
    ProgressCallback,
    address_of,
    c_function,
    llama_library,
    unusable,
)
from agentkit.errors import BackendUnavailable
from agentkit.models.families import template_in, unfit_file
from agentkit.models.gguf import GgufFile, read_gguf
from agentkit.prompting.chat_template import ChatTemplate

Progress = Callable[[float], None]

# Llama 3.2 was trained for more, but each token of it costs memory from the start.
WINDOW = 8192
# ggml's log level of errors; anything lower is of no use to a person.
_ERROR = 4
# llama.cpp's load mode: a mapped file that changes later would change the weights.
_READ_NOT_MAPPED = 0


def gguf_path(model: str) -> Path:
    """Return where a file lies.

    Raises:
        BackendUnavailable: there is none, or it is a folder.
    """
    path = Path(model).expanduser()
    if path.is_dir():
        raise BackendUnavailable(
            f"{path} is a folder, not a GGUF file: for a checkpoint, take the "
            "transformers backend"
        )
    if not path.exists():
        raise BackendUnavailable(f"there is no GGUF file {model!r}")
    return path


def load_gguf(
    path: Path,
    *,
    window: int,
    threads: int,
    gpu_layers: int,
    control: Sequence[str] = (),
    on_progress: Progress | None = None,
    adapter: Path | None = None,
) -> LlamaCppModel:
    """Load a model.

    Args:
        path: the GGUF file.
        window: most tokens of prompt and answer together; 0 for 8,192, or less where
            the model takes less.
        threads: for computing; 0 for all cores that are idle.
        gpu_layers: how many layers a GPU takes, where llama.cpp is built for one; all
            when negative.
        control: control tokens that prompts are written with; a file that lacks one
            is refused.
        on_progress: called with how much is loaded, from 0 to 1.
        adapter: a LoRA adapter that changes the model; `read_adapter` has checked it.

    Raises:
        MissingPackage: xllamacpp is not installed, or in a version not known here.
        BackendUnavailable: it is not there, is damaged, lacks a token, or is too large.
    """
    file = read_gguf(path)
    # Window and memory before the weights: both are told by the file's head, in a
    # moment.
    window = _window(file, window)
    check_memory(file, window)
    library = llama_library()
    with _said(library) as said:
        model = _model(library, file, gpu_layers, on_progress)
        if not model:
            raise BackendUnavailable(f"{path} cannot be loaded{_why(said)}")
        try:
            special = _special_ids(library, model, path, control)
            context = _context(library, model, window, threads or idle_cores())
        # llama.cpp frees nothing by itself; from `LlamaCppModel` on, that closes both.
        except BackendUnavailable:
            library.llama_model_free(model)
            raise
        if not context:
            library.llama_model_free(model)
            raise BackendUnavailable(
                f"{path} does not fit into memory with a window of {window:,} tokens"
                f"{_why(said)}: take a smaller window"
            )
        loaded = LlamaCppModel(
            library, model, context, special, template_of(file, special)
        )
        if adapter is not None:
            _adapt(library, model, context, adapter, said)
    _check_words(loaded, path, control or tuple(special))
    return loaded


def _adapt(
    library: Any, model: Any, context: Any, adapter: Path, said: list[str]
) -> None:
    """Let an adapter change a model; the model frees it at its own end."""
    found = library.llama_adapter_lora_init(model, os.fsencode(adapter))
    if not found:
        raise BackendUnavailable(f"{adapter} cannot be applied{_why(said)}")
    # At full strength, as it was trained.
    adapters, scales = (ctypes.c_void_p * 1)(found), (ctypes.c_float * 1)(1.0)
    if library.llama_set_adapters_lora(context, adapters, 1, scales):
        raise BackendUnavailable(f"{adapter} cannot be applied{_why(said)}")


def template_of(file: GgufFile, special: Mapping[str, int]) -> ChatTemplate | None:
    """Return a file's own chat template; None where it has none.

    Args:
        file: the model.
        special: id of each control token.
    """
    source = template_in(file.metadata)
    if not source:
        return None
    names = {token: name for name, token in special.items()}

    def name(which: str) -> str:
        return names.get(file.metadata.get(f"tokenizer.ggml.{which}_token_id", -1), "")

    return ChatTemplate(source, tuple(special), name("bos"), name("eos"))


def check_format(path: Path) -> None:
    """Refuse a file that cannot chat, before its weights are read.

    Raises:
        BackendUnavailable: says what it is, and what would work.
    """
    if told := unfit_file(read_gguf(path)):
        raise BackendUnavailable(told)


def cores() -> int:
    """Return how many cores this process may use."""
    # A container or `taskset` may leave this process fewer cores than there are.
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def idle_cores(load: float | None = None) -> int:
    """Return how many cores nobody else keeps busy, at least one.

    llama.cpp's threads wait for each other at each step, and one that the system puts
    aside for other work holds up all while the rest burn their time. On two cores with
    nine processes waiting, a pass of SmolLM2-135M took 0.7 CPU-seconds with two threads
    and 0.04 with one.

    Args:
        load: processes that run or wait, on average; asked of the system when None.
    """
    if load is None:
        load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    # Half a process is what looking, and the agent itself, come to.
    return max(1, cores() - int(load + 0.5))


def _window(file: GgufFile, wanted: int) -> int:
    if not wanted:
        return min(WINDOW, file.window or WINDOW)
    if file.window and wanted > file.window:
        raise BackendUnavailable(
            f"{file.path.name} was made for {file.window:,} tokens, and a window of "
            f"{wanted:,} is asked for: give {file.window:,} or less"
        )
    return wanted


def _model(
    library: Any, file: GgufFile, gpu_layers: int, on_progress: Progress | None
) -> Any:
    options = library.llama_model_default_params()
    options.n_gpu_layers = gpu_layers
    # llama.cpp packs many weights anew: a mapped file would be held beside them.
    options.load_mode = _READ_NOT_MAPPED

    def tell(part: float, _: Any) -> bool:
        if on_progress is not None:
            on_progress(part)
        return True

    callback = ProgressCallback(tell)
    options.progress_callback = address_of(callback)
    return library.llama_model_load_from_file(os.fsencode(file.path), options)


def _context(library: Any, model: Any, window: int, threads: int) -> Any:
    options = library.llama_context_default_params()
    options.n_ctx = window
    options.n_batch = options.n_ubatch = min(BATCH, window)
    options.n_threads = options.n_threads_batch = threads
    options.no_perf = True
    options.n_outputs_max = options.n_outputs_max_per_seq = MOST_SCORED
    context = library.llama_init_from_model(model, options)
    if context:
        _check_heard(library, context, options)
    return context


def _check_heard(library: Any, context: Any, wanted: Any) -> None:
    """Refuse a library that has taken an option for another one."""
    for name in ("n_ubatch", "n_threads", "n_threads_batch"):
        asked, heard = getattr(wanted, name), getattr(library, f"llama_{name}")(context)
        if asked != heard:
            library.llama_free(context)
            raise unusable(f"it was told {name} {asked} and heard {heard}")


def _special_ids(
    library: Any, model: Any, path: Path, control: Sequence[str]
) -> Mapping[str, int]:
    """Find the control tokens.

    Raises:
        BackendUnavailable: one that prompts are written with is not there.
    """
    vocabulary = library.llama_model_get_vocab(model)
    found: dict[str, int] = {}
    for number in range(library.llama_vocab_n_tokens(vocabulary)):
        if library.llama_vocab_is_control(vocabulary, number):
            name = library.llama_vocab_get_text(vocabulary, number)
            found[name.decode("utf-8", "replace")] = number
    lacking = [name for name in control if name not in found]
    if lacking:
        raise BackendUnavailable(
            f"the tokenizer in {path} is not Llama 3's: it lacks {lacking[0]}, so no "
            'prompt of this format can be written; take format="auto", or a Llama 3 file'
        )
    return found


def _check_words(model: LlamaCppModel, path: Path, control: Sequence[str]) -> None:
    """Refuse a tokenizer that takes anybody's text for control tokens."""
    ids = frozenset(model.special_ids.values())
    # In the middle of a text, as in a message.
    if ids.intersection(model.encode(f"a {' '.join(control)} b")):
        raise BackendUnavailable(
            f"the tokenizer in {path} reads control tokens out of plain text, so that "
            "a message could pose as another speaker: take a newer file"
        )


@contextmanager
def _said(library: Any) -> Generator[list[str]]:
    """Silence llama.cpp's log, and collect its errors."""
    errors: list[str] = []

    def hear(level: int, text: bytes, _: Any) -> None:
        if level == _ERROR:
            errors.append(text.decode("utf-8", "replace"))

    callback = LogCallback(hear)
    library.llama_log_set(address_of(callback), None)
    try:
        yield errors
    finally:
        # Without a callback it would write to standard error. The C library's own
        # `abs` looks at the level, does nothing, and needs no interpreter.
        library.llama_log_set(c_function("abs"), None)


def _why(said: list[str]) -> str:
    # The first error is the cause; the others follow from it.
    line = " ".join("".join(said[:1]).split())
    return f": {line[:200]}" if line else ""
