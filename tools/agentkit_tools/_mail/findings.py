"""Messages read with address book and calendar at hand: summary, tasks, follow-ups."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

from agentkit import Context
from agentkit.language import fold
from agentkit_tools._mail.calendar_view import CalendarView
from agentkit_tools._mail.invite_mails import Invite, invite_in, span_of
from agentkit_tools._mail.meeting_book import Meeting
from agentkit_tools._mail.meetings import meetings_in
from agentkit_tools._mail.message_answers import (
    ActionItem,
    FollowUp,
    Point,
    Summary,
    Thread,
)
from agentkit_tools._mail.sentences import cue, gives_orders, is_chatter
from agentkit_tools._mail.tasks import WantedTask, wanted_in
from agentkit_tools._mail.utterances import ReadLetter, read_letter
from agentkit_tools._people import matches
from agentkit_tools._phrases import iso_length, say_day, say_moment, say_stretch
from agentkit_tools._store.mailbox import Letter
from agentkit_tools._store.vcards import Card

# Sentences, and characters, of a message in a summary.
_POINTS, _LONGEST = 2, 180
# A name, and what stands before it where the talk is about somebody.
_NAME = re.compile(
    r"(?<![\w'])(?P<about>(?:about|über|von|wegen|sobre|de|regarding|for|für|bei|chez|in|im)\s+)?"
    r"(?P<name>[^\W\d_a-z][\w-]+(?: [^\W\d_a-z][\w-]+)?)(?!'s|\w)"
)


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
        # Orders to the assistant are named as suspicious, and not read any further.
        self._letters = [letter for letter in letters if not is_order(letter)]

    @cached_property
    def _read(self) -> list[ReadLetter]:
        me, zone = self._context.user_email, self._context.tz
        return [read_letter(n, one, zone, me) for n, one in enumerate(self._letters)]

    def source(self, letter: Letter) -> str:
        """Name a message by its writer and time."""
        sent = letter.sent.astimezone(self._context.tz)
        return f"{letter.sender}, {say_moment(sent, self._context.now)}"

    def summary(self) -> Summary:
        """Return what was said, thread by thread; small talk is counted."""
        points: dict[str, list[Point]] = {}
        first: dict[str, list[Letter]] = {}
        small, automatic = 0, list[str]()
        for read in self._read:
            letter, said = read.letter, _telling(read)
            if read.automatic:
                automatic.append(letter.subject or letter.sender)
            elif not said:
                small += 1
            else:
                point = Point(text=said, source=self.source(letter))
                # By topic: mail programs part a conversation whose subject is kept.
                key = letter.thread if not read.topic else read.topic
                points.setdefault(key, []).append(point)
                first.setdefault(key, []).append(letter)
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
            automatic=automatic,
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
        found = wanted_in(self._read, self._first_names(), self._my_name())
        return [self._item(wanted) for wanted in found]

    def _my_name(self) -> str:
        return next(iter(self._context.user_name.split()), "")

    def _first_names(self) -> list[str]:
        known = [card.name for card in self._cards]
        writers = [letter.sender for letter in self._letters]
        return [next(iter(name.split()), "") for name in (*known, *writers)]

    def _item(self, wanted: WantedTask) -> ActionItem:
        letter = self._letters[wanted.index]
        writer = "you" if letter.mine else letter.sender
        reader = self._names(letter.recipients) if letter.mine else "you"
        due, when = "", ""
        if wanted.due:
            at, all_day = wanted.due.at, wanted.due.all_day
            when = (say_day if all_day else say_moment)(at, self._context.now)
            due = at.date().isoformat() if all_day else at.isoformat()
        return ActionItem(
            text=wanted.what,
            owner=wanted.owner or (writer if wanted.by_writer else reader),
            asked_by=writer,
            due=due,
            when=when,
            source=self.source(letter),
        )

    def follow_ups(self, calendar: CalendarView) -> list[FollowUp]:
        """Return the meetings that are still to come, by time."""
        found = meetings_in(self._read)
        coming = [m for m in found if m.start > self._context.now]
        coming.sort(key=lambda meeting: meeting.start)
        return [self._follow_up(meeting, calendar) for meeting in coming]

    def _follow_up(self, meeting: Meeting, calendar: CalendarView) -> FollowUp:
        people = self._attendees(meeting)
        end = meeting.start + meeting.duration
        note = calendar.note(meeting, people)
        return FollowUp(
            title=meeting.title,
            start=meeting.start.isoformat(),
            duration=iso_length(meeting.duration),
            people=people,
            attendees=[] if note and note.holds else people,
            source=self.source(self._letters[meeting.index]),
            when=say_stretch(meeting.start, end, self._context.now),
            note=note.text if note else "",
        )

    def _attendees(self, meeting: Meeting) -> list[str]:
        """Return addresses of those it was spoken of with and of people it names."""
        reached = [self._email(address) for address in sorted(meeting.people)]
        named = (
            self._only(match["name"])
            for match in _NAME.finditer(meeting.words)
            if not match["about"]
        )
        me = self._context.user_email.casefold()
        unique: dict[str, str] = {}
        for one in (*reached, *named):
            unique.setdefault(one.casefold(), one)
        return [one for key, one in unique.items() if one and key != me]

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
        """Return the address of the contact that is called so, if it is one.

        Of several the one who wrote, or was written to, is meant.
        """
        # "Lunch" at the start of a sentence looks like a name.
        if cue("thing", name):
            return ""
        cards = [c for c in matches(name, self._cards) if _is_called(c, name)]
        if len(cards) > 1:
            seen = {one for read in self._read for one in read.others}
            cards = [c for c in cards if seen & {one.casefold() for one in c.emails}]
        return next(iter(cards[0].emails), "") if len(cards) == 1 else ""

    def _names(self, addresses: Iterable[str]) -> str:
        known = {
            one.casefold(): card.name for card in self._cards for one in card.emails
        }
        names = [known.get(one.casefold(), one) for one in addresses]
        return ", ".join(names) or "somebody"


def _is_called(card: Card, name: str) -> bool:
    """Whether somebody is called by it alone: German nouns look like last names."""
    first = fold(name).split()[0]
    called = {fold(one) for one in card.nicknames}
    return first in called or first in fold(card.name).split()[:-1] or " " in name


def _telling(read: ReadLetter) -> str:
    """Return the sentences that tell most, in the letter's order."""
    said = [one for one in read.said if not is_chatter(one.text)]
    # What was asked or promised first; `sorted` keeps the order otherwise.
    chosen = sorted(said, key=lambda one: one.kind in ("none", "quoted_or_joke"))
    kept = chosen[:_POINTS]
    return _short(" ".join(one.text for one in said if one in kept))


def is_order(letter: Letter) -> bool:
    """Return whether a message tries to give the assistant orders."""
    # An invite's description is a stranger's text as well.
    said = f"{letter.text}\n{letter.invite[:5000]}"
    return not letter.mine and gives_orders(said, letter.subject)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"


def _digits(phone: str) -> str:
    # The last nine: with a country's code or without, it is one number.
    return "".join(c for c in phone if c.isdigit())[-9:]
