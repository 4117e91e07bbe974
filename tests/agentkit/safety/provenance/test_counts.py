"""How often the user wants the same, by their own words."""

from __future__ import annotations

from typing import Any

import pytest

from agentkit.safety.provenance.request_counts import times_wanted

TEXT = {"to": "Ana", "text": "water the plants"}


@pytest.mark.parametrize(
    ("request_", "arguments", "times"),
    [
        pytest.param("Send Ana two reminders", TEXT, 2, id="in-words"),
        pytest.param("Send Ana 3 text messages", TEXT, 3, id="in-digits"),
        pytest.param("Text Ana twice to water the plants", TEXT, 2, id="twice"),
        pytest.param("Text Ana three times", TEXT, 3, id="times"),
        pytest.param("Ring the bell 2x", {}, 2, id="x"),
        pytest.param("Schick Ana zwei Erinnerungen", TEXT, 2, id="german"),
        pytest.param("Envoie deux rappels à Ana", TEXT, 2, id="french"),
        pytest.param("Text Ana", TEXT, 1, id="not-said"),
        pytest.param("Text Ana at 2 that messages came", TEXT, 1, id="a-time"),
        pytest.param("Text Ana in 2 hours", TEXT, 1, id="a-length"),
        pytest.param("On December 2 text friends", TEXT, 1, id="a-date"),
        pytest.param("Book a table for 4 people", TEXT, 1, id="guests"),
        pytest.param("Text Ana at 7 and call Bo", TEXT, 1, id="no-thing-follows"),
        pytest.param("Send 5000 messages", TEXT, 1, id="too-many"),
        pytest.param(
            "Remind me to buy two apples",
            {"text": "buy two apples"},
            1,
            id="part-of-what-is-said",
        ),
        pytest.param("Add 3 apples", {"item": "apples", "count": 3}, 1, id="an-amount"),
    ],
)
def test_how_often(request_: str, arguments: dict[str, Any], times: int) -> None:
    """A number of things to do counts; one of a time, a measure or a text does not."""
    assert times_wanted(request_, arguments) == times
