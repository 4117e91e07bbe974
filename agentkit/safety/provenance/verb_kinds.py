"""Verbs that tell kinds of requests apart, in the languages of Llama 3.2."""

from __future__ import annotations


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


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
