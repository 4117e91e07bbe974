"""A thing is found by its name in another language than the one it was written in."""

from __future__ import annotations

import pytest

from agentkit_tools._list_items import known_list
from agentkit_tools._store.resemblance import closest, same_words
from agentkit_tools._store.todos import Todo, Todos

EVENTS = [
    "Lunch with Sarah", "Dinner with Anna", "Parent-teacher evening", "Car service",
    "Concert: Nils Frahm", "Dentist", "Flight to Lisbon",
]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "event"),
    [
        ("Mittagessen mit Sarah", "Lunch with Sarah"),
        ("le déjeuner avec Sarah", "Lunch with Sarah"),
        ("pranzo con Sarah", "Lunch with Sarah"),
        ("almoço com a Sarah", "Lunch with Sarah"),
        ("la comida con Sarah", "Lunch with Sarah"),
        ("Sarah वाला लंच", "Lunch with Sarah"),
        ("มื้อเที่ยงกับ Sarah", "Lunch with Sarah"),
        ("das Abendessen", "Dinner with Anna"),
        ("Elternabend", "Parent-teacher evening"),
        ("Zahnarzttermin", "Dentist"),
        ("vol pour Lisbonne", "Flight to Lisbon"),
        ("कॉन्सर्ट", "Concert: Nils Frahm"),
    ],
)
def test_an_event_is_found_in_any_language(said: str, event: str) -> None:
    """Every word is met, so that it is surely that one."""
    found = closest(said, EVENTS, str)
    assert found.items == [event]
    assert found.sure


def test_words_of_two_things_do_not_meet() -> None:
    """Dinner is no lunch, in whatever language."""
    assert closest("Abendessen mit Sarah", ["Lunch with Tom"], str).items == []


@pytest.mark.parametrize(
    "name",
    [
        "Einkaufsliste", "liste de courses", "lista della spesa", "lista de compras",
        "lista de la compra", "शॉपिंग लिस्ट", "खरीदारी की सूची", "รายการซื้อของ",
    ],
)  # fmt: skip
def test_the_shopping_list_goes_by_any_of_its_names(name: str) -> None:
    """One that is called "shopping" is not made a second time."""
    found = Todos((Todo(uid="1", text="milk", kind="shopping"),))
    assert known_list(found, name) == "shopping"


@pytest.mark.parametrize(
    "asked",
    ["Schwester", "sœur", "sorella", "irmã", "hermana", "बहन", "น้องสาว"],
)
def test_a_fact_is_found_by_what_it_is_called_in_another_language(asked: str) -> None:
    """Who somebody is to the user was told in English."""
    facts = ["my sister is called Eva", "my gym is FitInn"]
    assert closest(asked, facts, str).items == facts[:1]


def test_one_word_has_those_of_its_line() -> None:
    """A word that stands in no line is itself alone."""
    assert {"sister", "schwester", "hermana"} <= set(same_words("Schwester"))
    assert same_words("gadget") == ["gadget"]
