"""What a second import brings to known messages, and marking as read."""

from __future__ import annotations

import mailbox
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agentkit import Context, InputNeeded
from agentkit_tools._store.letter_search import Search, find_letters
from agentkit_tools._store.mailbox import Letter, add_letters
from agentkit_tools._store.messages_db import COLUMNS
from agentkit_tools.archives import import_messages
from agentkit_tools.mail import mark_read
from agentkit_tools.messages import find_messages

Use = Callable[..., Any]

MAIL = "From: Ana <ana@kos.example>\nMessage-ID: <m@x.example>\nSubject: Hi\n\nHello\n"


def maildir(folder: Path, flags: str) -> Path:
    """Make a Maildir with one mail in its folder `Work`."""
    box = mailbox.Maildir(folder).add_folder("Work")
    message = mailbox.MaildirMessage(MAIL)
    message.set_subdir("cur")
    message.set_flags(flags)
    box.add(message)
    return folder


def test_a_second_import_merges_labels_and_read_flags(
    context: Context, use: Use, tmp_path: Path
) -> None:
    """A known mail gets the new label, is read where it was read; undo puts it back."""
    single = tmp_path / "a.eml"
    single.write_text(MAIL)
    use(import_messages, context, path=str(single))
    done = use(import_messages, context, path=str(maildir(tmp_path / "box", "S")))
    assert (done.added, done.known, done.merged) == (0, 1, 1)
    [found] = use(find_messages, context)
    assert (found.labels, found.unread) == (["Work"], False)
    assert use(import_messages, context, path=str(single)).merged == 0
    assert import_messages.undo is not None
    import_messages.undo(done, context)
    [found] = use(find_messages, context)
    assert (found.labels, found.unread) == ([], True)


def write(context: Context, *facts: tuple[str, str]) -> None:
    """Store unread messages: sender and text."""
    add_letters(
        context.home,
        [
            Letter(
                message_id=f"<{number}@x.example>", thread="t", sender=sender,
                address=f"{sender.lower()}@x.example", text=text, unread=True,
                sent=context.now - timedelta(hours=number),
            )
            for number, (sender, text) in enumerate(facts)
        ],
        context.now,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "left"),
    [
        ({"sender": "Ana"}, ["Ben"]),
        ({"query": "rent"}, ["Ana"]),
        ({"when": "today", "sender": "Ben"}, ["Ana", "Ana"]),
        ({"all_messages": True}, []),
    ],
    ids=["sender", "words", "day", "all"],
)
def test_messages_are_marked_as_read_and_unread_again(
    arguments: dict[str, Any], left: list[str], context: Context, use: Use
) -> None:
    """Only what fits is marked; undo marks those and no others."""
    write(context, ("Ana", "the rent"), ("Ben", "my rent"), ("Ana", "hello"))
    assert "Mark " in mark_read.describe(mark_read.check(arguments, context))
    done = use(mark_read, context, **arguments)
    unread = use(find_messages, context, unread=True)
    assert [one.sender for one in unread] == left
    assert done.count == 3 - len(left)
    assert mark_read.undo is not None
    mark_read.undo(done, context)
    assert len(use(find_messages, context, unread=True)) == 3


def test_which_messages_is_asked(context: Context, use: Use) -> None:
    """Without words nothing is marked."""
    write(context, ("Ana", "hello"))
    with pytest.raises(InputNeeded, match="Which messages"):
        use(mark_read, context)


def test_messages_are_found_by_time_whatever_order_they_came_in(
    context: Context, use: Use
) -> None:
    """Newest first, at the same second in the order of arrival, in every century."""
    moments = [
        context.now,
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(2026, 1, 1, tzinfo=UTC),
        datetime(2026, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
        datetime(1969, 7, 20, tzinfo=UTC),
    ]
    letters = [
        Letter(message_id=f"<{n}@x>", thread="t", sender="Ana", address="a@x.example",
               text="word", sent=moment)
        for n, moment in enumerate(moments)
    ]  # fmt: skip
    add_letters(context.home, letters, context.now)
    order = ["<4@x>", "<0@x>", "<3@x>", "<2@x>", "<5@x>", "<1@x>"]
    for search in (Search(), Search(words="wor"), Search(sender="ana")):
        found, _ = find_letters(context.home, search, context.now)
        assert [one.message_id for one in found] == order
    year = Search(start=datetime(2026, 1, 1, tzinfo=UTC),
                  end=datetime(2026, 11, 18, tzinfo=UTC), words="word")  # fmt: skip
    found, _ = find_letters(context.home, year, context.now)
    assert [one.message_id for one in found] == ["<3@x>", "<2@x>"]


@pytest.mark.parametrize(
    ("text", "query"),
    [("नमस्ते दुनिया", "दुनिया"), ("Café crème", "cafe"), ("สวัสดีครับ", "สวัสดี"),
     ("Grüße", "gruß"), ("e-mail", "e-mail")],
    ids=["Hindi", "accents", "Thai, from the beginning", "umlaut", "hyphen"],
)  # fmt: skip
def test_words_of_all_scripts_are_found(
    text: str, query: str, context: Context, use: Use
) -> None:
    """Vowel signs belong to their words; accents do not matter."""
    write(context, ("Ana", text))
    found = use(find_messages, context, query=query)
    assert len(found) == 1


def test_a_part_of_a_name_is_found(context: Context, use: Use) -> None:
    """Where no word of the name begins so, its inside is looked at."""
    write(context, ("Joanna", "x"), ("Ben", "x"))
    assert [one.sender for one in use(find_messages, context, sender="anna")] == [
        "Joanna"
    ]
    assert use(find_messages, context, sender="anna", query="y") == []


OLDER = """
CREATE TABLE messages (
    id INTEGER PRIMARY KEY, message_id TEXT NOT NULL UNIQUE, thread TEXT NOT NULL,
    subject TEXT NOT NULL, sender TEXT NOT NULL, address TEXT NOT NULL,
    recipients TEXT NOT NULL, sent TEXT NOT NULL, text TEXT NOT NULL,
    unread INTEGER NOT NULL, mine INTEGER NOT NULL, labels TEXT NOT NULL DEFAULT '',
    invite TEXT NOT NULL DEFAULT '', batch TEXT NOT NULL DEFAULT ''
);
CREATE INDEX messages_sent ON messages (sent);
CREATE TABLE moved (batch TEXT, id INTEGER, thread TEXT);
CREATE VIRTUAL TABLE message_words USING fts5(
    subject, sender, text, content='messages', content_rowid='id');
CREATE TRIGGER message_added AFTER INSERT ON messages BEGIN
    INSERT INTO message_words(rowid, subject, sender, text)
    VALUES (new.id, new.subject, new.sender, new.text);
END;
PRAGMA user_version = 2;
"""


def test_an_older_store_is_taken_over(context: Context, use: Use) -> None:
    """All messages are there, found by words and in the order of time."""
    context.home.mkdir()
    with closing(sqlite3.connect(context.home / "messages.db")) as older, older:
        older.executescript(OLDER)
        for number, day in enumerate((3, 1, 2)):
            older.execute(
                f"INSERT INTO messages ({COLUMNS}) VALUES (?, 't', '', 'Ana', 'a@x', "
                "'', ?, 'hello', 0, 0, '', '', 'b')",
                (f"<{number}@x>", f"2026-01-0{day}T00:00:00+00:00"),
            )
        older.execute("INSERT INTO moved VALUES ('b', 2, 'old')")
    found, _ = find_letters(context.home, Search(words="hello"), context.now)
    assert [one.message_id for one in found] == ["<0@x>", "<2@x>", "<1@x>"]
    with closing(sqlite3.connect(context.home / "messages.db")) as now:
        query = "SELECT message_id FROM moved JOIN messages USING (id)"
        assert now.execute(query).fetchall() == [("<1@x>",)]
        assert now.execute("PRAGMA integrity_check").fetchone() == ("ok",)
