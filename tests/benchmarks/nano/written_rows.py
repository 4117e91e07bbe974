"""Rows that were written one by one: what people may say, and the call that answers it.

Each line of a file in `written/` is `language, request, answer`, parted by tabs; or
`language, first request, its answer, request, answer`. `kept.tsv` and
`unseen.tsv` are measured on, and never trained on: other people's wordings, written
without sight of the rest. Bounds are fitted on the first; on the second, nothing.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from agentkit.messages import ToolCall
from agentkit.pythonic import format_calls, parse_calls
from agentkit.tools.schema.json_schema import is_list
from tests.benchmarks.nano.rows import NONE, Asked, installed_tools

FOLDER = Path(__file__).with_name("written")
KEPT, UNSEEN = FOLDER / "kept.tsv", FOLDER / "unseen.tsv"


def written(file: Path) -> Iterator[Asked]:
    """Read a file's rows."""
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        lang, *said = line.split("\t")
        before = (said[0], said[1]) if len(said) == 4 else None
        frame = f"{lang}.written.{file.stem}.{number}"
        turns = (before,) if before else ()
        yield Asked(said[-2], said[-1], lang, frame, turns, "written")


def trained_rows() -> list[Asked]:
    """Return all rows but those that are measured on."""
    files = sorted(file for file in FOLDER.glob("*.tsv") if file not in (KEPT, UNSEEN))
    return [row for file in files for row in written(file)]


def typed_lower(row: Asked, chance: random.Random) -> Asked:
    """Return a row as a hurried person types it: lower case, and no mark at the end."""
    if row.turns or chance.random() < 0.5:
        return row
    text = row.text.lower().rstrip(" .!?")
    if row.answer == NONE:
        return replace(row, text=text)
    calls = parse_calls(row.answer, installed_tools()).calls
    lowered = format_calls([_lowered(call, row.text) for call in calls])
    # What ended in a mark that belongs to it stays as it was.
    marked = [v for c in calls for v in words_of(list(c.arguments.values()))]
    if any(words.rstrip(" .!?") != words for words in marked):
        return row
    return replace(row, text=text, answer=lowered)


def _lowered(call: ToolCall, text: str) -> ToolCall:
    def value(given: object) -> object:
        if is_list(given):
            return [value(one) for one in given]
        return given.lower() if isinstance(given, str) and given in text else given

    return replace(call, arguments={k: value(v) for k, v in call.arguments.items()})


def words_of(value: object) -> Iterator[str]:
    """Yield the strings of an argument."""
    if is_list(value):
        for one in value:
            yield from words_of(one)
    elif isinstance(value, str):
        yield value
