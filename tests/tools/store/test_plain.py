"""Plain events are read as the library reads them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from agentkit_tools._store.blocks import Block, Blocks, split_blocks
from agentkit_tools._store.event_components import Occurrence
from agentkit_tools._store.occurrences import Timeline
from agentkit_tools._store.plain_events import plain_event

BERLIN = ZoneInfo("Europe/Berlin")
FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)
TIMES = (
    "DTSTART:20261120T100000Z\nDTEND:20261120T110000Z\n",
    "DTSTART:20261120T100000Z\nDURATION:PT1H30M\n",
    "DTSTART:20261120T100000Z\n",
    "DTSTART:20261120T100000\nDTEND:20261120T110000\n",
    "DTSTART;TZID=America/New_York:20261120T100000\nDURATION:PT45M\n",
    "DTSTART;TZID=Europe/Berlin:20261120T230000\nDTEND;TZID=Asia/Tokyo:20261121T090000\n",
    "DTSTART;VALUE=DATE:20261120\n",
    "DTSTART;VALUE=DATE:20261120\nDTEND;VALUE=DATE:20261123\n",
    "DTSTART:20261120T100000Z\nDTEND:20261120T100000Z\n",
)
SERIES_TIMES = (
    "DTSTART:20261020T010000\nDTEND:20261020T040000\n",
    "DTSTART:20261020T023000\nDURATION:PT15M\n",
    "DTSTART:20261020T230000Z\nDURATION:PT45M\n",
    "DTSTART:20261020T100000Z\n",
    "DTSTART:20261020T233000\nDTEND:20261021T010000\n",
    "DTSTART;VALUE=DATE:20261020\n",
    "DTSTART;VALUE=DATE:20261020\nDTEND;VALUE=DATE:20261021\n",
)
RULES = (
    "RRULE:FREQ=DAILY;COUNT=12",
    "RRULE:FREQ=WEEKLY;COUNT=30",
    "RRULE:FREQ=WEEKLY;INTERVAL=3;COUNT=9",
    "RRULE:FREQ=WEEKLY;INTERVAL=10",
)
WORDS = (
    "SUMMARY:Plain\n",
    "SUMMARY:With\\, comma\\; and \\\\ slash\\nand line\nLOCATION: spaced \n",
    "SUMMARY;LANGUAGE=de:Grüße aus\n  Köln\nTRANSP:TRANSPARENT\nSTATUS:cancelled\n",
    'SUMMARY:X\nATTENDEE;CN="A, B: C":mailto:a@b.example\nATTENDEE:MAILTO:c@d.example\n',
    'SUMMARY:X\nDESCRIPTION:https://x.example/?a=b;c\nX-OWN;A="1:2":3:4\n',
    "SUMMARY:X\nBEGIN:VALARM\nACTION:DISPLAY\nDESCRIPTION:not mine\nTRIGGER:-PT5M\nEND:VALARM\n",
    "",
)


def event(lines: str) -> Block:
    """Make an event of some lines."""
    return Block("VEVENT", f"BEGIN:VEVENT\nUID:1@x\n{lines}END:VEVENT\n")


def by_library(
    block: Block, blocks: Blocks, start: datetime = FIRST, end: datetime = LAST
) -> list[Occurrence]:
    """Have the library lay an event out: one that leaves out a day is not plain."""
    other = Block(
        "VEVENT", block.text.replace("END:VEVENT", "EXDATE:19000101\nEND:VEVENT")
    )
    assert plain_event(other, BERLIN) is None
    given = Blocks((*blocks.of("VTIMEZONE"), other))
    return Timeline(given, BERLIN).between(start, end)


def laid_out(block: Block) -> list[Occurrence]:
    """Lay a plain event out; nothing when it is not plain."""
    plain = plain_event(block, BERLIN)
    return plain.between(FIRST, LAST, BERLIN) if plain else []


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("times", TIMES)
def test_plain_events_are_read_as_the_library_reads_them(
    times: str, words: str
) -> None:
    """Titles, times, people and the rest are the same."""
    block = event(times + words)
    assert laid_out(block) == by_library(block, Blocks(()))


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("times", SERIES_TIMES)
def test_plain_series_are_laid_out_as_the_library_does(times: str, rule: str) -> None:
    """Each occurrence is the same, over changes of the clocks too."""
    block = event(f"{times}{rule}\nSUMMARY:Series\n")
    expected = by_library(block, Blocks(()))
    assert len(expected) > 1
    assert laid_out(block) == expected


@pytest.mark.parametrize("days", range(0, 40, 3))
@pytest.mark.parametrize("times", SERIES_TIMES)
def test_a_stretch_of_a_series_is_all_of_it_there(times: str, days: int) -> None:
    """A week, wherever it begins, has the occurrences that the library finds."""
    block = event(f"{times}RRULE:FREQ=DAILY;INTERVAL=2;COUNT=12\nSUMMARY:Series\n")
    plain = plain_event(block, BERLIN)
    assert plain is not None
    start = datetime(2026, 11, 12, 9, 30, tzinfo=BERLIN) + timedelta(days=days)
    end = start + timedelta(days=7)
    listed = by_library(block, Blocks(()), start, end)
    assert plain.between(start, end, BERLIN) == listed


def test_the_sample_calendar_is_read_alike(sample_home: Path) -> None:
    """Each plain event of the sample calendar is what the library makes of it."""
    blocks = split_blocks((sample_home / "calendar.ics").read_bytes().decode())
    plain = {
        block: found for block in blocks.of("VEVENT") if (found := laid_out(block))
    }
    assert len(plain) > 10
    assert all(found == by_library(block, blocks) for block, found in plain.items())


@pytest.mark.parametrize(
    "lines",
    [
        "DTSTART:20261120T100000Z\nRRULE:FREQ=DAILY;BYDAY=FR\n",
        "DTSTART:20261120T100000Z\nRRULE:FREQ=DAILY;UNTIL=20261130T000000Z\n",
        "DTSTART;TZID=Europe/Berlin:20261120T100000\nRRULE:FREQ=DAILY\n",
        "DTSTART:20261120T100000Z\nRECURRENCE-ID:20261120T100000Z\n",
        "DTSTART:20261120T100000Z\nDTSTART:20261121T100000Z\n",
        "DTSTART:20261120T100000Z\nDTEND:20261120T090000Z\n",
        "DTSTART:20261120T100000Z\nDTEND;VALUE=DATE:20261121\n",
        "DTSTART:20261120T100000Z\nDURATION:-PT1H\n",
        "DTSTART:20261131T100000Z\n",
        "DTSTART:20261120T250000Z\n",
        "DTSTART;TZID=Mars/Base:20261120T100000\n",
        "DTSTART;TZID=Europe/Berlin:20270328T023000\n",
        "DTSTART;TZID=Europe/Berlin:20261025T023000\n",
        "DTSTART;TZID=Europe/Berlin:20261120T100000Z\n",
        "DTSTART:20261120T100000Z\nno property\n",
        "DTSTART:soon\n",
        "SUMMARY:no start\n",
    ],
)  # fmt: skip
def test_what_is_not_plain_is_left_to_the_library(lines: str) -> None:
    """Repetitions, odd times and unusual lines are not plain."""
    assert plain_event(event(lines), BERLIN) is None
