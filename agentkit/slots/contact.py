"""`Contact`: a person, found in the address book by the user's words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from agentkit.context import Context
from agentkit.slots.border import slot_schema


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody, and how to reach them.

    Attributes:
        name: full name; empty when only an address or a number is known.
        emails: addresses, the one to write to first.
        phones: numbers, the one to call first.
        nicknames: other names that the user may say.
        relations: what this person is to the user: mom, boss, dentist.
        text: the user's words; empty in an address book.
    """

    name: str
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    nicknames: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()
    text: str = field(default="", compare=False)

    @property
    def email(self) -> str:
        """The address to write to; empty when none is known."""
        return self.emails[0] if self.emails else ""

    @property
    def phone(self) -> str:
        """The number to call; empty when none is known."""
        return self.phones[0] if self.phones else ""

    @property
    def shown(self) -> str:
        """Name and address as a person reads them: "Ana Sousa <ana@example.org>"."""
        reach = self.email or self.phone
        return f"{self.name} <{reach}>" if self.name and reach else self.name or reach

    def __str__(self) -> str:
        """Name and address as a person reads them."""
        return self.shown

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        return slot_schema(_validated, _written)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, str]:
        return {"type": "string", "format": "contact"}


def _written(contact: Contact) -> str:
    return contact.shown


def _validated(value: Any, info: Any) -> Contact:
    """What Pydantic calls: the user's words or a Contact."""
    if isinstance(value, Contact):
        return value
    if not isinstance(value, str):
        raise ValueError(
            "A person is given as text in the user's words, not as"
            f" {type(value).__name__}."
        )
    # Entry points and the matching are loaded with the first name, not before.
    from agentkit.slots.people import resolve_contact

    context = info.context if isinstance(info.context, Context) else None
    return resolve_contact(value, context, slot=info.field_name or "contact")
