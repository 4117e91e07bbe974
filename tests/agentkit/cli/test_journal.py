"""`agentkit journal` and `agentkit undo`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agentkit.stores.journal import Intent, Journal
from tests.agentkit.cli.conftest import Cli

ADD = ("tools", "call", "--yes", "add_to_list")


def cut_off(home: Path) -> None:
    """Leave an effect of a tool that is not here, as a crash would."""
    Journal(home).begin(
        Intent(
            key="k", meaning="m", run_id="gone", step=1, tool="ring", effect="send",
            arguments={"who": "Ana"}, clock="2026-03-03T09:00:00+00:00",
        )
    )  # fmt: skip


def test_what_was_done_is_listed_and_shown(cli: Cli, home: Path) -> None:
    """The newest first, in words; one entry in full."""
    cli(*ADD, "item=milk")
    cli(*ADD, "item=tea")
    first, second = cli("journal").out.splitlines()
    assert "Put tea on the list to-do." in first
    assert "Put milk on the list to-do." in second
    shown = cli("journal", "1").out
    assert "add_to_list (write)" in shown
    assert "milk" in shown


def test_the_last_effect_is_taken_back(cli: Cli, home: Path) -> None:
    """`undo` says what it took back, and a second one that nothing is left."""
    cli(*ADD, "item=milk")
    assert "Took back: Put milk" in cli("undo").out
    assert "nothing to take back" in cli("undo").out
    assert "undone" in cli("journal").out
    assert not (home / "lists.ics").exists()


def test_a_refusal_is_told_with_its_reason(cli: Cli, home: Path) -> None:
    """What was changed since stays; the exit code says so."""
    cli(*ADD, "item=milk")
    (home / "lists.ics").write_text("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    done = cli("undo")
    assert done.code == 4
    assert "not taken back" in done.out
    assert "changed again since" in done.out


def test_json_has_the_entries(cli: Cli, home: Path) -> None:
    """Scripts get numbers, states and results."""
    cli(*ADD, "item=milk")
    [entry] = cli("journal", "--json").json["entries"]
    assert (entry["number"], entry["status"], entry["tool"]) == (
        1, "done", "add_to_list",
    )  # fmt: skip
    [undone] = cli("undo", "--entry", "1", "--json").json["undone"]
    assert undone["undone"] is True


def test_times_are_those_of_the_home(cli: Cli, home: Path) -> None:
    """The clock is the user's, whatever the system's was when it was written."""
    cli(*ADD, "item=milk")
    [entry] = Journal(home).entries()
    settings = home / "agentkit.toml"
    settings.write_text('time_zone = "Pacific/Kiritimati"\n', "utf-8")
    there = datetime.fromisoformat(entry.began) + timedelta(hours=14)
    assert f"{there.astimezone(UTC):%Y-%m-%d %H:%M:%S}" in cli("journal").out


def test_only_what_began_since_is_listed(cli: Cli, home: Path) -> None:
    """A time in the future leaves nothing."""
    cli(*ADD, "item=milk")
    later = f"{datetime.now(UTC).year + 1}-01-01"
    assert cli("journal", "--since", later).out.strip() == "Nothing was done yet."


def test_an_unknown_fate_is_shown_and_decided(cli: Cli, home: Path) -> None:
    """It is never repeated; the user's word settles it, once."""
    cut_off(home)
    listed = cli("journal").out
    assert "unknown" in listed
    assert "--happened yes|no" in listed
    assert "not done" in cli("journal", "1", "--happened", "no").out
    assert cli("journal", "1", "--happened", "yes").code == 2


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("journal", "99"), id="no-such-entry"),
        pytest.param(("journal", "--since", "yesterday"), id="no-time"),
        pytest.param(("journal", "--happened", "yes"), id="no-number"),
        pytest.param(("redo", "--yes"), id="no-yes-to-sending-again"),
        pytest.param(("undo", "0"), id="no-count"),
        pytest.param(("undo", "2", "--entry", "1"), id="count-and-entry"),
        pytest.param(("undo", "--entry", str(2**63)), id="entry-too-large"),
        pytest.param(("journal", str(2**63)), id="too-large"),
    ],
)
def test_what_cannot_be_asked_for(words: tuple[str, ...], cli: Cli, home: Path) -> None:
    """Leaves with the code for wrong usage."""
    assert cli(*words).code == 2


def test_looking_makes_no_home(cli: Cli, home: Path) -> None:
    """`journal` and `undo` make no file."""
    cli("journal")
    cli("undo")
    assert not (home / "journal.db").exists()


def test_a_large_import_is_taken_back_on_a_word_only(
    cli: Cli, home: Path, tmp_path: Path
) -> None:
    """`undo 99` shows what it would take back, and does it when told so again."""
    mails = (
        f"From a@b Thu Nov 19 10:00:00 2026\nFrom: a@b.example\nMessage-ID: <{n}@x>\n\nhi\n\n"
        for n in range(30)
    )
    (tmp_path / "all.mbox").write_text("".join(mails))
    cli("tools", "call", "--yes", "import_messages", f"path={tmp_path / 'all.mbox'}")
    cli(*ADD, "item=milk")
    asked = cli("undo", "99")
    assert (asked.code, "(30 things)" in asked.out) == (3, True)
    assert "undone" not in cli("journal").out
    assert cli("undo").code == 0
    assert cli("undo", "99", "--json").code == 3
    done = cli("undo", "99", "--yes")
    assert (done.code, "undone" in cli("journal").out) == (0, True), done.out


def test_a_few_effects_are_taken_back_at_once(cli: Cli, home: Path) -> None:
    """Where nobody is there to be asked, several small ones need no further word."""
    for item in ("milk", "tea"):
        cli(*ADD, f"item={item}")
    assert cli("undo", "9").out.count("Took back") == 2
