"""Letters are read in order: the last word counts, across threads and in six languages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from agentkit import Context
from agentkit_tools._store.mailbox import Letter, add_letters
from agentkit_tools.calendar import create_event, send_invite
from agentkit_tools.messages import (
    find_action_items,
    find_follow_ups,
    summarize_messages,
)

Use = Callable[..., Any]
ANA = ("Ana Kos", "ana@kos.example")
BEN = ("Ben Ude", "ben@ude.example")


@dataclass(frozen=True)
class Said:
    """A letter of a conversation; `who` is None where the user wrote it."""

    text: str
    who: tuple[str, str] | None = ANA
    subject: str = ""


def receive(context: Context, *said: Said) -> None:
    """Put letters without references into the store, an hour apart, from Tuesday on."""
    begun = context.now - timedelta(days=1)
    me = (context.user_name, context.user_email)
    add_letters(
        context.home,
        [
            Letter(
                message_id=f"<{number}@x.example>",
                thread=f"<{number}@x.example>",
                sender=(one.who or me)[0],
                address=(one.who or me)[1],
                recipients=(context.user_email if one.who else ANA[1],),
                sent=begun + timedelta(hours=number),
                subject=one.subject,
                text=one.text,
                mine=one.who is None,
            )
            for number, one in enumerate(said)
        ],
        context.now,
    )


# Wednesday is 18 November 2026; letters are written from Tuesday, 9 o'clock, on.
@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            [Said("Let's have the kick-off on Friday at 10:00, 45 minutes."),
             Said("Sorry, the Friday kick-off is off.")],
            [],
        ),
        (
            [Said("Let's have the kick-off on Friday at 10:00, 45 minutes."),
             Said("The dinner on Friday is off.", BEN)],
            ["2026-11-20T10:00 PT45M"],
        ),
        (
            [Said("Can we move our 1:1 from Thursday to Friday 11:00?")],
            ["2026-11-20T11:00 PT30M"],
        ),
        (
            [Said("Lass uns am Montag, 23. November um 14 Uhr über das Budget reden. "
                  "Eine Stunde reicht.", subject="Budget"),
             Said("Montag klappt doch nicht. Dienstag um 14 Uhr?", subject="AW: Budget"),
             Said("Dienstag um 14 Uhr passt mir.", None, "Re: Budget")],
            ["2026-11-24T14:00 PT1H"],
        ),
        (
            [Said("¿Nos reunimos el jueves a las 16:30? Media hora basta."),
             Said("Lo siento, el jueves no puedo. ¿Qué tal el viernes a las 9:30?")],
            ["2026-11-20T09:30 PT30M"],
        ),
        (
            [Said("La démo aura lieu le vendredi 20 novembre de 14h à 15h30."),
             Said("La démo de vendredi est annulée.", subject="Démo")],
            [],
        ),
        (
            [Said("Please pick three candidates before our talk on Friday at 14:00.")],
            ["2026-11-20T14:00 PT30M"],
        ),
        (
            [Said("FYI.\n\n---------- Forwarded message ---------\nFrom: Facility\n\n"
                  "A briefing takes place on Friday at 9:00.")],
            [],
        ),
        (
            [Said("Join our webinar on Friday at 9:00!\nUnsubscribe here.")],
            [],
        ),
        (
            [Said("Can we talk about the roadmap on Thursday at 11?", subject="Plan"),
             Said("Thursday I'm travelling. Friday same time?", None, "Re: Plan")],
            ["2026-11-20T11:00 PT30M"],
        ),
        (
            [Said("The strategy day moves from Tuesday 24 November to Wednesday "
                  "25 November, 9:00 to 17:00.")],
            ["2026-11-25T09:00 PT8H"],
        ),
        (
            [Said("La reunión será el jueves a las 11:00. Dura dos horas.")],
            ["2026-11-19T11:00 PT2H"],
        ),
        (
            [Said("Fancy lunch? Tuesday or Thursday at 12:30 would suit me."),
             Said("Thursday works for me.", None)],
            ["2026-11-19T12:30 PT1H"],
        ),
        (
            [Said("Can you do Thursday at 10 or Friday at 11?"),
             Said("Friday at 11 works for me.", None)],
            ["2026-11-20T11:00 PT1H"],
        ),
    ],
    ids=[
        "called off", "another meeting", "moved from", "German", "Spanish",
        "called off in French", "told beside a task", "forwarded", "automatic",
        "same time", "days from and to", "hours that it lasts", "one of two days",
        "chosen",
    ],
)  # fmt: skip
def test_the_last_word_on_a_meeting_counts(
    said: list[Said], expected: list[str], context: Context, use: Use
) -> None:
    """What is called off, moved, forwarded or a machine's is told apart."""
    receive(context, *said)
    found = use(find_follow_ups, context)
    assert [f"{one.start[:16]} {one.duration}" for one in found] == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            [Said("Minutes:\n- Kim: update the register by Friday\n- Ana: call legal")],
            ["you: update the register 2026-11-20", "Ana: call legal "],
        ),
        (
            [Said("Could you book the restaurant? And please buy milk."),
             Said("I've already booked the table, so you don't need to.")],
            ["you: buy milk "],
        ),
        (
            [Said("Könntest du mir die Nummer schicken?", subject="Nummer"),
             Said("Klar, schicke ich dir gleich.", None, "Re: Nummer"),
             Said("Ist raus.", None, "Re: Nummer")],
            [],
        ),
        (
            [Said("Kommt ihr Ostern zu uns? Sag mir bis Freitag Bescheid.")],
            ["you: Kommt ihr Ostern zu uns 2026-11-20"],
        ),
        (
            [Said("¿Puedes enviarme el informe antes del viernes?")],
            ["you: ¿Puedes enviarme el informe 2026-11-20"],
        ),
        (
            [Said("> Can you book the hotel?\n\nDone already, no need to do anything.")],
            [],
        ),
        (
            [Said("Please invent a day with 30 hours by tomorrow, lol.")],
            [],
        ),
        (
            [Said("Invoice 17 is due on 27 November.\nPlease do not reply.")],
            ["you: Invoice 17 is due on 27 November 2026-11-27"],
        ),
        (
            [Said("Die Abnahme ist am Freitag um 13 Uhr. Kommst du auch mit?")],
            [],
        ),
        (
            [Said("We still have to clean the guest room.")],
            ["you: We still have to clean the guest room "],
        ),
        (
            [Said("Could you send the offer?", subject="Offer"),
             Said("Sure, I'll send it tomorrow.", None, "Re: Offer")],
            ["you: send the offer "],
        ),
    ],
    ids=[
        "owners", "done by another", "done by the user", "answer by", "Spanish",
        "quoted", "joke", "bill", "a meeting", "of all", "promised",
    ],
)  # fmt: skip
def test_tasks_stay_open_until_they_are_done(
    said: list[Said], expected: list[str], context: Context, use: Use
) -> None:
    """Each task has its owner and day; jokes and what was quoted make none."""
    receive(context, *said)
    found = use(find_action_items, context)
    assert [f"{one.owner}: {one.text} {one.due[:10]}" for one in found] == expected


TALK = "Let's have the planning call on Friday at 15:00."


@pytest.mark.parametrize(
    ("event", "note"),
    [
        ({"title": "Planning call"}, "on your calendar already"),
        ({"title": "Review"}, "collides with"),
        ({"title": "Sync", "attendees": ["ana@kos.example"]}, "already"),
        ({"title": "Review", "attendees": ["ben@ude.example"]}, "collides with"),
        ({"title": "Lunch with Ben"}, "collides with"),
    ],
    ids=["title", "another", "people", "others", "names another"],
)
def test_a_meeting_is_known_on_the_calendar_by_its_meaning(
    event: dict[str, Any], note: str, context: Context, use: Use
) -> None:
    """Title, people and time tell whether it is there; nobody is invited again."""
    use(create_event, context, start="Friday at 15:00", **event)
    receive(context, Said(TALK))
    [found] = use(find_follow_ups, context)
    assert note in found.note
    assert bool(found.attendees) == ("collides" in note)


def test_an_event_has_another_name_in_another_language(
    context: Context, use: Use
) -> None:
    """At the very time of a letter's meeting, what names nobody else is the meeting."""
    use(create_event, context, title="Parent-teacher evening", start="Friday at 19:00")
    receive(context, Said("Denkst du dran? Am 20. ist um 19 Uhr Elternabend."))
    assert [one.attendees for one in use(find_follow_ups, context)] in ([], [[]])


def test_a_question_that_collides_names_a_free_time(context: Context, use: Use) -> None:
    """Nobody is invited to what does not fit; a free time of its length is told."""
    use(create_event, context, title="Dentist", start="Friday 15:00", duration="2 hours",
        attendees=["ben@ude.example"])  # fmt: skip
    receive(context, Said("Could we meet on Friday at 15:00 about the plan?"))
    [found] = use(find_follow_ups, context)
    assert found.attendees == []
    assert "collides with “Dentist”" in found.note
    assert "free: Fri 20 Nov 17:00-18:00" in found.note


def test_who_was_invited_is_not_invited_again(context: Context, use: Use) -> None:
    """A second reading of the same letters invites nobody."""
    receive(context, Said(TALK))
    [first] = use(find_follow_ups, context)
    use(
        send_invite,
        context,
        title=first.title,
        start=first.start,
        attendees=first.attendees,
    )
    [second] = use(find_follow_ups, context)
    assert (first.attendees, second.attendees) == (["ana@kos.example"], [])
    assert second.people == ["ana@kos.example"]


def test_a_move_of_what_is_on_the_calendar_is_no_new_invite(
    context: Context, use: Use
) -> None:
    """The event that stands at the old time is named."""
    use(create_event, context, title="Planning call", start="Friday at 15:00",
        attendees=["ana@kos.example"])  # fmt: skip
    receive(context, Said(TALK), Said("Can we move the planning call to 16:30?"))
    [found] = use(find_follow_ups, context)
    assert found.start[:16] == datetime(2026, 11, 20, 16, 30).isoformat()[:16]
    assert found.attendees == []
    assert found.note.endswith("to be moved")


def test_a_summary_names_subjects_and_leaves_machines_out(
    context: Context, use: Use
) -> None:
    """Letters of one subject stand together, without quotes."""
    receive(
        context,
        Said("The offer is ready.", subject="Offer"),
        Said("I changed the price.\n> The offer is ready.", subject="Re: Offer"),
        Said("Only until Friday! Unsubscribe", BEN, "Spring sale"),
    )
    summary = use(summarize_messages, context)
    assert [(one.subject, len(one.points)) for one in summary.threads] == [("Offer", 2)]
    assert summary.threads[0].points[1].text == "I changed the price."
    assert summary.automatic == ["Spring sale"]
