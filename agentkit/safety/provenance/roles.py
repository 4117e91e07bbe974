"""What an argument decides: who gets something, where, how much, or which thing.

A tool says so with `Annotated[str, Recipient()]`; where it says nothing, the
argument's name and the tool's effect are read, on the side of care.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, cast

from agentkit.tools import AnyTool
from agentkit.tools.schema import Schema


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


RECIPIENT_NAMES = _set("""
to cc bcc recipient recipients receiver receivers invitee invitees attendee attendees
guest guests participant participants member members collaborator collaborators email
emails phone account iban payee beneficiary user users whom channel handle handles subscriber
subscribers address addresses
""")
URL_NAMES = _set("""
url urls uri uris link links href website webhook endpoint domain host
""")
AMOUNT_NAMES = _set("amount sum price fee tip payment qty quantity cents total limit")
IDENTIFIER_NAMES = _set("""
id ids uid uids uuid file files filename path paths folder directory document source src
destination dest target key ref reference number no sku item product order ticket device
door room lock entity object resource record branch repo repository playlist slug code
password passwords passcode passphrase pin secret token credential credentials
""")
CONTENT_NAMES = _set("""
body text content contents message subject title summary description note notes comment
comments caption html
""")
RULE_NAMES = _set(
    "rule filter forwarding then trigger action automation script command"
)

# Fields of a result that hold running text, however short it is.
PROSE_FIELDS = _set("""
body text content contents message snippet description note notes comment comments
summary html caption reason details answer quote memo review reviews feedback opinion
remark remarks post bio
""")
# Who gives others' words to read says so by one of these, where it declares nothing.
OTHERS_WORDS = _set("""
mail mails email emails inbox message messages chat channel channels thread threads
comment comments review reviews post posts feed news page pages web site url ticket
tickets invite invites invitation invitations letter letters
""")
PERSON_FIELDS = _set("""
name from sender organizer organiser contact person author owner full_name display_name
first_name last_name nickname to attendee attendees
""")
AUTHOR_FIELDS = _set("from sender author organizer organiser reply_to from_email")
# Words that many requests share, and that single nothing out.
COMMON_WORDS = _set("""
the and for with from that this mail mails email emails message messages event events
meeting meetings file files folder contact contacts calendar today tomorrow yesterday
week month please about send all any new last next first his her its him them their you
your our can could would should what when who where how me my am pm com org net www
http https
""")

Kind = Literal["recipient", "url", "amount", "identifier", "rule", "content", "plain"]


@dataclass(frozen=True, slots=True)
class Role:
    """What an argument decides; put it into `Annotated`.

    Attributes:
        kind: `content` and `plain` decide nothing, the others need the user's word.
    """

    kind: Kind = "plain"

    @property
    def decides(self) -> bool:
        """Whether untrusted text may not choose the value on its own."""
        return self.kind not in ("content", "plain")


@dataclass(frozen=True, slots=True)
class Recipient(Role):
    """Who receives, is invited or is paid: a name, address, number or account."""

    kind: Kind = "recipient"


@dataclass(frozen=True, slots=True)
class Url(Role):
    """Where something is fetched from or sent to."""

    kind: Kind = "url"


@dataclass(frozen=True, slots=True)
class Sum(Role):
    """How much is paid, ordered or moved."""

    kind: Kind = "amount"


@dataclass(frozen=True, slots=True)
class Identifier(Role):
    """Which thing is changed, sent or deleted."""

    kind: Kind = "identifier"


@dataclass(frozen=True, slots=True)
class StandingRule(Role):
    """What is done from now on, such as a mail filter."""

    kind: Kind = "rule"


@dataclass(frozen=True, slots=True)
class Content(Role):
    """Text that may come from anywhere, and is shown with its source."""

    kind: Kind = "content"


@dataclass(frozen=True, slots=True)
class Plain(Role):
    """A setting that decides none of these."""

    kind: Kind = "plain"


_NAMES: Mapping[Kind, frozenset[str]] = {
    "recipient": RECIPIENT_NAMES,
    "url": URL_NAMES,
    "amount": AMOUNT_NAMES,
    "identifier": IDENTIFIER_NAMES,
    "content": CONTENT_NAMES,
    "rule": RULE_NAMES,
}
_PARTS = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
_CONTROL: tuple[Kind, ...] = ("recipient", "url", "amount", "rule")
_TIMES = {"when", "duration", "date", "date-time", "time"}


def roles_of(tool: AnyTool) -> dict[str, Role]:
    """Return the role of every argument, as declared or as its name says."""
    return {
        name: _declared(tool, name) or _read(tool, name, schema)
        for name, schema in _properties(tool).items()
    }


def readings_of(tool: AnyTool) -> tuple[dict[str, Role], ...]:
    """Return the roles, and those of the same tool if it declared none that decides.

    A role that is declared adds care and takes none away, so a call is judged by both.
    `Plain` and `Content` say that an argument decides nothing, and count in both.
    """
    roles = roles_of(tool)
    unsaid = {
        name: role if not role.decides else _read(tool, name, _properties(tool)[name])
        for name, role in roles.items()
    }
    kinds = {name: role.kind for name, role in roles.items()}
    same = kinds == {name: role.kind for name, role in unsaid.items()}
    return (roles,) if same else (roles, unsaid)


def _properties(tool: AnyTool) -> Mapping[str, Schema]:
    properties: Mapping[str, Schema] = tool.parameters.get("properties", {})
    return properties


def _declared(tool: AnyTool, name: str) -> Role | None:
    for item in tool.signature.metadata.get(name, ()):
        if isinstance(item, Role):
            # To look at a thing decides nothing, whether its tool declares it or not.
            return Plain() if tool.effect == "read" and _names_thing(item) else item
    return None


def _read(tool: AnyTool, name: str, schema: Schema) -> Role:
    formats, kinds = _leaves(schema, "format"), _leaves(schema, "type")
    # A choice of the tool's own list, a flag or a time sends nothing anywhere.
    if schema.get("enum") or kinds == {"boolean"} or formats & _TIMES:
        return Plain()
    kind = "recipient" if "contact" in formats else kind_of_name(name)
    if tool.effect == "delete" and kind not in _CONTROL:
        # Whatever it is called: it says what is deleted.
        return Identifier()
    found = Role(kind)
    # Who only looks reaches nobody, and moves nothing.
    idle = _names_thing(found) or kind == "amount"
    return Plain() if tool.effect == "read" and idle else found


def _names_thing(role: Role) -> bool:
    return role.kind in ("identifier", "recipient")


def _leaves(schema: Schema, key: str) -> set[str]:
    """Collect what a schema says under a key, in its choices and items too."""
    inner = [*schema.get("anyOf", ()), *schema.get("oneOf", ()), schema.get("items")]
    schemas = [cast(Schema, item) for item in inner if isinstance(item, dict)]
    own = {str(schema[key])} if key in schema and not schemas else set[str]()
    return own.union(*(_leaves(item, key) for item in schemas))


@lru_cache(maxsize=1024)
def kind_of_name(name: str) -> Kind:
    """Say what an argument of this name decides."""
    # A model may write a name that is a number.
    # The riskiest kind first: `recipient_id` decides who receives.
    heads = set(_heads([part.lower() for part in _PARTS.findall(str(name))]))
    for kind in (*_CONTROL, "identifier", "content"):
        if not heads.isdisjoint(_NAMES[kind]):
            return kind
    return "plain"


def _heads(parts: list[str]) -> Iterator[str]:
    """Yield the words that say what it is: `user_email` is an email, `to_name` a to."""
    if parts:
        yield parts[-1]
        if parts[0] in ("to", "cc", "bcc", "recipient", "email", "invite"):
            yield parts[0]
