"""Fetching from a hub: a double of its HTTP API on loopback, as far as it is used."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from agentkit.models.hub import is_hub_id, shown_size
from tests.agentkit.models.files import gguf_bytes

_COMMIT = "a" * 40
# The hub's own package keeps what came of a file in steps of 10 MiB.
_STEP = 10 * 2**20
_GGUF = gguf_bytes(tensors={"a": ((32, 90_000), 0)})
_MAIN = "from agentkit.cli import main; main()"


class Hub:
    """A hub with one repository, which can hand out wrong bytes, or stop half-way."""

    def __init__(self) -> None:
        self.served = _GGUF
        self.drop_after = 0
        self.ranges: list[str] = []
        handler = type("BoundHandler", (_Handler,), {"hub": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        """Shut down."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    hub: Hub

    def do_HEAD(self) -> None:
        self._file(body=False)

    def do_GET(self) -> None:
        if not self.path.startswith("/api/models/org/small"):
            self._file(body=True)
            return
        digest = hashlib.sha256(_GGUF).hexdigest()
        large = {"sha256": digest, "size": len(_GGUF), "pointerSize": 134}
        entry = {"rfilename": "small.gguf", "size": len(_GGUF), "lfs": large}
        facts: dict[str, Any] = {"id": "org/small", "sha": _COMMIT, "siblings": [entry]}
        self._send(json.dumps(facts).encode(), {"Content-Type": "application/json"})

    def _file(self, body: bool) -> None:
        if not self.path.endswith("/small.gguf"):
            self.send_error(404)
            return
        data, asked = self.hub.served, self.headers.get("Range", "")
        if body:
            self.hub.ranges.append(asked)
        start = int(asked.partition("=")[2].partition("-")[0] or 0) if asked else 0
        headers = {
            "ETag": f'"{hashlib.sha256(_GGUF).hexdigest()}"',
            "X-Repo-Commit": _COMMIT,
            "Accept-Ranges": "bytes",
        }
        if asked:
            headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
        self._send(data[start:], headers, body=body, status=206 if asked else 200)

    def _send(
        self,
        data: bytes,
        headers: dict[str, str],
        *,
        body: bool = True,
        status: int = 200,
    ) -> None:
        cut = self.hub.drop_after if "ETag" in headers else 0
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        for key, value in headers.items():
            self.send_header(key, value)
        self.end_headers()
        if body:
            self.wfile.write(data[: cut or None])

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test output quiet."""


@pytest.fixture
def hub() -> Iterator[Hub]:
    server = Hub()
    yield server
    server.close()


def run(
    hub: Hub, folder: Path, *arguments: str, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own: the hub's address is read at import."""
    return subprocess.run(
        [sys.executable, "-c", _MAIN, "models", *arguments],
        env={
            **os.environ,
            "HF_ENDPOINT": hub.url,
            "HF_HUB_CACHE": str(folder / "hub"),
            "HF_HUB_DISABLE_XET": "1",
            "HF_HUB_DISABLE_PROGRESS_BARS": "1",
            "AGENTKIT_MODELS": str(folder / "models"),
            "OLLAMA_HOST": "127.0.0.1:9",
        },
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_fetch_is_shown_asked_and_verified(hub: Hub, tmp_path: Path) -> None:
    """What would be fetched is shown; no fetches nothing, yes fetches and adds it."""
    pytest.importorskip("huggingface_hub", reason="huggingface_hub is not installed")
    refused = run(hub, tmp_path, "add", "org/small/small.gguf", stdin="n\n")
    assert (refused.returncode, hub.ranges) == (3, [])
    assert f"{shown_size(len(_GGUF))}  small.gguf" in refused.stdout
    fetched = run(hub, tmp_path, "add", "org/small/small.gguf", "--yes")
    assert fetched.returncode == 0, fetched.stderr
    assert "Added org--small--small (gguf" in fetched.stdout
    listed = json.loads(run(hub, tmp_path, "list", "--json").stdout)
    assert "org--small--small" in {row["name"] for row in listed["models"]}


@pytest.mark.slow
def test_wrong_bytes_are_removed(hub: Hub, tmp_path: Path) -> None:
    """A file that does not hash to what the hub says is removed and not added."""
    pytest.importorskip("huggingface_hub", reason="huggingface_hub is not installed")
    hub.served = _GGUF[:-1] + b"\x01"
    ran = run(hub, tmp_path, "add", "org/small/small.gguf", "--yes")
    assert ran.returncode != 0
    assert "not what the hub says it is" in ran.stderr
    assert not list((tmp_path / "hub").rglob("small.gguf"))


@pytest.mark.slow
def test_fetch_goes_on_where_it_broke_off(hub: Hub, tmp_path: Path) -> None:
    """After a line that drops, only the rest is asked for, and the whole verified."""
    pytest.importorskip("huggingface_hub", reason="huggingface_hub is not installed")
    hub.drop_after = _STEP + 1000
    ran = run(hub, tmp_path, "add", "org/small/small.gguf", "--yes")
    assert ran.returncode == 0, ran.stderr
    assert (hub.ranges[0], hub.ranges[-1]) == ("", f"bytes={_STEP}-")


@pytest.mark.slow
def test_unknown_repository_and_file(hub: Hub, tmp_path: Path) -> None:
    """What the hub does not have is said in one line."""
    pytest.importorskip("huggingface_hub", reason="huggingface_hub is not installed")
    for what, words in (
        ("org/nothing", "cannot be found on the hub"),
        ("org/small/other.gguf", "has no file 'other.gguf'"),
        ("org/small", "name one, as org/small/FILE.gguf: small.gguf"),
    ):
        ran = run(hub, tmp_path, "add", what, "--yes")
        assert words in ran.stderr
        assert ran.returncode == 2


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("meta-llama/Llama-3.2-1B-Instruct", True),
        ("org/name/file.gguf", True),
        ("small.gguf", False),
        ("./x/y", False),
        ("/models/x.gguf", False),
        ("org/na me", False),
    ],
)
def test_hub_ids(text: str, wanted: bool) -> None:
    """Only ORG/NAME, with a file or not, is asked of the hub."""
    assert is_hub_id(text) is wanted


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (1_234_567_890, "1.2 GB"),
        (5_000_000, "5.0 MB"),
        (1500, "1.5 kB"),
        (12, "12 bytes"),
    ],
)
def test_sizes_for_people(size: int, words: str) -> None:
    """Sizes are written as people do."""
    assert shown_size(size) == words
