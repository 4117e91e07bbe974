"""One round: what rings, what was missed, what is remembered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agentkit.bells.rounds import (
    MOST,
    Due,
    RungMemory,
    first_memory,
    keep_memory,
    next_round,
    read_memory,
    rung_last,
)

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def due(
    name: str, after: timedelta = timedelta(), lead: timedelta = timedelta()
) -> Due:
    """Something that is due some time after noon."""
    return Due(id=name, moment=NOON + after, title=name, kind="timer", lead=lead)


@pytest.mark.parametrize(
    ("one", "now", "missed"),
    [
        pytest.param(due("a"), ["a"], [], id="now"),
        pytest.param(due("a", timedelta(seconds=1)), [], [], id="in a second"),
        pytest.param(due("a", -MINUTE / 2), ["a"], [], id="half a minute ago"),
        pytest.param(due("a", -HOUR), [], ["a"], id="an hour ago"),
        pytest.param(due("a", HOUR, HOUR), ["a"], [], id="an hour ahead of it"),
        pytest.param(due("a", 30 * DAY, 30 * DAY + HOUR), [], ["a"], id="long lead"),
        pytest.param(due("a", -2 * DAY), [], [], id="before anybody watched"),
    ],
)
def test_what_rings(one: Due, now: list[str], missed: list[str]) -> None:
    """It rings at its moment less its lead; what is a minute late was missed."""
    found = next_round(first_memory(NOON), [one], NOON)
    assert [due.id for due in found.now] == now
    assert [due.id for due in found.missed] == missed


@pytest.mark.parametrize(
    "later",
    [
        pytest.param(timedelta(), id="the same moment"),
        pytest.param(HOUR, id="later"),
        pytest.param(-HOUR, id="the clock went back"),
        pytest.param(-40 * DAY, id="by weeks"),
        pytest.param(4000 * DAY, id="it went ahead by years"),
    ],
)
def test_nothing_rings_twice(later: timedelta) -> None:
    """What has rung is known, wherever the clock goes, and comes back from."""
    memory = next_round(first_memory(NOON), [due("a")], NOON).memory
    for now in (NOON + later, NOON, NOON + MINUTE):
        found = next_round(memory, [due("a")], now)
        assert not found.now + found.missed
        memory = found.memory


def test_a_clock_that_was_ahead_silences_nothing() -> None:
    """What is set after it was put right rings, though its time had been before."""
    memory = next_round(first_memory(NOON), [], NOON + 30 * DAY).memory
    memory = next_round(memory, [], NOON).memory
    found = next_round(memory, [due("a", HOUR)], NOON + HOUR)
    assert [due.id for due in found.now] == ["a"]


def test_what_comes_late_rings_within_a_day() -> None:
    """A reminder that a phone set an hour ago reaches this device now."""
    memory = next_round(first_memory(NOON), [], NOON).memory
    found = next_round(memory, [due("a", -HOUR), due("b", -2 * DAY)], NOON)
    assert [due.id for due in found.missed] == ["a"]


def test_memory_does_not_grow() -> None:
    """It keeps the newest, and those it forgets do not ring again."""
    second = timedelta(seconds=1)
    many = [due(f"{n:05}", -n * second) for n in range(2 * MOST)]
    found = next_round(first_memory(NOON), many, NOON)
    assert len(found.now + found.missed) == 2 * MOST
    assert len(found.memory.rung) == MOST
    again = next_round(found.memory, many, NOON + second)
    assert not again.now + again.missed


def test_it_is_kept(tmp_path: Path) -> None:
    """What is read back is what was kept; what rang last stands at its end."""
    found = next_round(first_memory(NOON), [due("b"), due("a", -HOUR)], NOON)
    keep_memory(tmp_path, found.memory)
    assert read_memory(tmp_path, NOON) == found.memory
    assert rung_last(tmp_path, NOON) == "b"


def test_a_home_that_was_never_watched(tmp_path: Path) -> None:
    """Nothing has rung there."""
    assert read_memory(tmp_path, NOON) == first_memory(NOON)
    assert rung_last(tmp_path, NOON) == ""


@pytest.mark.parametrize(
    "text", ["", "[]", '{"since": "x", "rung": {}}', '{"since": 1, "rung": []}']
)
def test_damage_is_kept_aside(tmp_path: Path, text: str) -> None:
    """A damaged file is moved, and the home is as if it was never watched."""
    (tmp_path / ".rung.json").write_text(text, "utf-8")
    assert read_memory(tmp_path, NOON) == RungMemory(NOON - DAY)
    assert [path.read_text("utf-8") for path in tmp_path.glob(".rung.json.c*")] == [
        text
    ]


def test_long_ids_cost_little(tmp_path: Path) -> None:
    """An id of another program's can be of any length."""
    found = next_round(first_memory(NOON), [due("x" * 100_000)], NOON)
    keep_memory(tmp_path, found.memory)
    assert (tmp_path / ".rung.json").stat().st_size < 1_000
    again = next_round(found.memory, [due("x" * 100_000)], NOON)
    assert not again.now + again.missed
