"""Secrets taken out of texts."""

from agentkit.messages.secret_text import HIDDEN, hide


def test_of_two_secrets_the_longer_is_hidden_whole() -> None:
    """A secret that begins with another one leaves nothing of itself."""
    said = "first hunter2, then hunter2-kestrel"
    assert hide(said, ["hunter2", "hunter2-kestrel"]) == (
        f"first {HIDDEN}, then {HIDDEN}"
    )


def test_a_short_secret_stays() -> None:
    """Three letters stand in ordinary words, which would be made unreadable."""
    assert hide("a cat scatters", ["cat"]) == "a cat scatters"
