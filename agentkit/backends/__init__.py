"""Backends: what turns a conversation into the next assistant turn.

Names are loaded at first use, so that no backend costs those who use another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentkit.installation.face import face

if TYPE_CHECKING:
    from agentkit.backends.auto import pick_backend as pick_backend
    from agentkit.backends.base import Backend as Backend
    from agentkit.backends.base import Fault as Fault
    from agentkit.backends.base import Price as Price
    from agentkit.backends.base import Question as Question
    from agentkit.backends.base import Reply as Reply
    from agentkit.backends.base import Request as Request
    from agentkit.backends.base import Traits as Traits
    from agentkit.backends.executorch import ExecuTorchBackend as ExecuTorchBackend
    from agentkit.backends.llama_cpp import LlamaCppBackend as LlamaCppBackend
    from agentkit.backends.nano import NanoBackend as NanoBackend
    from agentkit.backends.ollama import OllamaBackend as OllamaBackend
    from agentkit.backends.openai import OpenAIBackend as OpenAIBackend
    from agentkit.backends.reflex import ReflexBackend as ReflexBackend
    from agentkit.backends.scripted import ScriptedBackend as ScriptedBackend
    from agentkit.backends.transformers import (
        TransformersBackend as TransformersBackend,
    )

if not TYPE_CHECKING:
    __all__, __getattr__, __dir__ = face(
        __name__,
        {
            "auto": ("pick_backend",),
            "base": (
                "Backend",
                "Fault",
                "Price",
                "Question",
                "Reply",
                "Request",
                "Traits",
            ),
            "executorch": ("ExecuTorchBackend",),
            "llama_cpp": ("LlamaCppBackend",),
            "nano": ("NanoBackend",),
            "ollama": ("OllamaBackend",),
            "openai": ("OpenAIBackend",),
            "reflex": ("ReflexBackend",),
            "scripted": ("ScriptedBackend",),
            "transformers": ("TransformersBackend",),
        },
    )
