"""Looks how the work of each pattern grows: `python -m tests.benchmarks.pattern_growth [PATH]`.

Every pattern that is compiled while the modules of agentkit and its tools are loaded is
tried, each once. Texts are made of the pattern itself: what leads up to a repeat, then what
is repeated, over and over, then a sign that ends no match; and a whole sample of it over
and over. CPU time at two sizes tells the exponent; what grows faster than the text is read
at 100,000 characters, and printed where that takes longer than the bound; a second is where
a try is given up. Of patterns over the user's
own settings or our own files that is no fault: only a person can tell which are those.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import math
import pkgutil
import re
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# How patterns are parsed is no public part of `re`.
sre: Any = importlib.import_module("re._constants")
sre_parse: Any = importlib.import_module("re._parser")

_SMALL, _LARGE, _WHOLE = 1_000, 4_000, 100_000
_BOUND, _STEEP = 0.2, 1.35
# Seconds for the larger text, below which even the cube of it is within the bound.
_SEEN = 0.0005
# Seconds for one try: what takes longer grows too fast, whatever it is.
_MOST = 1
_TREES = (
    sre.MAX_REPEAT,
    sre.MIN_REPEAT,
    getattr(sre, "POSSESSIVE_REPEAT", sre.MAX_REPEAT),
)


_ROOT = Path(__file__).parents[2]


class TooLong(Exception):
    """A try was given up."""


def compiled() -> dict[tuple[str, int], str]:
    """Load all modules, and return each pattern and flags with where it was compiled."""
    found: dict[tuple[str, int], str] = {}
    make = re.compile

    def noted(pattern: Any, flags: int = 0) -> Any:
        here = inspect.currentframe()
        frame = here.f_back if here else None  # who compiles it
        file = Path(frame.f_code.co_filename if frame else "")
        place = f"{file.stem}:{frame.f_lineno if frame else 0}"
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
    found = {("", _sample(tree), end) for end in ("", "!", "\n")}
    for lead, body in _repeats(tree, ""):
        found |= {(lead, body, end) for end in ("", "!", "\n", "\0")}
        found.add(("", lead + body, ""))
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


def cost(pattern: re.Pattern[str], text: str) -> float:
    """Return the CPU seconds of finding every match; the bound where it is given up."""
    started = time.process_time()
    signal.setitimer(signal.ITIMER_VIRTUAL, _MOST)
    try:
        for _ in pattern.finditer(text):
            pass
    except TooLong:
        return float(_MOST)
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return time.process_time() - started


def steepest(pattern: str, flags: int) -> tuple[float, float, str]:
    """Return seconds for the whole size, the exponent, and the text that takes longest."""
    made, worst = re.compile(pattern, flags), (0.0, 0.0, "")
    for lead, body, end in texts(pattern, flags):
        small, large = (
            cost(made, lead + body * (size // len(body)) + end)
            for size in (_SMALL, _LARGE)
        )
        if large < _SEEN or _exponent(small, large) < _STEEP:
            continue
        # Looked at again, in full: another program may have been in the way.
        whole = cost(made, lead + body * (_WHOLE // len(body)) + end)
        if whole > max(_BOUND, worst[0]):
            worst = (
                whole,
                _exponent(large, whole, _WHOLE / _LARGE),
                f"{lead!r} + {body!r} * n + {end!r}",
            )
    return worst


def _exponent(small: float, large: float, times: float = _LARGE / _SMALL) -> float:
    return math.log(max(large, 2e-5) / max(small, 2e-5), times)


def main() -> int:
    """Print the patterns whose work grows too fast; return 1 where there are any."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "place", nargs="?", default="", help="files whose name has this"
    )
    wanted = parser.parse_args().place

    def give_up(*_: object) -> None:
        raise TooLong

    signal.signal(signal.SIGVTALRM, give_up)
    steep, tried = 0, 0
    for (pattern, flags), place in compiled().items():
        if wanted not in place:
            continue
        tried += 1
        whole, exponent, text = steepest(pattern, flags)
        if whole:
            steep += 1
            print(f"{place:<26}{exponent:.2f}  {whole:5.1f} s  {text[:90]}", flush=True)
    print(f"{steep} of {tried} patterns grow too fast")
    return int(steep > 0)


if __name__ == "__main__":
    sys.exit(main())
