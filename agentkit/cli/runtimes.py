"""Runtimes on this device, and whether their own templates call tools as trained.

Only loopback is asked. agentkit sends its own prompt and is not affected; a person
who uses the same runtime without it is.
"""

from __future__ import annotations

import json
import os
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from agentkit.prompting import template_warnings
from agentkit.schema.json_schema import is_list

OLLAMA = "http://127.0.0.1:11434"
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


def runtime_templates(ollama: str = OLLAMA) -> Iterator[RuntimeTemplate]:
    """Find the Llama 3.2 templates of a running Ollama and of `AGENTKIT_MODEL`."""
    yield from _ollama_templates(ollama)
    folder = os.environ.get("AGENTKIT_MODEL", "")
    if folder:
        yield from _checkpoint_template(Path(folder))


def _ollama_templates(base: str) -> Iterator[RuntimeTemplate]:
    listed = _ask(f"{base}/api/tags", None).get("models")
    for entry in listed if is_list(listed) else []:
        name = str(entry.get("name", ""))
        if "llama3.2" in name.lower():
            shown = _ask(f"{base}/api/show", {"model": name})
            yield RuntimeTemplate("ollama", name, str(shown.get("template", "")))


def _checkpoint_template(folder: Path) -> Iterator[RuntimeTemplate]:
    path = folder / "tokenizer_config.json"
    try:
        template = _object(path.read_bytes()).get("chat_template")
    except (OSError, ValueError):
        return
    if isinstance(template, str):
        yield RuntimeTemplate("checkpoint", str(folder), template)


def _ask(url: str, body: object) -> dict[str, Any]:
    """Ask a runtime on loopback; nothing when none answers."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, data, headers)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=_SECONDS) as answer:
            return _object(answer.read())
    except (OSError, ValueError):
        return {}


def _object(data: bytes) -> dict[str, Any]:
    loaded = json.loads(data)
    return cast(dict[str, Any], loaded) if isinstance(loaded, dict) else {}
