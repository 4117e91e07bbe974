"""What was found can be moved and cancelled by "it" and "the first one", in eight languages."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from agentkit import Agent, Context
from agentkit.backends import ReflexBackend
from agentkit.backends.reflex.found_things import Act, act_in
from agentkit.discovery import installed_tools
from agentkit.messages import Conversation, ToolResult

pytest.importorskip("numpy", reason="the trained understanding needs numpy")

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=ZoneInfo("Europe/Berlin"))
CONTEXT = Context(now=NOW)


def calls(home: Path, *turns: str) -> tuple[ToolResult, ...]:
    """Say one thing after the other; return the calls of the last answer."""
    agent = Agent(
        installed_tools(),
        ReflexBackend(),
        context=Context(home=home, now=NOW),
        approve=lambda _: True,
    )
    conversation: Conversation = ()
    made: tuple[ToolResult, ...] = ()
    for turn in turns:
        outcome = agent.run(turn, conversation=conversation)
        conversation, made = outcome.conversation, outcome.calls
    return made


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("when is yoga", "move it to 6pm"),
        ("Wann ist Yoga?", "verschieb es auf 18 Uhr"),
        ("C'est quand, le yoga ?", "déplace-le à 18 h"),
        ("Quando ho yoga?", "spostalo alle 18"),
        ("Quando é o yoga?", "muda para as 18h"),
        ("¿Cuándo tengo yoga?", "muévelo a las 18"),
        ("Yoga कब है?", "इसे शाम 6 बजे कर दो"),
        ("Yoga เมื่อไหร่", "เลื่อนไปหกโมงเย็น"),
    ],
)
def test_what_was_found_is_moved(tmp_path: Path, asked: str, said: str) -> None:
    """The event keeps its day and gets the hour that was said."""
    (call,) = calls(tmp_path, "schedule yoga on Thursday at 17:00", asked, said)
    assert call.name == "move_event"
    assert call.arguments["to"] == "2026-03-12T18:00:00+01:00"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("when is yoga", "cancel it"),
        ("Wann ist Yoga?", "sag es ab"),
        ("C'est quand, le yoga ?", "annule-le"),
        ("Che cosa ho giovedì?", "annulla il primo"),
        ("O que tenho na quinta?", "cancela o primeiro"),
        ("¿Cuándo tengo yoga?", "cancélalo"),
        ("गुरुवार को मेरे कैलेंडर में क्या है?", "पहला वाला रद्द करो"),
        ("Yoga เมื่อไหร่", "ยกเลิกอันนั้น"),
    ],
)
def test_what_was_found_is_cancelled(tmp_path: Path, asked: str, said: str) -> None:
    """It is cancelled, and nothing else is."""
    (call,) = calls(tmp_path, "schedule yoga on Thursday at 17:00", asked, said)
    assert (call.name, call.arguments["title"]) == ("cancel_event", "yoga")


@pytest.mark.parametrize(
    ("said", "titles"),
    [
        ("sag es ab", []),
        ("lösch das zweite", ["dinner"]),
        ("sag den letzten ab", ["dinner"]),
    ],
)
def test_of_several_things_one_has_to_be_told(
    tmp_path: Path, said: str, titles: list[str]
) -> None:
    """Where several were found, "it" is asked about, and a rank picks one."""
    made = calls(
        tmp_path,
        "schedule yoga on Thursday at 17:00",
        "schedule dinner on Thursday at 19:00",
        "Was steht am Donnerstag im Kalender?",
        said,
    )
    assert [call.arguments["title"] for call in made] == titles


@pytest.mark.parametrize(
    "said", ["the second one is done", "das zweite ist erledigt", "दूसरा वाला हो गया"]
)
def test_the_one_of_that_rank_is_done(tmp_path: Path, said: str) -> None:
    """The rank is read in the user's language, and never taken for the first."""
    made = calls(
        tmp_path,
        "remind me to call the bank tomorrow at 10",
        "remind me to water the plants tomorrow at 11",
        "show me my reminders",
        said,
    )
    assert all("plants" in str(call.arguments) for call in made)


@pytest.mark.parametrize(
    ("said", "language", "act"),
    [
        ("spostalo alle 13", "it", Act("move", None, "alle 13")),
        ("mueve el segundo a las 15", "es", Act("move", 1, "a las 15")),
        ("annule le dernier", "fr", Act("cancel", -1, "")),
        ("muda para segunda", "pt", Act("move", None, "segunda")),
        ("sag Anna ab", "de", None),
        ("annule le dentiste", "fr", None),
        ("verschieb es", "de", None),
    ],
)
def test_nothing_but_a_pointer_is_an_act(
    said: str, language: str, act: Act | None
) -> None:
    """A turn that names a thing, or that lacks its time, is read like any request."""
    assert act_in(said, language, CONTEXT) == act


def test_an_hour_is_no_length(tmp_path: Path) -> None:
    """What was done is not lost where an hour was tagged as a length of time."""
    undone, again = calls(tmp_path, "गुरुवार दोपहर 12 बजे Ben के साथ लंच", "इसे 1 बजे कर दो")
    assert undone.name == "undo_last"
    assert again.arguments["start"] == "2026-03-12T13:00:00+01:00"


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("Cena con Anna Berger el viernes a las 19", "no, quise decir Anna Keller"),
        ("Dîner avec Anna Berger vendredi à 19 h", "non, je voulais dire Anna Keller"),
    ],
)
def test_another_person_answers_the_question_for_an_address(
    tmp_path: Path, said: str, answer: str
) -> None:
    """The name is taken out of "no, I meant ...", and the "no" is no name."""
    made = calls(
        tmp_path, "add contact Anna Keller with email ak@keller.example", said, answer
    )
    assert [call.arguments["attendees"] for call in made] == [["Anna Keller"]]


def test_a_question_is_called_off_by_cancel_it(tmp_path: Path) -> None:
    """What calls off is never taken for the answer, such as a title."""
    said = ("डेंटिस्ट का अपॉइंटमेंट रखो", "इसे रद्द करो")
    assert calls(tmp_path, *said) == ()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "add it to the calendar please"),
        ("de", "trag das in meinen Kalender ein"),
        ("fr", "mets ça dans mon agenda"),
        ("it", "mettilo nel mio calendario"),
        ("pt", "põe isso na minha agenda"),
        ("es", "ponlo en mi calendario"),
        ("hi", "इसे मेरे कैलेंडर में डालो"),
        ("th", "ลงปฏิทินให้หน่อย"),
    ],
)
def test_what_was_found_goes_into_the_calendar(language: str, said: str) -> None:
    """Words that point and no name of a thing."""
    assert act_in(said, language, CONTEXT) == Act("keep", None, "")


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "put yoga in my calendar"), ("de", "trag Yoga in den Kalender ein")],
)
def test_what_is_named_is_no_thing_that_was_found(language: str, said: str) -> None:
    """It is a request of its own."""
    assert act_in(said, language, CONTEXT) is None


@pytest.mark.parametrize(
    "said", ["and Priya too", "add Priya as well", "und Priya auch", "y Priya también"]
)
def test_somebody_joins_what_was_just_made(tmp_path: Path, said: str) -> None:
    """The one event is changed; no second one is made."""
    made = calls(
        tmp_path,
        "add contact Priya Nair priya@example.com",
        "schedule a review on Friday at 2",
        said,
    )
    assert [one.name for one in made] == ["edit_event"]
    assert made[0].arguments["add"] == ["Priya"]
    assert made[0].status == "done"


def test_things_go_on_the_list_that_was_just_written(tmp_path: Path) -> None:
    """A capital makes nobody of it."""
    (made,) = calls(tmp_path, "add milk to the shopping list", "and Eggs too")
    assert made.name == "add_to_list"
