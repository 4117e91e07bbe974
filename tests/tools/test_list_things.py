"""Things on lists as people name them, units, and how long it is until a day."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from agentkit import Context, ToolError
from agentkit_tools._list_items import bare_list, things_of
from agentkit_tools.calendar import create_event
from agentkit_tools.clock import convert_units, count_time
from agentkit_tools.lists import add_to_list, create_list, remove_from_list, show_list

Use = Callable[..., Any]


@pytest.mark.parametrize(
    ("said", "things"),
    [
        ("milk, butter and cheese", ["milk", "butter", "cheese"]),
        ("rice, beans, and salsa", ["rice", "beans", "salsa"]),
        ("mac and cheese", ["mac and cheese"]),
        ("milk and mac and cheese", ["milk", "mac and cheese"]),
        ("salt and pepper chips", ["salt and pepper chips"]),
        ("Pride and Prejudice", ["Pride and Prejudice"]),
        ("the milk and some bread", ["milk", "bread"]),
        ("", []),
    ],
    ids=str,
)
def test_things_are_told_apart(said: str, things: list[str]) -> None:
    """Commas and "and" part things; pairs that are one thing, and titles, stay."""
    assert things_of(said) == things


@pytest.mark.parametrize(
    ("said", "name"),
    [("my shopping list", "shopping"), ("the list", ""), ("list of gifts", "gifts")],
)
def test_a_list_goes_by_its_bare_name(said: str, name: str) -> None:
    """ "The list" names none."""
    assert bare_list(said) == name


def test_things_without_a_list_go_where_such_things_are(
    context: Context, use: Use
) -> None:
    """On the shopping list where there is one, and off the list that they are on."""
    use(create_list, context, list_name="groceries: tea")
    use(create_list, context, list_name="Camping", item="tent and lamp")
    assert use(add_to_list, context, item="milk").list_name == "groceries"
    assert use(add_to_list, context, item="rice", list_name="shopping").list_name == (
        "groceries"
    )
    assert use(remove_from_list, context, item="lamp").list_name == "Camping"
    with pytest.raises(ToolError, match="on no list"):
        use(remove_from_list, context, item="sofa")


@pytest.mark.parametrize(("item", "there"), [("milk", True), ("carrots", False)])
def test_whether_something_is_on_a_list_is_told(
    item: str, *, there: bool, context: Context, use: Use
) -> None:
    """Yes with the list, or no."""
    use(add_to_list, context, item="milk", list_name="shopping")
    said = show_list.word(use(show_list, context, item=item))
    assert said.startswith("Yes" if there else "No")


@pytest.mark.parametrize(
    ("quantity", "unit", "value"),
    [
        ("5 miles", "km", "8.047 kilometres"),
        ("20 pounds", "kilos", "9.072 kilograms"),
        ("350 Fahrenheit", "Celsius", "176.7 degrees Celsius"),
        ("3 hours", "minutes", "180 minutes"),
        ("half a litre", "ml", "500 millilitres"),
        ("pound", "ounces", "16 ounces"),
    ],
)
def test_units_are_converted(quantity: str, unit: str, value: str, use: Use) -> None:
    """By what the units are by definition."""
    assert use(convert_units, None, quantity=quantity, unit=unit).value == value


@pytest.mark.parametrize(
    ("quantity", "unit"), [("5 miles", "kilos"), ("5 foos", "km"), ("5 km", "foos")]
)
def test_what_cannot_be_converted_is_told(quantity: str, unit: str, use: Use) -> None:
    """Units of two kinds, and units that nobody knows."""
    with pytest.raises(ToolError):
        use(convert_units, None, quantity=quantity, unit=unit)


@pytest.mark.parametrize(
    ("arguments", "length"),
    [
        ({"until": "Christmas", "unit": "days"}, "37 days"),
        ({"until": "Christmas", "unit": "weeks"}, "5 weeks and 2 days"),
        ({"until": "the concert", "unit": "days"}, "2 days"),
        ({"until": "from 9:40 to 13:15"}, "3 hours 35 minutes"),
        ({"until": "17:00"}, "8 hours"),
    ],
    ids=str,
)
def test_how_long_it_is_is_told(
    arguments: dict[str, str], length: str, context: Context, use: Use
) -> None:
    """Until a day, an hour or an event, or from one time to another."""
    use(create_event, context, title="Concert", start="2026-11-20T20:00")
    assert use(count_time, context, **arguments).length.startswith(length)


def test_all_lists_are_named_where_things_came_off_several(
    context: Context, use: Use
) -> None:
    """Before it is done and afterwards."""
    use(add_to_list, context, item="milk", list_name="shopping")
    use(add_to_list, context, item="scarf", list_name="gifts")
    wanted = {"item": "milk and scarf"}
    assert remove_from_list.preview is not None
    told = remove_from_list.preview(context, **wanted, list_name="")
    assert "shopping and gifts" in told
    assert use(remove_from_list, context, **wanted).list_name == "shopping and gifts"
