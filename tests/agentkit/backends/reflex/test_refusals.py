"""What is said and cannot be meant: days that are none, orders that are taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentkit import Agent, Context
from agentkit.backends import ReflexBackend
from agentkit.backends.reflex.impossible_times import impossible_time
from agentkit.backends.reflex.moods import is_taken_back
from agentkit.discovery import installed_tools


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("a meeting on February 30 at 3", "February 30"),
        ("on the 31st of April", "31st of April"),
        ("at 25:00 tomorrow", "25:00"),
        ("at 13:60", "13:60"),
        ("at 14:30 pm", "14:30 pm"),
        ("on February 29", ""),
        ("on the 31st of May at 24:00", ""),
        ("tomorrow at 3:15", ""),
        ("10 kg of flour and 30.5 eggs", ""),
    ],
)
def test_days_and_hours_that_are_none_are_found(said: str, wrong: str) -> None:
    """A day that no calendar has, and an hour that no clock shows."""
    assert impossible_time(said) == wrong


@pytest.mark.parametrize(
    ("said", "taken_back"),
    [
        ("delete the dentist? no way", True),
        ("cancel it? never", True),
        ("move it to 3? just kidding", True),
        ("delete the dentist", False),
        ("is the dentist on Thursday? cancel it", False),
        ("add no-knead bread", False),
    ],
)
def test_an_order_may_take_itself_back(said: str, *, taken_back: bool) -> None:
    """What is asked and denied in one breath is no order."""
    assert is_taken_back(said) is taken_back


pytest.importorskip("numpy", reason="the trained understanding needs numpy")

WEB = {"web": {"searxng": "https://search.example"}}


@pytest.mark.parametrize(
    ("said", "how"),
    [
        ("what's the weather", "off; to turn it on, name a server as `searxng`"),
        ("search the web for cats", "[packs.web]"),
        ("sync my calendar", "[packs.caldav]"),
        ("Synchronisiere meinen Kalender", "Der Kalenderabgleich ist aus; er geht an"),
        ("Wie ist das Wetter?", "Die Websuche ist aus; sie geht an"),
        ("¿quién es el presidente de Francia?", "está apagada; para encenderla"),
    ],
)
def test_what_is_off_is_named(tmp_path: Path, said: str, how: str) -> None:
    """Nothing is called, and the setting that is missing stands in the answer."""
    tools = installed_tools(configured=frozenset())
    agent = Agent(tools, ReflexBackend(), context=Context(home=tmp_path))
    outcome = agent.run(said)
    assert outcome.calls == ()
    assert how in outcome.text


def test_what_is_on_is_shown_by_an_example(tmp_path: Path) -> None:
    """Where web search is on, a request for it comes first, and nothing is off."""
    tools = installed_tools(configured=frozenset({"web"}))
    context = Context(home=tmp_path, packs=WEB)
    outcome = Agent(tools, ReflexBackend(), context=context).run("what's the weather")
    assert "Search the web" in outcome.text
    assert "off" not in outcome.text


@pytest.mark.parametrize(
    ("said", "asks"),
    [
        ("cancel", "what should I cancel"),
        ("Never mind.", "what should I cancel"),
        ("stop!", "what should I cancel"),
        ("abbrechen", "was soll ich absagen"),
        ("laisse tomber", "que dois-je annuler"),
        ("olvídalo", "¿qué debo cancelar?"),
        ("lascia perdere", "che cosa devo annullare"),
        ("deixa pra lá", "o que devo cancelar"),
        ("रहने दो", "क्या रद्द करूँ"),
        ("ช่างเถอะ", "จะให้ยกเลิกอะไร"),
    ],
)
def test_there_is_nothing_to_cancel(tmp_path: Path, said: str, asks: str) -> None:
    """Outside a conversation "cancel" is answered with what could be meant."""
    agent = Agent(installed_tools(), ReflexBackend(), context=Context(home=tmp_path))
    outcome = agent.run(said)
    assert outcome.calls == ()
    assert asks in outcome.text
