"""The arithmetic of the confidence benchmark's guarantee."""

import pytest

from tests.benchmarks.confidence import auroc
from tests.benchmarks.confidence_model import safe_threshold, upper_limit


@pytest.mark.parametrize(
    ("failures", "trials", "limit"),
    [
        pytest.param(0, 59, 1 - 0.05 ** (1 / 59), id="none failed"),
        pytest.param(5, 100, 0.1023, id="five of a hundred"),
        pytest.param(4, 4, 1.0, id="all failed"),
    ],
)
def test_upper_limit(failures: int, trials: int, limit: float) -> None:
    """The Clopper-Pearson limit is what tables say."""
    assert upper_limit(failures, trials, 0.05) == pytest.approx(limit, abs=2e-4)


def test_the_threshold_stops_before_the_bound() -> None:
    """Wrong answers above a score end the search."""
    p = [number / 1000 for number in range(1000)]
    wrong = [score > 0.9 for score in p]
    assert 0.9 < safe_threshold(p, wrong, 0.05) < 0.95


def test_nothing_is_safe_when_there_are_few() -> None:
    """Ten answers, all right, prove no bound of one in twenty."""
    assert safe_threshold([0.1] * 10, [False] * 10, 0.05) == 0


def test_auroc_counts_ties_as_half() -> None:
    """Equal scores tell nothing."""
    assert auroc([0.1, 0.5, 0.5, 0.9], [False, False, True, True]) == 0.875
