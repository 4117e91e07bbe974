"""Names of arguments and fields, and verbs, as tools and users commonly write them."""

from __future__ import annotations


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


RECIPIENT_NAMES = _set("""
to cc bcc recipient recipients receiver receivers invitee invitees attendee attendees
guest guests participant participants member members collaborator collaborators email
emails phone account iban payee beneficiary user users whom channel handle subscriber
subscribers address addresses
""")
URL_NAMES = _set("""
url urls uri uris link links href website webhook endpoint domain host
""")
AMOUNT_NAMES = _set("amount sum price fee tip payment")
IDENTIFIER_NAMES = _set("id ids uid uids file files filename path folder document")
CONTENT_NAMES = _set("""
body text content contents message subject title summary description note notes comment
comments caption html
""")
RULE_NAMES = _set("rule filter forwarding")

# Fields of a result that hold running text, however short it is.
PROSE_FIELDS = _set("""
body text content contents message snippet description note notes comment comments
summary html caption reason details answer quote
""")
PERSON_FIELDS = _set("""
name from sender organizer organiser contact person author owner full_name display_name
first_name last_name nickname to attendee attendees
""")
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
SEND_VERBS = _set("""
send sent mail email forward reply respond answer invite share text message tell notify
inform post publish pay transfer wire order book call remind ask accept decline rsvp
confirm submit let schedule move reschedule cancel
schick antwort lad teil sag uberweis verschick leit absag verschieb
envo repon partag dis annul env manda compart di pag invia mand rispond condivid envi
convid compartilh diga
भेज जवाब बता आमंत्र साझा ส่ง ตอบ เชิญ แชร์ บอก จ่าย
""")
DELETE_VERBS = _set("""
delete remove cancel clear trash erase discard drop unsubscribe empty clean purge wipe
unshare revoke losch entfern absag storn supprim effac annul borr elimin rimuov apag
exclu remov हटा मिटा रद्द ลบ ยกเลิก
""")
IDLE_NAME_WORDS = _set("get set do make new add to by of the a an my all one")
