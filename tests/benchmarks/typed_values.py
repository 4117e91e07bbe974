"""What a user types, and what of it leaves: `python -m tests.benchmarks.typed_values [--show]`.

A home holds contacts, events, reminders and notes. Sentences with one personal value each
are typed in the mode `private` before a backend that is not on the device; printed is how
many left, by kind. Then questions that hold nothing personal are typed in the same home:
printed is how many were kept back, and for which value.
"""

from __future__ import annotations

import argparse
import base64
import codecs
import sys
import tempfile
from collections import Counter
from datetime import datetime
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

from agentkit import Agent, Context, Done
from agentkit.backends import ScriptedBackend

NOW = datetime(2026, 11, 18, 9, tzinfo=ZoneInfo("Europe/Berlin"))

_CARDS = """BEGIN:VCARD
VERSION:3.0
UID:c1
FN:Siobhan Marchetti
NICKNAME:Shiv
ORG:Kestrel Optics;Lens Lab
TITLE:Head of Grinding
BDAY:1984-03-05
ADR:;;12 Rosewood Lane;Leeds;;LS1 4AB;UK
TEL:+49 30 5550177
TEL:0171 5550188
EMAIL:siobhan.marchetti@kestrel.example
NOTE:allergic to walnuts\\, prefers mornings
END:VCARD
BEGIN:VCARD
VERSION:3.0
UID:c2
FN:Jürgen Łukasiewicz
TEL:+44 20 7946 0958
EMAIL:jl@lux.example
END:VCARD
BEGIN:VCARD
VERSION:3.0
UID:c3
FN:Dr. Will Baker
ORG:Apple
EMAIL:will@baker.example
END:VCARD
BEGIN:VCARD
VERSION:3.0
UID:c4
FN:Tom
TEL:+1 415 555 0132
END:VCARD
"""


def _event(number: int, title: str, start: str, more: str = "") -> str:
    return (
        f"BEGIN:VEVENT\nUID:{number}@o\nDTSTAMP:20261101T000000Z\nSUMMARY:{title}\n"
        f"DTSTART;TZID=Europe/Berlin:{start}\nDURATION:PT1H\n{more}END:VEVENT\n"
    )


_EVENTS = "".join(
    (
        _event(1, "Chemotherapy", "20261124T081500", "LOCATION:Ward 7B\n"),
        _event(2, "Divorce lawyer with Siobhan", "20261126T163000"),
        _event(3, "Lunch", "20261119T123000"),
        _event(4, "Meeting", "20261120T100000"),
        _event(5, "Dentist", "20261123T110000"),
        _event(6, "Holiday", "20261224T000000"),
        _event(7, "Project Bluebird kickoff", "20261127T140000", "LOCATION:Room 412\n"),
        _event(8, "AA meeting", "20261125T190000"),
        _event(9, "Yoga", "20261121T180000"),
        _event(10, "Birthday", "20261201T000000"),
    )
)

# Typed sentences by kind, each with one value that is the user's or a contact's.
TYPED: dict[str, tuple[str, ...]] = {
    "name of a contact": (
        "write a poem for Siobhan Marchetti", "what would siobhan like?",
        "is Marchetti an Italian name?", "ask Shiv about it", "greet Juergen Lukasiewicz",
        "does jurgen lukasiewicz like opera", "a toast for Łukasiewicz", "SIOBHAN'S party",
    ),
    "birthday": (
        "what is the star sign of 5 March 1984", "born 1984-03-05, how old?",
        "5.3.1984 was a what day?", "03/05/1984 in words", "the fifth of March 1984",
    ),
    "address": (
        "how far is 12 Rosewood Lane", "12 rosewood ln, Leeds on a map",
        "is LS1 4AB a good area", "route to 12, Rosewood Lane",
        "weather at 47 Willow Bend Road", "nach Lindenallee 8b bitte",
        "I live at 221B Baker Street", "12 rue de la Paix, Paris",
        "Calle Mayor 45, Madrid", "Via Roma 10, Milano",
    ),
    "phone": (
        "whose number is +49 30 5550177", "call 030 5550177", "ring 5550177",
        "0049 30 5550177 is where?", "is 0171-5550188 a mobile",
        "dial four one five five five five oh one three two",
        "text (415) 555-0132", "020 7946 0958 who is it", "what about 6 12 34 56 78 in France: 06 12 34 56 78",
        "+44.20.7946.0958?", "4155550132",
    ),
    "mail address": (
        "is siobhan.marchetti@kestrel.example valid", "mail jl [at] lux [dot] example",
        "j l @ lux . example bounced", "write to jl at lux dot example",
        "vic\u200btim@exam\u200bple.com is odd",
    ),
    "account or card": (
        "check DE89 3704 0044 0532 0130 00", "is DE89-3704-0044-0532-0130-00 right",
        "GB82WEST12345698765432 which bank", "my card 4111-1111-1111-1111 expired",
        "4012 8888 8888 1881 is visa?", "4012.8888.8888.1881", "amex 3782 822463 10005",
        "iban nl91abna0417164300", "the pin is 4821", "CVV 123",
    ),
    "identity": (
        "passport C01X00T47 is old", "RSSMRA85T10A562S decode", "SSN 536-90-4399",
        "my tax id is 65 929 970 489", "NHS number 943 476 5919", "DNI 54362315K",
        "USt-IdNr DE136695976", "license plate HH-AB 1234", "EGN 7523169263",
        "rodné číslo 736028/5163", "CNP 1800101221144", "TFN 123 456 782",
        "OIB 33392005961", "fødselsnummer 110101 01129",
    ),
    "key or password": (
        "fix sk-ant-api03-R2D2c3poR2D2c3poR2D2c3poR2D2c3po-abc",
        "why is ghp_16C7e42F292c6912E7710c838347Ae178B4a refused",
        "AKIAIOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "xoxb-123456789012-abcdefABCDEF123456", "password: hunter2!",
        "my wifi password is tulip-Garden-77", "das Passwort lautet Geheim!123", "AIzaSyD-9tSrke72PouQMnMX-a7eZSW0jkFMBWY",
        "hf_abcdefghijklmnopqrstuvwxyzABCDEFGH", "glpat-abcdefghij1234567890",
        "the code is 493 817", "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
    ),
    "health and titles": (
        "tips for Chemotherapy", "what to eat before chemotherapy on Tuesday",
        "how to prepare for the divorce lawyer with siobhan",
        "agenda for Project Bluebird kickoff", "where is Ward 7B", "what is room 412 like",
    ),
    "organisation and note": (
        "the Kestrel Optics contract", "is kestrel optics listed", "what does Lens Lab do",
        "she is allergic to walnuts", "Head of Grinding salary",
    ),
    "look-alikes": (
        "greet S\u0456obhan M\u0430rchetti", "greet \uff33iobhan \uff2darchetti",
        "greet \U0001d412\U0001d422\U0001d428\U0001d41b\U0001d421\U0001d41a\U0001d427",
        "greet S.i.o.b.h.a.n", "greet S i o b h a n M a r c h e t t i",
        "greet M-a-r-c-h-e-t-t-i", "greet Mar\u00adchetti", "greet Mar\nchetti",
        "greet M4rchett1", "greet nahboiS",
    ),
    "encoded": (
        "decode " + base64.b64encode(b"Siobhan Marchetti").decode(),
        "decode " + b"Siobhan Marchetti".hex(),
        "decode " + quote("Siobhan Marchetti"), "decode Siobhan&#32;Marchetti",
        "decode \\u0053iobhan", "decode " + codecs.encode("Siobhan Marchetti", "rot13"),
        "decode " + base64.b85encode(b"Siobhan Marchetti").decode(),
        "decode " + base64.b32encode(b"Siobhan Marchetti").decode(),
    ),
}  # fmt: skip

HARMLESS = (
    "what shall I have for lunch?", "how long should a meeting last?",
    "what does a dentist earn?", "where to go on holiday in winter?",
    "how do I start with yoga?", "a birthday cake recipe", "is an apple a day healthy?",
    "who founded Apple?", "will it rain tomorrow?", "how do I become a baker?",
    "what is the capital of Peru?", "translate good morning into French",
    "write a haiku about autumn", "explain photosynthesis", "what is 15 % of 80?",
    "how many people live in Leeds?", "what is a kestrel?", "how do optics work?",
    "tell me about the War of 1812", "what happened in 1984?", "who wrote 1984?",
    "how do I grind coffee?", "is walnut wood hard?", "can dogs eat walnuts?",
    "what is a room with a view?", "how big is a ward?", "who played Tom and Jerry?",
    "what is a peeping tom?", "how do lawyers bill?", "what is a divorce rate?",
    "best project management tools", "what is a bluebird?", "how do I kick off a project?",
    "what is chemo?", "the head of a nail", "how tall is Ben Nevis?",
    "is 7 a prime number?", "convert 412 miles to km", "what is 30 * 555?",
    "when does spring begin?", "what day is 5 March?", "how many days has March?",
    "difference between TCP and UDP", "regex for a phone number",
    "what does HTTP 403 mean?", "explain RFC 5545", "python list comprehension example",
    "what is the meaning of life?", "tell me a joke", "who is the president of France?",
    "what is a lab?", "what is lux?", "how do lenses work?", "what is a rose?",
    "suggest names for a cat", "what's a good password policy?",
    "how are IBANs built?", "why is the sky blue?", "summarise Hamlet",
    "what is 12 squared?", "how old is the universe?", "is Siri better than Alexa?",
    "convert 2026-11-18 to a week number", "what time is it in Tokyo at noon?",
    "write a limerick about a baker", "do AA batteries fit?", "what is AAA?",
    "how do I write an agenda?", "what is a lane?", "is rosewood expensive?",
    "how much is a 4 bedroom house?", "what is ISO 9001?", "give me 3 ideas for lunch",
    "good questions for a meeting", "how to prepare for a dentist visit?",
    "what is sin 0.7071", "Plaza Hotel 5 stars", "12 rue names in Paris",
    "10 avenue ideas for marketing", "is the password field required in HTML",
    "la vie est belle", "was ist ein Passwort Manager", "1111 - 2222 what",
    "explain the EGN protocol", "history of Via Appia", "holiday movies to watch", "what to write in a birthday card?", "yoga for the back",
)  # fmt: skip


def main() -> int:
    """Print what left by kind, and what was kept back needlessly."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true", help="name what went wrong")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = make_home(Path(folder))
        left = {
            k: [one for one in said if leaves(one, home)] for k, said in TYPED.items()
        }
        kept = [one for one in HARMLESS if not leaves(one, home)]
    for kind, said in TYPED.items():
        print(f"{kind:<24}{len(left[kind]):>3} of {len(said):>3} left")
        if options.show:
            print("".join(f"    {one!r}\n" for one in left[kind]), end="")
    sizes = Counter({kind: len(said) for kind, said in TYPED.items()})
    print(f"{'all':<24}{sum(map(len, left.values())):>3} of {sizes.total():>3} left")
    print(f"{'harmless':<24}{len(kept):>3} of {len(HARMLESS):>3} kept back")
    if options.show:
        print("".join(f"    {one!r}\n" for one in kept), end="")
    return 0


def make_home(home: Path) -> Path:
    """Write contacts and a calendar."""
    (home / "contacts.vcf").write_bytes(_CARDS.replace("\n", "\r\n").encode())
    calendar = f"BEGIN:VCALENDAR\nVERSION:2.0\n{_EVENTS}END:VCALENDAR\n"
    (home / "calendar.ics").write_bytes(calendar.replace("\n", "\r\n").encode())
    return home


def leaves(said: str, home: Path) -> bool:
    """Tell whether what is typed reaches a backend elsewhere, in the mode `private`."""
    cloud = ScriptedBackend(["Fine."], name="cloud", on_device=False)
    context = Context(home=home, now=NOW, user_name="Kim Berg")
    return isinstance(Agent(backend=cloud, context=context).run(said), Done)


if __name__ == "__main__":
    sys.exit(main())
