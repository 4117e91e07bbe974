"""Runtimes on this device, and whether their own templates call tools as trained.

Only loopback is asked. agentkit sends its own prompt and is not affected; a person
who uses the same runtime without it is.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from agentkit.backends.ollama_server import OllamaServer
from agentkit.errors import BackendError, ConfigError
from agentkit.prompting import template_warnings

_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class RuntimeTemplate:
    """A model's own template, as its runtime keeps it."""

    runtime: str
    model: str
    template: str

    @property
    def warnings(self) -> tuple[str, ...]:
        """How it departs from the reference; empty when it does not."""
        return template_warnings(self.template)


def runtime_templates(env: Mapping[str, str] = os.environ) -> Iterator[RuntimeTemplate]:
    """Find the Llama 3.2 templates of a running Ollama and of `AGENTKIT_MODEL`.

    Args:
        env: where `OLLAMA_HOST` and `AGENTKIT_MODEL` are read.
    """
    with suppress(BackendError, ConfigError):
        yield from _ollama_templates(env.get("OLLAMA_HOST", ""))
    folder = env.get("AGENTKIT_MODEL", "")
    if folder:
        yield from _checkpoint_template(Path(folder))


def _ollama_templates(host: str) -> Iterator[RuntimeTemplate]:
    server = OllamaServer(host, timeout=_SECONDS)
    if not server.on_device:
        return
    for entry in server.models():
        name = str(entry.get("name", ""))
        if "llama3.2" in name.lower():
            template = str(server.show(name).get("template", ""))
            yield RuntimeTemplate("ollama", name, template)


def _checkpoint_template(folder: Path) -> Iterator[RuntimeTemplate]:
    path = folder / "tokenizer_config.json"
    try:
        config: object = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return
    if isinstance(config, dict):
        template: object = cast(dict[str, object], config).get("chat_template")
        if isinstance(template, str):
            yield RuntimeTemplate("checkpoint", str(folder), template)
