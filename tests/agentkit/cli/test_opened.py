"""A home that is opened: the agent that its settings come to."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentkit.cli.opened import open_home
from agentkit.cli.options import Options
from agentkit.tools.selection import FINDER
from tests.agentkit.cli.conftest import NOW, Cli


def test_tools_of_a_named_file_are_always_shown(cli: Cli, tools: str) -> None:
    """Whoever names a file of tools wants them, whatever the request's words are."""
    ran = cli("prompt", "Go", "--tools", tools, "--now", NOW)
    assert '"name": "weather"' in ran.out
    assert '"name": "convert_time"' not in ran.out


@pytest.mark.parametrize(
    ("backend", "settings", "selects"),
    [
        ("ollama:any", "", True),
        ("ollama:any", "select = 0", False),
        ("reflex", "", False),
    ],
    ids=["a model", "turned off", "rules"],
)
def test_a_model_is_shown_few_tools(
    tmp_path: Path, backend: str, settings: str, selects: bool
) -> None:
    """Tools are selected for a model unless the settings say not; rules read all."""
    (tmp_path / "agentkit.toml").write_text(settings, "utf-8")
    agent = open_home(Options(home=tmp_path, backend=backend)).agent()
    assert (FINDER in agent.toolset) is selects
