"""The program `llm` asks agentkit's backends, and has the installed tools."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

llm: Any = pytest.importorskip("llm", reason="llm is not installed")

ROOT = Path(__file__).parents[3]
POINT = "agentkit.interop.llm_plugin"


@pytest.fixture(autouse=True)
def plugged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Register the plugin as its entry point does, with a home of its own."""
    monkeypatch.setenv("LLM_USER_PATH", str(tmp_path / "llm"))
    monkeypatch.setenv("AGENTKIT_HOME", str(tmp_path / "home"))
    # Plugins of others that are installed here are not what is tested.
    monkeypatch.setattr("llm.plugins.LLM_LOAD_PLUGINS", "")
    plugin = import_module(POINT)
    known = llm.pm.is_registered(plugin)
    if not known:
        llm.pm.register(plugin, "agentkit-ondevice")
    yield
    if not known:
        llm.pm.unregister(plugin)


def test_the_distribution_registers_it() -> None:
    """The entry point names the plugin, which loads nothing heavy by itself."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["entry-points"]["llm"] == {"agentkit": POINT}
    code = (
        f"import sys; import llm; before = set(sys.modules); import {POINT}; "
        "print(sorted(m for m in set(sys.modules) - before if m != 'agentkit'"
        " and not m.startswith(('agentkit.interop', 'agentkit.installation'))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_a_backend_answers_as_a_model() -> None:
    """What a backend says is streamed, and its refusal is an error that says why."""
    model = llm.get_model("agentkit/reflex")
    with pytest.raises(llm.ModelError, match=r"\w"):
        model.prompt("Write me a sonnet about snow").text()
    assert "agentkit" in {one.model_id for one in llm.get_models()}


def test_the_installed_tools_are_offered() -> None:
    """Those that neither send nor delete; they work on the home of the environment."""
    tools = llm.get_tools()
    assert {"take_note", "find_notes"} <= set(tools)
    assert not {"send_message", "send_mail"} & set(tools)
    saved = tools["take_note"].implementation(text="Buy milk")
    assert "milk" in saved
    assert "milk" in tools["find_notes"].implementation(query="milk")
