"""Mutants shown to their tests, each in a process of its own: `python -m tests.mutants.trial`.

Stands in a copy of the tree. For each line of standard input, which names tests, a
process is forked that runs them, in that order, until one fails; what came of it is
answered with a line. pytest and the libraries are imported once, agentkit each time.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import time
from contextlib import suppress
from importlib import import_module
from typing import Any

import pytest

from tests.mutants.reach import OPTIONS, SameExamples

MEMORY = 4 * 2**30  # bytes; the tests themselves need a tenth of it
_EARLY = (
    "hypothesis",
    "pydantic",
    "dateparser",
    "icalendar",
    "jinja2",
    "numpy",
    "typer",
)
_LATE = ("_hypothesis_pytestplugin", "pytest_benchmark.plugin", "pytest_timeout")
_KILLED = 10


class _Chosen:
    """The plugin that runs the chosen tests in their order, and names what failed."""

    def __init__(self, tests: list[str]) -> None:
        self._order = {test: place for place, test in enumerate(tests)}
        self.failed = "a fault before any test"

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


def run(tests: list[str], seconds: int) -> tuple[int, str]:
    """Run tests here, and return `_KILLED` and which failed, or 0.

    Args:
        tests: their names.
        seconds: how long they may compute.
    """
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    limit = seconds + int(time.process_time())
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))
    chosen = _Chosen(tests)
    files = sorted({test.partition("::")[0] for test in tests})
    ignored = ("-W", "ignore::pytest.PytestAssertRewriteWarning")
    code = pytest.main(
        ["-x", *ignored, *OPTIONS, *files], plugins=[chosen, SameExamples()]
    )
    if code == pytest.ExitCode.NO_TESTS_COLLECTED:
        return int(code), f"none of {len(tests)} tests is there"
    return (0, "") if code == pytest.ExitCode.OK else (_KILLED, chosen.failed)


def apart(tests: list[str], seconds: int, wait: float) -> dict[str, Any]:
    """Run tests in a process of their own, and say how it ended.

    Args:
        tests: their names.
        seconds: how long they may compute.
        wait: how long they may take in all.
    """
    told, tells = os.pipe()
    process = os.fork()
    if not process:
        _become_child(tells, tests, seconds)
    os.close(tells)
    status = _ended(process, time.monotonic() + wait)
    with suppress(ProcessLookupError):
        os.killpg(process, signal.SIGKILL)  # what it started itself
    with os.fdopen(told, "rb") as pipe:
        said = pipe.read().decode("utf-8", "replace") if status is not None else ""
    code = None if status is None else os.waitstatus_to_exitcode(status)
    state = {0: "survived", _KILLED: "killed", None: "timeout"}.get(code, "")
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        state = "timeout"
    elif code in (-signal.SIGSEGV, -signal.SIGABRT):
        state, said = "killed", "the interpreter itself fails"
    return {"state": state, "told": said}


def _become_child(tells: int, tests: list[str], seconds: int) -> None:
    code, said = 70, "the trial itself failed"
    try:
        os.setsid()
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nothing, stream)
        code, said = run(tests, seconds)
    finally:
        os.write(tells, said.encode()[:4000])
        os._exit(code)


def _ended(process: int, deadline: float) -> int | None:
    """Wait for a process; None where its time ran out, and it was killed."""
    while time.monotonic() < deadline:
        found, status = os.waitpid(process, os.WNOHANG)
        if found:
            return status
        time.sleep(0.05)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    return None


def main() -> None:
    """Answer each line."""
    for name in (*_EARLY, *_LATE):
        with suppress(ImportError):
            import_module(name)
    for line in sys.stdin:
        print(json.dumps(apart(**json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
