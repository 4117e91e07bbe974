"""Small talk, what no tool does, and what is not to be done, in eight languages."""

from __future__ import annotations

import pytest

from agentkit.backends.reflex.impossible_times import impossible_time
from agentkit.backends.reflex.plain_statements import arrives
from agentkit.backends.reflex.small_talk import is_denied, topic_said

DENIED = {
    "en": "do not fax Bob", "de": "Fax Bob das nicht", "fr": "ne faxe pas Bob",
    "it": "non mandare un fax a Bob", "pt": "não mande fax para o Bob",
    "es": "no le mandes un fax a Bob", "hi": "Bob को फ़ैक्स मत करो", "th": "อย่าแฟกซ์หา Bob",
}  # fmt: skip
NOT_DENIED = {
    "en": "text Bob not to come", "de": "ich weiß nicht", "fr": "je ne sais pas",
    "it": "non lo so", "pt": "não sei", "es": "no sé", "hi": "मुझे नहीं पता", "th": "ฉันไม่รู้",
}  # fmt: skip


@pytest.mark.parametrize("language", DENIED)
def test_an_order_not_to_do_something(language: str) -> None:
    """Whoever does not know something denies no order."""
    assert is_denied(DENIED[language], language)
    assert not is_denied(NOT_DENIED[language], language)


@pytest.mark.parametrize(
    ("language", "said", "topic"),
    [
        ("de", "Regnet es morgen?", "weather"), ("fr", "Mets du jazz", "music"),
        ("it", "Ordinami una pizza", "travel"), ("pt", "Apaga as luzes", "home"),
        ("es", "Traduce hola al japonés", "translate"), ("hi", "बत्ती बंद करो", "home"),
        ("th", "พรุ่งนี้ฝนจะตกไหม", "weather"), ("en", "order me a pizza", "travel"),
        ("de", "Trag ein Essen mit Ana ein", ""), ("en", "remind me at 5", ""),
    ],
)  # fmt: skip
def test_what_no_tool_does_is_known_by_its_words(
    language: str, said: str, topic: str
) -> None:
    """So that the refusal can say what it cannot do."""
    assert topic_said(said, language) == topic


@pytest.mark.parametrize(
    ("language", "said", "wrong"),
    [
        ("de", "am 30. Februar", "30. Februar"), ("fr", "le 31 avril", "31 avril"),
        ("it", "il 30 febbraio", "30 febbraio"), ("pt", "dia 30 de fevereiro", "30 de fevereiro"),
        ("es", "el 31 de junio", "31 de junio"), ("hi", "30 फ़रवरी को", "30 फ़रवरी"),
        ("de", "um 25:00", "25:00"), ("de", "am 28. Februar", ""), ("es", "el 30 de junio", ""),
    ],
)  # fmt: skip
def test_a_day_that_does_not_exist_is_found_in_each_language(
    language: str, said: str, wrong: str
) -> None:
    """It is named, and no other day is taken in its place."""
    assert impossible_time(said, language) == wrong


@pytest.mark.parametrize(
    ("language", "said", "waits"),
    [
        ("en", "when I get home remind me to feed the cat", True),
        ("fr", "rappelle-moi de nourrir le chat quand je rentre", True),
        ("es", "recuérdame dar de comer al gato cuando llegue a casa", True),
        ("en", "remind me to check if it rains", False),
        ("de", "erinnere mich, wenn er nicht antwortet", False),
    ],
)  # fmt: skip
def test_what_waits_for_somebody_to_be_somewhere(
    language: str, said: str, waits: bool
) -> None:
    """Nobody can see that coming, whatever else was understood."""
    assert arrives(said, language) == waits
