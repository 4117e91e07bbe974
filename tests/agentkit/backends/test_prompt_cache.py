from __future__ import annotations

import pytest

from agentkit.backends.prompt_cache import common_prefix, fingerprint, reusable


@pytest.mark.parametrize(
    ("first", "second", "count"),
    [
        pytest.param([], [1, 2], 0, id="nothing"),
        pytest.param([1, 2], [1, 2, 3], 2, id="longer prompt"),
        pytest.param([1, 2, 3], [1, 2], 2, id="shorter prompt"),
        pytest.param([1, 2, 3, 4], [1, 2, 9, 4], 2, id="changed in the middle"),
        pytest.param([7, 2], [1, 2], 0, id="another start"),
    ],
)
def test_common_prefix(first: list[int], second: list[int], count: int) -> None:
    """Ids count up to the first difference."""
    assert common_prefix(first, second) == count


def test_last_token_is_read_again() -> None:
    """A prompt that is wholly there leaves one token to read."""
    assert reusable([1, 2, 3, 4], [1, 2, 3]) == 2


def test_fingerprint_knows_the_facts() -> None:
    """Equal facts hash alike, whatever their order in a dict; others do not."""
    one = fingerprint({"a": 1, "b": [2]}, "x")
    assert one == fingerprint({"b": [2], "a": 1}, "x")
    assert one != fingerprint({"b": [2], "a": 1}, "y")
