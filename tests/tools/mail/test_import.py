"""Importing mbox, Maildir, .eml and JSON exports into the store."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agentkit import Context, StoreError, ToolError
from agentkit_tools._mail.letter import read_mail
from agentkit_tools._mail.sources import mails_in
from agentkit_tools._store.imports import drop_batch
from agentkit_tools._store.letter_search import Search, find_letters
from agentkit_tools._store.mailbox import Letter
from agentkit_tools.archives import import_messages
from agentkit_tools.messages import find_messages

Use = Callable[..., Any]


def mail(
    number: int, *, body: str = "Hello.", answers: int = 0, extra: str = ""
) -> bytes:
    """Write a small mail."""
    reply = f"In-Reply-To: <m{answers}@x.example>\n" if answers else ""
    return (
        f"From: Ana Kos <ana@kos.example>\nTo: kim@berg.example\n"
        f"Date: Tue, 17 Nov 2026 10:{number:02}:00 +0100\n"
        f"Message-ID: <m{number}@x.example>\nSubject: Number {number}\n"
        f"{reply}{extra}\n{body}\n"
    ).encode()


def mbox(*mails: bytes) -> bytes:
    """Join mails into an mbox."""
    head = b"From ana@kos.example Tue Nov 17 10:00:00 2026\n"
    return b"\n".join(head + one for one in mails)


def stored(context: Context) -> list[Letter]:
    """Return what is in the store, oldest first."""
    return find_letters(context.home, Search(count=1000), context.now)[0][::-1]


def facts(context: Context) -> list[Letter]:
    """Return the stored messages in an order of their own."""
    return sorted(stored(context), key=lambda letter: letter.message_id)


def test_an_mbox_is_imported_once(context: Context, use: Use, tmp_path: Path) -> None:
    """Importing again adds nothing; quoted `From ` lines are plain again."""
    path = tmp_path / "Archive.mbox"
    path.write_bytes(mbox(mail(1, body="Hi.\n\n>From here on."), mail(2), mail(3)))
    first = use(import_messages, context, path=str(path))
    again = use(import_messages, context, path=str(path))
    assert (first.added, first.known, again.added, again.known) == (3, 0, 0, 3)
    assert stored(context)[0].text == "Hi.\n\nFrom here on."
    assert stored(context)[0].labels == ("Archive",)


def test_a_maildir_tells_what_was_read(
    context: Context, use: Use, tmp_path: Path
) -> None:
    """Flags give the read state, folders the labels, and Sent what is one's own."""
    for folder in ("", ".Sent", ".Work.Trips"):
        for place in ("cur", "new", "tmp"):
            (tmp_path / "box" / folder / place).mkdir(parents=True)
    (tmp_path / "box/cur/1.host:2,S").write_bytes(mail(1))
    (tmp_path / "box/new/2.host").write_bytes(mail(2))
    (tmp_path / "box/.Sent/cur/3.host:2,").write_bytes(mail(3))
    (tmp_path / "box/.Work.Trips/cur/4.host:2,RS").write_bytes(mail(4))
    assert use(import_messages, context, path=str(tmp_path / "box")).added == 4
    found = [(one.unread, one.mine, one.labels) for one in stored(context)]
    assert found == [
        (False, False, ()),
        (True, False, ()),
        (False, True, ("Sent",)),
        (False, False, ("Work/Trips",)),
    ]


def test_a_maildir_that_cannot_be_listed_is_named(tmp_path: Path) -> None:
    """What the system says is one sentence, with the folder."""
    for place in ("cur", "new", "tmp"):
        (tmp_path / place).mkdir()
    mails = mails_in(tmp_path)
    (tmp_path / "cur").rmdir()
    with pytest.raises(StoreError, match=r"Cannot read .*cur"):
        list(mails)


def test_a_folder_of_mails_names_what_is_none(
    context: Context, use: Use, tmp_path: Path
) -> None:
    """What is no mail is counted and named; the others are imported."""
    (tmp_path / "in").mkdir()
    (tmp_path / "one.eml").write_bytes(mail(1))
    (tmp_path / "in" / "two.eml").write_bytes(mail(2))
    (tmp_path / "bad.eml").write_bytes(b"\x00\x01\x02 nothing")
    done = use(import_messages, context, path=str(tmp_path))
    assert (done.added, done.unreadable) == (2, 1)
    assert done.faults == ["bad.eml: it is no mail"]


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1), (3, 1, 2)], ids=str)
def test_answers_are_in_the_thread_they_answer(
    order: tuple[int, ...], context: Context, use: Use, tmp_path: Path
) -> None:
    """In whichever order mails come, a chain of answers is one thread."""
    mails = {1: mail(1), 2: mail(2, answers=1), 3: mail(3, answers=2)}
    for number in order:
        path = tmp_path / f"{number}.eml"
        path.write_bytes(mails[number])
        use(import_messages, context, path=str(path))
    assert {letter.thread for letter in stored(context)} == {"<m1@x.example>"}


def test_an_import_is_taken_out_again(
    context: Context, use: Use, tmp_path: Path
) -> None:
    """After undo the store says what it said before, threads included."""
    path = tmp_path / "3.eml"
    path.write_bytes(mail(3, answers=2))
    use(import_messages, context, path=str(path))
    before = facts(context)
    path = tmp_path / "more.mbox"
    path.write_bytes(mbox(mail(2, answers=1), mail(1), mail(3, answers=2)))
    done = use(import_messages, context, path=str(path))
    assert facts(context) != before
    assert drop_batch(context.home, done.batch, context.now) == 2
    assert facts(context) == before
    assert use(find_messages, context, query="Number") != []


@pytest.mark.parametrize(
    ("content", "subject", "text"),
    [
        (b"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\n\nx", "Grüße", "x"),
        (b"Subject: =?nonsense?q?Gr=FC=DFe?=\n\nx", "Grüße", "x"),
        (b"Subject: Gr\xc3\xbc\xc3\x9fe\n\nGr\xfc\xdfe", "Grüße", "Grüße"),
        (
            b"Subject: a\nContent-Type: text/plain; charset=no-such\n\n\xc3\xbc",
            "a",
            "ü",
        ),
        (
            b"Subject: a\nContent-Type: text/html\n\n<style>p{}</style>"
            b"<p>Tom &amp; <b>Ann</b></p><script>x()</script>",
            "a",
            "Tom & Ann",
        ),
        (
            b"Subject: a\nContent-Transfer-Encoding: base64\n\n!!!not base64",
            "a",
            "!!!not base64",
        ),
        (b"Subject: a\nContent-Type: multipart/mixed\n\nno boundary", "a", ""),
        (b"Subject: a\x00b\nDate: the day before\nFrom: ,,<>\n\nx\x00y", "ab", "xy"),
        (b"Subject:\n\n", "", ""),
    ],
    ids=["q", "unknown", "8-bit", "charset", "html", "base64", "parts", "nul", "empty"],
)
def test_broken_mail_is_read_as_far_as_it_goes(
    content: bytes, subject: str, text: str, context: Context
) -> None:
    """Wrong charsets, encodings, dates and parts never stop an import."""
    letter = read_mail(content, "", now=context.now).letter
    assert (letter.subject, letter.text) == (subject, text)


def test_a_mail_without_an_id_is_imported_once(
    context: Context, use: Use, tmp_path: Path
) -> None:
    """Its content stands in for a Message-ID."""
    path = tmp_path / "a.eml"
    path.write_bytes(b"From: a@b.example\nSubject: x\n\nx")
    for _ in range(2):
        use(import_messages, context, path=str(path))
    assert len(stored(context)) == 1


EXPORTS: dict[str, Any] = {
    "array": [
        {"from": "Ana <ana@kos.example>", "date": "2026-11-17T10:00", "body": "Hi"}
    ],
    "telegram": {
        "name": "Ana",
        "id": 5,
        "messages": [
            {
                "id": 1, "type": "message", "date": "2026-11-17T10:00:00", "from": "Ana",
                "from_id": "user5", "text": ["H", {"type": "bold", "text": "i"}],
            }
        ],
    },
    "epoch": [{"sender": "Ana", "timestamp": 1794906000000, "content": "Hi"}],
}  # fmt: skip


@pytest.mark.parametrize("name", EXPORTS)
def test_json_exports_are_read(
    name: str, context: Context, use: Use, tmp_path: Path
) -> None:
    """Times without a zone are the user's; importing again adds nothing."""
    path = tmp_path / "chat.json"
    path.write_text(json.dumps(EXPORTS[name], indent=1))
    assert use(import_messages, context, path=str(path)).added == 1
    assert use(import_messages, context, path=str(path)).added == 0
    [found] = use(find_messages, context, query="hi")
    assert (found.sender, found.text, found.sent[:16]) == (
        "Ana", "Hi", "2026-11-17T10:00",
    )  # fmt: skip


@pytest.mark.parametrize("gap", [0, 999_950], ids=["one piece", "across pieces"])
def test_all_chats_of_an_export_are_read(
    gap: int, context: Context, use: Use, tmp_path: Path
) -> None:
    """Each has its own array, and counts its messages by itself (Telegram)."""
    chats = [
        {
            "name": name,
            "messages": [{"id": 1, "date": "2026-11-17T10:00", "text": f"hi {name}"}],
            "about": "x" * gap,
        }
        for name in ("Ana", "Bo", "Cy")
    ]
    path = tmp_path / "result.json"
    path.write_text(json.dumps({"chats": {"list": chats}}, indent=1))
    done = use(import_messages, context, path=str(path))
    assert (done.added, done.unreadable) == (3, 0)
    assert {one.text for one in stored(context)} == {"hi Ana", "hi Bo", "hi Cy"}
    assert len({one.thread for one in stored(context)}) == 3


def test_json_lines_are_read_up_to_the_damage(
    context: Context, use: Use, tmp_path: Path
) -> None:
    """A file that ends in the middle gives what is whole, and says so."""
    line = '{"sender": "Ana", "date": "2026-11-17T1%d:00", "text": "Hi"}\n'
    path = tmp_path / "chat.jsonl"
    path.write_text(line % 0 + line % 1 + '{"sender": "A')
    done = use(import_messages, context, path=str(path))
    assert (done.added, done.unreadable) == (2, 1)
    assert "ends in the middle" in done.faults[0]


def test_what_is_not_there_is_told(context: Context, use: Use, tmp_path: Path) -> None:
    """A path without a file, and an empty file, give one sentence."""
    with pytest.raises(ToolError, match="no file or folder"):
        use(import_messages, context, path=str(tmp_path / "none.mbox"))
    (tmp_path / "empty.mbox").touch()
    with pytest.raises(ToolError, match="is empty"):
        use(import_messages, context, path=str(tmp_path / "empty.mbox"))
