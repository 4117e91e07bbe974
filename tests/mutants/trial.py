"""One mutant shown to its tests, in a process of its own: `python -m tests.mutants.trial`.

Reads a JSON list of tests from standard input, and runs them in the current folder, in
that order, until one fails. Ends with `KILLED` when one did, which it names in its last
line, and with 0 when none did. Any other end is a fault of this tool's.
"""

from __future__ import annotations

import json
import resource
import sys

import pytest

from tests.mutants.reach import OPTIONS, SameExamples

KILLED = 10
MEMORY = 4 * 2**30  # bytes; the tests themselves need a tenth of it


class _Chosen:
    """The plugin that runs the chosen tests in their order, and names what failed."""

    def __init__(self, tests: list[str]) -> None:
        self._order = {test: place for place, test in enumerate(tests)}
        self.failed = ""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        kept = [item for item in items if item.nodeid in self._order]
        items[:] = sorted(kept, key=lambda item: self._order[item.nodeid])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed = report.nodeid

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.failed = report.nodeid


def main() -> int:
    """Run the tests, and say what became of the mutant."""
    tests: list[str] = json.load(sys.stdin)
    seconds = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    chosen = _Chosen(tests)
    files = sorted({test.partition("::")[0] for test in tests})
    code = pytest.main(["-x", *OPTIONS, *files], plugins=[chosen, SameExamples()])
    if code == pytest.ExitCode.NO_TESTS_COLLECTED:
        raise SystemExit(f"none of the {len(tests)} tests is there")
    print(chosen.failed or "a fault before any test")
    return 0 if code == pytest.ExitCode.OK else KILLED


if __name__ == "__main__":
    sys.exit(main())
