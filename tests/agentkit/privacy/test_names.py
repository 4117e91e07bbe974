import pytest

from agentkit.privacy import PersonalValue, Values
from agentkit.privacy.personal import inflected, is_ordinary, named_in, parts

PARTS: dict[str, tuple[str, str, list[str]]] = {
    "first and last name": ("Ana Ruiz", "contact", ["Ana", "Ruiz"]),
    "small words between": ("Maria de la Cruz", "contact", ["Maria"]),
    "a first name that is a word": ("Mark Okafor", "guest", ["Okafor"]),
    "a title before it": ("Dr Elif Haddad", "name", ["Elif", "Haddad"]),
    "another script": ("प्रिया शर्मा", "contact", ["प्रिया", "शर्मा"]),
    "one word": ("Ana", "contact", []),
    "no name by its kind": ("Board Meeting", "event", []),
    "no name by its letters": ("Room 12", "name", []),
    "an address": ("ana.ruiz@mail.example", "email", ["ana.ruiz"]),
    "an office": ("support@mail.example", "email", []),
}


@pytest.mark.parametrize(("text", "kind", "found"), PARTS.values(), ids=PARTS.keys())
def test_parts_that_are_personal_alone(text: str, kind: str, found: list[str]) -> None:
    """A name's words and an address's first half tell who is meant."""
    assert [part.text for part in parts(PersonalValue(text, kind))] == found


def test_names_in_sentences() -> None:
    """Words in a row with capitals are taken for a name; a whole text is not."""
    told = "You meet Renée Lefèvre at ten. Then rest."
    assert "Renée Lefèvre" in [one.text for one in named_in(told)]
    assert list(named_in("Board Meeting")) == []


@pytest.mark.parametrize(
    ("name", "written"), [("Ana", "Anas Buch"), ("Анна", "позвони Анне")]
)
def test_names_in_other_cases(name: str, written: str) -> None:
    """A name is found with the endings that languages give it."""
    assert list(inflected(PersonalValue(name, "contact")))
    assert Values([PersonalValue(name, "contact")]).find(written) is not None


def test_a_word_of_its_own() -> None:
    """`Will` alone is a word, with a last name it is somebody."""
    assert is_ordinary(PersonalValue("Will", "contact"))
    assert not is_ordinary(PersonalValue("Will Okafor", "contact"))


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Mueller", "Frau Müller"),
        ("Goethe", "bei Göthe"),
        ("Haendel", "von Händel"),
        ("Müller", "Herr Mueller"),
    ],
)
def test_umlauts_are_written_in_two_ways(name: str, written: str) -> None:
    """A name is found with its umlaut and without, whichever is kept."""
    assert Values([PersonalValue(name, "contact")]).find(written) is not None
