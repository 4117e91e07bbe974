"""A home, a clock and a way to call tools as an agent does."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from agentkit import Context, Tool
from agentkit_tools import calendar, contacts, lists, reminders
from agentkit_tools.sample import make_home

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 18, 9, 0, tzinfo=BERLIN)  # a Wednesday

Use = Callable[..., Any]


@pytest.fixture
def context(tmp_path: Path) -> Context:
    """Give an empty home."""
    return Context(
        home=tmp_path / "home",
        now=NOW,
        user_name="Kim Berg",
        user_email="kim@berg.example",
    )


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the sample home once."""
    home = tmp_path_factory.mktemp("sample") / "home"
    make_home(home, NOW)
    return home


@pytest.fixture
def sample(sample_home: Path, tmp_path: Path) -> Context:
    """Give a sample home of one's own."""
    home = tmp_path / "home"
    shutil.copytree(sample_home, home)
    return Context(
        home=home,
        now=NOW,
        user_name="Sam Rivera",
        user_email="sam.rivera@example.com",
    )


@pytest.fixture
def use() -> Use:
    """Call a tool with a model's arguments."""

    def call(tool: Tool, context: Context, **arguments: Any) -> Any:
        return tool.invoke(tool.check(arguments, context))

    return call


@pytest.fixture
def filled(context: Context, use: Use) -> Context:
    """Give a home with something in every file."""
    use(
        calendar.create_event, context, title="Standup", start="2026-11-18T10:00",
        repeat="daily", attendees=["ana@kos.example"],
    )  # fmt: skip
    use(reminders.create_reminder, context, text="water the plants", when="Friday 9am")
    use(reminders.set_alarm, context, time="06:30")
    use(lists.add_to_list, context, item="stamps and bread", list_name="errands")
    use(contacts.add_contact, context, name="Ana Kos", email="ana@kos.example")
    return context
