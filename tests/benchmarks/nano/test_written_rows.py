"""Requests that were written one by one say what their calls say."""

from __future__ import annotations

import random
import unicodedata
from pathlib import Path

import pytest

from agentkit.messages import ToolCall
from agentkit.pythonic import parse_calls
from tests.benchmarks.nano.rows import NONE, Asked, installed_tools, is_valid
from tests.benchmarks.nano.written_rows import (
    FOLDER,
    KEPT,
    UNSEEN,
    trained_rows,
    typed_lower,
    words_of,
    written,
)
from tests.benchmarks.understanding.corpora import LANGUAGES

FILES = sorted(FOLDER.glob("*.tsv"))


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _fault(call: ToolCall, said: str) -> str:
    """Say what is wrong with a call: an argument that is none, or that nobody said."""
    params = installed_tools()[call.name].parameters["properties"]
    for name, value in call.arguments.items():
        if "enum" not in params.get(name, {"enum": ()}):
            unsaid = [w for w in words_of(value) if _folded(w) not in _folded(said)]
            if unsaid:
                return f"{name}: {unsaid}"
    if not is_valid(call.name, dict(call.arguments)):
        return f"{call.name} refuses {dict(call.arguments)}"
    return ""


def _faults(row: Asked) -> list[str]:
    said = " ".join([*(first for first, _ in row.turns), row.text])
    answers = [answer for _, answer in row.turns] + [row.answer]
    found = [fault for one in answers for fault in _faults_of(one, said)]
    return [*found, f"language {row.lang}"] if row.lang not in LANGUAGES else found


def _faults_of(answer: str, said: str) -> list[str]:
    if answer == NONE:
        return []
    calls = parse_calls(answer, installed_tools()).calls
    faults = [_fault(call, said) for call in calls]
    return [fault for fault in faults if fault] if calls else ["no call"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_value_was_said(file: Path) -> None:
    """Each answer is a call that its tool takes, with words of the request as values."""
    wrong = {row.text: _faults(row) for row in written(file)}
    assert {text: faults for text, faults in wrong.items() if faults} == {}


def test_what_is_measured_on_is_not_trained_on() -> None:
    """No request that is measured on is written in another file too."""
    kept = {_folded(row.text) for file in (KEPT, UNSEEN) for row in written(file)}
    assert {row.text for row in trained_rows() if _folded(row.text) in kept} == set()


def test_lower_case_keeps_values_said() -> None:
    """A request in lower case has its values in lower case too."""
    chance = random.Random(0)
    rows = [typed_lower(row, chance) for row in trained_rows()]
    assert {row.text: f for row in rows if (f := _faults(row))} == {}
