"""How patterns are used: tried at one place of a text, or at every place of it."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_HERE = frozenset({"match", "fullmatch"})
# What is asked of a pattern without trying it on a text.
_STILL = frozenset({"pattern", "flags", "groups", "groupindex"})


def places_tried(file: Path, line: int) -> frozenset[str]:
    """Return the methods that try a pattern at one place; none where it may be anywhere.

    A pattern that has no name of its own, or that is handed on, may be tried anywhere.
    """
    name = _named(file).get(line, "")
    used = _uses(file) if name.startswith("_") else _all_uses()
    methods = frozenset(used[name]) if name else frozenset[str]()
    return methods if methods <= _HERE else frozenset()


@cache
def _named(file: Path) -> dict[int, str]:
    """The names of a module's patterns, by the line that compiles each."""
    found: dict[int, str] = {}
    for node in ast.walk(_tree(file)):
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target, value in _pairs(targets[0], node.value):
                if isinstance(target, ast.Name) and isinstance(value, ast.Call):
                    found[value.lineno] = target.id
    return found


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        yield from zip(target.elts, value.elts, strict=True)
    else:
        yield target, value


@cache
def _uses(file: Path) -> dict[str, set[str]]:
    """What is done in a module with each name: the methods that are called on it."""
    found: dict[str, set[str]] = defaultdict(set)
    inner: set[int] = set()
    for node in ast.walk(_tree(file)):
        if isinstance(node, ast.Attribute) and node.attr not in _STILL:
            inner.add(id(node.value))
            if isinstance(node.value, ast.Name):
                found[node.value.id].add(node.attr)
            elif isinstance(node.value, ast.Attribute):
                found[node.value.attr].add(node.attr)
        elif isinstance(node, ast.Attribute):
            inner.add(id(node.value))
    for node in ast.walk(_tree(file)):
        handed_on = id(node) not in inner
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and handed_on:
            found[node.id].add("")
        elif isinstance(node, ast.Attribute) and handed_on:
            found[node.attr].add("")
    return found


@cache
def _all_uses() -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for folder in ("agentkit", "tools"):
        for file in (_ROOT / folder).rglob("*.py"):
            for name, methods in _uses(file).items():
                found[name] |= methods
    return found


@cache
def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"))
