"""Values of closed sets, and switches, as they are said in seven languages."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from agentkit import Agent, Context
from agentkit.backends import ReflexBackend
from agentkit.backends.reflex import closed_values
from agentkit.discovery import installed_tools

pytest.importorskip("numpy", reason="the trained understanding needs numpy")

WORDS = tomllib.loads(
    Path(closed_values.__file__).with_suffix(".toml").read_text("utf-8")
)

SAID = [
    ("zeig mir die ungelesenen Nachrichten", "unread", True),
    ("montre les messages non lus", "unread", True),
    ("leggimi i messaggi non letti di Priya", "unread", True),
    ("mensagens não lidas da Priya", "unread", True),
    ("¿tengo mensajes sin leer?", "unread", True),
    ("बिना पढ़े मैसेज दिखाओ", "unread", True),
    ("แสดงข้อความที่ยังไม่ได้อ่าน", "unread", True),
    ("wie viele Wochen sind es bis Weihnachten?", "unit", "weeks"),
    ("combien de semaines avant Noël ?", "unit", "weeks"),
    ("quante settimane mancano a Natale?", "unit", "weeks"),
    ("¿cuántas semanas faltan para Navidad?", "unit", "weeks"),
    ("lehne die Einladung von Priya ab", "answer", "decline"),
    ("sag die Einladung von Priya zu", "answer", "accept"),
    ("accepte l'invitation de Priya", "answer", "accept"),
    ("rechaza la invitación de Priya", "answer", "decline"),
    ("markiere alle Nachrichten als gelesen", "all_messages", True),
]


@pytest.mark.parametrize(("said", "name", "value"), SAID)
def test_it_is_filled_in(tmp_path: Path, said: str, name: str, value: object) -> None:
    """What was said of it reaches the call, and is not passed over."""
    agent = Agent(installed_tools(), ReflexBackend(), context=Context(home=tmp_path))
    (call,) = agent.plan(said).calls
    assert call.arguments[name] == value


@pytest.mark.parametrize("title", ["die Einladung von Priya", "l'invitation de Priya"])
def test_whose_invitation_it_is_names_it(tmp_path: Path, title: str) -> None:
    """A person is not lost where the tool has no place for one."""
    said = f"lehne {title} ab" if title.startswith("die") else f"refuse {title}"
    agent = Agent(installed_tools(), ReflexBackend(), context=Context(home=tmp_path))
    (call,) = agent.plan(said).calls
    assert call.arguments["title"] == "Priya"


@pytest.mark.parametrize("language", WORDS)
def test_every_language_has_every_value(language: str) -> None:
    """A value that one language can say, each can; each way is a regular expression."""
    assert WORDS[language].keys() == WORDS["de"].keys()
    for ways in WORDS[language].values():
        assert re.compile(ways)


def test_the_values_are_those_of_tools() -> None:
    """A name in the table that no bundled tool has would never be looked for."""
    known: set[str] = set()
    for tool in installed_tools():
        for name, schema in tool.parameters["properties"].items():
            known |= {name, *map(str, schema.get("enum", [schema.get("const")]))}
    assert set(WORDS["de"]) <= known
