import pytest

from agentkit.messages import assistant, user
from agentkit.routing import Wish, read_wish, wish_of


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("Keep this private: what did the doctor say?", "private"),
        ("Please keep this on my phone.", "private"),
        ("Don't use the cloud for that", "private"),
        ("Don\u2019t ask the big model", "private"),
        ("Never use the bigger model, please", "private"),
        ("Ask the big model to plan my week", "big"),
        ("use a smarter model", "big"),
        ("Was steht morgen an? Behalte das für dich.", "private"),
        ("Frag das große Modell", "big"),
        ("Garde ça pour toi", "private"),
        ("Demande au grand modèle", "big"),
        ("Mantenlo privado, por favor", "private"),
        ("Pregunta al modelo grande", "big"),
        ("Isso fica entre nós", "private"),
        ("Pergunte ao modelo grande", "big"),
        ("Tienilo per te", "private"),
        ("Chiedi al modello grande", "big"),
        ("इसे निजी रखो", "private"),
        ("बड़े मॉडल से पूछो", "big"),
        ("เก็บเรื่องนี้เป็นความลับ", "private"),
        ("ถามโมเดลใหญ่", "big"),
        ("I cannot use the big model", "private"),
        ("Play the piano use the big model", "big"),
        ("Après le repas demande au cloud", "big"),
        ("Remind me to buy a big model train", ""),
        ("Book a private room for Tuesday", ""),
        ("Don't send it before Monday", ""),
        ("Ask Ana whether she kept the receipt", ""),
        ("Was kostet das große Paket?", ""),
        ("", ""),
    ],
)
def test_what_is_wished(text: str, wish: Wish) -> None:
    """A wish is read in eight languages; other sentences hold none."""
    assert read_wish(text) == wish


def test_private_stays() -> None:
    """What was said in private is still in the conversation, so the wish holds."""
    said = (user("Keep this private."), assistant("Yes."), user("Ask the big model"))
    assert wish_of(said) == "private"


def test_the_big_model_is_for_one_turn() -> None:
    """The big model is asked in the turn that wishes for it only."""
    said = (user("Ask the big model"), assistant("Done."), user("And tomorrow?"))
    assert wish_of(said) == ""


def test_only_the_user_wishes() -> None:
    """What a model or a tool says is no wish."""
    assert wish_of((user("Hi"), assistant("Ask the big model"))) == ""
