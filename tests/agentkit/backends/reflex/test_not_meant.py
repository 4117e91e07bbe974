"""What is said and cannot be meant: days that are none, orders that are taken back."""

from __future__ import annotations

import pytest

from agentkit.backends.reflex.not_meant import impossible_time, is_taken_back


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("a meeting on February 30 at 3", "February 30"),
        ("on the 31st of April", "31st of April"),
        ("at 25:00 tomorrow", "25:00"),
        ("at 13:60", "13:60"),
        ("at 14:30 pm", "14:30 pm"),
        ("on February 29", ""),
        ("on the 31st of May at 24:00", ""),
        ("tomorrow at 3:15", ""),
        ("10 kg of flour and 30.5 eggs", ""),
    ],
)
def test_days_and_hours_that_are_none_are_found(said: str, wrong: str) -> None:
    """A day that no calendar has, and an hour that no clock shows."""
    assert impossible_time(said) == wrong


@pytest.mark.parametrize(
    ("said", "taken_back"),
    [
        ("delete the dentist? no way", True),
        ("cancel it? never", True),
        ("move it to 3? just kidding", True),
        ("delete the dentist", False),
        ("is the dentist on Thursday? cancel it", False),
        ("add no-knead bread", False),
    ],
)
def test_an_order_may_take_itself_back(said: str, *, taken_back: bool) -> None:
    """What is asked and denied in one breath is no order."""
    assert is_taken_back(said) is taken_back
