"""Which dates are read in a value, however it is written."""

import pytest

from agentkit.privacy.written_dates import day_of

FIFTH = (2026, 3, 5)
WRITTEN: dict[str, tuple[int, int, int] | None] = {
    "2026-03-05": FIFTH,
    "2026-03-05T09:00+01:00": FIFTH,
    "5 March 2026": FIFTH,
    "the 5th of March 2026": FIFTH,
    "March 5 2026": FIFTH,
    "March 5th, 2026": FIFTH,
    "5 de marzo de 2026": FIFTH,
    "5. März 2026": FIFTH,
    "2026 03 05": FIFTH,
    "2026/13/05": None,
    "2026/00/05": None,
    "32 March 2026": None,
    "March 2026": None,
    "March 5": None,
    "in March 2026 or so, maybe": None,
}


@pytest.mark.parametrize("text", WRITTEN)
def test_a_value_that_is_a_date(text: str) -> None:
    """Year, month and day are read where all three are there, and nothing else is."""
    assert day_of(text) == WRITTEN[text]
