"""Days that are counted down to."""

from datetime import UTC, datetime

from agentkit import Context
from agentkit_tools.clock import tell_date


def test_the_day_that_a_countdown_ends_on() -> None:
    """The words "until Christmas" name Christmas, with the days that are left."""
    context = Context(now=datetime(2026, 11, 21, 9, tzinfo=UTC))
    day = tell_date.invoke(tell_date.check({"when": "until Christmas"}, context))
    assert (day.date, day.days) == ("2026-12-25", 34)
    assert tell_date.word(tell_date.dump(day)).endswith("in 34 days.")
