import base64
import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentkit.privacy import Mask, PersonalValue, Values
from tests.agentkit.privacy.planted import NAMES, PLACES, TITLES

NAME = "Renée Lefèvre"
PHONE = "+49 30 5550199"
KNOWN = Values(map(PersonalValue, (NAME, PHONE, "Ana", "2026-03-05T10:30", "王芳")))

SPELLINGS = {
    "as it is": NAME,
    "case": NAME.upper(),
    "no accents": "Renee Lefevre",
    "accents apart": unicodedata.normalize("NFD", NAME),
    "spaces": "Renée   Lefèvre",
    "no space": "reneelefevre",
    "hyphen": "renee-lefevre",
    "two lines": "Renée\nLefèvre",
    "inside of a word": "Ren\née Lefè\nvre",
    "letter by letter": " ".join(NAME),
    "unseen characters": "\u200b".join(NAME),
    "full width": "Ｒｅｎéｅ Ｌｅｆèｖｒｅ",
    "inside of an address": "to:renee.lefevre@mail.example!",
    "base64": base64.b64encode(NAME.encode()).decode(),
    "base64, not at the start": base64.b64encode(f"xy {NAME}".encode()).decode(),
    "base64 of the web": base64.urlsafe_b64encode(NAME.encode()).decode(),
    "hexadecimal": NAME.encode().hex(),
    "percent": "".join(f"%{byte:02X}" for byte in NAME.encode()),
    "JSON": json.dumps({"a": NAME}),
    "JSON in JSON": json.dumps(json.dumps({"a": "Renée\nLefèvre"})),
    "repr": repr({"a": "Renée\u200b\nLefèvre"}),
    "a short name": "with Ana.",
    "a short name, spelled": "it is A n a",
    "a short name over two lines": "it is A\nna",
    "a name of two letters": "和王芳",
    "a number": "+49 30 5550199",
    "a number, regrouped": "+493 0555 01 99",
    "a number in words": "four nine three zero five five five zero one nine nine",
    "a number, half in words": "49 30 five five five zero one nine nine",
    "a time": "2026-03-05T10:30",
    "a time, written otherwise": "2026-03-05 10:30",
}
DISGUISES = {
    "Cyrillic look-alikes": "R\u0435née L\u0435fèvr\u0435",
    "directions of writing": "\u2068".join(NAME),
    "tag characters": "\U000e0020".join(NAME),
    "struck through": "".join(f"{char}\u0336" for char in NAME),
    "HTML": "Ren&eacute;e&nbsp;Lef&#232;vre",
    "HTML in HTML": "Ren&amp;#233;e Lef&amp;#232;vre",
    "tags": "Renée Lef<b>è</b>vre",
    "percent in percent": "Ren%25C3%25A9e Lef%25C3%25A8vre",
    "mail": "Ren=C3=A9e Lef=C3=\n=A8vre",
    "octal": r"Ren\303\251e Lef\303\250vre",
    "code points": "U+0041 U+006E U+0061",
    "braces": r"\u{41}\u{6e}\u{61}",
    "pairs of escapes": json.dumps("\U0001d400\U0001d427\U0001d41a"),
    "base64 of base64": base64.b64encode(base64.b64encode(NAME.encode())).decode(),
    "base64 of a short name": base64.b64encode(b"Ana").decode(),
    "base64 in lines": "UmVuw6ll\nIExlZsOo\ndnJl",
    "base64 in lines, quoted": repr("UmVuw6ll\nIExlZsOo\ndnJl"),
    "base32": base64.b32encode(NAME.encode()).decode(),
    "byte by byte": NAME.encode().hex(" "),
    "byte by byte, as code": ", ".join(f"0x{byte:02x}" for byte in NAME.encode()),
    "digits of another script": "+٤٩ ٣٠ ٥٥٥٠١٩٩",
    "in pairs of French": "quarante-neuf trente 55 cinquante, dix-neuf neuf",
    "in pairs of German": "neunundvierzig dreißig 555 null eins neunundneunzig",
    "doubled": "four nine three zero triple five zero one double nine",
    "a day, in words": "5 March 2026",
    "a day, in words of another language": "5 de março",
    "a day of America": "3/5/26",
    "a Thai day": "5 มีนาคม 2569",
}
SPELLINGS.update(DISGUISES)
# Two letters of a script without spaces stand inside of a longer token.
SPELLINGS["a name of two letters"] = "和 王芳 见面"


@pytest.mark.parametrize("text", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_every_listed_spelling_is_found(text: str) -> None:
    """A value is found in each spelling that the docs list."""
    assert KNOWN.find(f"Please write. {text} and so on.") is not None


OTHERS = {
    "another day": "6 March 2026, 5 April 2026, 5 March 2025, 6/5/26",
    "hexadecimal of something else": "de ad be ef 00 11 22",
    "nothing": "",
    "a part of a name": "Renée left.",
    "a short name inside of a word": "Banana bread",
    "other numbers": "Rows 49, 30 and 5550; 2026-03-06T10:30.",
    "digit words": "one of the two, or three",
    "code": "def find(self): return self.items[0x1F] or dGVzdA",
    "JSON": json.dumps({"type": "function", "name": "create_event", "n": [1, 2, 3]}),
}


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS.keys())
def test_other_texts_are_left_alone(text: str) -> None:
    """What is no value is none."""
    assert KNOWN.find(text) is None


@given(
    st.sampled_from((*NAMES, *TITLES, *PLACES)),
    st.text(max_size=40),
    st.text(max_size=40),
)
def test_a_value_is_found_in_any_text(value: str, before: str, after: str) -> None:
    """Whatever stands around it, a value between spaces is found."""
    assert Values([PersonalValue(value)]).find(f"{before} {value} {after}") is not None


@given(st.text(max_size=200))
def test_any_text_is_searched(text: str) -> None:
    """No text breaks the search, and a place that is found lies in it."""
    place = KNOWN.locate(text)
    assert place is None or 0 <= place.start < place.end <= len(text)


@pytest.mark.parametrize("text", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_every_listed_spelling_is_masked(text: str) -> None:
    """What the search finds can be replaced, and nothing is left to find."""
    mask = Mask(KNOWN)
    masked = mask.text(f"Please write. {text} and so on.")
    assert KNOWN.find(mask.without_marks(masked)) is None
    assert masked.startswith("Please write. ")
    assert masked.endswith(" and so on.")


def test_a_disguise_stands_for_the_value_itself() -> None:
    """What comes back over a disguised value is bound to the value."""
    mask = Mask(KNOWN)
    mask.text(f"Call {base64.b64encode(NAME.encode()).decode()}")
    said = mask.text("or four nine three zero five five five zero one nine nine")
    assert said == "or ⟨value_2⟩"
    assert mask.unmask(["⟨value_1⟩", "⟨value_2⟩"]) == [NAME, PHONE]


def test_spans_tell_the_longest_value() -> None:
    """Where values overlap, the longer one counts."""
    values = Values(map(PersonalValue, ("Ana", "Ana Ruiz")))
    assert [(s, e, v.text) for s, e, v in values.spans("Call ANA  ruiz, Ana")] == [
        (5, 14, "Ana Ruiz"),
        (16, 19, "Ana"),
    ]


def test_what_everybody_knows_is_no_secret() -> None:
    """A single small word of the tools is no secret; names and sentences are."""
    known = (PersonalValue("Lunch", "event"), PersonalValue("Ana", "contact"))
    values = Values([*known, PersonalValue("Lunch break", "event")])
    left = values.without("Plan a lunch break for ana")
    assert [value.text for value in left] == ["Ana", "Lunch break"]


def test_a_text_is_searched_again_when_values_change() -> None:
    """What was found in a text counts until a value is added, or a day forgotten."""
    text = "Ana Ruiz, born 5 March 2026, called"
    values = Values([PersonalValue("Tom Weber", "contact")])
    assert values.find(text) is None
    born = PersonalValue("2026-03-05", "birthday")
    values.add(born)
    assert values.find(text) == born
    values.forget_days("Today is 5 March 2026")
    assert values.find(text) is None
    values.add(PersonalValue("Ana Ruiz", "contact"))
    assert values.find(text) == PersonalValue("Ana Ruiz", "contact")


def test_the_day_of_today_is_no_secret() -> None:
    """What every request tells is not looked for, a value of that day still is."""
    values = Values([PersonalValue("2026-03-05T10:30", "start")])
    assert values.find("Today is 5 March 2026") is not None
    left = values.without("Today is 5 March 2026")
    assert left.find("Today is 5 March 2026") is None
    assert left.find("at 2026-03-05T10:30") is not None


@pytest.mark.parametrize("text", ["", "a", "ab", "7", "--"])
def test_values_that_stand_everywhere_are_not_kept(text: str) -> None:
    """One or two letters say nothing."""
    assert len(Values([PersonalValue(text)])) == 0


@pytest.mark.parametrize(
    "text",
    [
        "A" * 60_000 + "\n",
        "Ab1" * 20_000 + "\n...",
        "หนึ่ง" * 12_000,
        "<a" * 30_000,
        "\\u" * 30_000,
    ],
)
def test_long_texts_are_searched_to_their_end(text: str) -> None:
    """What an attacker makes long hides nothing behind it."""
    assert KNOWN.find(f"{text} {NAME}") is not None
