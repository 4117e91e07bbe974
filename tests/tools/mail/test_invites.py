"""Invite mails are recognised and offered to the calendar."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agentkit import Context
from agentkit_tools.archives import import_messages
from agentkit_tools.messages import find_messages, summarize_messages

Use = Callable[..., Any]

MAIL = """From: Ana Kos <ana@kos.example>
To: kim@berg.example
Date: Tue, 17 Nov 2026 10:%02d:00 +0100
Message-ID: <i%d@kos.example>
Subject: Planning
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary=b

--b
Content-Type: text/plain

Please come to the planning.
--b
Content-Type: text/calendar; charset=utf-8; method=%s

BEGIN:VCALENDAR
VERSION:2.0
METHOD:%s
BEGIN:VEVENT
UID:plan@kos.example
SEQUENCE:2
ORGANIZER:mailto:ana@kos.example
DTSTART:20261123T130000Z
DURATION:PT45M
SUMMARY:Planning
LOCATION:Room 4
END:VEVENT
END:VCALENDAR
--b--
"""


def bring(context: Context, use: Use, tmp_path: Path, *methods: str) -> None:
    """Import one invite mail for each method."""
    for number, method in enumerate(methods):
        path = tmp_path / f"{number}.eml"
        path.write_text(MAIL % (number, number, method, method))
        use(import_messages, context, path=str(path))


def test_an_invite_is_shown_with_its_message(
    context: Context, use: Use, tmp_path: Path
) -> None:
    """The result names the meeting by its UID, in the user's zone, and in words."""
    bring(context, use, tmp_path, "REQUEST")
    [found] = use(find_messages, context)
    invite = found.invite
    assert (invite.method, invite.uid, invite.sequence) == (
        "REQUEST", "plan@kos.example", 2,
    )  # fmt: skip
    assert invite.start == "2026-11-23T14:00:00+01:00"
    assert invite.end == "2026-11-23T14:45:00+01:00"
    assert (invite.organizer, invite.location) == ("ana@kos.example", "Room 4")
    assert "[invites to “Planning”, Mon 23 Nov 14:00-14:45]" in find_messages.word(
        find_messages.dump([found])
    )


@pytest.mark.parametrize(
    ("methods", "waiting"),
    [(["REQUEST"], 1), (["REQUEST", "REQUEST"], 1), (["REQUEST", "CANCEL"], 0),
     (["REPLY"], 0)],
    ids=["one", "changed", "called off", "an answer"],
)  # fmt: skip
def test_a_summary_tells_what_waits_for_an_answer(
    methods: list[str], waiting: int, context: Context, use: Use, tmp_path: Path
) -> None:
    """An invite that was called off, or an answer, does not wait."""
    bring(context, use, tmp_path, *methods)
    assert len(use(summarize_messages, context).invites) == waiting


def test_a_calendar_part_that_is_broken_is_no_invite(
    context: Context, use: Use, tmp_path: Path
) -> None:
    """The message is shown all the same."""
    path = tmp_path / "a.eml"
    path.write_text((MAIL % (1, 1, "REQUEST", "REQUEST")).replace("DTSTART:2", "DTS:"))
    use(import_messages, context, path=str(path))
    [found] = use(find_messages, context)
    assert (found.invite, found.text) == (None, "Please come to the planning.")
