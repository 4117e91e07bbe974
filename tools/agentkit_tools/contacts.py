"""Contact tools: look people up and add them, in contacts.vcf."""

from __future__ import annotations

from dataclasses import dataclass

from agentkit import Context, CorruptStore, ToolError, tool
from agentkit_tools._people import matches
from agentkit_tools._phrases import bullets, listed, sentence
from agentkit_tools._sentences import sentences
from agentkit_tools._store.names import fold
from agentkit_tools._store.vcards import Card, add_card, read_cards

_SAY = sentences("contacts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A contact."""

    name: str
    emails: list[str]
    phones: list[str]
    nicknames: list[str]
    relations: list[str]
    organization: str = ""
    warning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """A contact that was added."""

    contact: Entry
    warning: str = ""


def _shown(card: Card, warning: str = "") -> Entry:
    return Entry(
        name=card.name,
        emails=list(card.emails),
        phones=list(card.phones),
        nicknames=list(card.nicknames),
        relations=list(card.relations),
        organization=card.organization,
        warning=warning,
    )


def _say_entry(entry: Entry) -> str:
    known = f" ({listed(entry.relations)})" if entry.relations else ""
    reach = ", ".join([*entry.emails, *entry.phones]) or "no address"
    return f"{entry.name}{known}: {reach}"


def _say_entries(entries: list[Entry]) -> str:
    if not entries:
        return "Nobody of that name is in the contacts."
    if len(entries) == 1:
        return sentence(f"{_say_entry(entries[0])}", entries[0].warning)
    return sentence(bullets(list(map(_say_entry, entries))), entries[0].warning)


@tool(
    effect="read",
    personal=True,
    examples=_SAY["find_contact"],
    wording=_say_entries,
)
def find_contact(context: Context, name: str) -> list[Entry]:
    """Look up a person's e-mail address, phone number and the like.

    Args:
        name: name, nickname, relation ("mom") or address of the person.
    """
    book = read_cards(context.home, context.now)
    wanted = fold(name)
    found = matches(name, book.cards) or [
        card
        for card in book.cards
        if wanted and wanted in fold(f"{card.name} {card.organization}")
    ]
    if book.warning and not found:
        raise CorruptStore(book.warning)
    return [_shown(card, book.warning) for card in found]


def _preview_add(context: Context, name: str, email: str, phone: str) -> str:
    reach = listed([value for value in (email, phone) if value])
    return f"Add {name}{f' ({reach})' if reach else ''} to the contacts."


def _say_added(added: Added) -> str:
    return sentence(f"Added {_say_entry(added.contact)}.", added.warning)


@tool(
    effect="write",
    examples=_SAY["add_contact"],
    wording=_say_added,
    preview=_preview_add,
)
def add_contact(context: Context, name: str, email: str = "", phone: str = "") -> Added:
    """Add a person to the contacts.

    Args:
        name: full name.
        email: e-mail address.
        phone: phone number.
    """
    if not name.strip():
        raise ToolError("A contact needs a name.")
    card = Card(
        name=" ".join(name.split()),
        emails=(email.strip(),) if email.strip() else (),
        phones=(phone.strip(),) if phone.strip() else (),
    )
    warning = add_card(context.home, card, context.now)
    return Added(contact=_shown(card), warning=warning)
