"""Contact tools: look people up, add, change and delete them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from agentkit import Context, CorruptStore, Identifier, InputNeeded, ToolError, tool
from agentkit.language import fold
from agentkit_tools._cards import Edit, edited
from agentkit_tools._cut_off_calls import settled_as
from agentkit_tools._known_facts import name_meant
from agentkit_tools._pack import sentences, undo
from agentkit_tools._people import close_matches, either, matches, pick_card
from agentkit_tools._phrases import listed, phrase, sentence
from agentkit_tools._results.contact_answers import (
    Entry,
    say_entries,
    say_entry,
    shown_entry,
)
from agentkit_tools._store.blocks import Block
from agentkit_tools._store.card_book import Cards, add_card, read_cards, replace_card
from agentkit_tools._store.change_sets import Made
from agentkit_tools._store.vcards import Card, read_card

SETTINGS = None
_SAY = sentences("contacts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """A contact that was added; `undo` names the change."""

    contact: Entry
    undo: str = ""
    warning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """A contact that was changed; `undo` names the change."""

    contact: Entry
    undo: str = ""
    warning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletedContact:
    """A contact that was deleted; `undo` names the change."""

    name: str
    undo: str = ""
    warning: str = ""


def _card_of(made: Made) -> Card:
    return read_card(Block("VCARD", made.text)) or Card(name="")


def _settled_add(made: Made, _: Context, __: object) -> Added:
    return Added(contact=shown_entry(_card_of(made)), undo=made.undo)


def _settled_edit(made: Made, _: Context, __: object) -> Edited:
    return Edited(contact=shown_entry(_card_of(made)), undo=made.undo)


def _settled_delete(made: Made, _: Context, __: object) -> DeletedContact:
    return DeletedContact(name=_card_of(made).name, undo=made.undo)


@tool(
    effect="read",
    personal=True,
    examples=_SAY["find_contact"],
    wording=say_entries,
)
def find_contact(context: Context, name: str) -> list[Entry]:
    """Look up a person's e-mail address, phone number, birthday and the like.

    Args:
        name: name, nickname, relation ("mom"), number, firm or address of the person.
    """
    book = read_cards(context.home, context.now)
    wanted = fold(name)
    # By name, nickname, relation, number or address; else by firm, role or a note; else
    # by a fact that the user wanted remembered.
    found = matches(name, book.cards) or [
        card for card in book.cards if wanted and wanted in _about(card)
    ]
    if not found and (called := name_meant(name, context)):
        # Somebody who is only in a fact has a name at least.
        found = matches(called, book.cards) or [Card(name=called)]
    if book.warning and not found:
        raise CorruptStore(book.warning)
    if not found:
        _ask_whether(name, book)
    return [shown_entry(card, book.warning) for card in found]


def _about(card: Card) -> str:
    return fold(f"{card.name} {card.organization} {card.role} {card.note}")


def _ask_whether(name: str, book: Cards) -> None:
    """Ask whether somebody of much the same name is meant.

    Raises:
        InputNeeded: there is somebody.
    """
    likely = tuple(card.name for card in close_matches(name, book.cards))
    if likely:
        nobody = phrase("No contact is called {name!r}.", name=name)
        asked = phrase("Do you mean {choices}?", choices=either(likely))
        raise InputNeeded("name", sentence(nobody, asked), likely)


def _preview_add(
    context: Context, name: str, email: str, phone: str, relation: str
) -> str:
    reach = listed([value for value in (relation, email, phone) if value])
    entry = f"{name} ({reach})" if reach else name
    return phrase("Add {entry} to the contacts.", entry=entry)


def _say_added(added: Added) -> str:
    return sentence(
        phrase("Added {entry}.", entry=say_entry(added.contact)), added.warning
    )


@tool(
    effect="write",
    examples=_SAY["add_contact"],
    wording=_say_added,
    preview=_preview_add,
    undo=undo,
    settle=settled_as(_settled_add),
)
def add_contact(
    context: Context, name: str, email: str = "", phone: str = "", relation: str = ""
) -> Added:
    """Add a person to the contacts.

    Args:
        name: full name.
        email: e-mail address.
        phone: phone number.
        relation: what this person is to the user: vet, cousin, landlord.
    """
    if not name.strip():
        raise ToolError(phrase("A contact needs a name."))
    # A model fills the slot with a name at times; the user has to say the address.
    if email.strip() and "@" not in email:
        raise InputNeeded(
            "email", phrase("What is {name}'s e-mail address?", name=name.strip())
        )
    card = Card(
        name=" ".join(name.split()),
        emails=(email.strip(),) if email.strip() else (),
        phones=(phone.strip(),) if phone.strip() else (),
        relations=(relation.strip(),) if relation.strip() else (),
    )
    change = add_card(context.home, card, context.now)
    return Added(contact=shown_entry(card), undo=change.undo, warning=change.warning)


def _preview_edit(context: Context, name: str, **changes: str) -> str:
    card = pick_card(name, "name", context)
    old = changes.pop("old", "")
    said = [
        f"{phrase(what.replace('_', ' '))} {text}"
        for what, text in changes.items()
        if text
    ]
    gone = phrase("take out {old}", old=old) if old and not said else ""
    return phrase(
        "Change {name}: {changes}{instead}.",
        name=card.name,
        changes=listed(said) or gone,
        instead=phrase(" in the place of {old}", old=old) if old and said else "",
    )


def _say_edited(done: Edited) -> str:
    return sentence(
        phrase("Changed {entry}.", entry=say_entry(done.contact)), done.warning
    )


@tool(
    effect="write",
    examples=_SAY["edit_contact"],
    wording=_say_edited,
    preview=_preview_edit,
    undo=undo,
    settle=settled_as(_settled_edit),
)
def edit_contact(
    context: Context,
    name: Annotated[str, Identifier()],
    email: str = "",
    phone: str = "",
    nickname: str = "",
    relation: str = "",
    organization: str = "",
    note: str = "",
    new_name: str = "",
    old: str = "",
) -> Edited:
    """Change a contact, or add something to it.

    Args:
        name: who is meant.
        email: new e-mail address.
        phone: new phone number.
        nickname: nickname to add.
        relation: what this person is to the user, to add: mom, boss, dentist.
        organization: new organization.
        note: new note.
        new_name: new full name.
        old: the address, number or nickname to replace, or to take out.
    """
    card = pick_card(name, "name", context)
    edit = Edit(
        email=email.strip(),
        phone=phone.strip(),
        nickname=nickname.strip(),
        relation=relation.strip(),
        organization=organization.strip(),
        note=note.strip(),
        name=" ".join(new_name.split()),
        old=old.strip(),
    )
    block = edited(card, edit)
    change = replace_card(context.home, card, block, context.now)
    # A card whose name was taken out shows what it was.
    shown = read_card(block) or card
    return Edited(contact=shown_entry(shown), undo=change.undo, warning=change.warning)


def _preview_delete(context: Context, name: str) -> str:
    entry = say_entry(shown_entry(pick_card(name, "name", context)))
    return phrase("Delete the contact {entry}.", entry=entry)


def _say_deleted(done: DeletedContact) -> str:
    return sentence(phrase("Deleted the contact {name}.", name=done.name), done.warning)


@tool(
    effect="delete",
    examples=_SAY["delete_contact"],
    wording=_say_deleted,
    preview=_preview_delete,
    undo=undo,
    settle=settled_as(_settled_delete),
)
def delete_contact(context: Context, name: str) -> DeletedContact:
    """Delete a person from the contacts.

    Args:
        name: who is meant.
    """
    card = pick_card(name, "name", context)
    change = replace_card(context.home, card, None, context.now)
    return DeletedContact(name=card.name, undo=change.undo, warning=change.warning)
