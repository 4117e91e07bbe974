"""Backends: what turns a conversation into the next assistant turn.

Names are loaded at first use, so that no backend costs those who use another.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from agentkit.backends.auto import pick_backend as pick_backend
    from agentkit.backends.base import Backend as Backend
    from agentkit.backends.base import Fault as Fault
    from agentkit.backends.base import Price as Price
    from agentkit.backends.base import Question as Question
    from agentkit.backends.base import Reply as Reply
    from agentkit.backends.base import Request as Request
    from agentkit.backends.base import Traits as Traits
    from agentkit.backends.llama_cpp import LlamaCppBackend as LlamaCppBackend
    from agentkit.backends.ollama import OllamaBackend as OllamaBackend
    from agentkit.backends.openai import OpenAIBackend as OpenAIBackend
    from agentkit.backends.reflex import ReflexBackend as ReflexBackend
    from agentkit.backends.scripted import ScriptedBackend as ScriptedBackend
    from agentkit.backends.transformers import (
        TransformersBackend as TransformersBackend,
    )

_ROOM_OF = {
    "Backend": "base",
    "Fault": "base",
    "LlamaCppBackend": "llama_cpp",
    "OllamaBackend": "ollama",
    "OpenAIBackend": "openai",
    "Price": "base",
    "Question": "base",
    "ReflexBackend": "reflex",
    "Reply": "base",
    "Request": "base",
    "ScriptedBackend": "scripted",
    "Traits": "base",
    "TransformersBackend": "transformers",
    "pick_backend": "auto",
}

__all__ = sorted(_ROOM_OF)  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> Any:
    """Load a public name at first use (PEP 562)."""
    if name not in _ROOM_OF:
        raise AttributeError(f"module 'agentkit.backends' has no attribute {name!r}")
    value = getattr(import_module(f"agentkit.backends.{_ROOM_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names."""
    return list(__all__)
