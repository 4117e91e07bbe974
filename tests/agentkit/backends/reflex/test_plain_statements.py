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
    is_everything,
    waits_for,
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
