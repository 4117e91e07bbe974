"""What a user types about their own people and things stays; what is nobody's leaves."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.typed_values import HARMLESS, TYPED, leaves, make_home

# As the page on limits names them.
NOT_SEEN_THROUGH = 4
KEPT_NEEDLESSLY = 2


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with contacts and a calendar."""
    return make_home(tmp_path_factory.mktemp("home"))


SEEN = [kind for kind in TYPED if kind not in ("look-alikes", "encoded")]


@pytest.mark.parametrize("kind", SEEN)
def test_a_value_that_is_typed_stays(kind: str, home: Path) -> None:
    """Names, numbers, addresses, keys and titles are found however they are typed."""
    assert [said for said in TYPED[kind] if leaves(said, home)] == []


def test_disguises_that_are_not_seen_through_are_few(home: Path) -> None:
    """Of look-alikes and encodings only those leave that the page on limits names."""
    said = (*TYPED["look-alikes"], *TYPED["encoded"])
    assert sum(leaves(one, home) for one in said) == NOT_SEEN_THROUGH


def test_questions_of_everybody_leave(home: Path) -> None:
    """Words that are nobody's keep no question here."""
    assert sum(not leaves(one, home) for one in HARMLESS) == KEPT_NEEDLESSLY
