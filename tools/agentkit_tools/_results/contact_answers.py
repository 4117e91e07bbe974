"""What the contact tools answer, and how it is said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from agentkit_tools._phrases import bullets, listed, phrase, say_date, sentence
from agentkit_tools._store.vcards import Card


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A contact."""

    name: str
    emails: list[str]
    phones: list[str]
    nicknames: list[str]
    relations: list[str]
    organization: str = ""
    role: str = ""
    birthday: str = ""
    addresses: list[str]
    note: str = ""
    warning: str = ""


def shown_entry(card: Card, warning: str = "") -> Entry:
    """Turn a card into what the tools answer."""
    return Entry(
        name=card.name,
        emails=list(card.emails),
        phones=list(card.phones),
        nicknames=list(card.nicknames),
        relations=list(card.relations),
        organization=card.organization,
        role=card.role,
        birthday=card.birthday,
        addresses=list(card.addresses),
        note=card.note,
        warning=" ".join(filter(None, (warning, card.oddity))),
    )


def say_entry(entry: Entry) -> str:
    """Say who somebody is, and how to reach them."""
    known = f" ({listed(entry.relations)})" if entry.relations else ""
    reach = ", ".join([*entry.emails, *entry.phones]) or phrase("no address")
    return f"{entry.name}{known}: {reach}"


def _say_whole(entry: Entry) -> str:
    """Say all that is known of somebody."""
    work = phrase(" at ").join(filter(None, (entry.role, entry.organization)))
    born = (
        phrase("birthday {day}", day=_say_birthday(entry.birthday))
        if entry.birthday
        else ""
    )
    more = filter(None, (work, born, *entry.addresses, entry.note))
    return "; ".join((say_entry(entry), *more))


def _say_birthday(told: str) -> str:
    try:
        # Any leap year will do: a birthday may be on the 29th of February.
        day = date.fromisoformat(told.replace("--", "2000-", 1))
    except ValueError:
        return told
    return say_date(day, year=not told.startswith("--"))


def say_entries(entries: list[Entry]) -> str:
    """Say all that was found."""
    if not entries:
        return phrase("Nobody of that name is in the contacts.")
    if len(entries) == 1:
        return sentence(_say_whole(entries[0]), entries[0].warning)
    odd = " ".join(dict.fromkeys(entry.warning for entry in entries if entry.warning))
    return sentence(bullets(list(map(say_entry, entries))), odd)
