"""What a pass over several tokens costs here, and which guesses pay."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentkit.models.pass_costs import PassCosts, keep_costs, kept_costs, measured
from tests.agentkit.models.files import make_gguf

CORES = PassCosts((0.012, 0.034, 0.046, 0.064, 0.116))
GPU = PassCosts((0.010, 0.010, 0.010, 0.011, 0.012))


@pytest.mark.parametrize(
    ("costs", "unread", "draft", "worth"),
    [
        (CORES, 1, 1, 0),
        (CORES, 1, 2, 0),
        (CORES, 1, 8, 8),
        (CORES, 1, 16, 16),
        (GPU, 1, 1, 1),
        (GPU, 1, 16, 16),
        (CORES, 8, 4, 4),
        (CORES, 1, 0, 0),
    ],
)
def test_a_guess_is_read_along_where_it_pays(
    costs: PassCosts, unread: int, draft: int, worth: int
) -> None:
    """Short guesses cost more than they save on two cores, and nothing on a GPU."""
    assert costs.worth(unread, draft) == worth


def test_costs_between_the_measured_ones() -> None:
    """They lie on a line between their neighbours, and beyond the last two."""
    assert CORES.of(6) == pytest.approx(0.055)
    assert CORES.of(24) == pytest.approx(0.168)
    assert CORES.of(1) == pytest.approx(0.012)


def test_the_quicker_of_two_passes_counts() -> None:
    """A pass that was disturbed is no measure."""
    clock = [0.0]
    slow = iter([True, False] * 5)

    def read(width: int) -> None:
        clock[0] += width * (5.0 if next(slow) else 1.0)

    assert measured(read, lambda: clock[0]).seconds == (1.0, 2.0, 4.0, 8.0, 16.0)


def test_a_measurement_is_kept_for_the_file_and_the_threads(tmp_path: Path) -> None:
    """Another number of threads is another machine; a damaged file is none."""
    path = make_gguf(tmp_path / "m.gguf")
    keep_costs(path, 2, CORES, folder=tmp_path)
    assert kept_costs(path, 2, folder=tmp_path) == CORES
    assert kept_costs(path, 1, folder=tmp_path) is None
    (tmp_path / "passes.json").write_text("{", "utf-8")
    assert kept_costs(path, 2, folder=tmp_path) is None
