"""Effects taken back: by agent.undo(), the newest first, and what refuses."""

from __future__ import annotations

import contextlib
import cProfile
import sqlite3
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from agentkit import Agent, ConfigError
from agentkit.stores.journal import Intent, Journal, decide

Make = Callable[..., Agent]
PUTS = ('[put(text="a")]', '[put(text="b")]', '[put(text="c")]', "done")


def test_the_last_effect_is_taken_back(make: Make, world: Any) -> None:
    """The tool's own words say so, and the journal keeps them."""
    agent = make(*PUTS)
    agent.run("go")
    [undone] = agent.undo()
    assert (undone.done, undone.text, world.lines) == (True, "Removed c.", ["a", "b"])
    assert (undone.entry.state, undone.entry.note) == ("undone", "Removed c.")


def test_several_are_taken_back_the_newest_first(make: Make, world: Any) -> None:
    """A count takes back so many; those that are back already are passed over."""
    agent = make(*PUTS)
    agent.run("go")
    agent.undo()
    assert [one.text for one in agent.undo(2)] == ["Removed b.", "Removed a."]
    assert (world.lines, agent.undo()) == ([], ())


def test_one_is_taken_back_by_its_number(make: Make, world: Any) -> None:
    """The number is the one that the journal shows."""
    agent = make(*PUTS)
    agent.run("go")
    agent.undo(number=2)
    assert world.lines == ["a", "c"]


def test_another_process_can_take_it_back(make: Make, world: Any) -> None:
    """The journal is in the home, not in the agent that did it."""
    make(*PUTS).run("go")
    make("-").undo()
    assert world.lines == ["a", "b"]


def test_what_was_changed_since_stays(make: Make, world: Any) -> None:
    """The tool's own check refuses; it is said, kept, and may be tried again."""
    agent = make(*PUTS)
    agent.run("go")
    world.lines.remove("c")
    [refused] = agent.undo(2)
    assert (refused.done, refused.text) == (False, "c was changed since.")
    assert (refused.entry.state, world.lines) == ("done", ["a", "b"])
    assert refused.entry.note == "not taken back: c was changed since."


def test_an_effect_without_undo_is_not_passed_over(make: Make, world: Any) -> None:
    """Taking back stops at what stays: nobody thinks that it is gone."""
    agent = make('[put(text="a")]', '[shout(text="b")]', "done")
    agent.run("go")
    [refused] = agent.undo(2)
    assert "shout cannot be taken back" in refused.text
    assert world.lines == ["a", "b"]


def test_an_effect_taken_back_is_not_done_again(make: Make, world: Any) -> None:
    """A run that is tried again is told that the user took it back."""
    agent = make('[put(text="a")]', "done")
    agent.run("go", run_id="r")
    agent.undo()
    outcome = make('[put(text="a")]', "done").run("go", run_id="r")
    assert (outcome.calls[0].status, world.lines) == ("denied", [])


def test_an_unknown_effect_waits_for_the_users_word(
    make: Make, world: Any, context: Any
) -> None:
    """What may not have been done cannot be taken back, until the user says it was."""
    world.power = False
    with pytest.raises(KeyboardInterrupt):
        make('[shout(text="a")]').run("go", run_id="r")
    [refused] = make("-").undo()
    assert "not known whether" in refused.text
    journal = Journal(context.home)
    entry = decide(journal, 1, happened=False)
    assert entry is not None
    assert entry.state == "failed"
    assert decide(journal, 1, happened=True) is None


def test_a_result_that_is_not_known_cannot_be_taken_back(
    make: Make, world: Any, context: Any
) -> None:
    """The user said that it was done, and nobody knows what it returned."""
    world.power = False
    with pytest.raises(KeyboardInterrupt):
        make('[put(text="a")]').run("go", run_id="r")
    decide(Journal(context.home), 1, happened=True)
    [refused] = make("-").undo()
    assert refused.text == "what it returned is not known any more"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param({"count": 0}, "at least 1", id="none"),
        pytest.param({"number": 9}, "no entry 9", id="no-such-entry"),
    ],
)
def test_what_cannot_be_asked_for(
    options: dict[str, int], message: str, make: Make
) -> None:
    """A count below one and an unknown number are refused."""
    with pytest.raises(ConfigError, match=message):
        make("-").undo(**options)


def test_without_a_journal_nothing_can_be_taken_back(make: Make) -> None:
    """Who wants no journal is told so."""
    with pytest.raises(ConfigError, match="keeps no journal"):
        make("-", journal=False).undo()


def test_a_long_journal_is_not_read_for_one_effect(tmp_path: Path) -> None:
    """Taking back the newest of very many looks at a few of them."""
    journal = Journal(tmp_path)
    intent = Intent(
        key="first", meaning="m", run_id="r", step=1, tool="t", effect="write",
        arguments={}, clock="", request="",
    )  # fmt: skip
    journal.end(journal.begin(intent).number, "done", None)
    journal.close()
    with contextlib.closing(sqlite3.connect(tmp_path / "journal.db")) as database:
        columns = "meaning, run_id, step, tool, effect, arguments, clock, request, state, began"
        database.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) "
            f"INSERT INTO effects (key, {columns}) SELECT 'k' || i, {columns} "
            "FROM n, (SELECT * FROM effects WHERE number = 1)"
        )
        database.commit()
    profile = cProfile.Profile()
    found = profile.runcall(lambda: list(islice(journal.takeable(), 3)))
    assert [entry.number for entry in found] == [300_001, 300_000, 299_999]
    assert sum(entry.callcount for entry in profile.getstats()) < 10_000
    assert list(islice(journal.takeable(but="r"), 1)) == []
