"""llama.cpp's C functions, in the shared library that the package xllamacpp brings.

The library is opened as it is; xllamacpp's own Python module is not imported. What the
functions take and what the structs hold is written here, as in llama.h. llama.cpp
moves fields about from one month to the next, and a struct with another layout
would be misread. So only builds that were checked are opened, and
the default of each field is compared with what the library says it is.

Not covered: functions that this backend does not call, and Windows, where the library
lets none of its C functions be found. On macOS and aarch64 the functions are there, and
nobody has run the tests.
"""

from __future__ import annotations

import ctypes
import os
import re
import sys
from collections.abc import Iterable
from ctypes import (
    POINTER,
    c_bool,
    c_char_p,
    c_float,
    c_int8,
    c_int32,
    c_size_t,
    c_uint32,
    c_void_p,
)
from functools import cache
from importlib.machinery import PathFinder
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any

from agentkit.errors import BackendUnavailable, ConfigError, MissingPackage
from agentkit.installation.distribution import install_command

# Versions are YEAR.MONTH.BUILD, the build being llama.cpp's. The first and the last
# one, and 2026.9.11063 between them, ran this backend's tests on Linux x86-64.
# 2026.8.10566 has no field lazy_mode; what comes after the last one is not known.
FIRST, LAST = (2026, 9, 10809), (2026, 10, 11549)
REQUIREMENT = "xllamacpp>=2026.9.10809,<2026.10.11550"

_Version = tuple[int, ...]
_Field = tuple[str, Any, object]

_MODEL: tuple[_Field, ...] = (
    ("devices", c_void_p, None),
    ("tensor_buft_overrides", c_void_p, None),
    ("n_gpu_layers", c_int32, -1),
    ("split_mode", c_int32, 1),
    ("load_mode", c_int32, -1),
    ("lazy_mode", c_int32, 1),
    ("main_gpu", c_int32, 0),
    ("tensor_split", c_void_p, None),
    ("progress_callback", c_void_p, None),
    ("progress_callback_user_data", c_void_p, None),
    ("kv_overrides", c_void_p, None),
    ("vocab_only", c_bool, False),
    ("check_tensors", c_bool, False),
    ("use_extra_bufts", c_bool, True),
    ("no_host", c_bool, False),
    ("no_alloc", c_bool, False),
    ("load_mtp", c_bool, False),
)
_CONTEXT: tuple[_Field, ...] = (
    ("n_ctx", c_uint32, 512),
    ("n_batch", c_uint32, 2048),
    ("n_ubatch", c_uint32, 512),
    ("n_seq_max", c_uint32, 1),
    ("n_rs_seq", c_uint32, 0),
    ("n_outputs_max", c_uint32, 0),
    ("n_outputs_max_per_seq", c_uint32, 1),
    ("n_threads", c_int32, 4),
    ("n_threads_batch", c_int32, 4),
    ("ctx_type", c_int32, 0),
    ("rope_scaling_type", c_int32, -1),
    ("pooling_type", c_int32, -1),
    ("attention_type", c_int32, -1),
    ("flash_attn_type", c_int32, -1),
    ("rope_freq_base", c_float, 0.0),
    ("rope_freq_scale", c_float, 0.0),
    ("yarn_ext_factor", c_float, -1.0),
    ("yarn_attn_factor", c_float, -1.0),
    ("yarn_beta_fast", c_float, -1.0),
    ("yarn_beta_slow", c_float, -1.0),
    ("yarn_orig_ctx", c_uint32, 0),
    ("defrag_thold", c_float, -1.0),
    ("cb_eval", c_void_p, None),
    ("cb_eval_user_data", c_void_p, None),
    ("type_k", c_int32, 1),
    ("type_v", c_int32, 1),
    ("abort_callback", c_void_p, None),
    ("abort_callback_data", c_void_p, None),
    ("embeddings", c_bool, False),
    ("offload_kqv", c_bool, True),
    ("no_perf", c_bool, True),
    ("op_offload", c_bool, True),
    ("swa_full", c_bool, True),
    ("kv_unified", c_bool, False),
    ("samplers", c_void_p, None),
    ("n_samplers", c_size_t, 0),
    ("ctx_other", c_void_p, None),
)
# 2026.10 has one more pointer there. Only its place was found, by trying: it is null.
_ADDED = ("added_in_2026_10", c_void_p, None)
_ADDED_BEFORE = "abort_callback"
# The release whose struct has one field more.
_ADDED_SINCE = (2026, 10)

LogCallback = ctypes.CFUNCTYPE(None, c_int32, c_char_p, c_void_p)
ProgressCallback = ctypes.CFUNCTYPE(c_bool, c_float, c_void_p)


class LlamaBatch(ctypes.Structure):
    """Tokens to be read, and behind which of them scores are wanted."""

    _fields_ = (
        ("n_tokens", c_int32),
        ("token", POINTER(c_int32)),
        ("embd", c_void_p),
        ("pos", c_void_p),
        ("n_seq_id", c_void_p),
        ("seq_id", c_void_p),
        ("logits", POINTER(c_int8)),
    )


# The dynamic linker's words for a library that xllamacpp needs: `libgomp.so.1: ...`.
_OTHER_LIBRARY = re.compile(r"(lib[^/:]+\.so[.\d]*): cannot open shared object file")

# What each function gives back, and what it takes. Models, contexts, vocabularies and
# memories are addresses.
_FUNCTIONS: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "llama_backend_init": (None, ()),
    "llama_log_set": (None, (c_void_p, c_void_p)),
    "llama_model_free": (None, (c_void_p,)),
    "llama_free": (None, (c_void_p,)),
    "llama_model_get_vocab": (c_void_p, (c_void_p,)),
    "llama_get_memory": (c_void_p, (c_void_p,)),
    "llama_n_ctx": (c_uint32, (c_void_p,)),
    "llama_n_ubatch": (c_uint32, (c_void_p,)),
    "llama_n_threads": (c_int32, (c_void_p,)),
    "llama_n_threads_batch": (c_int32, (c_void_p,)),
    "llama_vocab_n_tokens": (c_int32, (c_void_p,)),
    "llama_vocab_is_control": (c_bool, (c_void_p, c_int32)),
    "llama_vocab_is_eog": (c_bool, (c_void_p, c_int32)),
    "llama_vocab_get_text": (c_char_p, (c_void_p, c_int32)),
    "llama_adapter_lora_init": (c_void_p, (c_void_p, c_char_p)),
    "llama_set_adapters_lora": (
        c_int32,
        (c_void_p, POINTER(c_void_p), c_size_t, POINTER(c_float)),
    ),
    "llama_tokenize": (
        c_int32,
        (c_void_p, c_char_p, c_int32, POINTER(c_int32), c_int32, c_bool, c_bool),
    ),
    "llama_token_to_piece": (
        c_int32,
        (c_void_p, c_int32, c_char_p, c_int32, c_int32, c_bool),
    ),
    "llama_batch_get_one": (LlamaBatch, (POINTER(c_int32), c_int32)),
    "llama_decode": (c_int32, (c_void_p, LlamaBatch)),
    "llama_get_logits_ith": (POINTER(c_float), (c_void_p, c_int32)),
    "llama_set_abort_callback": (None, (c_void_p, c_void_p, c_void_p)),
    "llama_memory_seq_rm": (c_bool, (c_void_p, c_int32, c_int32, c_int32)),
    "llama_memory_clear": (None, (c_void_p, c_bool)),
    "llama_state_seq_get_size": (c_size_t, (c_void_p, c_int32)),
    "llama_state_seq_get_data": (c_size_t, (c_void_p, c_void_p, c_size_t, c_int32)),
    "llama_state_seq_set_data": (c_size_t, (c_void_p, c_void_p, c_size_t, c_int32)),
}


def require_llama_cpp(*, grammar: bool = True, platform: str = sys.platform) -> None:
    """Check that the packages are there, and of a known version, without loading them.

    Args:
        grammar: whether answers follow a grammar, which needs one more package.
        platform: as in `sys.platform`.

    Raises:
        MissingPackage: one is not.
        ConfigError: this is Windows.
    """
    if platform == "win32":
        raise ConfigError(
            "the llama_cpp backend runs on Linux and macOS; on Windows, start llama.cpp's "
            "server and take --backend llamacpp-server:default"
        )
    what = "The llama_cpp backend"
    for package in ("xllamacpp", "numpy", *(["llguidance"] if grammar else [])):
        if find_spec(package) is None:
            raise MissingPackage(package, "llama", what)
    found = library_version()
    # A copy without metadata has no version; the defaults of its structs decide then.
    if found and not is_known(found):
        what = f"{what}, to which xllamacpp {found} is not known,"
        raise MissingPackage(REQUIREMENT, "llama", what)


def library_version() -> str:
    """Return the version of the installed xllamacpp; empty where there is none."""
    try:
        return version("xllamacpp")
    except PackageNotFoundError:
        return ""


def is_known(found: str) -> bool:
    """Say whether the structs of a version of xllamacpp are known here."""
    return FIRST <= _numbers(found) <= LAST


def _numbers(found: str) -> _Version:
    """Read year, month and build; what follows names a variant of the build."""
    return tuple([int(part) for part in re.findall(r"\d+", found)[:3]])


@cache
def llama_library() -> Any:
    """Open the library; its functions know what they take and give back.

    Raises:
        MissingPackage: xllamacpp is not installed, or in a version not known here.
        BackendUnavailable: it cannot be opened, or is not what its version says.
    """
    require_llama_cpp(grammar=False)
    found = library_version()
    library: Any = _opened()
    try:
        _bind(library, _FUNCTIONS)
        _bind(library, _made_with_options(_numbers(found)))
    except AttributeError as exc:
        raise unusable(f"it lacks a C function ({exc})") from exc
    _check_defaults(library, found)
    # After the check: a library that is not known is not run.
    library.llama_backend_init()
    return library


def _opened() -> ctypes.CDLL:
    package = find_spec("xllamacpp")
    places = package.submodule_search_locations if package else None
    # The extension module inside the package of the same name, found without importing.
    module = PathFinder.find_spec("xllamacpp", places)
    if module is None or module.origin is None:
        raise unusable("its shared library is not there")
    try:
        return ctypes.CDLL(module.origin)
    except OSError as exc:
        if lacks := _OTHER_LIBRARY.match(str(exc)):
            raise BackendUnavailable(
                f"xllamacpp needs {lacks[1]}, which this system does not have: install it "
                "with the system's own packages (Debian and Ubuntu: libgomp1, libstdc++6)"
            ) from exc
        raise unusable(str(exc)) from exc


def _bind(library: Any, functions: dict[str, tuple[Any, tuple[Any, ...]]]) -> None:
    for name, (result, arguments) in functions.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments


def _made_with_options(found: _Version) -> dict[str, tuple[Any, tuple[Any, ...]]]:
    model = _struct("ModelOptions", _MODEL)
    context = _struct("ContextOptions", _context_fields(found))
    return {
        "llama_model_default_params": (model, ()),
        "llama_context_default_params": (context, ()),
        "llama_model_load_from_file": (c_void_p, (c_char_p, model)),
        "llama_init_from_model": (c_void_p, (c_void_p, context)),
    }


def _context_fields(found: _Version) -> tuple[_Field, ...]:
    if found < _ADDED_SINCE:
        return _CONTEXT
    place = [name for name, *_ in _CONTEXT].index(_ADDED_BEFORE)
    return (*_CONTEXT[:place], _ADDED, *_CONTEXT[place:])


def _struct(name: str, fields: Iterable[_Field]) -> type[ctypes.Structure]:
    told = [(field, kind) for field, kind, _ in fields]
    return type(name, (ctypes.Structure,), {"_fields_": told})


def _check_defaults(library: Any, found: str) -> None:
    """Compare each field's default; one that has moved shows something else."""
    for options, fields in (
        (library.llama_model_default_params(), _MODEL),
        (library.llama_context_default_params(), _context_fields(_numbers(found))),
    ):
        for name, _, expected in fields:
            value = getattr(options, name)
            if value != expected:
                raise unusable(f"its structs differ: {name} is {value}, not {expected}")


def c_function(name: str) -> int:
    """Return the address of a function of C's own library.

    As a callback it is called from any thread, and never waits for the interpreter.
    """
    library = ctypes.CDLL(None if os.name == "posix" else "msvcrt")
    return address_of(getattr(library, name))


def address_of(function: Any) -> int:
    """Return where a C function or a callback lies, for who takes an address."""
    return ctypes.cast(function, c_void_p).value or 0


def unusable(why: str) -> BackendUnavailable:
    """Make the error of a library that is not what its version says."""
    found = library_version()
    return BackendUnavailable(
        f"xllamacpp {found} cannot be used, {why}: "
        + install_command(f"--force-reinstall {REQUIREMENT!r}")
    )
