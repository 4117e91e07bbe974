"""A refusal names what is off and how to turn it on, in the user's language."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentkit import Agent, Context
from agentkit.backends import ReflexBackend
from agentkit.discovery import installed_tools

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
