"""Whether a GGUF file and its cache fit into this device's memory."""

from __future__ import annotations

import os

from agentkit.errors import BackendUnavailable
from agentkit.models.gguf import GgufFile

# Bytes that llama.cpp needs besides weights and cache, for its buffers.
_WORKING = 200_000_000


def cache_bytes(file: GgufFile, window: int) -> int:
    """Return what the cache of a window takes, in half precision."""
    facts = file.metadata

    def number(key: str, otherwise: int) -> int:
        found = facts.get(f"{file.architecture}.{key}", otherwise)
        return found if isinstance(found, int) and found > 0 else otherwise

    heads = number("attention.head_count", 1)
    head = number("attention.key_length", number("embedding_length", 1) // heads)
    width = number("attention.head_count_kv", heads) * head
    # Keys and values, two bytes each.
    return window * number("block_count", 1) * width * 2 * 2


def check_memory(file: GgufFile, window: int, memory: int | None = None) -> None:
    """Refuse what this device cannot hold, before the system ends the process.

    Args:
        file: the model.
        window: tokens that the cache is made for.
        memory: bytes that this device has; asked of the system when None.

    Raises:
        BackendUnavailable: says which window, or which size of model, would fit.
    """
    memory = _memory() if memory is None else memory
    cache = cache_bytes(file, window)
    if not memory or file.size + cache + _WORKING <= memory:
        return
    left = memory - file.size - _WORKING
    # llama.cpp rounds windows up to a multiple of 256.
    fitting = window * max(left, 0) // max(cache, 1) // 256 * 256
    hint = f"a window of {fitting:,} tokens would fit"
    # Less has no room for tools and a conversation: the weights are what is too large.
    if fitting < 1024:
        most = max(memory - cache_bytes(file, 2048) - _WORKING, 0)
        hint = f"a model of at most {most / 1e9:.1f} GB would: a smaller quantisation"
    raise BackendUnavailable(
        f"{file.path.name} needs {(file.size + cache) / 1e9:.1f} GB for its weights "
        f"and a window of {window:,} tokens, and this device has {memory / 1e9:.1f} GB: "
        f"{hint}"
    )


def _memory() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 0
