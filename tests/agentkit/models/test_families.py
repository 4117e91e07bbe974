"""Model families: how each writes calls, and files that cannot chat."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from agentkit.errors import ConfigError
from agentkit.models import ModelRegistry, describe
from agentkit.models.families import call_form
from tests.agentkit.models.files import BASE, LLAMA, gguf_bytes, make_folder

TEMPLATES = {
    "functiongemma": "{% if tools %}<start_function_declaration>{% endif %}"
    "<start_function_call>call:",
    "gemma4": "{{ '<|tool_call>call:' }}",
    "tags": "<tool_call>\n<function=name>\n<parameter=x>",
    "lfm": "<|tool_call_start|>[f()]<|tool_call_end|>{{ tools }}",
    "mistral_args": "[AVAILABLE_TOOLS]{{ tools }}[TOOL_CALLS]{{ name }}[ARGS]",
    "mistral": "[AVAILABLE_TOOLS]{{ tools }}[TOOL_CALLS]",
    "phi": "<|tool|>{{ tools }}<|/tool|> <|tool_call|>",
    "hermes": '{{ tools }} <tool_call>\n{"name": ...}\n</tool_call>',
    "llama": "<|start_header_id|>{{ tools }}<|eot_id|>",
    "json": "{{ tools | tojson }}",
    "told": "<|im_start|>{{ messages[0].content }}<|im_end|>",
}


@pytest.mark.parametrize("form", TEMPLATES)
def test_the_chat_template_tells_the_form(form: str) -> None:
    """What a template writes around a call names the form of its model."""
    assert call_form(TEMPLATES[form]).name == form


UNFIT: dict[str, tuple[dict[str, Any], str]] = {
    "a base model": (BASE, "has no chat template and lacks <|begin_of_text|>"),
    "an embedding model": (
        {**LLAMA, "general.architecture": "bert"},
        "is an embedding model.*take an instruct model",
    ),
    "a pooled model": ({**LLAMA, "llama.pooling_type": 1}, "is an embedding model"),
    "a vision projector": (
        {**LLAMA, "general.architecture": "clip"},
        "is a vision projector.*take the model's own file",
    ),
    "an adapter": ({**LLAMA, "general.type": "adapter"}, "is an adapter.*merge it"),
}


@pytest.mark.parametrize(("facts", "told"), UNFIT.values(), ids=UNFIT.keys())
def test_an_unfit_file_is_refused_when_added(
    tmp_path: Path, facts: dict[str, Any], told: str
) -> None:
    """It is one sentence with what would work, and no weight is read."""
    path = tmp_path / "model.gguf"
    path.write_bytes(gguf_bytes(facts))
    with pytest.raises(ConfigError, match=told) as raised:
        ModelRegistry(tmp_path / "models").add(path)
    assert "\n" not in str(raised.value)
    assert describe(path, "model", "added").fault == str(raised.value)


def test_an_unfit_checkpoint_is_refused(tmp_path: Path) -> None:
    """A folder tells by its config, and by whether it has a chat template."""
    folder = make_folder(tmp_path / "model")
    assert not describe(folder, "model", "added").fault
    (folder / "tokenizer_config.json").write_text("{}", "utf-8")
    assert "has no chat template" in describe(folder, "model", "added").fault
    words = {"chat_template": TEMPLATES["hermes"]}
    (folder / "tokenizer_config.json").write_text(json.dumps(words), "utf-8")
    found = describe(folder, "model", "added")
    assert (found.fault, found.form) == ("", "hermes")
    config = json.loads((folder / "config.json").read_text("utf-8"))
    config["architectures"] = ["BertModel"]
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    assert "is an embedding model" in describe(folder, "model", "added").fault
