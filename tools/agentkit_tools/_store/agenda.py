"""The user's calendar: what happens when, and changes to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Protocol, TypeAlias

from agentkit import Context, ToolError, When
from agentkit.language import fold
from agentkit_tools._phrases import phrase
from agentkit_tools._store.almanac import Almanac, Edit
from agentkit_tools._store.bare_hours import names_only_a_clock
from agentkit_tools._store.blocks import Blocks
from agentkit_tools._store.event_components import EventDraft, Occurrence, event_block
from agentkit_tools._store.itip import (
    answer_of,
    queue_scheduling,
    scheduling,
    with_guests,
)
from agentkit_tools._store.notices import notices, role, without_declined
from agentkit_tools._store.occurrences import Timeline, frequency
from agentkit_tools._store.oddities import Oddity
from agentkit_tools._store.resemblance import BestMatches, closest
from agentkit_tools._store.series import Scope, removed, rescheduled
from agentkit_tools._store.zones import ended_as, zone_blocks

# How far events are looked for by their words: a year holds every birthday once.
_AHEAD = timedelta(days=366)
_BACK = timedelta(days=366)
# "What comes next" without any words, and how many of it are named.
_NEXT = timedelta(days=14)
_MOST = 25

# Name and address of those who are added, addresses of those who are taken off.
Guests: TypeAlias = tuple[Iterable[tuple[str, str]], Iterable[str]]


class EventSource(Protocol):
    """Where events are read from."""

    @property
    def warning(self) -> str:
        """What could not be read."""
        ...

    def within(self, start: datetime, end: datetime) -> Blocks:
        """Return the events that may take place in a stretch of time."""
        ...

    def events(self, uids: Iterable[str]) -> Blocks:
        """Return events by their UIDs."""
        ...


class Agenda:
    """The calendar, opened for one tool call.

    Attributes:
        queued: files of the outbox that belong to the change to be made.
        undo: what the change that was made is undone by.
    """

    def __init__(self, context: Context, source: EventSource) -> None:
        self._context = context
        self._source = source
        # A dict keeps the order in which they were found, once each.
        self._oddities: dict[Oddity, None] = {}
        self._late_damage = ""
        self.queued: list[str] = []
        self.undo = ""

    @classmethod
    def read(cls, context: Context) -> Agenda:
        """Open the calendar.

        Raises:
            StoreError: it cannot be read.
        """
        return cls(context, Almanac(context.home, context.now))

    @property
    def damage(self) -> str:
        """What of the calendar could not be read."""
        return self._source.warning or self._late_damage

    def warning(self, *items: Occurrence) -> str:
        """Say what is damaged, and what is odd about some events."""
        # Oddities without a UID are about the calendar as a whole.
        shown = {"", *(item.uid for item in items)}
        odd = (text for uid, text in self._oddities if uid in shown)
        return " ".join(dict.fromkeys((*filter(None, [self.damage]), *odd)))

    def between(self, start: datetime, end: datetime) -> list[Occurrence]:
        """List what happens in a stretch of time; what is marked as off does not.

        Raises:
            StoreError: the calendar cannot be read.
        """
        found = self._source.within(start, end)
        seen = without_declined(found, self._context.user_email)
        timeline = Timeline(seen, self._context.tz)
        listed = [item for item in timeline.between(start, end) if not item.cancelled]
        self._oddities |= dict.fromkeys(timeline.oddities)
        return listed

    def find(
        self,
        when: When | None,
        query: str = "",
        person: str = "",
        *,
        last: bool = False,
    ) -> BestMatches[Occurrence]:
        """List what fits: in the time given, else what comes, else what was last.

        With `last` and no time, what was is looked at alone, the last one at the end.
        """
        if when is not None:
            return _fitting(self.between(*span(when)), query, person)
        now = self._context.now
        if last:
            return _fitting(self.between(now - _BACK, now), query, person)
        ahead = _AHEAD if query or person else _NEXT
        coming = _fitting(self.between(now, now + ahead), query, person)
        if not (query or person) or (coming.items and not coming.lacks):
            return replace(coming, items=coming.items[:_MOST])
        # Nothing ahead has all the words: "when was the dentist" is about what was.
        past = _fitting(self.between(now - _BACK, now), query, person)
        # What is past counts where it has all the words, or nothing else is there; the
        # latest of it comes first.
        best = past if past.items and not (coming.items and past.lacks) else coming
        return replace(best, items=best.items[:: -1 if best is past else 1][:_MOST])

    def coming(self) -> list[Occurrence]:
        """List what is ahead, a year of it."""
        now = self._context.now
        return self.between(now, now + _AHEAD)

    def add(self, draft: EventDraft, *, invite: bool = False) -> Occurrence:
        """Write a new event and return it; invite its guests if that is wanted.

        Raises:
            StoreError: the calendar cannot be written.
        """
        block = event_block(draft, self._context.now)
        moments = [draft.start, *([draft.end] if draft.end else [])]

        def edit(blocks: Blocks) -> Blocks:
            zones = () if draft.all_day else zone_blocks(blocks, *moments)
            added = blocks.added(*zones, block)
            if invite:
                self._queue(block.uid, scheduling("REQUEST", added, [block]))
            return added

        self._change(edit)
        end = draft.end or draft.start
        return Occurrence(
            uid=block.uid,
            title=draft.title,
            start=draft.start,
            end=end,
            all_day=draft.all_day,
            has_end=draft.end is not None,
            key=draft.start,
            location=draft.location,
            note=draft.note,
            guests=tuple(address for _, address in draft.guests),
            rule=frequency(draft.rule),
        )

    def change(
        self,
        item: Occurrence,
        new: Occurrence,
        scope: Scope = "this",
        guests: Guests = ((), ()),
    ) -> Occurrence:
        """Write an event, or the occurrences that are meant, as it is to be.

        Args:
            item: the event as it is.
            new: its time, title and place as they shall be.
            scope: which occurrences.
            guests: name and address of those to add, and addresses of those to take off.

        Raises:
            StoreError: the calendar cannot be written.
            ToolError: the rule of the series cannot be moved there.
        """
        if self.part(item) == "guest":
            raise ToolError(
                phrase(
                    "Others organize “{title}”: only they can change it. Suggest "
                    "another time to them with answer_invite.",
                    title=item.title,
                )
            )
        now, host = self._context.now, self._host()

        def edit(blocks: Blocks) -> Blocks:
            zones = () if new.all_day else zone_blocks(blocks, new.start, new.end)
            after = rescheduled(blocks.added(*zones), item, new, scope, now)
            # Only the blocks that the change made: other occurrences keep their guests.
            known = {id(block) for block in blocks.items}
            for block in after.of("VEVENT") if any(guests) else ():
                if id(block) not in known:
                    after = after.swapped(block, with_guests(block, *guests, host))
            return after

        try:
            self._change(edit, item)
        except ValueError as exc:
            raise ToolError(
                phrase(
                    "“{title}” cannot be moved there with all its repetitions: {why}. "
                    "Move this one alone, or cancel it and add a new event.",
                    title=item.title,
                    why=exc,
                )
            ) from exc
        return new

    def _host(self) -> tuple[str, str]:
        return self._context.user_name, self._context.user_email

    def moved(self, item: Occurrence, to: When) -> Occurrence:
        """Return an event as it would be at another time."""
        start, all_day = to.start, item.all_day and to.all_day
        if to.all_day and not item.all_day:
            start = _at(to.start, item.start.time())
        elif not to.all_day and names_only_a_clock(to, self._context.now):
            start = _at(item.start, to.start.time())
        # The clock of the user, though the event may be written in another zone.
        start = start.replace(tzinfo=to.start.tzinfo)
        # A whole day that gets an hour lasts one hour, as new events do.
        fresh, hour = item.all_day > all_day, start + timedelta(hours=1)
        end = hour if fresh else ended_as(item.start, item.end, start)
        has_end = item.has_end or fresh
        return replace(item, start=start, end=end, all_day=all_day, has_end=has_end)

    def part(self, item: Occurrence) -> str:
        """Return the user's part in an event: organizer, guest, or neither (empty)."""
        own = self._source.events([item.uid])
        return role(own, item, self._context.user_email)

    def answer(self, item: Occurrence) -> str:
        """Return what the user has answered to an invite; empty when not a guest."""
        own = self._source.events([item.uid]).of("VEVENT")
        found = (answer_of(block, self._context.user_email) for block in own)
        return next(filter(None, found), "")

    def cancel(self, item: Occurrence, scope: Scope = "this") -> None:
        """Take an event off, or the occurrences of it that are meant.

        Raises:
            StoreError: the calendar cannot be written.
        """
        now = self._context.now
        self._change(lambda blocks: removed(blocks, item, scope, now), item)

    def _change(self, edit: Edit, item: Occurrence | None = None) -> None:
        """Change the calendar; those who take part get a message through the outbox."""

        def attempt(blocks: Blocks) -> Blocks:
            # The edit is tried again where a file changed meanwhile; so is its mail.
            self._withdraw()
            return self._told(blocks, edit(blocks), item)

        almanac = Almanac(self._context.home, self._context.now)
        try:
            uids = [item.uid] if item else []
            # The list itself is handed over: it is filled while the edit runs.
            saved = almanac.change(uids, attempt, self.queued)
        except BaseException:
            self._withdraw()
            raise
        self._late_damage = saved.warning
        self.undo = saved.undo

    def _withdraw(self) -> None:
        """Take back what was queued for a change that was not made."""
        for name in self.queued:
            (self._context.home / "outbox" / name).unlink(missing_ok=True)
        self.queued.clear()

    def _told(self, before: Blocks, after: Blocks, item: Occurrence | None) -> Blocks:
        me, now = self._context.user_email, self._context.now
        if item is not None and after is not before:
            for uid, text in notices(before, after, item, me, now):
                self._queue(uid, text)
        return after

    def _queue(self, uid: str, text: str) -> None:
        home, now = self._context.home, self._context.now
        self.queued.append(queue_scheduling(home, uid, text, now).name)


def span(when: When) -> tuple[datetime, datetime]:
    """Return the stretch of time that is meant; an instant counts as an hour."""
    if when.until > when.start:
        return when.start, when.until
    return when.start, when.start + timedelta(hours=1)


def _at(day: datetime, clock: time) -> datetime:
    return datetime.combine(day.date(), clock, day.tzinfo)


def _fitting(
    found: list[Occurrence], query: str, person: str
) -> BestMatches[Occurrence]:
    """Keep those with a person that words speak of most: by title, place, then notes."""
    name = fold(person)
    with_person = [item for item in found if name in _people(item)]
    return closest(query, with_person, lambda item: item.title, _surroundings)


def _people(item: Occurrence) -> str:
    return fold(f"{item.title} {item.note} {' '.join(item.guests)}")


def _surroundings(item: Occurrence) -> str:
    return f"{item.location} {item.note} {' '.join(item.guests)}"
