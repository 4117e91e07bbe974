"""Field cases of what is kept: calendars, cards and mail as others write them."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from agentkit_tools.archives import import_messages
from agentkit_tools.calendar import find_events
from agentkit_tools.contacts import find_contact
from agentkit_tools.invites import find_invites
from agentkit_tools.messages import find_messages
from agentkit_tools.reminders import list_reminders
from tests.benchmarks.field_homes import Driver, Undriven, use

# Calendars


def _calendar(
    home: Path, lines: str, before: str = "", encoding: str = "utf-8"
) -> None:
    inner = "".join(f"{line}\r\n" for line in lines.split("|"))
    event = f"BEGIN:VEVENT\r\nUID:1@o\r\n{inner}END:VEVENT\r\n"
    text = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{before}{event}END:VCALENDAR\r\n"
    content = text.encode(encoding)
    # A bar over a fold is where a character is split.
    (home / "calendar.ics").write_bytes(content.replace(b"\xc3\xbc", b"\xc3\r\n \xbc"))


_EVENTS: dict[str, tuple[str, dict[str, str], Callable[[list[Any]], bool]]] = {}


def _event(
    text: str, lines: str, right: Callable[[list[Any]], bool], when: str = "2026-11-20"
) -> None:
    _EVENTS[text] = lines, {"when": when} if when else {}, right


def _at(*starts: str) -> Callable[[list[Any]], bool]:
    return lambda found: [one.start[5:16] for one in found] == list(starts)


def _titles(*titles: str) -> Callable[[list[Any]], bool]:
    return lambda found: [one.title for one in found] == list(titles)


_NOON = "SUMMARY:Odd|DTSTART{}|DTEND{}"
_event(
    "calendar: split",
    "SUMMARY:Odd|DTSTART:20261120T120000Z|DESCRIPTION:für",
    _titles("Odd"),
)
_event("UTF-8 character", "SUMMARY:Frühstück im Café Größe|DTSTART:20261120T120000Z",
       _titles("Frühstück im Café Größe"))  # fmt: skip
_event(
    "STATUS:CANCELLED",
    "SUMMARY:Odd|DTSTART:20261120T120000Z|STATUS:CANCELLED",
    _titles(),
)
_event("find_events what", "SUMMARY:Odd|DTSTART:20261120T120000Z|STATUS:CANCELLED",
       _titles(), "")  # fmt: skip
_event("all-day, DTSTART;TZID=PRC", "SUMMARY:Odd|DTSTART;TZID=PRC;VALUE=DATE:20261120|"
       "DTEND;TZID=PRC;VALUE=DATE:20261120",
       lambda f: [(e.start, e.end) for e in f] == [("2026-11-20", "2026-11-21")])  # fmt: skip
_event("cancelled whole", "SUMMARY:Odd|DTSTART:20261118T090000Z|RRULE:FREQ=DAILY;COUNT=3|"
       "STATUS:CANCELLED", _titles(), "next 10 days")  # fmt: skip
_event("sibling: New York", "SUMMARY:Odd|DTSTART;TZID=America/New_York:20261105T200000|"
       "RRULE:FREQ=WEEKLY;UNTIL=20261119",
       _at("11-06T02:00", "11-13T02:00", "11-20T02:00"),
       "1 November 2026 to 30 November 2026")  # fmt: skip
_event("DTSTART Berlin 22:00", "SUMMARY:Odd|DTSTART;TZID=Europe/Berlin:20260328T220000|"
       "DURATION:PT8H", lambda f: [e.end[11:16] for e in f] == ["07:00"], "28 March 2026")  # fmt: skip
for _zone in ("zoned", "floating", "Windows"):
    _param = {
        "zoned": ";TZID=Europe/Berlin",
        "Windows": ";TZID=W. Europe Standard Time",
    }
    _event(f"UNTIL date, {_zone}", f"SUMMARY:Odd|DTSTART{_param.get(_zone, '')}:"
           "20261205T090000|RRULE:FREQ=DAILY;UNTIL=20261207",
           lambda f: [e.start[8:10] for e in f] == ["05", "06", "07"],
           "1 December 2026 to 20 December 2026")  # fmt: skip
_event("sibling: all-day weekly", "SUMMARY:Odd|DTSTART;VALUE=DATE:20261118|"
       "RRULE:FREQ=WEEKLY;COUNT=3|EXDATE:20261124T230000Z", _at("11-18", "12-02"),
       "18 November 2026 to 10 December 2026")  # fmt: skip
_event(
    "sibling: DTSTART:20261120T1200Z",
    "SUMMARY:Odd|DTSTART:20261120T1200Z",
    _titles("Odd"),
)
_event("sibling: DTSTART:20261120T120000+0100", "SUMMARY:Odd|DTSTART:20261120T120000+0100",
       _at("11-20T12:00"))  # fmt: skip
_event(
    "file in ISO", "SUMMARY:Frühstück|DTSTART:20261120T120000Z", _titles("Frühstück")
)


def _in_calendar(text: str, expected: str, home: Path) -> bool:
    if "reminders.ics" in text:
        todo = "BEGIN:VTODO\r\nUID:1\r\nSUMMARY:Fr\xfchst\xfcck\r\nEND:VTODO\r\n"
        text = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{todo}END:VCALENDAR\r\n"
        content = text.encode().replace(b"\xc3\xbc", b"\xc3\r\n \xbc")
        (home / "reminders.ics").write_bytes(content)
        return [one.text for one in use(list_reminders, home)] == ["Frühstück"]
    if text.startswith("invite mail"):
        return _invited("text/calendar; method=REQUEST", "METHOD:REQUEST\r\n", home)
    lines, asked, right = next(
        (value for key, value in _EVENTS.items() if text.startswith(key)), (None,) * 3
    )
    if lines is None or asked is None or right is None:
        raise Undriven
    latin = "latin-1" if "ISO-8859-1" in text else "utf-8"
    _calendar(home, lines, encoding=latin)
    return right(use(find_events, home, **asked))


def _in_zone(text: str, expected: str, home: Path) -> bool:
    name = text.removeprefix("TZID=").removesuffix(", 12:00, no VTIMEZONE")
    name = name.removesuffix(" quoted")
    day = "20 November 2026 to 21 November 2026"
    _calendar(home, f"SUMMARY:Odd|DTSTART;TZID={name}:20261120T120000")
    found = [one.start[5:16] for one in use(find_events, home, when=day)]
    return found == re.findall(r"(11-20T\d\d:\d\d)", expected)[:1]


# Cards

_GOOD = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Good One\r\nTEL:1234567\r\nEND:VCARD\r\n"
_ODD_CARDS = {
    "FN empty": "FN:\r\nN:;;;;\r\nEMAIL:a@b.example\r\n",
    "no FN, N empty": "N:;;;;\r\nORG:Kestrel\r\n",
    "FN blank": "FN:  \r\nTEL:7654321\r\n",
    "only NICKNAME": "NICKNAME:Rosco\r\n",
    "sibling: card with only": "EMAIL:lone@b.example\r\n",
}
_READ_CARDS = {"UTF-8": "utf-8", "ISO-8859-1": "latin-1", "UTF-16": "utf-16"}


def _card(text: str, _: str, home: Path) -> bool:
    path, wanted = home / "contacts.vcf", "Good One"
    odd = next((v for k, v in _ODD_CARDS.items() if text.startswith(k)), None)
    codec = next((v for k, v in _READ_CARDS.items() if text.startswith(k)), None)
    if odd is not None:
        inner = f"BEGIN:VCARD\r\nVERSION:3.0\r\n{odd}END:VCARD\r\n"
        path.write_bytes((inner + _GOOD).encode())
        wanted = "lone@b.example" if "lone" in odd else wanted
    elif codec:
        card = _GOOD.replace("Good One", "J\xfcrgen K\xf6nig")
        content = (card + _GOOD).encode(codec)
        path.write_bytes(content.replace(b"\xc3\xbc", b"\xc3\r\n \xbc"))
        wanted = "Jürgen König"
    else:
        raise Undriven
    found = [one.name for one in use(find_contact, home, name=wanted)]
    return found == [wanted] and not list(home.glob("*.corrupt-*"))


# Mail

_HEAD = (
    "From: Ana Kos <ana@kos.example>\r\nTo: kim@berg.example\r\nMessage-ID: <1@x>\r\n"
    "Date: Tue, 10 Nov 2026 10:00:00 +0100\r\nMIME-Version: 1.0\r\n"
)


def _invited(kind: str, method: str, home: Path) -> bool:
    text = (
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{method}BEGIN:VEVENT\r\nUID:1@o\r\n"
        "DTSTAMP:20261101T000000Z\r\nDTSTART:20261124T100000Z\r\nSUMMARY:Fr\xfchst\xfcck\r\n"
        "ORGANIZER:mailto:ana@kos.example\r\nATTENDEE:mailto:kim@berg.example\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    content = text.encode().replace(b"\xc3\xbc", b"\xc3\r\n \xbc")
    _import(home, f"Content-Type: {kind}\r\n", content)
    return [one.title for one in use(find_invites, home)] == ["Frühstück"]


def _import(home: Path, head: str, content: bytes) -> None:
    path = home / "one.eml"
    head += "Content-Transfer-Encoding: base64\r\n\r\n"
    path.write_bytes((_HEAD + head).encode() + base64.encodebytes(content))
    use(import_messages, home, path=str(path))


def _mail(text: str, expected: str, home: Path) -> bool:
    if "invite" in expected:
        header = "method=REQUEST" in text
        return _invited(
            "text/calendar; method=REQUEST"
            if header
            else "application/ics; name=a.ics",
            "" if header else "METHOD:REQUEST\r\n",
            home,
        )
    named, codec, said = (
        ("gb2312", "gbk", "镕基")
        if "gb2312" in text
        else ("windows-874", "cp874", "สวัสดี")
    )
    _import(home, f"Content-Type: text/plain; charset={named}\r\n", said.encode(codec))
    return [one.text for one in use(find_messages, home)] == [said]


DRIVERS: dict[str, Driver] = {
    **dict.fromkeys(("byte-folded", "calendar", "calendar/status", "calendar/until-date"),
                    _in_calendar),
    "calendar/zone-names": _in_zone,
    **dict.fromkeys(("vcard", "vcard/odd-card"), _card),
    **dict.fromkeys(("mail", "mail/invite"), _mail),
}  # fmt: skip
