"""What is off for want of settings, and which requests ask for it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from agentkit.tools import Toolset

Packs = Mapping[str, Mapping[str, Any]]


def off_for(turn: str, topic: str, toolset: Toolset, packs: Packs) -> str:
    """Name the tool that a request needs and that is off; empty where none is.

    Args:
        turn: what the user says.
        topic: what it is about, where that is known.
        toolset: the tools that may be called.
        packs: the settings of tool packs.
    """
    tool = _served_by(turn, topic)
    return "" if tool in toolset and packs.get(_switches()[tool]["pack"]) else tool


def on_for(turn: str, topic: str, toolset: Toolset, packs: Packs) -> str:
    """Name the tool that a request could be put to instead; empty where none is on."""
    is_off = off_for(turn, topic, toolset, packs)
    return "" if is_off else _served_by(turn, topic)


def _served_by(turn: str, topic: str) -> str:
    return next(
        (
            tool
            for tool, switch in _switches().items()
            if topic in switch["topics"] or re.search(switch["named"], turn, re.I)
        ),
        "",
    )


@cache
def _switches() -> dict[str, dict[str, Any]]:
    file = files("agentkit.backends.reflex") / "turned_off.toml"
    return tomllib.loads(file.read_text("utf-8"))
