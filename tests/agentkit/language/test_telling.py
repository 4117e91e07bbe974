"""The little words of a short request tell its language."""

from __future__ import annotations

import pytest

from agentkit.language import LANGUAGES
from agentkit.language.telling import told_by_words, weighed

SHORT = {
    "Vielen Dank": "de", "Spiel etwas Jazz": "de", "Sincroniza mi calendario": "es",
    "Pídeme una pizza": "es", "No le mandes un fax a Bob": "es", "Mets du jazz": "fr",
    "Spegni le luci": "it", "Toca um pouco de jazz": "pt", "play some jazz": "en",
    "ขอบคุณ Priya": "th", "Priya को लिखो": "hi",
}  # fmt: skip


@pytest.mark.parametrize(("text", "language"), SHORT.items())
def test_words_speak_for_their_language(text: str, language: str) -> None:
    """None speaks more for another one."""
    told = told_by_words(text)
    assert max(told, key=lambda one: told[one]) == language


def test_words_outweigh_a_guess_and_nothing_outweighs_all() -> None:
    """Of a text without such words the shares stay as they are."""
    even: dict[str, float] = {one: 1 / len(LANGUAGES) for one in LANGUAGES}
    assert weighed(even, "Zebulon") == pytest.approx(even)
    guess = {**even, "it": 0.9}
    told = weighed(guess, "Sincroniza mi calendario")
    assert max(told, key=lambda one: told[one]) == "es"
    assert sum(told.values()) == pytest.approx(1)
