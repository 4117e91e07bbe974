"""What holds for all tests: slow ones last, no network but loopback, a cache of theirs."""

from collections.abc import Iterator

import pytest

from agentkit import assert_no_egress


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the slow tests last, so that the quick ones fail fast."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is not None)


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what is kept between processes apart from the user's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(autouse=True)
def egress_tried() -> Iterator[list[str]]:
    """Fail any test that tries to leave this machine, name look-ups included.

    A test whose purpose that is takes what was tried, and clears it.
    """
    with assert_no_egress() as tried:
        yield tried
