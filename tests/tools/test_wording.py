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
from agentkit import Context
from agentkit.language import LANGUAGES, speaking
from agentkit_tools._phrases import (
    counted,
    listed,
    say_full_day,
    say_length,
    say_stretch,
    wording,
)
from agentkit_tools.calendar import create_event, find_events
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


def test_a_sentence_without_translation_is_said_in_english() -> None:
    """Nothing is left out where a language lacks it."""
    with speaking("sw"):
        assert counted(2, "event") == "2 events"
