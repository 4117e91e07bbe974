"""What holds for all tests: slow ones last, and no network but loopback."""

from collections.abc import Iterator

import pytest

from agentkit import assert_no_egress


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the slow tests last, so that the quick ones fail fast."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is not None)


@pytest.fixture(autouse=True)
def egress_tried() -> Iterator[list[str]]:
    """Fail any test that tries to leave this machine, name look-ups included.

    A test whose purpose that is takes what was tried, and clears it.
    """
    with assert_no_egress() as tried:
        yield tried
