"""What holds for all tests: slow ones last, no network but loopback, a cache of theirs."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from agentkit import assert_no_egress
from agentkit.language import speaking

# No property measures time: on a busy machine the first example loads what all need, and
# drawing any of them is slow.
settings.register_profile(
    "untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("untimed")

# Why a test cannot run where CI runs, on Linux with all that `make test` installs; any
# other reason there is a test that was lost.
CANNOT_RUN = {
    "elsewhere": "a fact of systems other than Linux",
    "chromium is not installed": "a browser that pip does not bring",
    "no disk can be mounted here": "only root may, and not in every container",
    "espeak-ng is not installed": "a program of its own that pip does not bring",
    "piper is not installed": "a program of its own, under the GPL",
    "dovecot is not installed": "a mail server that pip does not bring",
    "executorch is not installed": "it has no wheel for every system",
    "ray is not installed": "it has no wheel for every system",
    "torchtune is not installed": "it wants another torch",
    "an image is built by `make container`": "it takes minutes and a mirror of Debian",
    "Node's package openai is not installed": "npm brings it, where .ci/run reaches one",
    "kotlinc is not installed": "a compiler that pip does not bring",
    "this backend's model cannot be told what to write": "its weights are random",
    "this backend has nothing that may be missing": "it needs no package",
    "too_long is empty: nothing is too long for it": "it has no window",
}


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI, fail a run that skips a test for a reason that is not listed."""
    told = session.config.pluginmanager.get_plugin("terminalreporter")
    if told is None or not os.environ.get("CI"):
        return
    reasons = {str(report.longrepr[2]) for report in told.stats.get("skipped", [])}
    others = sorted(reasons - {f"Skipped: {known}" for known in CANNOT_RUN})
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
def own_places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what is kept between processes apart from the user's, and no keyring of theirs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(autouse=True)
def egress_tried() -> Iterator[list[str]]:
    """Fail any test that tries to leave this machine, name look-ups included.

    A test whose purpose that is takes what was tried, and clears it.
    """
    with assert_no_egress() as tried:
        yield tried


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """Let no test speak the language of the one before it."""
    with speaking("en"):
        yield
