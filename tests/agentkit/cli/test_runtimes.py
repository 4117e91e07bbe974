"""What doctor says of the templates of runtimes on this device."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentkit.cli.inventory import runtime_templates
from tests.agentkit.backends.fake_ollama import FakeOllama

NOBODY = "127.0.0.1:9"
JSON_TEMPLATE = "<|start_header_id|>ipython Respond with JSON for a function call"


@pytest.fixture
def ollama() -> Iterator[FakeOllama]:
    server = FakeOllama()
    server.template = JSON_TEMPLATE
    yield server
    server.close()


def test_a_json_template_is_named(ollama: FakeOllama) -> None:
    """Ollama's stock Llama 3.2 template asks for JSON, and doctor says so."""
    found = list(runtime_templates({"OLLAMA_HOST": ollama.host}))
    assert [template.model for template in found] == ["llama3.2:1b"]
    assert any("JSON" in warning for warning in found[0].warnings)


def test_other_models_are_left_out(ollama: FakeOllama) -> None:
    """The format is Llama 3.2's: templates of other models are not held against it."""
    ollama.model = "other:7b"
    assert list(runtime_templates({"OLLAMA_HOST": ollama.host})) == []


@pytest.mark.parametrize(
    "host", [NOBODY, "ollama.example:11434", "ftp://x"], ids=["none", "away", "odd"]
)
def test_no_runtime_is_no_fault(host: str) -> None:
    """Nothing here listens: nothing is found, nothing is raised, nothing sent off."""
    assert list(runtime_templates({"OLLAMA_HOST": host})) == []


def test_a_checkpoints_own_template_is_read(tmp_path: Path) -> None:
    """The chat template of `AGENTKIT_MODEL` is looked at too."""
    config = tmp_path / "tokenizer_config.json"
    config.write_text(json.dumps({"chat_template": JSON_TEMPLATE}))
    env = {"OLLAMA_HOST": NOBODY, "AGENTKIT_MODEL": str(tmp_path)}
    assert [found.runtime for found in runtime_templates(env)] == ["checkpoint"]
