"""Sentences of messages are judged by weights that are checked, in eight languages."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from agentkit.errors import ConfigError
from agentkit.understanding.message_kinds import (
    CARD,
    FILES,
    KINDS,
    VERSION,
    MessageKinds,
    message_kinds,
)
from agentkit.understanding.network import HERE, read_weights


@pytest.mark.parametrize(
    ("sentence", "kind", "language"),
    [
        ("Could you send me the figures by Friday?", "ask", "en"),
        ("Der Termin am Donnerstag fällt leider aus.", "cancelled", "de"),
        ("¿Nos vemos el jueves a las cinco?", "meeting", "es"),
        ("La réunion est repoussée à vendredi.", "moved", "fr"),
        ("Ho già inviato la fattura.", "done", "it"),
        ("Você pode me enviar os números até sexta?", "ask", "pt"),
    ],
    ids=["en", "de", "es", "fr", "it", "pt"],
)
def test_sentences_are_judged(sentence: str, kind: str, language: str) -> None:
    """The likeliest kind and language are what a reader would say."""
    heard = message_kinds().hear(sentence)
    assert max(heard.kinds, key=heard.kinds.__getitem__) == kind
    assert max(heard.languages, key=heard.languages.__getitem__) == language
    assert sum(heard.kinds.values()) == pytest.approx(1)


def test_a_text_without_words_does_nothing() -> None:
    """What holds no token is judged, too."""
    assert message_kinds().hear(" ").kinds["none"] == 1


def test_the_card_says_what_the_weights_are_of() -> None:
    """Data, licence, seed and figures on what was kept back stand on the card."""
    card = json.loads((HERE / CARD).read_text("utf-8"))
    assert tuple(card["kinds"]) == KINDS
    assert {"data", "licence", "seed", "kept_back"} <= set(card)
    assert (HERE / FILES[0]).stat().st_size < 2_000_000


@pytest.mark.parametrize("harm", ["lost", "cut", "old"])
def test_weights_that_cannot_be_used_are_told(harm: str, tmp_path: Path) -> None:
    """Missing, damaged or of another version: one sentence says so."""
    shutil.copy(HERE / CARD, tmp_path)
    if harm != "lost":
        content = (HERE / FILES[0]).read_bytes()
        (tmp_path / FILES[0]).write_bytes(content[: 9000 if harm == "cut" else None])
    version = VERSION + (harm == "old")
    with pytest.raises(ConfigError, match="the rules serve"):
        read_weights(tmp_path, FILES, CARD, version, MessageKinds)
