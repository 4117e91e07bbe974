from __future__ import annotations

import pytest

from agentkit.backends.speculation import quoted

PROMPT = "Remind me to water the plants on Friday.<|eot_id|>More text, and a call."


@pytest.mark.parametrize(
    ("written", "following"),
    [
        pytest.param("[add(text='wat", "er the plants on Friday.", id="begun"),
        pytest.param("water the plants", " on Friday.", id="whole end"),
        pytest.param("[add(text='", "", id="nothing of it"),
        pytest.param("at", "", id="too short to tell"),
        pytest.param("[add(text='w", "ater the plants on Friday.", id="a word's start"),
        pytest.param("[add(text='ater", " the plants on Friday.", id="within a word"),
        pytest.param('[add(text="Water', " the plants on Friday.", id="another case"),
        pytest.param("", "", id="nothing written"),
        pytest.param("More te", "xt, and a call.", id="last part"),
        pytest.param("on Friday.", "", id="ends at a control token"),
    ],
)
def test_quoted(written: str, following: str) -> None:
    """What follows in the prompt where the answer's end stands is the guess."""
    assert quoted(PROMPT, written) == following


def test_last_place_counts() -> None:
    """Where it stands twice, the later one is quoted."""
    assert quoted("id: 17 old. id: 23 new.", "id: ") == "23 new."


def test_turns_before_tools() -> None:
    """What the user said is quoted rather than what a tool's document says."""
    prompt = "x: this week or never<|start_header_id|>user: what is this about?"
    assert quoted(prompt, '="this') == " about?"
