"""A bare hour is in the half of the day that it is for."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from agentkit.backends.reflex.day_half import in_its_half

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize(
    ("time", "tool", "said", "expected"),
    [
        ("at 7", "set_alarm", "alarm", "2026-03-11T07:00:00+01:00"),
        ("tomorrow at 5:45", "set_alarm", "alarm", "2026-03-11T05:45:00+01:00"),
        (
            "Saturday at 8",
            "create_event",
            "dinner with Lena",
            "2026-03-14T20:00:00+01:00",
        ),
        ("Friday at 7", "create_event", "Konzert", "2026-03-13T19:00:00+01:00"),
        ("Friday at 8", "create_event", "breakfast with Ben", "Friday at 8"),
        ("Friday at 8am", "create_event", "dinner", "Friday at 8am"),
        ("at 2", "set_alarm", "alarm", "at 2"),
        ("Friday", "create_event", "dinner", "Friday"),
        ("Friday at 9", "create_event", "a partyless review", "Friday at 9"),
        ("no time at all", "create_event", "dinner", "no time at all"),
    ],
)
def test_what_it_is_for_says_which_half(
    time: str, tool: str, said: str, expected: str
) -> None:
    """Waking is in the morning and dinner in the evening; what is said stays."""
    assert in_its_half(time, tool, said, NOW) == expected
