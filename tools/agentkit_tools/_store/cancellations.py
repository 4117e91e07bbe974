"""What an organizer has called off, taken off the events that are known (RFC 5546)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from agentkit_tools._store.blocks import Block, Blocks
from agentkit_tools._store.itip import Scheduling
from agentkit_tools._store.recurrence_rules import clock, many
from agentkit_tools._store.series import component, ended


def taken_off(blocks: Blocks, found: Scheduling, event: Block, now: datetime) -> Blocks:
    """Take off the whole event, one time of it, or that one and all after it.

    Args:
        blocks: the events that are known.
        found: the message that calls something off.
        event: which component of the message is meant.
        now: the clock.

    Returns:
        The events that are left; the very same blocks when all of it is off already.
    """
    key = event.value("RECURRENCE-ID")
    line = next(iter(event.lines("RECURRENCE-ID")), "")
    if "RANGE=THISANDFUTURE" in line.partition(":")[0].upper():
        return ended(blocks, event.uid, _time(found, event), now)
    for block in blocks.of("VEVENT"):
        if block.uid != event.uid:
            continue
        if not key or block.value("RECURRENCE-ID") == key:
            blocks = blocks.swapped(block)
        elif not block.value("RECURRENCE-ID"):
            if _leaves_out(component(blocks, block), _time(found, event)):
                continue
            # One time of a series becomes an EXDATE with the same zone.
            exdate = line.replace("RECURRENCE-ID", "EXDATE", 1) + "\r\n"
            blocks = blocks.swapped(block, block.rewritten((), exdate))
    return blocks


def _time(found: Scheduling, event: Block) -> date:
    """Return which time of its series a component is about."""
    time: date = component(found.blocks, event)["RECURRENCE-ID"].dt
    return time


def _leaves_out(series: Any, key: date) -> bool:
    """Whether a series leaves a time out, in whatever zone it says so."""
    days = (one.dt for group in many(series, "EXDATE") for one in group.dts)
    return any(_moment(day) == _moment(key) for day in days)


def _moment(value: date) -> datetime:
    if isinstance(value, datetime) and value.tzinfo:
        return value.astimezone(UTC).replace(tzinfo=None)
    return clock(value)
