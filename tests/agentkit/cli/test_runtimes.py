"""What doctor says of the templates of runtimes on this device."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from agentkit.cli.runtimes import runtime_templates

JSON_TEMPLATE = "<|start_header_id|>ipython Respond with JSON for a function call"


class _Ollama(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        models = [{"name": "llama3.2:3b"}, {"name": "other:7b"}]
        self._answer({"models": models})

    def do_POST(self) -> None:
        self._answer({"template": JSON_TEMPLATE})

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test's output clean."""

    def _answer(self, data: object) -> None:
        body = json.dumps(data).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def ollama() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Ollama)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_json_template_is_named(ollama: str) -> None:
    """Ollama's stock Llama 3.2 template asks for JSON, and doctor says so."""
    found = list(runtime_templates(ollama))
    assert [template.model for template in found] == ["llama3.2:3b"]
    assert any("JSON" in warning for warning in found[0].warnings)


def test_no_runtime_is_no_fault() -> None:
    """Nothing listens: nothing is found, and nothing is raised."""
    assert list(runtime_templates("http://127.0.0.1:9")) == []


def test_a_checkpoints_own_template_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The chat template of `AGENTKIT_MODEL` is looked at too."""
    config = tmp_path / "tokenizer_config.json"
    config.write_text(json.dumps({"chat_template": JSON_TEMPLATE}))
    monkeypatch.setenv("AGENTKIT_MODEL", str(tmp_path))
    found = list(runtime_templates("http://127.0.0.1:9"))
    assert [template.runtime for template in found] == ["checkpoint"]
