"""What would leave is shown at the terminal and asked about, over real HTTP."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from agentkit.privacy import Ledger
from tests.agentkit.backends.fake_endpoint import FakeEndpoint, text
from tests.agentkit.cli.pseudo_terminal import Terminal

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminals"),
    pytest.mark.skipif(find_spec("openai") is None, reason="openai is not installed"),
]

ASKED = "Let this leave the device? [y/N]"


@pytest.fixture
def endpoint(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeEndpoint]:
    """A server that by its address, 127.1, is another machine's."""
    server = FakeEndpoint()
    server.script(text("It is hers."))
    monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.1:{server.port}/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-x")
    yield server
    server.close()


@pytest.mark.parametrize("answer", ["y", "n"])
def test_only_a_yes_lets_it_leave(
    endpoint: FakeEndpoint, home: Path, tmp_path: Path, answer: str
) -> None:
    """The exact text is shown, controls escaped; without a yes nothing is sent."""
    words = "Whose is zoe@mail.example? \x1b[31mred"
    terminal = Terminal(
        ["run", words, "--backend", "openai:big", "--egress", "ask"], tmp_path
    )
    try:
        terminal.wait_for(ASKED)
        shown = terminal.shown
        assert endpoint.received == []
        terminal.type(f"{answer}\n")
        terminal.end()
    finally:
        terminal.close()
    assert "zoe@mail.example" in shown
    assert f"http://127.1:{endpoint.port}/v1/chat/completions" in shown
    sent = [received.raw for received in endpoint.received]
    assert [entry.text.encode() for entry in Ledger(home).entries()] == sent
    assert len(sent) == (answer == "y")
