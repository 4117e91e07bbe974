"""Messages read with the address book at hand: summary, action items, follow-ups."""

from __future__ import annotations

import re
from collections.abc import Iterable

from agentkit import Context
from agentkit_tools._mail.invite_mails import Invite, invite_in, span_of
from agentkit_tools._mail.meetings import Meeting, Note, meetings_in
from agentkit_tools._mail.message_answers import (
    ActionItem,
    FollowUp,
    Point,
    Summary,
    Thread,
)
from agentkit_tools._mail.sentences import gives_orders, telling
from agentkit_tools._mail.tasks import Wanted, wanted_in
from agentkit_tools._people import matches
from agentkit_tools._phrases import iso_length, say_day, say_moment, say_stretch
from agentkit_tools._store.mailbox import Letter
from agentkit_tools._store.vcards import Card

_POINTS, _LONGEST = 3, 240
_NAME = re.compile(r"\b[^\W\d_a-z][\w'-]+(?: [^\W\d_a-z][\w'-]+)?")


def invite_of(letter: Letter, context: Context) -> Invite | None:
    """Return the meeting that an invite mail is about."""
    return invite_in(letter.invite, context.tz) if letter.invite else None


def say_invite_time(invite: Invite, context: Context) -> str:
    """Name the time of a meeting."""
    start, end, all_day = span_of(invite, context.tz)
    return say_stretch(start, end, context.now, all_day=all_day)


class Findings:
    """What the rules find in some messages, oldest first."""

    def __init__(
        self, letters: list[Letter], cards: tuple[Card, ...], context: Context
    ) -> None:
        self._context = context
        self._cards = cards
        self._all = letters
        self._letters = [letter for letter in letters if not is_order(letter)]

    def source(self, letter: Letter) -> str:
        """Name a message by its writer and time."""
        sent = letter.sent.astimezone(self._context.tz)
        return f"{letter.sender}, {say_moment(sent, self._context.now)}"

    def summary(self) -> Summary:
        """Return what was said, thread by thread, small talk left out."""
        points: dict[str, list[Point]] = {}
        first: dict[str, list[Letter]] = {}
        small = 0
        for letter in self._letters:
            said = " ".join(telling(letter.text)[:_POINTS])
            small += not said
            if said:
                point = Point(text=_short(said), source=self.source(letter))
                points.setdefault(letter.thread, []).append(point)
                first.setdefault(letter.thread, []).append(letter)
        threads = [
            Thread(
                people=list(dict.fromkeys(one.sender for one in first[key])),
                subject=first[key][0].subject,
                points=found,
            )
            for key, found in points.items()
        ]
        flagged = [self.source(one) for one in self._all if one not in self._letters]
        return Summary(
            messages=len(self._all),
            threads=threads,
            small_talk=small,
            suspicious=flagged,
            invites=self._invites(),
        )

    def _invites(self) -> list[Point]:
        """Return the meetings that wait for an answer; the last word counts."""
        last: dict[str, tuple[Invite, Letter]] = {}
        for letter in self._letters:
            invite = None if letter.mine else invite_of(letter, self._context)
            if invite and invite.method in ("REQUEST", "CANCEL"):
                last[invite.uid] = (invite, letter)
        return [
            Point(
                text=f"{invite.title}, {say_invite_time(invite, self._context)}",
                source=self.source(letter),
            )
            for invite, letter in last.values()
            if invite.method == "REQUEST"
        ]

    def action_items(self) -> list[ActionItem]:
        """Return what is asked for and promised, in the order it was written."""
        items: list[ActionItem] = []
        for letter in self._letters:
            sent = letter.sent.astimezone(self._context.tz)
            for wanted in wanted_in(letter.text, sent):
                items.append(self._item(letter, wanted))
        return items

    def _item(self, letter: Letter, wanted: Wanted) -> ActionItem:
        writer = "you" if letter.mine else letter.sender
        reader = self._names(letter.recipients) if letter.mine else "you"
        due, when = "", ""
        if wanted.due:
            at, all_day = wanted.due.at, wanted.due.all_day
            when = (say_day if all_day else say_moment)(at, self._context.now)
            due = at.date().isoformat() if all_day else at.isoformat()
        return ActionItem(
            text=wanted.what,
            owner=writer if wanted.by_writer else reader,
            asked_by=writer,
            due=due,
            when=when,
            source=self.source(letter),
        )

    def follow_ups(self) -> list[FollowUp]:
        """Return the meetings that are still to come, by time."""
        threads: dict[str, list[Note]] = {}
        for index, letter in enumerate(self._letters):
            note = Note(
                index=index,
                text=letter.text,
                subject=letter.subject,
                sent=letter.sent.astimezone(self._context.tz),
                writer=_first_name(letter.sender),
            )
            threads.setdefault(letter.thread, []).append(note)
        found = [m for notes in threads.values() for m in meetings_in(notes)]
        coming = [m for m in found if m.start > self._context.now]
        coming.sort(key=lambda meeting: meeting.start)
        return [self._follow_up(meeting) for meeting in coming]

    def _follow_up(self, meeting: Meeting) -> FollowUp:
        letter = self._letters[meeting.index]
        end = meeting.start + meeting.duration
        return FollowUp(
            title=meeting.title,
            start=meeting.start.isoformat(),
            duration=iso_length(meeting.duration),
            attendees=self._attendees(letter, meeting.words),
            source=self.source(letter),
            when=say_stretch(meeting.start, end, self._context.now),
        )

    def _attendees(self, letter: Letter, words: str) -> list[str]:
        """Return addresses of the writer or readers and of people named in the words."""
        own = letter.recipients if letter.mine else (letter.address, *letter.recipients)
        reached = [self._email(address) for address in own]
        named = (self._only(name) for name in _NAME.findall(words))
        me = self._context.user_email.casefold()
        addresses = dict.fromkeys([*reached, *named])
        return [one for one in addresses if one and one.casefold() != me]

    def _email(self, address: str) -> str:
        """Return an e-mail address; that of its owner for a phone number."""
        if "@" in address:
            return address
        digits = _digits(address)
        for card in self._cards:
            if digits and digits in map(_digits, card.phones):
                return next(iter(card.emails), "")
        return ""

    def _only(self, name: str) -> str:
        """Return the address of the one contact that is called so, if it is one."""
        cards = matches(name, self._cards)
        return next(iter(cards[0].emails), "") if len(cards) == 1 else ""

    def _names(self, addresses: Iterable[str]) -> str:
        known = {
            one.casefold(): card.name for card in self._cards for one in card.emails
        }
        names = [known.get(one.casefold(), one) for one in addresses]
        return ", ".join(names) or "somebody"


def is_order(letter: Letter) -> bool:
    """Tell whether a message tries to give the assistant orders."""
    said = f"{letter.text}\n{letter.invite[:5000]}"
    return not letter.mine and gives_orders(said, letter.subject)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"


def _first_name(name: str) -> str:
    parts = [part for part in name.split() if not part.endswith(".")]
    return parts[0] if parts else name


def _digits(phone: str) -> str:
    return "".join(c for c in phone if c.isdigit())[-9:]
