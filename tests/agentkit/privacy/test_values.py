import base64
import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentkit.privacy import PersonalValue, Values
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
# Two letters of a script without spaces stand inside of a longer token.
SPELLINGS["a name of two letters"] = "和 王芳 见面"


@pytest.mark.parametrize("text", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_every_listed_spelling_is_found(text: str) -> None:
    """A value is found in each spelling that the docs list."""
    assert KNOWN.find(f"Please write. {text} and so on.") is not None


OTHERS = {
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
    assert place is None or 0 <= place[0] < place[1] <= len(text)


def test_spans_tell_the_longest_value() -> None:
    """Where values overlap, the longer one counts."""
    values = Values(map(PersonalValue, ("Ana", "Ana Ruiz")))
    assert [(s, e, v.text) for s, e, v in values.spans("Call ANA  ruiz, Ana")] == [
        (5, 14, "Ana Ruiz"),
        (16, 19, "Ana"),
    ]


def test_what_everybody_knows_is_no_secret() -> None:
    """Values that stand in the tools' own words are left out."""
    values = Values(map(PersonalValue, ("Lunch Break", "Ana Ruiz")))
    left = values.without("Plan a lunch break for somebody")
    assert [value.text for value in left] == ["Ana Ruiz"]


@pytest.mark.parametrize("text", ["", "a", "ab", "7", "--"])
def test_values_that_stand_everywhere_are_not_kept(text: str) -> None:
    """One or two letters say nothing."""
    assert len(Values([PersonalValue(text)])) == 0
