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
summary html caption reason details answer quote memo
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

# Verbs in the languages of Llama 3.2, without accents, as `words` writes them. For
# languages with endings the stem stands here; a word counts when it begins so.
# What is sent is of a kind: who asks to tell somebody does not ask to pay.
PAY_VERBS = _set("""
pay transfer wire refund donate tip settle money payment funds euro euros eur dollar
dollars usd pounds gbp bucks
uberweis zahl bezahl geld pagar paga pague paye payer vire virement pagare bonific
transfer dinero argent soldi dinheiro रुपये भुगतान จ่าย โอน
""")
# Nouns of paying: they ask for it beside a verb that hands something over.
PAY_NOUNS = _set("""
money payment funds euro euros eur dollar dollars usd pounds gbp bucks geld dinero argent
soldi dinheiro रुपये
""")
HAND_VERBS = _set(
    "give send gib gebt schick envo donn envi mand manda dai invi dar da भेज दे ส่ง ให้"
)
BUY_VERBS = _set("""
order buy purchase checkout shop subscribe reserve book rent
kauf bestell buch achet command reserv compr acquist ordin prenot खरीद ซื้อ สั่ง จอง
""")
SHARE_VERBS = _set("""
share grant publish upload submit give access permission permissions teil freigeb partag publi condivid compart compartilh
साझा แชร์
""")
MEET_VERBS = _set("""
invite accept decline rsvp confirm schedule move reschedule cancel book
lad einlad absag zusag verschieb termin invit annul dis convid convit आमंत्र เชิญ
""")
TALK_VERBS = _set("""
send sent mail email forward reply respond answer write text message tell notify inform
post publish ask let say
schick antwort sag verschick leit schreib frag envo repon ecri env manda di invia mand
rispond scriv envi respond escrev escrib diga भेज जवाब बता ส่ง ตอบ บอก
""")
CALL_VERBS = _set("call phone dial ring ruf anruf appel llam chiam lig")
SEND_VERBS = (PAY_VERBS, BUY_VERBS, SHARE_VERBS, MEET_VERBS, CALL_VERBS, TALK_VERBS)
DELETE_VERBS = _set("""
delete remove cancel clear trash erase discard drop unsubscribe empty clean purge wipe
unshare revoke throw bin scrap toss rid losch entfern absag storn supprim effac annul borr elimin rimuov
apag exclu remov हटा मिटा रद्द ลบ ยกเลิก
""")
# Verbs of change as they stand in a request; a question says `locked`, not `lock`.
MAKE_VERBS = _set("""
create add put make schedule book save enter write note remember remind store keep draft
start set arrange organize block register reserve log jot append insert attach
""")
CHANGE_VERBS = _set("""
change edit update set move rename reschedule turn switch lock unlock open close start
stop play enable disable raise lower snooze complete finish mark tag archive fill replace
copy dim accept decline confirm rsvp invite postpone shift adjust modify correct fix
amend revise increase decrease reduce extend shorten reset renew
""")
OPEN_VERBS = _set("share publish upload link grant allow public expose")
RULE_VERBS = _set("""
rule rules filter filters automate automatically always forwarding whenever
""")
WRITE_STEMS = _set("""
erstell trag stell mach ander notier erinner schalt setz speicher leg verschieb schreib
cree ajout mets mett ecri chang modif enregistr rappel allum eteig deplac
crea agreg anad pon escrib cambi guard anot recuerd enciend apag muev
aggiung scriv salv ricord accend spegn spost metti
adicion coloc escrev mude lembr lig deslig crie anote
बना जोड़ लिख बदल याद สร้าง เพิ่ม เขียน เปลี่ยน บันทึก เตือน
""")
PAGE_VERBS = _set("""
open page pages link links site website url web online internet visit browse fetch load
offne seite ouvr lien abre enlace apri pagina
""")
# Words with which a user lets a text be passed on as it stands.
PASSING_WORDS = _set("""
forward copy quote share paste attach relay pass send what wrote text leit teil manda
envoie envia reenvia inoltra ส่ง भेज
""")
# Verbs that are nouns too, what stands before a noun, and after a part of one.
NOUN_VERBS = _set("""
email emails mail mails message messages text texts call calls order orders note notes
book books tip tips transfer transfers payment payments invite invites
""")
DETERMINERS = _set("""
a an the my your his her its our their this that these those each every any last next
unread new recent latest
""")
NOUN_TAILS = _set("address addresses account accounts id ids")
# Who says "tell me" asks for an answer, and not that somebody is told.
# Asked as often as ordered: they order at the beginning only, as in "say that ...".
ASKED_VERBS = _set("say says")
SAY_VERBS = _set("tell let give inform answer write say sag schreib dis")
ME_WORDS = _set("me us mir uns moi nous")
# Who has the instructions of a text carried out is asked about each of them.
DELEGATING_WORDS = _set("""
instructions actions steps todo todos anweisungen schritte instrucciones istruzioni
""")
# First words of names of tools that only look.
LOOK_VERBS = _set("get list search find show view lookup query count fetch read")
SEARCH_VERBS = _set("search list find query lookup")
IDLE_NAME_WORDS = _set("get set do make new add to by of the a an my all one")


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
    properties: Mapping[str, Schema] = tool.parameters.get("properties", {})
    return {name: _role(tool, name, schema) for name, schema in properties.items()}


def _role(tool: AnyTool, name: str, schema: Schema) -> Role:
    for item in tool.signature.metadata.get(name, ()):
        if isinstance(item, Role):
            # To look at a thing decides nothing, whether its tool declares it or not.
            return Plain() if tool.effect == "read" and _names_thing(item) else item
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
