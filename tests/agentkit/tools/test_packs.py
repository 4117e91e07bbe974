"""Installed packs: known without their code where that cannot make a difference."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest

from agentkit import Context
from agentkit.discovery import installed_tools
from agentkit.tools import AnyTool
from agentkit.tools.packs import installed_packs, tools_in

BUNDLED = [pack.registration for pack in installed_packs()]
_FACTS = ("name", "description", "parameters", "effect", "personal", "untrusted")
_FURTHER = ("examples", "timeout", "label", "returns_schema", "is_async", "__name__")

_PACK = """
import os
from pathlib import Path

from agentkit import tool

SAYINGS = Path(__file__).with_name("sayings.txt").read_text().split(",")
NAME = os.environ.get("PARROT", "polly")


@tool(effect="read", examples=SAYINGS, name=NAME)
def parrot(word: str = "hello") -> str:
    "Repeat a word."
    return f"{NAME} says {word}"
"""
_LIST = """
import json, sys
from agentkit.discovery import installed_tools
tools = installed_tools(frozenset({"parrots"}))
told = [[one.name, list(one.examples)] for one in tools]
loaded = "parrots.pack" in sys.modules
print(json.dumps([told, loaded]))
"""


def as_defined(name: str) -> AnyTool:
    """Return a bundled tool as its module defines it."""
    return next(
        one
        for pack in BUNDLED
        for one in tools_in(import_module(pack.value))
        if one.name == name
    )


@pytest.mark.parametrize("name", installed_tools().names)
def test_what_is_kept_of_a_tool_is_what_it_tells(name: str) -> None:
    """Each bundled tool tells the same with and without its code."""
    kept, real = installed_tools()[name], as_defined(name)
    for fact in (*_FACTS, *_FURTHER):
        assert getattr(kept, fact) == getattr(real, fact)
    assert inspect.getdoc(kept) == inspect.getdoc(real)
    assert inspect.signature(kept) == inspect.signature(real)


def test_a_kept_tool_does_what_the_tool_does(tmp_path: Path) -> None:
    """Checked, called, dumped and worded, it is the tool itself."""
    kept, context = installed_tools()["tell_time"], Context(home=tmp_path)
    value = kept.dump(kept.invoke(kept.check({"place": "Tokyo"}, context)))
    assert value["zone"] == "Asia/Tokyo"
    assert "in Tokyo" in kept.word(value)


def test_a_kept_tool_can_be_changed() -> None:
    """A copy with another description keeps all else, and still runs."""
    kept = installed_tools()["tell_time"]
    changed = replace(kept, description="Say the time.")
    assert changed.description == "Say the time."
    assert changed.examples == kept.examples
    assert changed.function is as_defined("tell_time").function


@pytest.fixture
def parrots(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], list[object]]:
    """An installed pack; asked, in a new process, for its tools and if it was loaded."""
    package = tmp_path / "parrots"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "pack.py").write_text(_PACK)
    facts = tmp_path / "parrots-1.0.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: parrots\nVersion: 1.0\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    def ask(registered: str) -> list[object]:
        points = f"[agentkit.tools]\nparrots = parrots.pack\n{registered}"
        file = facts / "entry_points.txt"
        if not file.exists():
            file.write_text(points)
        ran = subprocess.run(
            [sys.executable, "-c", _LIST], capture_output=True, text=True, check=True
        )
        told: list[object] = json.loads(ran.stdout)
        return told

    return ask


FIXED = "[agentkit.fixed]\nparrots = parrots\n"


def test_a_fixed_pack_is_loaded_once(
    parrots: Callable[[str], list[object]], tmp_path: Path
) -> None:
    """What is known of it is recalled, until one of its files changes, data included."""
    sayings = tmp_path / "parrots" / "sayings.txt"
    sayings.write_text("say it,repeat it")
    told = [["polly", ["say it", "repeat it"]]]
    assert parrots(FIXED) == [told, True]
    assert parrots(FIXED) == [told, False]
    sayings.write_text("say it,say more")
    assert parrots(FIXED) == [[["polly", ["say it", "say more"]]], True]


def test_any_other_pack_is_loaded_each_time(
    parrots: Callable[[str], list[object]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A pack that does not promise it may define its tools by what it finds."""
    (tmp_path / "parrots" / "sayings.txt").write_text("say it")
    assert parrots("") == [[["polly", ["say it"]]], True]
    monkeypatch.setenv("PARROT", "pedro")
    assert parrots("") == [[["pedro", ["say it"]]], True]
