"""What holds for all tests: slow ones last, no network but loopback, a cache of theirs."""

import os
from collections.abc import Iterator

import pytest

from agentkit import assert_no_egress

# What cannot run where CI runs, on Linux with all that `make test` installs.
CANNOT_RUN = ("elsewhere",)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI, fail a run that skips a test for a reason that is not listed."""
    told = session.config.pluginmanager.get_plugin("terminalreporter")
    if told is None or not os.environ.get("CI"):
        return
    reasons = {str(report.longrepr[2]) for report in told.stats.get("skipped", [])}
    others = sorted(
        reason for reason in reasons if not any(known in reason for known in CANNOT_RUN)
    )
    if others:
        told.write_line(f"skipped for reasons that tests/conftest.py lacks: {others}")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Run the slow tests last, so that the quick ones fail fast; measure when asked.

    What measures speed is no test: it is left out but with `--benchmark-only`, which
    leaves out all else.
    """
    items.sort(key=lambda item: item.get_closest_marker("slow") is not None)
    measuring = bool(config.getoption("benchmark_only"))
    others = [item for item in items if _measures(item) != measuring]
    items[:] = [item for item in items if _measures(item) == measuring]
    config.hook.pytest_deselected(items=others)


def _measures(item: pytest.Item) -> bool:
    return "benchmark" in getattr(item, "fixturenames", ())


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
