import pytest

from agentkit.privacy.spellings import digit_runs, flat, rows_of, thai_digits, tokens

SAID = {
    "English": ("four one five oh one two", "415012"),
    "tens": ("twenty one thirty-two 5", "21325"),
    "doubled": ("double five triple seven", "55777"),
    "German": ("null eins fünf einundzwanzig", "01521"),
    "French": ("zéro six, quarante et un, quatre-vingt-dix-sept", "064197"),
    "French seventies": ("soixante et onze soixante-dix-huit", "7178"),
    "Spanish": ("seis doce treinta y cuatro veintidós", "6123422"),
    "Italian": ("zero tre ventuno quarantotto", "032148"),
    "Portuguese": ("nove meia um vinte e dois", "96122"),
    "Hindi": ("आठ सत्तावन बाईस", "85722"),
}


@pytest.mark.parametrize(("text", "digits"), SAID.values(), ids=SAID.keys())
def test_numbers_in_words(text: str, digits: str) -> None:
    """Numbers are read digit by digit and in pairs."""
    words = tokens(flat(text))
    assert list(digit_runs(words, rows_of(words, set(words)))) == [(digits, True)]


def test_thai_is_written_without_spaces() -> None:
    """Three digit words in a row are digits; one may be a part of another word."""
    assert thai_digits("โทรศูนย์แปดหนึ่งนะ") == "โทร 081 นะ"
    assert thai_digits("สองคน") == ""
