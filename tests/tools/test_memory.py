"""Facts: remembered in a file that people edit, used for people and places, forgotten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from agentkit import Context, InputNeeded, ToolError
from agentkit.discovery import personal_values
from agentkit.slots import resolve_contact
from agentkit_tools._known_facts import Belonging, read_belonging
from agentkit_tools.calendar import create_event
from agentkit_tools.contacts import add_contact, find_contact
from agentkit_tools.memory import forget_fact, recall_facts, remember_fact
from agentkit_tools.notes import take_note

Use = Callable[..., Any]
SISTER = "my sister is called Eva"


def remember(context: Context, use: Use, *facts: str) -> None:
    for fact in facts:
        use(remember_fact, context, text=fact)


def test_facts_stand_in_a_file_one_a_line(context: Context, use: Use) -> None:
    """What was known is not put down twice, and what stands around it stays."""
    remember(context, use, SISTER, "my locker is 118.", SISTER.upper())
    path = context.home / "notes" / "facts.md"
    text = path.read_text("utf-8")
    assert text.endswith(f"\n\n- {SISTER}\n- my locker is 118\n")
    path.write_text("# Mine\n\nWords of my own.\n* by hand\n\n## More\n", "utf-8")
    remember(context, use, SISTER)
    expected = f"# Mine\n\nWords of my own.\n* by hand\n\n## More\n\n- {SISTER}\n"
    assert path.read_text("utf-8") == expected
    assert [one.text for one in use(recall_facts, context)] == ["by hand", SISTER]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("wifi password", ["my wifi password is maple-22"]),
        ("sister's name", [SISTER]),
        ("รหัสประตู", ["รหัสประตูคือ 4471"]),
        ("", [SISTER, "my wifi password is maple-22", "รหัสประตูคือ 4471"]),
        ("the lease", []),
    ],
)
def test_facts_are_found_by_their_words(
    query: str, expected: list[str], context: Context, use: Use
) -> None:
    """All of them without words, and in scripts without spaces, too."""
    remember(context, use, SISTER, "my wifi password is maple-22", "รหัสประตูคือ 4471")
    assert [one.text for one in use(recall_facts, context, query=query)] == expected


def test_notes_are_looked_at_where_no_fact_fits(context: Context, use: Use) -> None:
    """What somebody noted is told as well."""
    use(take_note, context, text="the code is 12", title="Door")
    [found] = use(recall_facts, context, query="door code")
    assert (found.text, found.file) == ("the code is 12", "notes/door.md")


def test_the_newest_fact_is_forgotten_without_words(context: Context, use: Use) -> None:
    """With words, the one that has them; of several, it is asked which."""
    remember(context, use, SISTER, "my shoe size is 43", "my shirt size is 40")
    assert use(forget_fact, context).text == "my shirt size is 40"
    assert use(forget_fact, context, query="sister").text == SISTER
    remember(context, use, "my shirt size is 40")
    with pytest.raises(InputNeeded, match="Which fact"):
        use(forget_fact, context, query="size")
    with pytest.raises(ToolError, match="nothing about that"):
        use(forget_fact, context, query="lease")


@pytest.mark.parametrize(
    ("fact", "thing", "value"),
    [
        ("my sister is called Eva", "sister", "Eva"),
        ("Eva is my sister", "sister", "Eva"),
        ("My best friend's name is Tom Roth.", "best friend", "Tom Roth"),
        ("meine Schwester heißt Eva", "Schwester", "Eva"),
        ("meine Schwester Eva heißt", "Schwester", "Eva"),
        ("mein WLAN-Passwort ahorn-22 ist", "WLAN-Passwort", "ahorn-22"),
        ("ma sœur s'appelle Eva", "sœur", "Eva"),
        ("mia sorella si chiama Eva", "sorella", "Eva"),
        ("minha irmã se chama Eva", "irmã", "Eva"),
        ("mi hermana se llama Eva", "hermana", "Eva"),
        ("मेरी बहन का नाम ईवा है", "बहन", "ईवा"),
        ("น้องสาวฉันชื่ออีวา", "น้องสาว", "อีวา"),
    ],
)
def test_who_or_what_is_the_users_is_read(fact: str, thing: str, value: str) -> None:
    """In eight languages, and in the order of a clause after "that"."""
    assert read_belonging(fact) == Belonging(thing, value)


def test_other_facts_say_nothing_further() -> None:
    """They are remembered, and no more."""
    assert read_belonging("the cleaner comes on Tuesdays") is None


def test_people_are_found_by_what_they_are(context: Context, use: Use) -> None:
    """The contact of that name is meant; without one, her address is asked for."""
    remember(context, use, SISTER)
    with pytest.raises(InputNeeded, match="Eva's e-mail address"):
        use(create_event, context, title="X", start="noon", attendees=["my sister"])
    use(add_contact, context, name="Eva Kos", email="eva@kos.example")
    assert resolve_contact("my sister", context).email == "eva@kos.example"


def test_a_relation_in_another_language_is_found(context: Context, use: Use) -> None:
    """With the word for mine before it, as it is said."""
    use(add_contact, context, name="Eva Kos", email="eva@kos.example")
    remember(context, use, "meine Schwester heißt Eva")
    assert resolve_contact("meine Schwester", context).name == "Eva Kos"
    assert resolve_contact("Schwester", context).name == "Eva Kos"


def test_a_person_is_looked_up_by_what_they_are(context: Context, use: Use) -> None:
    """By the name alone until there is a contact of that name."""
    remember(context, use, SISTER)
    assert [one.name for one in use(find_contact, context, name="my sister")] == ["Eva"]
    use(add_contact, context, name="Eva Kos", email="eva@kos.example")
    [found] = use(find_contact, context, name="sister")
    assert found.emails == ["eva@kos.example"]


def test_two_of_that_name_are_not_guessed(context: Context, use: Use) -> None:
    """A fact that may mean two contacts says nothing of either."""
    for mail in ("eva@kos.example", "eva@lund.example"):
        use(add_contact, context, name=f"Eva {mail[4:8]}", email=mail)
    remember(context, use, SISTER)
    with pytest.raises(InputNeeded):
        resolve_contact("my sister", context)


def test_places_are_found_by_what_they_are(context: Context, use: Use) -> None:
    """An event at "my gym" takes place where the gym is."""
    remember(context, use, "my gym is FitInn on Mill Street")
    done = use(create_event, context, title="Training", start="noon", location="my gym")
    assert done.event.location == "FitInn on Mill Street"


def test_facts_are_values_that_must_not_leave(context: Context, use: Use) -> None:
    """The gate knows each fact, and who or what is in it."""
    remember(context, use, SISTER, "my wifi password is maple-22")
    values = {(one.text, one.kind) for one in personal_values(context)}
    assert {("Eva", "contact"), ("maple-22", "fact"), (SISTER, "fact")} <= values
    assert recall_facts.label.privacy == "personal"


def test_what_is_too_long_or_empty_is_said(context: Context, use: Use) -> None:
    """Long texts are notes."""
    with pytest.raises(ToolError, match="note"):
        use(remember_fact, context, text="x" * 501)
    with pytest.raises(InputNeeded):
        use(remember_fact, replace(context), text=" . ")


def test_a_note_never_becomes_the_facts(context: Context, use: Use) -> None:
    """A note of that name is another file: its lines are not remembered."""
    note = use(take_note, context, title="Facts", text="- ants have six legs")
    assert note.file != "notes/facts.md"
    assert use(recall_facts, context) == []
