"""Values that are limited to what was said: words in a row, and numbers."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from datetime import date
from typing import Any, Literal

import pytest

from agentkit.grammar import make_grammar
from agentkit.grammar.coordination import coordinated, for_each
from agentkit.grammar.guide import compile_grammar
from agentkit.grammar.number_spans import SaidNumber
from agentkit.grammar.said import SaidValues
from agentkit.grammar.stretches import stretches
from agentkit.grammar.surplus import taken_twice, without_surplus
from agentkit.grammar.toolset_grammar import grammar_fingerprint
from agentkit.grammar.value_types import Field, Fixed, Items, Real, TextValue
from agentkit.messages import ToolCall
from agentkit.tools import Toolset, tool
from tests.agentkit.grammar.walks import small_tokenizer, write

NUMBERS = {
    "a = 3, b = -11 and c=-4": ["3", "-11", "-4"],
    "1,000 seats at 2.50": ["1000", "2.5"],
    "add 5% to it": ["5", "0.05"],
    "two thousand and nineteen": ["2019", "19"],
    "twenty two apples": ["22", "2"],
    "on the 5th of March": ["5", "3"],
    "pages 10-12": ["10", "12"],
    "nothing at all": [],
}


@pytest.mark.parametrize("text", NUMBERS)
def test_numbers_that_were_said(text: str) -> None:
    """In digits and in words, with their signs; a month is a number too."""
    found = SaidValues.of([text]).numbers
    assert [one for one in found if one in NUMBERS[text]] == NUMBERS[text]
    assert set(found) <= {*NUMBERS[text], "2000", "20"}


@tool(effect="read")
def book(
    place: str, seats: int, nights: int = 1, smoking: bool = False, note: str = ""
) -> str:
    """Book a place.

    Args:
        place: where.
        seats: how many.
        nights: how long.
        smoking: whether that is wanted.
        note: anything else.
    """
    return place


ASKED = "Book 3 seats at Joe's Diner, please"
ALLOWED = {
    "words of the request": (ASKED, '[book(place="Joe\'s Diner", seats=3)]', True),
    "between the other quotes": ("At Rex, 3", "[book(place='Rex', seats=3)]", True),
    "an optional string": (
        ASKED,
        '[book(place="Joe\'s Diner", seats=3, note="Diner")]',
        True,
    ),
    "a common word for a place with a name": (
        ASKED,
        '[book(place="seats", seats=3)]',
        False,
    ),
    "half a name": (ASKED, '[book(place="Diner", seats=3)]', False),
    "words that nobody said": (ASKED, '[book(place="Rex", seats=3)]', False),
    "a number that nobody said": (
        ASKED,
        '[book(place="Joe\'s Diner", seats=4)]',
        False,
    ),
    "an empty string": (ASKED, '[book(place="", seats=3)]', False),
    "a sign at the end": (ASKED, '[book(place="Diner,", seats=3)]', False),
    "an optional number": (
        ASKED,
        '[book(place="Joe\'s Diner", seats=3, nights=3)]',
        False,
    ),
    "one that was said": (
        "3 seats and 2 nights at Rex",
        '[book(place="Rex", seats=3, nights=2)]',
        True,
    ),
    "a switch": (ASKED, '[book(place="Joe\'s Diner", seats=3, smoking=True)]', False),
    "one that is not wanted": (
        "3 seats at Rex. No smoking",
        '[book(place="Rex", seats=3, smoking=True)]',
        False,
    ),
    "one that was named": (
        "3 smoking seats at Rex",
        '[book(place="Rex", seats=3, smoking=True)]',
        True,
    ),
}


@pytest.mark.skipif(
    importlib.util.find_spec("llguidance") is None, reason="llguidance is not installed"
)
@pytest.mark.parametrize(("said", "call", "fits"), ALLOWED.values(), ids=ALLOWED.keys())
def test_what_a_call_may_hold(said: str, call: str, fits: bool) -> None:
    """Strings are words of the request, numbers are said ones, the rest is left out."""
    grammar = make_grammar(Toolset(book), mode="calls", said=SaidValues.of([said]))
    guide: Any = compile_grammar(grammar, small_tokenizer())
    whole = write(guide, call)
    assert (whole and guide.finished) is fits


@tool(effect="read")
def find_hotel(
    city: str,
    arrival: str,
    email: str,
    board: Literal["breakfast", "half", "none"] = "none",
    extras: list[Literal["pool", "sauna", "parking"]] | None = None,
    stars: int = 0,
    rooms: int = 0,
    kind: str = "",
) -> str:
    """Find a hotel.

    Args:
        city: where.
        arrival: first day, as YYYY-MM-DD.
        email: the e-mail address of the guest.
        board: what is wanted.
        extras: what it has.
        stars: how many at least.
        rooms: how many.
        kind: one of 'inn' and 'hostel'.
    """
    return f"{city} {arrival} {email} {board} {extras} {stars} {rooms} {kind}"


HOTEL = "A hotel in Rome with 4 stars, pool and parking, breakfast; ana@x.org"
GIVEN = (
    '[find_hotel(city="Rome", arrival="2026-06-03", email="ana@x.org", board="breakfast", '
    'extras=["pool", "parking"], stars=4)]'
)
NARROWED = {
    "all that was said": (GIVEN, True),
    "another day": (GIVEN.replace("06-03", "06-04"), False),
    "another address": (GIVEN.replace("ana@", "tom@"), False),
    "a word of a choice that nobody said": (GIVEN.replace("breakfast", "half"), False),
    "a word of a choice that was said and is left": (
        GIVEN.replace('board="breakfast", ', ""),
        False,
    ),
    "the same thing twice": (GIVEN.replace('"parking"', '"pool"'), False),
    "one number for two arguments": (
        GIVEN.replace("stars=4", "stars=4, rooms=4"),
        False,
    ),
    "the number for what was not named": (GIVEN.replace("stars", "rooms"), False),
    "what the description offers": (GIVEN.replace("=4)", '=4, kind="inn")'), False),
}


@pytest.mark.skipif(
    importlib.util.find_spec("llguidance") is None, reason="llguidance is not installed"
)
@pytest.mark.parametrize(("call", "fits"), NARROWED.values(), ids=NARROWED.keys())
def test_what_was_said_is_meant(call: str, fits: bool) -> None:
    """Days in the form that is wanted, addresses, words of a choice, numbers once."""
    said = SaidValues.of([HOTEL], [date(2026, 6, 3)])
    grammar = make_grammar(Toolset(find_hotel), mode="calls", said=said)
    guide: Any = compile_grammar(grammar, small_tokenizer())
    assert (write(guide, call) and guide.finished) is fits


def test_what_a_call_says_twice_is_left_out() -> None:
    """An optional word that is another argument's, or the tool's, says nothing."""
    said = SaidValues.of(["A hotel in Rome, with a sauna and a pool"])
    fields = (
        Field("city", TextValue(), True),
        Field("kind", TextValue(), False),
        Field("area", TextValue(), False),
        Field("extras", Items(TextValue()), False),
    )
    given = {
        "city": "Rome",
        "kind": "hotel",
        "area": "Rome",
        "extras": ["pool", "sauna", "pool"],
    }
    settled = without_surplus(ToolCall("find_hotel", given), fields, said.words)
    assert dict(settled.arguments) == {"city": "Rome", "extras": ["sauna", "pool"]}


@tool(effect="read")
def find_peaks(place: str, radius: int, amount: int) -> str:
    """Find mountains.

    Args:
        place: near where.
        radius: in kilometers.
        amount: how many mountains, the tallest first.
    """
    return f"{place} {radius} {amount}"


PEAKS = "the 5 tallest within 50km of Rome"
ONE = '[find_peaks(place="Rome", radius=50, amount=5)]'
PLACED = {
    "each where it belongs": (ONE, True),
    "one in the other's place": (ONE.replace("radius=50", "radius=5"), False),
    "more calls than are asked for": (f"{ONE[:-1]}, {ONE[1:]}", False),
}


@pytest.mark.skipif(
    importlib.util.find_spec("llguidance") is None, reason="llguidance is not installed"
)
@pytest.mark.parametrize(("call", "fits"), PLACED.values(), ids=PLACED.keys())
def test_a_number_belongs_where_its_words_are(call: str, fits: bool) -> None:
    """Words beside a number that an argument has too tell which one it is."""
    said = SaidValues.of([PEAKS], calls=1)
    grammar = make_grammar(Toolset(find_peaks), mode="calls", said=said)
    guide: Any = compile_grammar(grammar, small_tokenizer())
    assert (write(guide, call) and guide.finished) is fits


NEEDS = {
    "one more": (3, True, False),
    "as many": (2, False, True),
    "none": (0, False, False),
}


@pytest.mark.parametrize(("needed", "lacks", "meets"), NEEDS.values(), ids=NEEDS.keys())
def test_numbers_that_a_tool_needs(needed: int, lacks: bool, meets: bool) -> None:
    """A share is one number, and a digit in a name is none."""
    said = SaidValues.of(["10% of 200 for XYZ123"])
    fields = [Field(f"n{index}", Real(), True) for index in range(needed)]
    assert said.lacks(fields) is lacks
    assert said.meets(fields) is meets


@tool(effect="read")
def invite(people: list[str]) -> str:
    """Invite people.

    Args:
        people: whom.
    """
    return ", ".join(people)


@pytest.mark.skipif(
    importlib.util.find_spec("llguidance") is None, reason="llguidance is not installed"
)
@pytest.mark.parametrize(("count", "fits"), [(8, True), (9, False)])
def test_a_list_of_words_is_short(count: int, fits: bool) -> None:
    """A model that names the same ones over and over comes to an end."""
    listed = ", ".join(["'Ana'"] * count)
    assert _takes(Toolset(invite), "Invite Ana", f"[invite(people=[{listed}])]") is fits


def _takes(tools: Toolset, text: str, calls: str, **other: Any) -> bool:
    """Whether the grammar of what was said takes calls."""
    said = replace(SaidValues.of([text]), **other)
    grammar = make_grammar(tools, mode="calls", said=said)
    guide: Any = compile_grammar(grammar, small_tokenizer())
    return write(guide, calls) and guide.finished


NEEDS_GRAMMAR = pytest.mark.skipif(
    importlib.util.find_spec("llguidance") is None, reason="llguidance is not installed"
)


@NEEDS_GRAMMAR
@pytest.mark.parametrize(
    ("people", "fits"),
    [('["Ana", "Tom", "Kim"]', True), ('["Ana"]', False), ('["Ana", "Tom"]', False)],
)
def test_what_is_named_together_is_listed_together(people: str, fits: bool) -> None:
    """A small model forgets half of "Ana, Tom and Kim"."""
    calls = f"[invite(people={people})]"
    assert _takes(Toolset(invite), "Invite Ana, Tom and Kim", calls) is fits


@tool(effect="read")
def tell_of_game(parts: list[Literal["rating", "players", "age"]]) -> str:
    """Tell of a game.

    Args:
        parts: what of it.
    """
    return ", ".join(parts)


@NEEDS_GRAMMAR
@pytest.mark.parametrize(
    ("parts", "fits"),
    [("['rating', 'age']", True), ("['rating']", False), ("['players']", False)],
)
def test_each_choice_that_was_said_is_listed(parts: str, fits: bool) -> None:
    """Of a list of choices those are given that were said, all of them."""
    calls = f"[tell_of_game(parts={parts})]"
    said = "Tell me the rating and the age for this game"
    assert _takes(Toolset(tell_of_game), said, calls) is fits


TOGETHER = {
    "Invite Ana, Bo and Cy": [("Ana", "Bo", "Cy")],
    "the S&P 500 and the Dow Jones": [("S&P 500", "Dow Jones")],
    "chords of C, F and G": [("C", "F", "G")],
    "columns 'age' and 'income' and a target 'price'": [("age", "income")],
    "Invite Ana": [],
    "Ana visits Bo": [],
}


@pytest.mark.parametrize("text", TOGETHER)
def test_what_is_named_together(text: str) -> None:
    """Commas and "and" join names, quotes, and words; of each list the whole is found."""
    options = [one.text for one in stretches(text)]
    assert coordinated(text, options) == TOGETHER[text]


@tool(effect="read")
def find_sculpture(artist: str, title: str) -> str:
    """Find a sculpture.

    Args:
        artist: who made it.
        title: its name.
    """
    return f"{artist} {title}"


@NEEDS_GRAMMAR
@pytest.mark.parametrize("artist", ["David", "Michelangelo"])
def test_barred_words_are_not_taken(artist: str) -> None:
    """Words that are another argument's are left out, unless none are left."""
    text, tools = "Show 'David' by 'Michelangelo'", Toolset(find_sculpture)
    calls = f"[find_sculpture(artist='{artist}', title='David')]"
    assert _takes(tools, text, calls)
    barred = frozenset({("artist", "David")})
    assert _takes(tools, text, calls, barred=barred) is (artist != "David")


@pytest.mark.parametrize(
    ("text", "format", "nobody"),
    [
        ("send invites for the meetings", "contact", True),
        ("send Ana an invite", "contact", False),
        ("write to ana@work.example", "contact", False),
        ("send invites for the meetings", "", False),
    ],
)
def test_nobody_was_named(text: str, format: str, nobody: bool) -> None:
    """A person that an argument needs has a name or an address."""
    people = Field("people", Items(TextValue(format=format)), True)
    assert SaidValues.of([text]).names_nobody([people]) is nobody


@pytest.mark.parametrize(
    ("text", "given", "kept"),
    [
        ("the rating and player count of Chess", {"language": "player"}, {}),
        ("a game in the language french", {"language": "french"}, None),
        ("a game about roses in english", {"language": "english"}, None),
        ("a game of Chess in German", {"language": "German"}, None),
    ],
)
def test_plain_words_fill_no_argument_by_chance(
    text: str, given: dict[str, Any], kept: dict[str, Any] | None
) -> None:
    """An optional word is named, or offered by the description, or a name."""
    about = "The language, e.g. 'english'."
    field = Field("language", TextValue(), False, about)
    found = without_surplus(ToolCall("find_game", given), [field], text)
    assert found.arguments == (given if kept is None else kept)


def test_a_list_leaves_the_other_number_to_its_argument() -> None:
    """Numbers of a list and of days are no sign of several calls."""
    said = SaidValues.of(["flows [-500, 100, 200] at 8 % from May 3 2022"])
    fields = [Field("flows", Items(Real()), True), Field("rate", Real(), True)]
    (found,) = said.each_call(fields, "npv")
    assert found[0].value == Fixed(("[-500, 100, 200]",))


def test_a_list_of_numbers_that_nobody_named_is_left_out() -> None:
    """An optional list is not filled with what another one has."""
    said = SaidValues.of(["flows [-500, 100, 200]"])
    fields = [Field("flows", Items(Real()), True), Field("years", Items(Real()), False)]
    assert [one.name for one in said.supported(fields)] == ["flows"]


def test_of_two_ends_the_day_that_was_said_counts() -> None:
    """ "To July 20" may end on the 20th or on the 21st."""
    days = (date(2022, 7, 10), date(2022, 7, 20), date(2022, 7, 21))
    said = SaidValues.of(["from July 10 to July 20"], days)
    day = TextValue(day="%m-%d-%Y")
    fields = [Field("first", day, True), Field("last", day, True)]
    found = [one.value for one in said.supported(fields)]
    assert found == [Fixed(('"07-10-2022"',)), Fixed(('"07-20-2022"',))]


EACH = {
    "the weather in Berlin and Madrid": ["Berlin", "Madrid"],
    "news on 'ferns' and 'moss'": ["ferns", "moss"],
    "the weather in Miami, Florida": ["Miami"],
    "the weather in Berlin": ["Berlin"],
}


@pytest.mark.parametrize("text", EACH)
def test_a_call_for_each_thing_named(text: str) -> None:
    """Of a tool that takes one thing several are asked for by several calls."""
    fields = [Field("artist", TextValue(), True), Field("title", TextValue(), True)]
    call = ToolCall("find_sculpture", {"artist": EACH[text][0], "title": "x"})
    found = [one.arguments["artist"] for one in for_each(call, fields, text)]
    assert found == EACH[text]


def test_a_call_that_has_both_things_is_one() -> None:
    """The distance between two places is asked for once."""
    fields = [Field("artist", TextValue(), True), Field("title", TextValue(), True)]
    call = ToolCall("find_sculpture", {"artist": "Berlin", "title": "Madrid"})
    assert for_each(call, fields, "between Berlin and Madrid") == [call]


TWICE = {
    "one of each": ({"artist": "Rodin", "title": "David"}, ()),
    "the same words": (
        {"artist": "David", "title": "David"},
        (("artist", "David"), ("title", "David")),
    ),
    "said twice": ({"artist": "Rodin", "title": "rodin"}, ()),
    "one of a list": (
        {"artist": ["Rodin", "David"], "title": "David"},
        (("artist", "David"), ("title", "David")),
    ),
    "numbers": ({"artist": 1, "title": 1}, ()),
}


@pytest.mark.parametrize(("given", "twice"), TWICE.values(), ids=TWICE)
def test_words_taken_twice(given: dict[str, Any], twice: tuple[Any, ...]) -> None:
    """Words that were said once are one argument's."""
    call = ToolCall("find_sculpture", given)
    assert taken_twice(call, "David by Rodin, and Rodin's life") == twice


def test_quotes_and_lines_end_what_can_be_taken_over() -> None:
    """Nothing that would have to be escaped stands in the words."""
    assert (
        SaidValues.of(['say "hi"\\there', "and\x00on"]).words
        == "say \nhi\nthere\nand\non"
    )


OTHER = {
    "stems": {"stems": frozenset({"rauch"})},
    "counts": {"counts": 0},
    "beside": {"beside": (SaidNumber("3", frozenset({"night"})),)},
    "numbers": {"numbers": ("4",)},
    "days": {"days": (date(2026, 3, 3),)},
    "calls": {"calls": 2},
    "barred": {"barred": frozenset({("place", "Joe's Diner")})},
}


@pytest.mark.parametrize("other", OTHER.values(), ids=OTHER)
def test_grammars_of_other_things_said_are_kept_apart(other: dict[str, Any]) -> None:
    """Whatever of it differs: a kept grammar holds for exactly what was said."""
    said = SaidValues.of([ASKED])
    prints = {
        grammar_fingerprint(Toolset(book), "calls", one)
        for one in (said, SaidValues.of([ASKED]), replace(said, **other))
    }
    assert len(prints) == 2
