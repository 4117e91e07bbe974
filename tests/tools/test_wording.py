"""What the tools say is said in the user's language, with the same values in it."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import agentkit_tools
from agentkit import Context, ToolError
from agentkit.language import LANGUAGES, speaking
from agentkit_tools._phrases import (
    counted,
    listed,
    say_full_day,
    say_length,
    say_stretch,
    wording,
)
from agentkit_tools._results.reminder_answers import say_rule
from agentkit_tools.calendar import create_event, find_events
from agentkit_tools.clock import convert_units
from agentkit_tools.lists import add_to_list, create_list, remove_from_list, show_list
from agentkit_tools.reminders import create_reminder

Use = Callable[..., Any]
FOREIGN = tuple(code for code in LANGUAGES if code != "en")
CODE = Path(agentkit_tools.__file__).parent


def said_in_code() -> set[str]:
    """List the sentences that the tools say through `phrase`."""
    trees = (ast.parse(path.read_text("utf-8")) for path in CODE.rglob("*.py"))
    calls = (
        node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)
    )
    found = (
        call.args[0]
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id == "phrase" and call.args
    )
    return {str(one.value) for one in found if isinstance(one, ast.Constant)}


@pytest.mark.parametrize("language", FOREIGN)
def test_every_sentence_is_there_in_every_language(language: str) -> None:
    """No sentence of the code is missing."""
    assert said_in_code() - set(wording(language)["phrases"]) == set()


@pytest.mark.parametrize("language", FOREIGN)
def test_sentences_hold_the_same_values(language: str) -> None:
    """What stands in braces in English stands there in the other language, too."""
    for english, said in wording(language)["phrases"].items():
        # English quotes as Python does, "!r"; the others with marks of their own.
        slots, others = (re.findall(r"\{(\w+)", one) for one in (english, said))
        assert sorted(others) == sorted(slots), english


@pytest.mark.parametrize("language", FOREIGN)
def test_days_and_months_are_all_named(language: str) -> None:
    """There are seven days and twelve months, and the same nouns everywhere."""
    dates = wording(language)["dates"]
    assert [len(dates[k]) for k in ("weekdays", "short_weekdays", "months")] == [
        7,
        7,
        12,
    ]
    assert set(wording(language)["nouns"]) == set(wording("de")["nouns"])


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "Wed 18 Nov 09:00-10:30"),
        ("de", "Mi 18. November 09:00-10:30"),
        ("fr", "mer. 18 novembre 09:00-10:30"),
        ("pt", "qua, 18 de novembro 09:00-10:30"),
        ("th", "พ. 18 พฤศจิกายน 09:00-10:30"),
    ],
)
def test_times_are_said_as_one_says_them(
    language: str, expected: str, context: Context
) -> None:
    """Weekday, day and month stand in the order of the language."""
    now = context.now
    with speaking(language):
        assert say_stretch(now, now + timedelta(minutes=90), now) == expected


def test_counts_and_lists_follow_the_language(context: Context) -> None:
    """Plurals, and the word before the last thing."""
    with speaking("de"):
        assert [counted(n, "event") for n in (0, 1, 2)] == [
            "0 Termine",
            "1 Termin",
            "2 Termine",
        ]
        assert listed(["a", "b", "c"]) == "a, b und c"
        assert say_length(timedelta(hours=1, minutes=30)) == "1 Stunde 30 Minuten"
        assert say_full_day(context.now) == "Mittwoch, 18. November 2026"


def test_answers_and_previews_are_in_the_users_language(
    context: Context, use: Use
) -> None:
    """The user's own words stay as they are."""
    with speaking("es"):
        made = use(create_event, context, title="Comida", start="Friday 14:00")
        assert create_event.word(create_event.dump(made)) == (
            "Añadido: «Comida», vie 20 de noviembre 14:00-15:00."
        )
        shown = create_reminder.check({"text": "pan", "when": "Friday"}, context)
        assert create_reminder.describe(shown) == (
            "Recordarte «pan» vie 20 de noviembre."
        )
        found = use(find_events, context, when="Friday")
        assert find_events.word(find_events.dump(found)).startswith("Comida, vie 20")
        nothing = use(find_events, context, when="Saturday")
        assert find_events.word(find_events.dump(nothing)) == (
            "No hay nada en el calendario."
        )


@pytest.mark.parametrize("language", FOREIGN)
def test_repeats_are_all_there(language: str) -> None:
    """Each language says how often in the same parts, and names six places."""
    repeats = wording(language)["repeats"]
    parts = {k for k in repeats if not k.startswith("feminine")}
    assert parts == set(wording("de")["repeats"])
    assert len(repeats["places"]) == 6
    assert all(len(repeats[unit]) == 2 for unit in ("hour", "day", "week", "time"))


@pytest.mark.parametrize(
    ("language", "rule", "said"),
    [
        ("en", "FREQ=WEEKLY;BYDAY=SU", "every week on Sunday"),
        ("en", "FREQ=MONTHLY;BYMONTHDAY=-1", "every month on the last day"),
        (
            "en",
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU",
            "every 2 weeks on Monday and Tuesday",
        ),
        ("de", "FREQ=WEEKLY;BYDAY=SU", "jede Woche am Sonntag"),
        ("de", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "alle 2 Wochen am Dienstag"),
        ("de", "FREQ=MONTHLY;BYDAY=-1FR", "jeden Monat am letzten Freitag"),
        ("fr", "FREQ=MONTHLY;BYMONTHDAY=15", "chaque mois le 15"),
        ("it", "FREQ=MONTHLY;BYDAY=1SU", "ogni mese, prima domenica"),
        ("pt", "FREQ=MONTHLY;BYDAY=+1MO", "todo mês, primeira segunda-feira"),
        ("pt", "FREQ=MONTHLY;BYDAY=1SA", "todo mês, primeiro sábado"),
        ("es", "FREQ=YEARLY;INTERVAL=3", "cada 3 años"),
        ("hi", "FREQ=WEEKLY;BYDAY=SU", "हर हफ़्ते, रविवार को"),
        ("th", "FREQ=MONTHLY;BYDAY=-1FR", "ทุกเดือน วันศุกร์สุดท้าย"),
        ("de", "", ""),
    ],
)
def test_how_often_follows_the_language(language: str, rule: str, said: str) -> None:
    """Units, days, places and their genders."""
    with speaking(language):
        assert say_rule(rule) == said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "5 miles = 8.047 kilometres"),
        ("de", "5 mi = 8,047 km"),
        ("hi", "5 mi = 8.047 km"),
    ],
)
def test_measures_and_figures_follow_the_language(
    language: str, said: str, context: Context, use: Use
) -> None:
    """Signs of units are the same everywhere; a comma parts the decimals in German."""
    with speaking(language):
        answer = use(convert_units, context, quantity="5 miles", unit="km")
        assert convert_units.word(convert_units.dump(answer)) == said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", "Brot auf die Liste food gesetzt.|Ja: Brot auf der Liste food."
               "|„Käse“ steht auf keiner Liste.|Nein, Käse steht auf keiner Liste."),
        ("es", "Brot en la lista food: añadido.|Sí: Brot en la lista food."
               "|«Käse» no está en ninguna lista.|No, Käse no está en ninguna lista."),
        ("hi", "Brot सूची food में डाला गया।|हाँ: सूची food में Brot।"
               "|“Käse” किसी सूची में नहीं है।|नहीं, Käse किसी सूची में नहीं है।"),
        ("th", "ใส่ Brot ในรายการ food แล้ว|มี: Brot ในรายการ food"
               "|ไม่มี “Käse” ในรายการใดเลย|ไม่มี Käse ในรายการใดเลย"),
    ],
)  # fmt: skip
def test_lists_answer_in_the_users_language(
    language: str, said: str, context: Context, use: Use
) -> None:
    """What is there, what is not, and why nothing was done."""
    with speaking(language):
        put = use(add_to_list, context, item="Brot", list_name="food")
        there = use(show_list, context, item="Brot")
        gone = use(show_list, context, item="Käse")
        with pytest.raises(ToolError) as failed:
            use(remove_from_list, context, item="Käse")
        told = [show_list.word(show_list.dump(one)) for one in (there, gone)]
        first = add_to_list.word(add_to_list.dump(put))
        assert [first, told[0], str(failed.value), told[1]] == said.split("|")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Made the list Camping with tent and stove."),
        ("de", "Liste Camping angelegt, mit tent und stove."),
        ("hi", "सूची Camping बनाई गई, tent और stove के साथ।"),
    ],
)
def test_new_lists_name_what_is_on_them(
    language: str, said: str, context: Context, use: Use
) -> None:
    """No space is left before what ends the sentence."""
    with speaking(language):
        made = use(create_list, context, list_name="Camping", item="tent, stove")
        assert create_list.word(create_list.dump(made)) == said


def test_a_sentence_without_translation_is_said_in_english() -> None:
    """Nothing is left out where a language lacks it."""
    with speaking("sw"):
        assert counted(2, "event") == "2 events"


# What is said to whoever sets agentkit up, about a setting or what a server sends: in
# English, as the settings are.
SETTING_UP = (
    "The setting ", "The server ", "The search server ", "The password for ",
    "The mail password ", "it sent XML ", "what it changed ",
)  # fmt: skip


# What is brought in from archives and calendars that are subscribed to, and how one signs
# in, is told in English as yet.
NOT_YET = ("_archives", "device_sign_in.py")


def english_only() -> set[str]:
    """List what the tools raise to the user outside of `phrase`, by its beginning."""
    found: set[str] = set()
    paths = (p for p in CODE.rglob("*.py") if not set(NOT_YET) & set(p.parts))
    for path in paths:
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            name = getattr(getattr(call, "func", None), "id", "")
            if not isinstance(call, ast.Call) or name not in (
                "ToolError",
                "InputNeeded",
            ):
                continue
            said = call.args[1 if name == "InputNeeded" else 0 :][:1]
            found |= {
                prose for one in said for prose in _prose(one) if " " in prose.strip()
            }
    return found


def _prose(node: ast.AST) -> list[str]:
    """List the words of an expression that no call puts into another language."""
    if isinstance(node, ast.Call):
        return []
    if isinstance(node, ast.Constant):
        return [str(node.value)] if isinstance(node.value, str) else []
    parts = [words for child in ast.iter_child_nodes(node) for words in _prose(child)]
    return parts[:1] if isinstance(node, ast.JoinedStr) else parts


def test_what_is_raised_is_said_in_the_users_language() -> None:
    """A new sentence that stands in English alone is found here."""
    assert {one for one in english_only() if not one.startswith(SETTING_UP)} == set()
