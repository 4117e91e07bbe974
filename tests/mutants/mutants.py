"""Small faults put into the code that decides, one at a time, as mutmut makes them.

mutmut's operators are used, and not its runner. The runner puts all mutants of a module
beside each other and wraps each function, which changes what is tested: recursion goes
three times as deep, and the unchanged suite fails in it. Here each mutant is the file as
somebody would have written it. Mutants stand in functions and in the bodies of classes;
tables of modules are left to the tests of their words.
"""

from __future__ import annotations

import ast
import difflib
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

# What a sentence says is tested by what it names, not to the letter.
_PROSE = re.compile(r"\w\W* \W*\w")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One file with one fault in it.

    Attributes:
        path: the file, from the root of the tree.
        code: its text with the fault.
        was: the changed lines without the fault, stripped.
        now: the same lines with it.
        first: the first changed line, from 1.
        last: the last one.
    """

    path: str
    code: str
    was: str
    now: str
    first: int
    last: int

    @property
    def diff(self) -> str:
        """Return what is different, to be read."""
        old = [f"  - {line}" for line in self.was.splitlines()]
        new = [f"  + {line}" for line in self.now.splitlines()]
        return "\n".join([f"{self.path}:{self.first}", *old, *new])


def files_of(root: Path, patterns: Sequence[str]) -> list[str]:
    """Return the files that a room's patterns name, sorted, from the root.

    Raises:
        SystemExit: a pattern names nothing, so code that decides would go unasked.
    """
    found: set[str] = set()
    for pattern in patterns:
        paths = [path for path in root.glob(pattern) if path.suffix == ".py"]
        if not paths:
            raise SystemExit(f"{pattern} names no file: mend tests/mutants/rooms.toml")
        found.update(str(path.relative_to(root)) for path in paths)
    return sorted(found)


def draw(root: Path, files: Sequence[str], count: int, seed: str) -> list[Mutant]:
    """Draw mutants of some files, each as likely as any other.

    Args:
        root: the folder of the tree.
        files: what may be changed.
        count: how many are drawn; all, where there are fewer.
        seed: the same one draws the same mutants of the same code.
    """
    made = [_Made.of(name, (root / name).read_text("utf-8")) for name in files]
    every = [(one, fault) for one in made for fault in one.faults]
    drawn = random.Random(seed).sample(every, min(count, len(every)))
    return [one.mutant(fault) for one, fault in drawn]


@dataclass(frozen=True, slots=True)
class _Made:
    """A file and the faults that can be put into it."""

    path: str
    code: str
    module: Any
    faults: list[Any]

    @classmethod
    def of(cls, path: str, code: str) -> _Made:
        # mutmut is installed for `make mutants` alone, so nothing else may need it.
        making = import_module("mutmut.mutation.file_mutation")
        module, faults, _, _ = making.create_mutations(path, code)
        return cls(path, code, module, [fault for fault in faults if _counts(fault)])

    def mutant(self, fault: Any) -> Mutant:
        changed = self.module.deep_replace(fault.original_node, fault.mutated_node)
        code: str = changed.code
        old, new = self.code.splitlines(), code.splitlines()
        ops = [op for op in _opcodes(old, new) if op[0] != "equal"]
        first, last = ops[0][1], ops[-1][2]
        return Mutant(
            self.path,
            code,
            _stripped(old[first:last]),
            _stripped(new[ops[0][3] : ops[-1][4]]),
            first + 1,
            max(last, first + 1),
        )


def _counts(fault: Any) -> bool:
    """Tell whether a fault stands in a function or a class, and not in a sentence."""
    if fault.contained_by_top_level_function is None:
        return False
    value = getattr(fault.original_node, "value", None)
    return not (isinstance(value, str) and _PROSE.search(value))


def _opcodes(
    old: list[str], new: list[str]
) -> Sequence[tuple[str, int, int, int, int]]:
    return difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def _stripped(lines: Sequence[str]) -> str:
    return "\n".join(line.strip() for line in lines)


def around(code: str, first: int, last: int) -> tuple[range, range]:
    """Return the lines of the statement and of the function that some lines are in.

    Of a compound statement only the head counts: its body may not have been reached.
    """
    statement, function = range(first, last + 1), range(first, last + 1)
    for node in _from_outside(ast.parse(code), first, last):
        statement = range(node.lineno, _head_end(node) + 1)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            function = range(node.body[0].lineno, (node.end_lineno or last) + 1)
    return statement, function


def _from_outside(tree: ast.AST, first: int, last: int) -> Iterator[ast.stmt]:
    for node in ast.walk(tree):  # breadth first, so the outer one comes first
        end = getattr(node, "end_lineno", 0)
        if isinstance(node, ast.stmt) and node.lineno <= first and last <= end:
            yield node


def _head_end(node: ast.stmt) -> int:
    body: list[ast.stmt] = getattr(node, "body", [])
    end = node.end_lineno or node.lineno
    return max(node.lineno, body[0].lineno - 1) if body else end
