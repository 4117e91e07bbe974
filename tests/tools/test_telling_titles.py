"""Titles and firms that tell of somebody, and those that tell of nobody."""

from __future__ import annotations

import pytest

from agentkit import Context
from agentkit_tools._people import personal_values


def _kinds(context: Context, title: str, firm: str) -> set[str]:
    """Return the kinds of values in a home with one event and one card."""
    context.home.mkdir(exist_ok=True)
    start = f"{context.now:%Y%m%d}T100000Z"
    (context.home / "calendar.ics").write_text(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\n"
        f"SUMMARY:{title}\r\nDTSTART:{start}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n", "utf-8"
    )  # fmt: skip
    (context.home / "contacts.vcf").write_text(
        f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ana Kos\r\nORG:{firm}\r\nEND:VCARD\r\n",
        "utf-8",
    )
    return {kind for _, kind in personal_values(context)}


@pytest.mark.parametrize(
    "title",
    ["Pizza", "Team lunch", "Piano lesson", "Spanish class", "New York", "Mexico",
     "Car service", "Book club", "Drop off laundry", "Dollar", "Christmas party"],
)  # fmt: skip
def test_a_title_of_everyday_words_is_nobodys(context: Context, title: str) -> None:
    """A question about pizza may leave, though pizza is in the calendar."""
    assert "event" not in _kinds(context, title, "")


@pytest.mark.parametrize(
    "title",
    ["Chemotherapy", "Dialysis", "Divorce lawyer", "AA meeting", "Job interview",
     "Bank loan", "Test results", "Lunch with Siobhan", "Court", "Project Bluebird",
     "Vaccination", "Church", "Therapy session", "Marchetti party"],
)  # fmt: skip
def test_a_title_of_health_law_faith_or_a_name_stays(
    context: Context, title: str
) -> None:
    """One word that is not of everyday life is enough to keep a title here."""
    assert "event" in _kinds(context, title, "")


@pytest.mark.parametrize(
    ("firm", "kept"),
    [
        ("Microsoft", False),
        ("Bank of America", False),
        ("Harvard University", False),
        ("Kestrel Optics", True),
        ("Microsoft Reading Ltd", True),
        ("Schmidtmann", True),
    ],
)
def test_a_firm_that_everybody_knows_is_nobodys(
    context: Context, firm: str, kept: bool
) -> None:
    """Where a contact works is kept, unless half the world works there."""
    assert ("organization" in _kinds(context, "", firm)) is kept
