"""What a turn implies beside what it says, in eight languages."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from agentkit import Agent, Context
from agentkit.backends import ReflexBackend
from agentkit.backends.reflex.kits import kit_for
from agentkit.backends.reflex.plain_statements import (
    implied_event,
    is_conditional,
    is_everything,
    waits_for,
    watches,
    without_if_free,
)
from agentkit.discovery import installed_tools
from agentkit.tools import Toolset

pytest.importorskip("numpy", reason="the trained understanding needs numpy")

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize(
    ("language", "said", "title", "start"),
    [
        ("en", "I'm taking the 27th off", "Off", "the 27th"),
        ("en", "I'll be on leave on Friday", "Off", "Friday"),
        (
            "en",
            "I'm flying back from Lisbon on Tuesday at 18:20",
            "flying back from Lisbon",
            "on Tuesday at 18:20",
        ),
        ("de", "Ich nehme mir am 27. frei", "Frei", "am 27"),
        ("de", "Ich fliege am Freitag nach Rom", "fliege nach Rom", "am Freitag"),
        ("fr", "je prends congé vendredi", "Congé", "vendredi"),
        ("it", "mi prendo venerdì di ferie", "Ferie", "venerdì"),
        ("pt", "vou tirar sexta de folga", "Folga", "sexta"),
        ("es", "me tomo el viernes libre", "Libre", "el viernes"),
        ("hi", "मैं शुक्रवार को छुट्टी पर हूँ", "छुट्टी", "शुक्रवार को"),
        ("th", "ลาหยุดวันศุกร์", "ลาหยุด", "วันศุกร์"),
    ],
)
def test_a_day_off_and_a_journey_belong_on_the_calendar(
    language: str, said: str, title: str, start: str
) -> None:
    """They are told, and not ordered; the calendar's tool asks before it writes."""
    draft = implied_event(said, language, kit_for(installed_tools()), NOW)
    assert draft is not None
    assert draft.arguments["title"] == title
    assert start.startswith(str(draft.arguments["start"]).strip())


@pytest.mark.parametrize(
    "said",
    ["I'm going to bed", "I'm taking my pills", "I'm flying", "am I off on Friday?"],
)
def test_other_statements_imply_nothing(said: str) -> None:
    """Without a day, or of something else, nothing is written down."""
    assert implied_event(said, "en", kit_for(installed_tools()), NOW) is None


def test_nothing_is_implied_without_a_calendar() -> None:
    """A toolset that has no tool for events gets no call."""
    kit = kit_for(Toolset([]))
    assert implied_event("I'm taking the 27th off", "en", kit, NOW) is None


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "delete everything"),
        ("de", "Lösch alles"),
        ("fr", "supprime tout"),
        ("it", "cancella tutto"),
        ("pt", "apaga tudo"),
        ("es", "borra todo"),
        ("hi", "सब कुछ हटा दो"),
        ("th", "ลบทั้งหมด"),
    ],
)
def test_everything_is_asked_about(tmp_path: Path, language: str, said: str) -> None:
    """Nothing is deleted, and the answer names the kinds that can be."""
    assert is_everything(said, language)
    agent = Agent(
        installed_tools(), ReflexBackend(), context=Context(home=tmp_path, now=NOW)
    )
    assert agent.run(said).calls == ()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "remind me to feed the cat when I get home"),
        ("en", "if I'm free at 4 tomorrow, schedule a call with Tom"),
        ("de", "Erinnere mich an die Katze, wenn ich nach Hause komme"),
        ("fr", "rappelle-moi le chat quand je rentre"),
        ("it", "ricordami il gatto quando arrivo a casa"),
        ("pt", "me lembra do gato quando eu chegar em casa"),
        ("es", "recuérdame el gato cuando llegue a casa"),
        ("hi", "जब मैं घर पहुँचूँ तो बिल्ली की याद दिलाना"),
        ("th", "เตือนให้อาหารแมวเมื่อถึงบ้าน"),
    ],
)
def test_a_condition_is_known(language: str, said: str) -> None:
    """Nobody can see coming when somebody gets home."""
    assert waits_for(said, language)


def test_a_condition_is_said_back(tmp_path: Path) -> None:
    """Nothing is done, and a request that would work is shown."""
    agent = Agent(
        installed_tools(), ReflexBackend(), context=Context(home=tmp_path, now=NOW)
    )
    outcome = agent.run("remind me to feed the cat when I get home")
    assert outcome.calls == ()
    assert "where you are" in outcome.text


@pytest.mark.parametrize(
    ("language", "said", "rest"),
    [
        (
            "en",
            "if I'm free, book lunch tomorrow at noon",
            "book lunch tomorrow at noon",
        ),
        ("en", "if I'm free at 4, book a call", "book a call at 4"),
        ("en", "book a call at 4, but only if I have time", "book a call at 4"),
        ("de", "wenn ich um vier frei bin, trag Sport ein", "um vier trag Sport ein"),
        ("fr", "ajoute un café à midi si je suis libre", "ajoute un café à midi"),
        ("it", "se ho tempo aggiungi un caffè alle 5", "aggiungi un caffè alle 5"),
        ("pt", "se eu estiver livre marca um café às 5", "marca um café às 5"),
        ("es", "si estoy libre, pon un café a las 5", "pon un café a las 5"),
        ("hi", "अगर मैं खाली हूँ तो कल लंच रखो", "कल लंच रखो"),
        ("th", "ถ้าว่าง ลงนัดพรุ่งนี้เที่ยง", "ลงนัดพรุ่งนี้เที่ยง"),
        ("en", "if it rains, cancel the picnic", ""),
        ("en", "am I free tomorrow?", ""),
    ],
)
def test_whether_one_is_free_is_told_apart(language: str, said: str, rest: str) -> None:
    """The condition that a calendar can tell is left out, and its time is kept."""
    assert without_if_free(said, language, NOW) == rest


@pytest.mark.parametrize(
    ("language", "said", "conditional"),
    [
        ("en", "if Ana says yes, book lunch tomorrow", True),
        ("en", "unless it rains, book the court", True),
        ("en", "if you can, add milk", False),
        ("en", "if possible, add milk", False),
        ("de", "falls Ana zusagt, trag das Essen ein", True),
        ("de", "wenn du kannst, schreib Milch auf", False),
        ("fr", "si Ana dit oui, ajoute le dîner", True),
        ("es", "si Ana dice que sí, pon la cena", True),
        ("it", "se Ana dice di sì, aggiungi la cena", True),
        ("pt", "se a Ana disser sim, marca o jantar", True),
    ],
)
def test_a_condition_before_a_request_is_one(
    language: str, said: str, conditional: bool
) -> None:
    """Whoever it is of; what is only polite is none."""
    assert is_conditional(said, language) is conditional


def test_an_event_is_added_only_where_the_calendar_is_free(tmp_path: Path) -> None:
    """A conflict is told, and nothing is added; a free hour is taken."""
    agent = Agent(
        installed_tools(),
        ReflexBackend(),
        context=Context(home=tmp_path, now=NOW),
        approve=lambda _: True,
    )
    agent.run("schedule yoga tomorrow at noon")
    taken = agent.run("if I'm free, schedule lunch tomorrow at noon")
    assert "yoga" in taken.text
    assert "Added" not in taken.text
    free = agent.run("if I'm free, schedule lunch tomorrow at 2pm")
    assert "Added “lunch”" in free.text


def test_a_tool_that_watches_for_a_condition_takes_one() -> None:
    """Only a tool whose own sentences are conditions is none of those that cannot wait."""
    watching = [tool.name for tool in installed_tools() if watches(tool.examples)]
    assert watching == ["await_answer"]
