"""Looks how the work of each pattern grows: `python -m tests.benchmarks.pattern_growth [PATH]`.

Every pattern that is compiled while the modules of agentkit and its tools are loaded is
tried, each once, at every place of a text, or at one where no line tries it elsewhere.
Texts are made of the pattern itself: what leads up to a repeat, then what is repeated, over
and over, then a sign that ends no match; and a whole sample of it over and over.

CPU time at two sizes, one four times the other, tells how the work grows: linear work takes
four times as long, that of the square sixteen times. What takes more than nine times as
long, three times in a row, is printed. `OWN` names those that read no text of others.
`--also PATTERN` tries one more.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import pkgutil
import re
import signal
import sys
import time
from collections.abc import Iterator
from math import inf
from pathlib import Path
from typing import Any

from tests.benchmarks.pattern_uses import places_tried

# How patterns are parsed is no public part of `re`.
sre: Any = importlib.import_module("re._constants")
sre_parse: Any = importlib.import_module("re._parser")

_SMALL, _LARGE = 1_000, 4_000
# Between four and sixteen times as long; a clock that ticks coarsely reads as little as
# 0 for the smaller text, and never less than a tick.
_STEEP, _TICK = 9, 0.004
# Seconds for the larger text: what takes less is too near to the clock's ticks to tell, and
# takes less than a second at 25,000 characters even as a square.
_SEEN = 0.024
# Seconds for one try: what takes longer grows too fast, whatever it is.
_MOST = 0.3
_TRIES = 3
# Patterns that read what the developer or a package wrote, or that are handed to a function
# which tries them at one place: the name of each, by the module.
OWN = {
    "stems": "sentences of tools",
    "speech": "examples of tools",
    "made_cases": "examples of tools",
    "candidates": "examples of tools",
    "own_tool": "examples of tools",
    "number_spans": "the last 8,000 characters of what was said",
    "inventory": "what packages say of themselves",
    "strings": "tried behind a quote",
    "containers": "tried behind a value",
    "wishes": "a request, whose length is bounded",
    "slot_values": "a request, whose length is bounded",
    "measures": "a request, whose length is bounded",
    "syntax": "parts of a call; test_parser_speed looks at the parser as a whole",
    "openers": "parts of a call; test_parser_speed looks at the parser as a whole",
}
_TREES = (
    sre.MAX_REPEAT,
    sre.MIN_REPEAT,
    getattr(sre, "POSSESSIVE_REPEAT", sre.MAX_REPEAT),
)


_ROOT = Path(__file__).parents[2]


class TooLong(Exception):
    """A try was given up."""


def compiled() -> dict[tuple[str, int], tuple[Path, int]]:
    """Load all modules, and return each pattern and flags with where it was compiled."""
    found: dict[tuple[str, int], tuple[Path, int]] = {}
    make = re.compile

    def noted(pattern: Any, flags: int = 0) -> Any:
        here = inspect.currentframe()
        frame = here.f_back if here else None  # who compiles it
        file = Path(frame.f_code.co_filename if frame else "")
        place = file, frame.f_lineno if frame else 0
        ours = file.is_relative_to(_ROOT) and ".venv" not in file.parts
        if isinstance(pattern, str) and ours:
            found.setdefault((pattern, int(flags)), place)
        return make(pattern, flags)

    re.compile = noted
    try:
        for name in ("agentkit", "agentkit_tools"):
            package = importlib.import_module(name)
            for one in pkgutil.walk_packages(package.__path__, f"{name}."):
                if not one.name.endswith("__main__"):
                    _load(one.name)
    finally:
        re.compile = make
    return found


def _load(name: str) -> None:
    try:
        importlib.import_module(name)
    except ImportError as exc:  # an extra that is not installed
        print(f"{name} was not looked at: {exc}", file=sys.stderr)


def texts(pattern: str, flags: int) -> set[tuple[str, str, str]]:
    """Return what leads up to each repeat, what is repeated there, and an end."""
    tree = sre_parse.parse(pattern, flags)
    found = {("", _sample(tree), end) for end in ("!", "\n")}
    for lead, body in _repeats(tree, ""):
        found |= {(lead, body, end) for end in ("!", "\n")}
        found.add(("", lead + body, "!"))
    return {one for one in found if one[1]}


def _repeats(tree: Any, lead: str) -> Iterator[tuple[str, str]]:
    """Yield a sample of what stands before each repeat, and one of what it repeats."""
    for kind, value in tree:
        if kind in _TREES:
            yield lead, _sample(value[2])
            yield from _repeats(value[2], lead)
        elif kind is sre.SUBPATTERN:
            yield from _repeats(value[3], lead)
        elif kind is sre.BRANCH:
            for one in value[1]:
                yield from _repeats(one, lead)
        elif kind in (sre.ASSERT, sre.ASSERT_NOT):
            yield from _repeats(value[1], lead)
        lead += _sample([(kind, value)])


def _sample(tree: Any) -> str:
    return "".join(_one(kind, value) for kind, value in tree)


def _one(kind: Any, value: Any) -> str:
    if kind is sre.LITERAL:
        return chr(value)
    if kind is sre.NOT_LITERAL:
        return "a" if value != ord("a") else "b"
    if kind is sre.ANY:
        return "a"
    if kind is sre.IN:
        return _of_class(value)
    if kind in _TREES:
        return _sample(value[2]) * max(1, min(int(value[0]), 30))
    if kind is sre.SUBPATTERN:
        return _sample(value[3])
    if kind is sre.BRANCH:
        return _sample(value[1][0])
    if kind is getattr(sre, "ATOMIC_GROUP", None):
        return _sample(value)
    return ""


_CATEGORY: dict[Any, str] = {
    sre.CATEGORY_DIGIT: "1",
    sre.CATEGORY_SPACE: " ",
    sre.CATEGORY_WORD: "a",
    sre.CATEGORY_NOT_DIGIT: "a",
    sre.CATEGORY_NOT_SPACE: "a",
    sre.CATEGORY_NOT_WORD: "-",
}


def _of_class(members: Any) -> str:
    if members[0][0] is sre.NEGATE:
        known = re.compile(_class_text(members))
        return next((c for c in "a1 -.,/:=" if known.match(c)), "a")
    kind, value = members[0]
    if kind is sre.LITERAL:
        return chr(value)
    return chr(value[0]) if kind is sre.RANGE else str(_CATEGORY.get(value, "a"))


def _class_text(members: Any) -> str:
    parts = ["[^"]
    for kind, value in members[1:]:
        if kind is sre.LITERAL:
            parts.append(re.escape(chr(value)))
        elif kind is sre.RANGE:
            parts.append(f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}")
        else:
            name = str(value).rpartition("_")[2]
            shown = {"DIGIT": "d", "SPACE": "s", "WORD": "w"}[name]
            parts.append("\\" + (shown.upper() if "NOT" in str(value) else shown))
    return "".join(parts) + "]"


def cost(pattern: re.Pattern[str], text: str, *, methods: frozenset[str]) -> float:
    """Return the CPU seconds of looking for matches; the bound where it is given up."""
    started = time.process_time()
    signal.setitimer(signal.ITIMER_VIRTUAL, _MOST)
    try:
        for name in methods:
            getattr(pattern, name)(text)
        if not methods:
            for _ in pattern.finditer(text):
                pass
    except TooLong:
        return float(_MOST)
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return time.process_time() - started


def steepest(pattern: str, flags: int, *, methods: frozenset[str]) -> tuple[float, str]:
    """Return how many times as long four times the text takes, and of which text.

    0 where no text takes longer than such a text may.
    """
    made = re.compile(pattern, flags)
    for lead, body, end in sorted(texts(pattern, flags)):
        growths = (_growth(made, lead, body, end, methods) for _ in range(_TRIES))
        least = inf
        for growth in growths:
            least = min(least, growth)
            if least < _STEEP:
                break
        else:
            return least, f"{lead!r} + {body!r} * n + {end!r}"
    return 0.0, ""


def _growth(
    made: re.Pattern[str], lead: str, body: str, end: str, methods: frozenset[str]
) -> float:
    def took(size: int) -> float:
        text = lead + body * (size // len(body)) + end
        return cost(made, text, methods=methods)

    large = took(_LARGE)
    if large >= _MOST:
        return inf
    return large / max(took(_SMALL), _TICK) if large >= _SEEN else 0.0


def main() -> int:
    """Print the patterns whose work grows too fast; return 1 where there are any."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("place", nargs="?", default="", help="a file's name")
    parser.add_argument("--also", default="", metavar="PATTERN")
    options = parser.parse_args()

    def give_up(*_: object) -> None:
        raise TooLong

    signal.signal(signal.SIGVTALRM, give_up)
    found = {
        key: (file, line)
        for key, (file, line) in compiled().items()
        if file.stem not in OWN and options.place in file.stem
    }
    if options.also:
        found[options.also, 0] = Path(__file__), 0
    steep = 0
    for (pattern, flags), (file, line) in found.items():
        growth, text = steepest(pattern, flags, methods=places_tried(file, line))
        if growth:
            steep += 1
            print(f"{file.stem}:{line:<20}{growth:4.0f} times  {text[:90]}", flush=True)
    print(f"{steep} of {len(found)} patterns grow too fast")
    return int(steep > 0)


if __name__ == "__main__":
    sys.exit(main())
