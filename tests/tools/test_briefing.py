"""The briefing: what a day holds, and one line where it holds nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from agentkit import Context
from agentkit.language import speaking
from agentkit_tools._store.mailbox import Letter, add_letters
from agentkit_tools.briefing import Briefing, brief, say_briefing
from agentkit_tools.calendar import create_event
from agentkit_tools.dispatch import schedule_message
from agentkit_tools.reminders import create_reminder

Use = Callable[..., Any]
ASKS = "Could you send me the report by Tuesday?"


def write(context: Context, *letters: tuple[str, str, bool]) -> None:
    """Put messages into the store: thread, text, and whether they are the user's."""
    add_letters(
        context.home,
        [
            Letter(
                message_id=f"<{place}@x>",
                thread=thread,
                sender="Kim Berg" if mine else "Ana Kos",
                address="kim@berg.example" if mine else f"{thread}@kos.example",
                recipients=(f"{thread}@kos.example",)
                if mine
                else ("kim@berg.example",),
                sent=context.now - timedelta(hours=9 - place),
                text=text,
                mine=mine,
            )
            for place, (thread, text, mine) in enumerate(letters)
        ],
        context.now,
    )


def test_nothing_to_tell_is_one_line(context: Context, use: Use) -> None:
    """Quiet where the day is empty, in the user's language."""
    found = use(brief, context)
    assert say_briefing(found) == "Wednesday, 18 November: nothing to tell."
    with speaking("de"):
        assert say_briefing(use(brief, context)).endswith("nichts zu melden.")


def test_a_day_is_told_in_its_order(context: Context, use: Use) -> None:
    """Whole days first; what overlaps is named."""
    for title, start in (("Lunch", "12:30"), ("Review", "12:00"), ("Gym", "18:00")):
        use(create_event, context, title=title, start=f"2026-11-18T{start}")
    use(create_event, context, title="Fair", start="today")
    found = use(brief, context)
    assert found.events == [
        "Fair", "12:00-13:00 Review", "12:30-13:30 Lunch", "18:00-19:00 Gym",
    ]  # fmt: skip
    assert found.conflicts == ["Review and Lunch"]
    assert use(brief, context, day="tomorrow").events == []


def test_tasks_of_the_day_and_before(context: Context, use: Use) -> None:
    """What is overdue is told with its day."""
    monday = replace(context, now=context.now - timedelta(days=2))
    use(create_reminder, monday, text="pay rent", when="today at 6pm")
    use(create_reminder, context, text="call Bo", when="3pm")
    use(create_reminder, context, text="water", when="Friday")
    assert use(brief, context).tasks == ["pay rent (Mon 16 Nov)", "call Bo (15:00)"]
    tomorrow = use(brief, context, day="tomorrow").tasks
    assert tomorrow == ["pay rent (Mon 16 Nov)", "call Bo (Wed 18 Nov)"]


@pytest.mark.parametrize(
    ("letters", "waits"),
    [
        ([("a", ASKS, False)], True),
        ([("a", ASKS, False), ("a", "Here it is.", True)], False),
        ([("a", ASKS, False), ("b", ASKS, False), ("a", "Here.", True)], True),
        ([("a", "Thanks, see you!", False)], False),
        ([("noreply", f"{ASKS} To unsubscribe, click here.", False)], False),
    ],
    ids=["asked", "answered", "another asked", "no question", "a machine"],
)
def test_messages_that_wait_for_an_answer(
    letters: list[tuple[str, str, bool]], waits: bool, context: Context, use: Use
) -> None:
    """The last word of a conversation, where it asks something of the user."""
    write(context, *letters)
    found = use(brief, context).messages
    assert bool(found) is waits
    assert all(ASKS in one for one in found)


@pytest.mark.parametrize(
    ("born", "told"),
    [
        ("1990-11-18", ["Ana Kos (36)"]),
        ("--11-18", ["Ana Kos"]),
        ("19901118", ["Ana Kos (36)"]),
        ("1990-11-19", []),
        ("yesterday", []),
    ],
)
def test_birthdays(born: str, told: list[str], context: Context, use: Use) -> None:
    """With the age where the year is known."""
    context.home.mkdir()
    card = f"BEGIN:VCARD\nVERSION:3.0\nFN:Ana Kos\nBDAY:{born}\nEND:VCARD\n"
    (context.home / "contacts.vcf").write_text(card)
    assert use(brief, context).birthdays == told


def test_what_goes_out_is_told(context: Context, use: Use) -> None:
    """Messages that were scheduled for the day."""
    use(schedule_message, context, when="8pm", to="a@b.example", text="Hi", subject="X")
    assert use(brief, context).sending == ["20:00 a@b.example: X"]
    tomorrow = use(brief, context, day="tomorrow").sending
    assert tomorrow == ["Wed 18 Nov 20:00 a@b.example: X"]


def test_long_parts_are_cut_and_counted() -> None:
    """Ten lines of a part, and how many there are more."""
    names = ("events", "conflicts", "birthdays", "invites", "messages")
    parts: dict[str, Any] = {name: [] for name in names}
    tasks = [f"task {n}" for n in range(14)]
    said = say_briefing(Briefing(day="", name="Today", tasks=tasks, **parts))
    assert said.endswith("- task 9\n- 4 others")
