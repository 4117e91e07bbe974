from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from agentkit.errors import StoreError
from agentkit.routing.rungs import SPENDING_FILE, note_cost, spent_on

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)


def test_costs_of_a_day_add_up(tmp_path: Path) -> None:
    """What was spent on a day is the sum of its lines."""
    home = tmp_path / "home"
    for cost, day in ((0.25, 3), (0.5, 3), (4.0, 4)):
        note_cost(home, backend="cloud", cost=cost, now=NOON.replace(day=day))
    assert spent_on(home, date(2026, 3, 3)) == 0.75


def test_a_date_in_a_name_is_not_the_day(tmp_path: Path) -> None:
    """A backend that is called by a date counts on the days when it answered."""
    note_cost(tmp_path, backend="gpt-2026-03-03", cost=1.0, now=NOON.replace(day=4))
    assert spent_on(tmp_path, NOON.date()) == 0.0


def test_no_list_yet(tmp_path: Path) -> None:
    """A home without spending has spent nothing."""
    assert spent_on(tmp_path / "none") == 0.0


def test_the_list_is_the_users_own(tmp_path: Path) -> None:
    """Nobody else on the device may read what was spent."""
    note_cost(tmp_path, backend="cloud", cost=1.0, now=NOON)
    assert (tmp_path / SPENDING_FILE).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("line", ['{"time": "2026-03-03T', "[1]", '{"cost": "x"}'])
def test_a_damaged_line_counts_for_nothing(tmp_path: Path, line: str) -> None:
    """A line that a crash cut off does not hide the others."""
    note_cost(tmp_path, backend="cloud", cost=1.0, now=NOON)
    with (tmp_path / SPENDING_FILE).open("a") as file:
        file.write(line + " 2026-03-03\n")
    note_cost(tmp_path, backend="cloud", cost=2.0, now=NOON)
    assert spent_on(tmp_path, NOON.date()) == 3.0


def test_a_line_that_was_cut_off_swallows_no_other(tmp_path: Path) -> None:
    """What is noted after a crash counts, though the crash left no line break."""
    note_cost(tmp_path, backend="cloud", cost=1.0, now=NOON)
    with (tmp_path / SPENDING_FILE).open("a") as file:
        file.write('{"time": "2026-03-03T')
    note_cost(tmp_path, backend="cloud", cost=2.0, now=NOON)
    assert spent_on(tmp_path, NOON.date()) == 3.0


def test_a_list_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """A limit that cannot be checked is no limit: it is an error."""
    (tmp_path / SPENDING_FILE).mkdir()
    with pytest.raises(StoreError, match=SPENDING_FILE):
        spent_on(tmp_path)
