"""`agentkit serve`: what is said before it listens, and that it listens."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.agentkit.cli.conftest import Cli

pytestmark = pytest.mark.slow

_TOKEN = "a-token-for-this-test"

WRONG: dict[str, tuple[list[str], str]] = {
    "a short token": (["--token", "secret"], "at least 16"),
    "no such file": (["--users", "none.toml"], "none.toml"),
    "no such backend": (["--token", _TOKEN, "--backend", "nothing"], "nothing"),
}


@pytest.mark.parametrize(("words", "told"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_one_sentence(
    cli: Cli, tmp_path: Path, words: list[str], told: str
) -> None:
    """It is told before anything listens."""
    ran = cli("serve", "--home", str(tmp_path), *words)
    assert ran.code == 2
    assert told in ran.err


USERS = {
    "no TOML": "[ana",
    "no home": '[ana]\ntoken_sha256 = "' + "0" * 64 + '"',
    "a token in clear": '[ana]\nhome = "a"\ntoken_sha256 = "secret"',
    "a word too much": f'[ana]\nhome = "a"\ntoken_sha256 = "{"0" * 64}"\nadmin = true',
    "nobody": "",
}


@pytest.mark.parametrize("text", USERS.values(), ids=USERS)
def test_a_file_of_users_is_checked(cli: Cli, tmp_path: Path, text: str) -> None:
    """What cannot be read is told, and nobody is served."""
    path = tmp_path / "users.toml"
    path.write_text(text, "utf-8")
    assert cli("serve", "--users", str(path)).code == 2


def test_a_port_in_use_is_told(cli: Cli, tmp_path: Path) -> None:
    """Two servers do not share a port."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        ran = cli("serve", "--home", str(tmp_path), "--token", _TOKEN, "--port", port)
    assert ran.code == 2
    assert f"port {port} is in use" in ran.err


def test_it_serves_the_users_of_a_file(tmp_path: Path) -> None:
    """A free port is taken and told, and a user's token opens their home."""
    digest = hashlib.sha256(_TOKEN.encode()).hexdigest()
    users = tmp_path / "users.toml"
    users.write_text(
        f'[ana]\nhome = "{tmp_path}"\ntoken_sha256 = "{digest}"\n', "utf-8"
    )
    words = ["serve", "--users", str(users), "--port", "0", "--backend", "reflex"]
    with subprocess.Popen(
        [sys.executable, "-c", "from agentkit_ondevice import main; main()", *words],
        stdout=subprocess.PIPE,
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "200"},
    ) as server:
        assert server.stdout is not None
        try:
            told = server.stdout.readline().decode()
            url = told.removeprefix("In the browser:").strip()
            asked = urllib.request.Request(
                f"{url}v1/models", headers={"Authorization": f"Bearer {_TOKEN}"}
            )
            with urllib.request.urlopen(asked, timeout=60) as answer:
                assert json.load(answer)["object"] == "list"
        finally:
            server.terminate()
