"""Clauses that tell of a deed as done, in eight languages."""

from __future__ import annotations

import pytest

from agentkit.language.deeds import told_deeds

TOLD = [
    ("I've sent the invites to Ana.", "send"),
    ("I have just scheduled a meeting for Friday", "write"),
    ("Done! Invites sent to Bob and Ana.", "send"),
    ("The event has been cancelled.", "delete"),
    ("Ich habe die Einladung an Sarah gesendet.", "send"),
    ("Der Termin wurde eingetragen.", "write"),
    ("J\u2019ai envoyé l'invitation.", "send"),
    ("L'événement a été supprimé.", "delete"),
    ("Ho inviato l'invito a Sarah.", "send"),
    ("Enviei o convite.", "send"),
    ("He enviado la invitación.", "send"),
    ("Añadí la cita.", "write"),
    ("मैंने निमंत्रण भेज दिया है।", "send"),
    ("ส่งคำเชิญแล้วค่ะ", "send"),
]
NOT_TOLD = [
    "I haven't sent anything.",
    "Shall I send it?",
    "Have I sent it?",
    "I will send it tomorrow.",
    "If I sent it now, she would see it.",
    "Sarah sent you the contract.",
    "I found that Marcus sent it.",
    "The workshop is scheduled for Friday.",
    'Marcus wrote: "I have sent the contract".',
    "Ich habe nichts gesendet.",
    "He cancelled.",
    "Je n'ai pas envoyé l'invitation.",
    "Non ho inviato nulla.",
    "मैंने कुछ नहीं भेजा।",
    "ยังไม่ได้ส่งคำเชิญ",
]


@pytest.mark.parametrize(("text", "effect"), TOLD)
def test_what_the_speaker_did_is_found(text: str, effect: str) -> None:
    """A deed of whoever speaks, told as done, is found with its effect."""
    assert [deed.effect for deed in told_deeds(text)] == [effect]


@pytest.mark.parametrize("text", NOT_TOLD)
def test_what_is_not_done_is_not_found(text: str) -> None:
    """Denied, asked, planned, quoted and others' deeds are none of the speaker's."""
    assert list(told_deeds(text)) == []
