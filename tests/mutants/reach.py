"""Which tests reach which line: `python -m tests.mutants.reach FILE [TESTS ...]`.

A mutant is shown only to the tests that run the changed lines. Runs the quick tests in
the current folder, and writes what each reaches and how long it takes as JSON.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

OPTIONS = ("-q", "-m", "not slow", "-p", "no:cacheprovider", "-o", "timeout=0")


@dataclass(frozen=True, slots=True)
class Reach:
    """What the tests of a tree reach.

    Attributes:
        lines: of a file, the tests that run each line.
        seconds: how long each test computes.
    """

    lines: dict[str, dict[int, set[str]]]
    seconds: dict[str, float]

    @classmethod
    def read(cls, path: Path) -> Reach:
        """Read what was measured."""
        told: dict[str, Any] = json.loads(path.read_text("utf-8"))
        names: list[str] = told["tests"]
        measured: dict[str, dict[str, list[int]]] = told["lines"]
        lines = {
            file: {
                int(line): {names[test] for test in tests} for line, tests in of.items()
            }
            for file, of in measured.items()
        }
        return cls(lines, dict(zip(names, told["seconds"], strict=True)))

    def write(self, path: Path) -> None:
        """Write it so that `read` reads it."""
        names = sorted(self.seconds)
        numbers = {name: number for number, name in enumerate(names)}
        lines = {
            file: {
                line: sorted(numbers[test] for test in of[line]) for line in sorted(of)
            }
            for file, of in sorted(self.lines.items())
        }
        seconds = [round(self.seconds[name], 4) for name in names]
        told = {"tests": names, "seconds": seconds, "lines": lines}
        path.write_text(json.dumps(told), "utf-8")

    def tests(self, file: str, *spans: Iterable[int]) -> list[str]:
        """Return the tests that run a line of the first span that any test runs.

        Those of the room that the file is in come first, then the quick ones.
        """
        of = self.lines.get(file, {})
        for span in (*spans, of):
            found = {test for line in span for test in of.get(line, ())}
            if found:
                return sorted(found, key=lambda test: self._late(test, file))
        return []

    def with_files(self, files: Sequence[str], newer: Reach) -> Reach:
        """Return this one with some files of tests measured anew."""

        def old(tests: set[str]) -> set[str]:
            return {test for test in tests if test.partition("::")[0] not in files}

        lines: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
        for file, of in self.lines.items():
            lines[file].update({line: old(tests) for line, tests in of.items()})
        for file, of in newer.lines.items():
            for line, tests in of.items():
                lines[file][line] |= tests
        kept = {test: self.seconds[test] for test in old(set(self.seconds))}
        return Reach(lines, kept | newer.seconds)

    def _late(self, test: str, file: str) -> tuple[bool, float, str]:
        room = f"tests/{Path(file).parent}/"
        return not test.startswith(room), self.seconds[test], test


def reach_of(
    copy: Path,
    files: Sequence[str],
    folders: Sequence[str],
    environment: dict[str, str],
    kept: Path,
) -> Reach:
    """Return what the tests of a copy of the tree reach.

    What was measured before is kept: after a change of tests only these run again,
    after a change of the files all do.

    Args:
        copy: the copy.
        files: those that mutants are made of.
        folders: where the tests are; a file stands for itself.
        environment: what Python needs to import from the copy.
        kept: the folder where it is kept.
    """
    sums, measured = kept / "sums.json", kept / "reach.json"
    new = _sums(copy, files, folders)
    old: dict[str, str] = json.loads(sums.read_text("utf-8")) if sums.exists() else {}
    changed = sorted(file for file in new | old if new.get(file) != old.get(file))
    only_tests = all(Path(file).name.startswith("test_") for file in changed)
    if not (only_tests and measured.exists()):
        _measure_in(copy, environment, measured, folders)
    elif changed:
        present = [file for file in changed if file in new]
        newer = _measure_in(copy, environment, kept / "newer.json", present)
        Reach.read(measured).with_files(changed, newer).write(measured)
    sums.write_text(json.dumps(new), "utf-8")
    return Reach.read(measured)


def _sums(copy: Path, files: Sequence[str], folders: Sequence[str]) -> dict[str, str]:
    tests = (
        path
        for named in folders
        for path in (
            (copy / named).rglob("*.py") if (copy / named).is_dir() else [copy / named]
        )
    )
    every = {*(copy / file for file in files), *tests}
    return {
        str(path.relative_to(copy)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in every
    }


def _measure_in(
    copy: Path, environment: dict[str, str], target: Path, tests: Sequence[str]
) -> Reach:
    if not tests:
        return Reach({}, {})
    command = [sys.executable, "-m", "tests.mutants.reach", str(target), *tests]
    subprocess.run(command, cwd=copy, env=environment, check=True)
    return Reach.read(target)


class SameExamples:
    """The plugin for properties: the same examples each time, on a busy machine too."""

    def pytest_configure(self) -> None:
        # Only here may hypothesis be imported: pytest itself loads it first.
        settings = import_module("hypothesis").settings
        settings.register_profile(
            "mutants", derandomize=True, deadline=None, database=None
        )
        settings.load_profile("mutants")


class _Watch:
    """The plugin that tells coverage which test runs."""

    def __init__(self, coverage: Any) -> None:
        self._coverage = coverage
        self.seconds: dict[str, float] = {}
        self.failed: set[str] = set()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(
        self, item: pytest.Item
    ) -> Generator[None, object, object]:
        self._coverage.switch_context(item.nodeid)
        before = time.process_time()
        try:
            return (yield)
        finally:
            self.seconds[item.nodeid] = time.process_time() - before
            self._coverage.switch_context("")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.add(report.nodeid)


def measure(target: Path, tests: Sequence[str]) -> None:
    """Run tests, and write what they reach; those that fail are named and left out."""
    coverage = import_module("coverage").Coverage(
        data_file=None, include=["agentkit/*"]
    )
    watch = _Watch(coverage)
    coverage.start()
    options = ["--continue-on-collection-errors", *OPTIONS]
    pytest.main([*options, *tests], plugins=[watch, SameExamples()])
    coverage.stop()
    if not watch.seconds:
        raise SystemExit("no test could be run")
    for name in sorted(watch.failed):
        print(f"fails without any mutant, so it is left out: {name}")
        watch.seconds.pop(name, None)
    lines = _reached(coverage.get_data(), watch.seconds.keys())
    Reach(lines, watch.seconds).write(target)


def _reached(data: Any, names: Iterable[str]) -> dict[str, dict[int, set[str]]]:
    known = set(names)
    lines: dict[str, dict[int, set[str]]] = defaultdict(dict)
    for file in data.measured_files():
        for line, tests in data.contexts_by_lineno(file).items():
            lines[os.path.relpath(file)][line] = known & set(tests)
    return lines


if __name__ == "__main__":
    measure(Path(sys.argv[1]), sys.argv[2:])
