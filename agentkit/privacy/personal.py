"""What is personal: values found by their shape, and the telling parts of a name.

Not covered: diminutives, initials, names in another alphabet, parts of titles.

Phone numbers are read by the package `phonenumbers` where it is installed (extra
`privacy`), else by their shape.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from agentkit.language.tokens import MAIL, PHONE
from agentkit.privacy.identifiers import identifiers
from agentkit.privacy.own_facts import own_facts
from agentkit.privacy.redaction import secrets_in
from agentkit.privacy.spellings import as_typed, spoken_numbers


@dataclass(frozen=True, slots=True)
class PersonalValue:
    """A value of the user's that must not leave as it is.

    Attributes:
        text: the value as it is written on the device.
        kind: what it is, such as `contact`, `event.start`; names its placeholder.
    """

    text: str
    kind: str = "value"


# The kinds of values, and names of fields, that hold people.
_KINDS = """
contact name first_name last_name full_name display_name surname nickname person
people user guest attendee participant organizer organiser sender recipient from to
cc with author owner patient doctor client customer host member friend partner
spouse child parent employee manager colleague
"""
_PEOPLE = frozenset(_KINDS.split())
_SIGNS = frozenset("'\u2019-.")
_CAPITAL = r"[^\W\d_a-zß-öø-ÿа-я][^\W\d_]+"
_CAPITALS = re.compile(rf"\b{_CAPITAL}(?:[ -]{_CAPITAL})+\b")
# More words are a company or a title, whose parts are words of any text.
_MOST_WORDS = 5
# "Al" and "Jo" stand in too many words; two letters of other scripts are a whole name.
_SHORTEST, _SHORTEST_FOREIGN = 3, 2
# "info@" and "me@" name nobody.
_SHORTEST_MAILBOX = 5
# Names that are words of their own: alone they would be found everywhere.
_WORDS = """
admin alt and april art august bach baker bank banks bauer bello berg best bill
black blanc bond boss brown bush butler campos carpenter casa case chance chase
church contact cook cross cruz daisy dawn day dean del della den dentist der des
doctor dom dona dos dr drew east emergency english faith family field fields fisher
flores for fox frank frau french friend friends gardener gene good grace grand grant
gray green grey gross guy hall hello herr hill holiday home hood hope hotel house
hunter info ivy jack jade jean joy june jung king klein knight koch kurz la lake
lane lang las law le lily little long los love madame mail major mann mark marsh
mason max may miles miller miss mister monsieur moody moon moss mrs neu new news
newsletter nick noble noreply north office old page pages park parks pat pearl penny
petit pike police pope post potter power powers price prof read reed reply rey reyes
rice rich ring rivers rob root rose roux ruby rush sales sands school senor senora
service señor señora sharp shepherd short signor signora sky small smith snow sommer
south speaker star stein stern stone store street strong sue summer sun support swan
swift taxi taylor team the turner und van violet von wade walker wells west white
will winter wise wolf wood woods work young
"""
_ORDINARY = frozenset(_WORDS.split())
_CYRILLIC = re.compile(r"[\u0430-\u044f\u0451]+")
_STEM = re.compile(r"(?<![аеёийоуыьэюя])[аеёийоуыьэюя]+$")
_ENDINGS = "а я у ю е ы и о ой ей ою ею ом ем ём ым им ого его ому ему ую юю"  # noqa: RUF001


def is_ordinary(value: PersonalValue) -> bool:
    """Tell whether a value is one word that people use for other things too."""
    return value.text.casefold().strip() in _ORDINARY


def parts(value: PersonalValue) -> Iterator[PersonalValue]:
    """Yield the parts of a name, and the first half of a mail address."""
    box, at, _ = value.text.partition("@")
    if at and len(box) >= _SHORTEST_MAILBOX and box.casefold() not in _ORDINARY:
        yield PersonalValue(box, value.kind)
    words = value.text.split()
    if not is_name(value) or not 1 < len(words) <= _MOST_WORDS:
        return
    for word in words:
        shortest = _SHORTEST if word.isascii() else _SHORTEST_FOREIGN
        bare = word.rstrip(".")
        # Small words inside of a name, such as `de`, are nobody's.
        if len(bare) >= shortest and not bare.islower() and bare == word:
            part = PersonalValue(word, value.kind)
            if not is_ordinary(part):
                yield part


def named_in(text: str) -> Iterator[PersonalValue]:
    """Yield what looks like names in a sentence: words in a row with capitals."""
    for match in _CAPITALS.finditer(text):
        name = PersonalValue(match[0], "name")
        # A text that is nothing else is a title or a heading as likely as a name.
        if match[0] != text.strip():
            yield name
            yield from parts(name)


def is_name(value: PersonalValue) -> bool:
    """Tell whether a value is somebody's name, by its kind and its letters."""
    return value.kind.rpartition(".")[2] in _PEOPLE and all(
        char.isalpha() or char.isspace() or char in _SIGNS or _is_mark(char)
        for char in value.text
    )


def _is_mark(char: str) -> bool:
    return unicodedata.category(char)[0] == "M"


def inflected(value: PersonalValue) -> Iterator[str]:
    """Yield a name of one word as it stands in other cases: `Anas`, `Анне`."""
    word = value.text.strip()
    if " " in word or not is_name(value):
        return
    yield f"{word}s"
    small = word.casefold()
    if _CYRILLIC.fullmatch(small):
        stem = _STEM.sub("", small)
        yield from (
            stem + case for case in _ENDINGS.split() if len(stem) >= _SHORTEST_FOREIGN
        )


_ABROAD = re.compile(r"(?<![\w.+])\+[1-9](?:[ ()/.-]{0,2}\d){6,13}(?!\w)")
_DATE = re.compile(r"\d{4}-\d\d-\d\d|(?<!\d)\d{1,2}[./-]\d{1,2}[./-]\d{2,4}(?!\d)")
# Digits in groups as only phone numbers have them: `(0)30 ...`, `415-555-0132`.
_AT_HOME = re.compile(
    r"(?<![\w.,:/+-])(?<!\d )(?:\(\d{2,5}\)|0\d{1,4}|\d{3}(?=[-. ]\d{3}[-. ]\d{4}\b)"
    r"|\d{5}(?= \d{5}\b)|\d{2}(?= 9\d{4}-\d{4}\b)|[67]\d\d(?= \d\d \d\d \d\d\b))"
    r"(?:[ ./-]{0,3}\d){5,10}(?![\w,:]|[./-]\d)"
)
# The shortest numbers that a person has; shorter ones are prices, rooms and years.
_SHORTEST_PHONE = 7
# An address whose signs are words: all of them, or the first in brackets.
_DOT = r"(?:\s*[\[({<]\s*(?:dot|punkt|punto|ponto|point|\.)\s*[\])}>]\s*|\s+(?:dot|punkt)\s+)"
_ENDING = r"(?:com|org|net|edu|gov|info|eu|io|app|dev|example|[a-z]{2})\b"
_SPELLED_MAIL = re.compile(
    rf"(?i)(?<![\w+%-])[\w+%-]{{1,40}}+(?:(?:{_DOT}|\.)[\w+%-]{{1,40}}){{0,4}}"
    r"(?:\s*[\[({<]\s*(?:at|@|ät|arroba|chiocciola)\s*[\])}>]\s*[\w-]{1,60}"
    rf"(?:(?:{_DOT}|\.)[\w-]{{1,60}}){{0,3}}(?:{_DOT}|\.)"
    rf"|\s+(?:at|arroba)\s+[\w-]{{1,60}}(?:{_DOT}[\w-]{{1,60}}){{0,3}}{_DOT}){_ENDING}"
)


def detect(text: str, *, region: str = "") -> Iterator[PersonalValue]:
    """Find what is personal by its shape.

    Args:
        text: any text.
        region: ISO 3166 code of the user's country, for numbers without a prefix.
    """
    yield from _written(text)
    if any(char.isdigit() for char in text):
        yield from _phones(text, region)


def detect_surely(text: str) -> Iterator[PersonalValue]:
    """Find what is personal by a shape that nothing else has.

    Addresses, numbers with a country's prefix or grouped as phone numbers are,
    numbers whose check digits fit, keys and passwords; other digits may be a sum that
    somebody wants to know.
    """
    yield from _written(text)
    text = as_typed(text)
    for pattern in (_ABROAD, _AT_HOME):
        for match in pattern.finditer(text):
            if not _DATE.search(match[0]):
                yield PersonalValue(match[0], "phone")


def _written(text: str) -> Iterator[PersonalValue]:
    """Find addresses, numbers of persons and accounts, and secrets."""
    # Once where both are the same, which is nearly always.
    for one in dict.fromkeys((text, as_typed(text))):
        for match in MAIL.finditer(one) if "@" in one else ():
            yield PersonalValue(match[0], "email")
        for value, kind in identifiers(one):
            yield PersonalValue(value, kind)
        for secret in secrets_in(one):
            yield PersonalValue(secret, "secret")
        for value, kind in own_facts(one):
            yield PersonalValue(value, kind)
    for match in _SPELLED_MAIL.finditer(text):
        yield PersonalValue(match[0], "email")
    for number in spoken_numbers(text, _SHORTEST_PHONE):
        yield PersonalValue(number, "phone")


def _phones(text: str, region: str) -> Iterator[PersonalValue]:
    library = _phonenumbers()
    if library is not None:
        for match in library.PhoneNumberMatcher(text, region or None):
            yield PersonalValue(match.raw_string, "phone")
    # Beside the library: what it does not take for a number of any country may still be
    # one.
    for match in PHONE.finditer(text):
        count = sum(char.isdigit() for char in match[0])
        if count >= _SHORTEST_PHONE and not _DATE.search(match[0]):
            yield PersonalValue(match[0], "phone")


@cache
def _phonenumbers() -> Any:
    # Megabytes of tables, loaded with the first text that has a digit.
    return import_module("phonenumbers") if find_spec("phonenumbers") else None
