"""Public questions that stay here needlessly: `python -m tests.benchmarks.held_back [--show]`.

What people asked that is of nobody (facts, recipes, rates, weather, translations, distances;
HWU64 and CLINC150 of the shared data) is laid beside the personal values of three homes:
that of `typed_values`, that of the demo, and one whose calendar has nothing but titles of
one everyday word and whose contacts work for firms that everybody knows. Printed is how
many questions the gate would keep back, and for which kind of value.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from pathlib import Path

from agentkit import Context
from agentkit.agent.ladder.border import known_values
from agentkit.discovery import home_maker, installed_tools
from agentkit.privacy.personal import PersonalValue, detect_surely
from agentkit.privacy.personal_values import Values
from tests.benchmarks.typed_values import NOW, make_home

_DATA = Path(__file__).parents[3] / "shared" / "data"
_PUBLIC = {
    "utterances_hwu64.jsonl": (
        "qa_factoid qa_definition qa_maths qa_currency qa_stock cooking_recipe "
        "general_quirky news_query recommendation_movies weather_query"
    ),
    "utterances_clinc150.jsonl": (
        "oos definition translate recipe fun_fact meaning_of_life calories exchange_rate "
        "distance measurement_conversion ingredient_substitution nutrition_info weather "
        "what_song spelling tell_joke math food_last travel_suggestion plug_type vaccines"
    ),
}
_TITLES = (
    "Dinner Gym Swimming Football Pizza Rent Taxes Chemistry History Spanish Guitar Rome "
    "Piano Cooking Shopping Haircut Vet Therapy Physio Optician Tennis Chess Choir Bowling "
    "Movie Concert Exam Physics Biology Standup Retro Sprint Flight Vacation Car Laundry "
    "Bills Payday School Kindergarten Church Poker Golf Marathon Hiking Camping Beach "
    "Garden Recycling Budget Insurance Mortgage Bank Passport Visa Vaccination Court "
    "Funeral Wedding Christmas Easter Halloween Chicken Bread Tacos Lasagna Coffee London "
    "Tokyo Mexico Texas Oscars Election Bitcoin Stocks Dollar Euro"
)
_FIRMS = (
    "Apple|Target|Orange|Shell|Visa|Uber|Amazon|Microsoft|Google|General Motors|Walmart|"
    "Home Depot|Best Buy|Ford|Delta|Sprint|BBC|Harvard University|Red Cross|World Bank"
)
_NAMES = (
    "Tom Baker|Grace Hill|Mark Long|Will Price|Jordan Lee|Ana Kos|Marcus Lee|Sarah Chen|"
    "Priya Patel|Ben Ortiz|Lena Vogt|Jay Fox|Victor Hugo|Carmen Diaz|Dawn Summers|Joy "
    "Rivers|Frank Stein|Bill Banks|Jack Frost|Rob Penny"
)


def main() -> int:
    """Print how many questions are kept back in each home; return 1 without data."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true", help="name what is kept back")
    parser.add_argument("--every", type=int, default=1, help="one question of so many")
    options = parser.parse_args()
    asked = questions()[:: options.every]
    if not asked:
        print(f"there are no questions in {_DATA}", file=sys.stderr)
        return 1
    for name, make in (
        ("typed", make_home), ("demo", _make_demo), ("everyday", _make_everyday)
    ):  # fmt: skip
        with tempfile.TemporaryDirectory() as folder:
            make(Path(folder))
            context = Context(home=Path(folder), now=NOW, user_name="Kim Berg")
            kept = kept_of(asked, context)
        kinds = Counter(value.kind for _, value in kept)
        print(f"{name:<10}{len(kept):>4} of {len(asked)} kept back  {dict(kinds)}")
        if options.show:
            print("".join(f"    {said!r}: {v.text}\n" for said, v in kept), end="")
    return 0


def questions() -> list[str]:
    """Return what people asked that is of nobody; empty where the data is not there."""
    return [
        row["text"]
        for name, intents in _PUBLIC.items()
        if (_DATA / name).is_file()
        for row in map(json.loads, (_DATA / name).read_text("utf-8").splitlines())
        if row["intent"] in intents.split()
    ]


def kept_of(asked: list[str], context: Context) -> list[tuple[str, PersonalValue]]:
    """Return the questions that hold a personal value, each with that value."""
    told = installed_tools().words
    known = known_values(context).without(told)
    found = (
        (said, known.find(said) or Values(detect_surely(said)).without(told).find(said))
        for said in asked
    )
    return [(said, value) for said, value in found if value]


def _make_demo(home: Path) -> None:
    home_maker("sample")(home, NOW)


def _make_everyday(home: Path) -> None:
    cards = "".join(
        f"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:c{number}\r\nFN:{name}\r\n"
        f"ORG:{firm}\r\nEND:VCARD\r\n"
        for number, (name, firm) in enumerate(
            zip(_NAMES.split("|"), _FIRMS.split("|"), strict=True)
        )
    )
    (home / "contacts.vcf").write_bytes(cards.encode())
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{number}@o\r\nDTSTAMP:20261101T000000Z\r\nSUMMARY:{title}"
        f"\r\nDTSTART:202611{number % 28 + 1:02d}T100000Z\r\nDURATION:PT1H\r\nEND:VEVENT\r\n"
        for number, title in enumerate(_TITLES.split())
    )
    calendar = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n"
    (home / "calendar.ics").write_bytes(calendar.encode())


if __name__ == "__main__":
    sys.exit(main())
