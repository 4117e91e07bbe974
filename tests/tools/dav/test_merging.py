"""Two changed versions of one entry: merged, or a conflict."""

from __future__ import annotations

import pytest

from agentkit_tools._dav.merge import Clash, merge, same

BASE = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nBEGIN:VEVENT\r\nUID:1\r\n"
    "DTSTAMP:20260101T000000Z\r\nSEQUENCE:1\r\nSUMMARY:Tea\r\nLOCATION:Home\r\n"
    "DTSTART:20260101T100000Z\r\nDTEND:20260101T110000Z\r\n"
    "RRULE:FREQ=DAILY;COUNT=9\r\nATTENDEE:mailto:ana@x.example\r\n"
    'X-FOREIGN;A=1;B="2":a\\,b\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\n'
    "TRIGGER:-PT5M\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
ONE = (
    "BEGIN:VEVENT\r\nUID:1\r\nRECURRENCE-ID:20260102T100000Z\r\nSUMMARY:One\r\n"
    "DTSTART:20260102T120000Z\r\nEND:VEVENT\r\n"
)


def swap(old: str, new: str, text: str = BASE) -> str:
    """Change a text."""
    assert old in text
    return text.replace(old, new)


def with_one(text: str = BASE) -> str:
    """Give a series a single time of its own."""
    return swap("END:VCALENDAR", f"{ONE}END:VCALENDAR", text)


MERGED = [
    pytest.param(
        swap("Tea", "Coffee"),
        swap("Home", "Garden"),
        swap("Tea", "Coffee", swap("Home", "Garden")),
        id="two-properties",
    ),
    pytest.param(
        swap("Tea", "Coffee"), swap("Tea", "Coffee"), swap("Tea", "Coffee"), id="alike"
    ),
    pytest.param(
        swap("SEQUENCE:1", "SEQUENCE:2"),
        swap("SEQUENCE:1", "SEQUENCE:10"),
        swap("SEQUENCE:1", "SEQUENCE:10"),
        id="the-higher-sequence",
    ),
    pytest.param(
        swap("ATTENDEE", "ATTENDEE:mailto:b@x.example\r\nATTENDEE"),
        swap("ATTENDEE:mailto:ana@x.example\r\n", ""),
        swap("ATTENDEE:mailto:ana", "ATTENDEE:mailto:b"),
        id="one-guest-more-one-less",
    ),
    pytest.param(
        swap("RRULE", "EXDATE:20260103T100000Z\r\nRRULE"),
        swap("RRULE", "EXDATE:20260104T100000Z\r\nRRULE"),
        swap("RRULE", "EXDATE:20260103T100000Z\r\nEXDATE:20260104T100000Z\r\nRRULE"),
        id="two-times-taken-out",
    ),
    pytest.param(
        swap("Tea", "Coffee"),
        with_one(),
        with_one(swap("Tea", "Coffee")),
        id="one-time",
    ),
    pytest.param(
        swap("LOCATION:Home\r\n", ""),
        swap("Tea", "Coffee"),
        swap("LOCATION:Home\r\n", "", swap("Tea", "Coffee")),
        id="a-property-gone",
    ),
    pytest.param(
        swap("-PT5M", "-PT9M"),
        swap("Tea", "Coffee"),
        swap("-PT5M", "-PT9M", swap("Tea", "Coffee")),
        id="an-alarm",
    ),
]


@pytest.mark.parametrize(("mine", "theirs", "wanted"), MERGED)
def test_what_only_one_side_changed_is_taken(
    mine: str, theirs: str, wanted: str
) -> None:
    """Both changes are in the result, whoever is asked first."""
    for one, other in ((mine, theirs), (theirs, mine)):
        found = merge("calendar", BASE, one, other)
        assert isinstance(found, str)
        assert same("calendar", found, wanted)
        assert ("SEQUENCE:10" in found) == ("SEQUENCE:10" in wanted)


CLASHES = [
    pytest.param(
        swap("Tea", "Coffee"), swap("Tea", "Water"), "the title", id="one-property"
    ),
    pytest.param(
        swap("LOCATION:Home\r\n", ""), swap("Home", "Away"), "the place", id="gone"
    ),
    pytest.param(
        swap("DTSTART:20260101T100000Z", "DTSTART:20260101T090000Z"),
        swap("DTEND:20260101T110000Z", "DTEND:20260101T093000Z"),
        "the time",
        id="start-and-end",
    ),
    pytest.param(
        swap("DTSTART:20260101T100000Z", "DTSTART:20260101T090000Z"),
        swap("RRULE", "EXDATE:20260103T100000Z\r\nRRULE"),
        "the time",
        id="moved-and-one-time-taken-out",
    ),
    pytest.param(
        swap("DTSTART:20260101T100000Z", "DTSTART:20260101T090000Z"),
        with_one(),
        "the time",
        id="moved-and-one-time-changed",
    ),
    pytest.param(
        swap("ATTENDEE:", "ATTENDEE;PARTSTAT=ACCEPTED:"),
        swap("ATTENDEE:", "ATTENDEE;PARTSTAT=DECLINED:"),
        "the guests",
        id="one-guest",
    ),
]


@pytest.mark.parametrize(("mine", "theirs", "what"), CLASHES)
def test_what_both_sides_changed_is_a_conflict(
    mine: str, theirs: str, what: str
) -> None:
    """Nothing is guessed, whoever is asked first."""
    for one, other in ((mine, theirs), (theirs, mine)):
        assert merge("calendar", BASE, one, other) == Clash((what,))


def test_a_time_changed_here_and_taken_out_there_is_a_conflict() -> None:
    """One time of a series."""
    old = with_one()
    found = merge("calendar", old, swap("SUMMARY:One", "SUMMARY:Own", old), BASE)
    assert isinstance(found, Clash)


def test_without_a_common_version_only_what_agrees_is_merged() -> None:
    """What one side has alone is taken; what differs is a conflict."""
    bare = swap("LOCATION:Home\r\n", "")
    found = merge("calendar", "", BASE, bare)
    assert isinstance(found, str)
    assert same("calendar", found, BASE)
    assert merge("calendar", "", BASE, swap("Tea", "Water")) == Clash(("the title",))


SAME = [
    pytest.param(swap("Tea", "Te\r\n a"), id="folding"),
    pytest.param(swap('A=1;B="2"', "b=2;a=1"), id="parameters"),
    pytest.param(swap("-//x//EN", "-//other//EN"), id="program"),
    pytest.param(swap("20260101T000000Z", "20260909T000000Z"), id="stamp"),
    pytest.param(swap("\r\n", "\n"), id="line-ends"),
]


@pytest.mark.parametrize("other", SAME)
def test_how_a_program_writes_is_no_difference(other: str) -> None:
    """Servers fold, order and stamp in their own way."""
    assert same("calendar", BASE, other)


CARD = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:1\r\nFN:Ana Kos\r\nN:Kos;Ana;;;\r\n"
    "item1.TEL:1\r\nitem1.X-ABLabel:home\r\nEND:VCARD\r\n"
)


def test_both_parts_of_a_name_are_one() -> None:
    """The full name changed here and the family name there do not mix."""
    found = merge(
        "contacts",
        CARD,
        swap("FN:Ana", "FN:Anna", CARD),
        swap("N:Kos", "N:Kos-Li", CARD),
    )
    assert found == Clash(("the name",))


def test_what_a_card_groups_stays_together() -> None:
    """A number and its label are changed as one."""
    mine, theirs = swap("TEL:1", "TEL:2", CARD), swap(":home", ":work", CARD)
    assert merge("contacts", CARD, mine, theirs) == Clash(("item1",))
