"""Whom a message goes to is told of themselves as "you"; whoever else is meant is not."""

from __future__ import annotations

import pytest

from agentkit.backends.reflex.drafts import CallDraft
from agentkit.backends.reflex.indirect_speech import told_directly
from agentkit.backends.reflex.kits import kit_for
from agentkit.discovery import installed_tools

KIT = kit_for(installed_tools())


def told(turn: str, text: str, language: str = "en", to: str = "Tom Silva") -> str:
    """Return what is sent where somebody was found before."""
    draft = CallDraft("send_message", {"to": to, "text": text}, (), (), "")
    return str(told_directly(draft, turn, language, KIT).arguments["text"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("I'll call him tonight", "I'll call you tonight"),
        ("I'll pick her up at 6", "I'll pick you up at 6"),
        ("I have her keys", "I have your keys"),
        ("I called his office", "I called your office"),
        ("she can come", "you can come"),
        ("he's late", "you're late"),
        ("he wants pizza", "you want pizza"),
        ("she hasn't paid", "you haven't paid"),
        ("does she need a lift", "do you need a lift"),
        ("He is invited", "You are invited"),
        ("Thursday works for me", "Thursday works for me"),
    ],
)
def test_what_is_replied_speaks_to_its_reader(text: str, said: str) -> None:
    """Pronouns and their verbs are those of one who is spoken to."""
    assert told(f"reply that {text}", text) == said


@pytest.mark.parametrize(
    ("language", "turn", "text", "said"),
    [
        ("de", "antworte, dass ich ihn anrufe", "ich ihn anrufe", "ich dich anrufe"),
        ("fr", "réponds que je l'appelle", "je l'appelle", "je t'appelle"),
        ("it", "rispondi che lo chiamo", "lo chiamo", "ti chiamo"),
        ("pt", "responde que ligo pra ele", "ligo pra ele", "ligo pra você"),
        ("es", "responde que lo llamo", "lo llamo", "te llamo"),
        ("es", "responde que lo hago", "lo hago", "lo hago"),
        ("hi", "जवाब दो मैं उसे बुलाऊँगा", "मैं उसे बुलाऊँगा", "मैं आपको बुलाऊँगा"),
        ("th", "ตอบว่าเดี๋ยวโทรหาเขา", "เดี๋ยวโทรหาเขา", "เดี๋ยวโทรหาคุณ"),
    ],
)
def test_other_languages_speak_to_the_reader(
    language: str, turn: str, text: str, said: str
) -> None:
    """Words that mean a person are put, and those that may mean a thing are left."""
    assert told(turn, text, language) == said


@pytest.mark.parametrize(
    ("turn", "text"),
    [
        ("tell Tom that I'll call him", "I'll call him"),
        ("reply: I'll call him", "I'll call him"),
        ("reply saying I'll call him", "I'll call him"),
        ("tell her that he is late", "he is late"),
        ("reply that he met her", "he met her"),
        ("reply that Ana is ill and I'll call her", "Ana is ill and I'll call her"),
    ],
)
def test_who_may_be_somebody_else_stays(turn: str, text: str) -> None:
    """Somebody who is named, spoken of beside another, or quoted is not put."""
    assert told(turn, text) == text
