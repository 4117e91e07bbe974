"""Amendments in eight languages: what puts the last thing right, and what does not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from agentkit.backends.reflex.amended_times import merged_time, shifted
from agentkit.backends.reflex.amendment import Amendment, amendment_in, is_undoing
from agentkit.backends.reflex.found_things import chosen_of, rank_alone
from agentkit.context import Context

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)  # a Tuesday

TIMES = {
    "en": ("no wait, Friday", "could you make it 5pm please", "what about Thursday?"),
    "de": ("ach nein, lieber Freitag", "mach 17 Uhr draus", "und am Donnerstag?"),
    "fr": ("non, plutôt vendredi", "mets-le à 17 h", "et jeudi ?"),
    "it": ("anzi, venerdì", "facciamo alle 17", "e giovedì?"),
    "pt": ("não, melhor sexta-feira", "põe às 17h", "e na quinta?"),
    "es": ("perdón, el viernes", "ponlo a las 17:00", "¿y el jueves?"),
    "hi": ("नहीं, शुक्रवार को", "इसे शाम 5 बजे कर दो", "और गुरुवार को?"),
    "th": ("ไม่ใช่ วันศุกร์", "เลื่อนเป็น 17:00", "แล้ววันพฤหัสล่ะ"),
}


@pytest.mark.parametrize("language", TIMES)
def test_another_day_another_hour_and_one_more(language: str) -> None:
    """A new time replaces the old; with "and" it is asked for besides."""
    day, hour, besides = (amendment_in(one, [language], NOW) for one in TIMES[language])
    assert day
    assert hour
    assert besides
    assert {day.change, hour.change, besides.change} == {"time"}
    assert [one.besides for one in (day, hour, besides)] == [False, False, True]


@pytest.mark.parametrize(
    ("language", "said", "earlier"),
    [
        ("en", "make it an hour later", False), ("en", "half an hour earlier please", True),
        ("de", "eine Stunde später", False), ("de", "30 Minuten früher bitte", True),
        ("fr", "décale-le d'une heure", False), ("it", "un'ora dopo", False),
        ("pt", "uma hora mais cedo", True), ("es", "una hora más tarde", False),
        ("hi", "एक घंटे बाद", False), ("th", "เลื่อนออกไปอีกหนึ่งชั่วโมง", False),
    ],
)  # fmt: skip
def test_a_shift_is_a_length_and_a_direction(
    language: str, said: str, earlier: bool
) -> None:
    """Later, or earlier, by how much."""
    found = amendment_in(said, [language], NOW)
    assert found is not None
    assert (found.change, found.earlier) == ("shift", earlier)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "no, I meant Anna Keller"), ("de", "nein, ich meinte Anna Keller"),
        ("fr", "pardon, je voulais dire Anna Keller"), ("it", "no, intendevo Anna Keller"),
        ("pt", "eu quis dizer a Anna Keller"), ("es", "quería decir Anna Keller"),
        ("hi", "नहीं, मेरा मतलब Anna Keller"), ("th", "หมายถึง Anna Keller"),
    ],
)  # fmt: skip
def test_somebody_else_is_meant(language: str, said: str) -> None:
    """The name alone is the new value."""
    assert amendment_in(said, [language], NOW) == Amendment("person", "Anna Keller")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "undo that please"), ("de", "mach das wieder rückgängig"),
        ("fr", "annule ça"), ("it", "annulla l'ultima cosa"), ("pt", "desfaz isso"),
        ("es", "deshaz eso"), ("hi", "वापस ले लो"), ("th", "ยกเลิกอันเมื่อกี้"),
    ],
)  # fmt: skip
def test_taking_back_is_the_whole_turn(language: str, said: str) -> None:
    """With more behind it, it is a request of its own."""
    assert is_undoing(said, language)
    assert not is_undoing(f"{said} Anna 5 17:00", language)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "remind me tomorrow to call the bank"), ("en", "what's on tomorrow?"),
        ("en", "lunch with Ana on Friday"), ("de", "Was steht morgen an?"),
        ("de", "Weck mich um 7"), ("fr", "qu'est-ce que j'ai demain ?"),
        ("it", "ricordami di chiamare la banca"), ("es", "¿qué tengo mañana?"),
        ("hi", "कल क्या है?"), ("th", "พรุ่งนี้มีอะไรบ้าง"), ("en", ""), ("en", "no"),
    ],
)  # fmt: skip
def test_a_request_of_its_own_is_no_amendment(language: str, said: str) -> None:
    """Whatever holds more than a new value is read like any other turn."""
    assert amendment_in(said, [language, "en"], NOW) is None


@pytest.mark.parametrize(
    ("language", "said", "rank"),
    [
        ("en", "the first one", 0), ("en", "2", 1), ("en", "number 3", 2),
        ("de", "die zweite", 1), ("fr", "la première", 0), ("it", "il secondo", 1),
        ("pt", "o último", -1), ("es", "la primera", 0), ("hi", "पहली वाली", 0),
        ("th", "อันแรก", 0), ("en", "the first of May", None), ("en", "Friday", None),
    ],
)  # fmt: skip
def test_a_rank_alone_picks(language: str, said: str, rank: int | None) -> None:
    """A number or an order word, and nothing else."""
    assert rank_alone(said, language) == rank


def test_the_choices_of_a_question_are_picked_by_rank() -> None:
    """By address where people are asked for; beyond the last there is none."""
    who = "Which Anna: Anna Keller <k@x.example> or Anna Berger <b@x.example>?"
    assert chosen_of(who, "the second one", "en") == "b@x.example"
    assert (
        chosen_of("Welcher: Yoga, Di 18:30; Arzt, Do 15:00?", "2", "de")
        == "Arzt, Do 15:00"
    )
    assert chosen_of(who, "the third one", "en") == ""
    assert chosen_of("When?", "1", "en") == ""


@pytest.mark.parametrize(
    ("old", "new", "merged"),
    [
        ("2026-03-11T08:00:00+00:00", "half past", "2026-03-11T08:30:00+00:00"),
        ("2026-03-12T09:10:00+00:00", "in 20 minutes", "in 20 minutes"),
    ],
)
def test_a_new_hour_is_of_the_old_day_unless_it_counts_from_now(
    old: str, new: str, merged: str
) -> None:
    """ "Half past" is of the hour that was said."""
    assert merged_time(old, new, Context(now=NOW)) == merged


def test_what_cannot_be_shifted_stays() -> None:
    """Neither a time that is none nor a length that is none makes a moment."""
    context = Context(now=NOW)
    assert shifted("soon", "an hour", context, earlier=False) == ""
    assert shifted("2026-03-12T10:00:00+00:00", "1 hour", context, earlier=True) == (
        "2026-03-12T09:00:00+00:00"
    )
