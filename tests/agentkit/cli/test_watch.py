"""`agentkit watch`: what it prints, once each, and what it says where it cannot."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from agentkit.bells.watcher import watching
from tests.agentkit.cli.conftest import NOW, Cli

DAY = "2026-03-03T"


def watch(cli: Cli, clock: str, *more: str) -> list[str]:
    """Look once at a time of that day, and return what was printed, line by line."""
    ran = cli("watch", "--once", "--now", f"{DAY}{clock}:00+00:00", *more)
    assert (ran.code, ran.err) == (0, "")
    return ran.out.splitlines()


@pytest.mark.parametrize(
    ("request_", "clock", "line"),
    [
        pytest.param(
            "Set a timer for 10 minutes",
            "09:10",
            "09:10  timer     Timer of 10 minutes",
            id="timer",
        ),
        pytest.param(
            "Remind me to call Tom at 9:05",
            "09:05",
            "09:05  reminder  call Tom",
            id="reminder",
        ),
        pytest.param(
            "Set an alarm for 9:30", "09:30", "09:30  alarm     Alarm", id="alarm"
        ),
    ],
)
def test_what_was_set_rings_once(
    cli: Cli, request_: str, clock: str, line: str
) -> None:
    """Not before its time, then once."""
    assert cli("run", request_, "--now", NOW, "--unkept").code == 0
    assert watch(cli, "09:04") == []
    assert watch(cli, clock) == [line]
    assert watch(cli, clock) == []


def test_what_was_missed_is_told(cli: Cli) -> None:
    """At the next start, with its day."""
    cli("run", "Set a timer for 10 minutes", "--now", NOW, "--unkept")
    (line,) = watch(cli, "12:00")
    assert line == "missed  2026-03-03 09:10  timer     Timer of 10 minutes"
    assert watch(cli, "12:00") == []


@pytest.mark.parametrize(
    ("start", "trigger", "told"),
    [
        pytest.param("DTSTART:20260303T091500Z", "-PT15M", "  (at 09:15)", id="today"),
        pytest.param("DTSTART:20260305T110000Z", "-P2DT2H",
                     "  (on Thu 5 Mar at 11:00)", id="another day"),
        pytest.param("DTSTART;VALUE=DATE:20260304", "-PT15H", "  (on Wed 4 Mar)",
                     id="a whole day"),
        pytest.param("DTSTART:20260303T090000Z", "PT0S", "", id="now"),
    ],
)  # fmt: skip
def test_an_event_tells_when_it_begins(
    cli: Cli, home: Path, start: str, trigger: str, told: str
) -> None:
    """Where that is not when it rings."""
    event = (
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nBEGIN:VEVENT\nUID:a\nSUMMARY:Trip\n"
        f"DTSTAMP:20260301T000000Z\n{start}\nBEGIN:VALARM\nACTION:DISPLAY\n"
        f"TRIGGER:{trigger}\nEND:VALARM\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    (home / "calendar.ics").write_text(event, "utf-8")
    assert watch(cli, "09:00") == [f"09:00  event     Trip{told}"]


def test_a_title_is_shown_and_not_obeyed(cli: Cli, home: Path) -> None:
    """What others wrote moves no cursor, and takes one line."""
    todo = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VTODO\r\nUID:a\r\n"
        "DTSTAMP:20260301T000000Z\r\nSUMMARY:one\\ntwo\x1b[31m [bold]x[/bold]\r\n"
        "DUE:20260303T090000Z\r\nEND:VTODO\r\nEND:VCALENDAR\r\n"
    )
    (home / "reminders.ics").write_text(todo, "utf-8", newline="")
    (line,) = watch(cli, "09:00")
    assert line == "09:00  reminder  one ⏎ two\\x1b[31m [bold]x[/bold]"


def test_a_second_watcher_is_told(cli: Cli, home: Path) -> None:
    """In one sentence, with the exit code of what is in use."""
    with watching(home):
        ran = cli("watch", "--once")
    assert ran.code == 4
    assert ran.err == f"Error: {home} is watched already: things ring there, once\n"


def test_a_wrong_setting_is_told_at_once(cli: Cli, home: Path) -> None:
    """And not when the first thing is due."""
    (home / "agentkit.toml").write_text("nmae = 'Ada'", "utf-8")
    assert cli("watch", "--once").code == 2


def test_a_home_that_cannot_be_read_is_told(cli: Cli, home: Path) -> None:
    """In one sentence; a reminder that nobody hears of is worse."""
    (home / "reminders.ics").mkdir()
    ran = cli("watch", "--once", "--now", NOW)
    assert "reminders.ics" in ran.out
    assert len(ran.out.splitlines()) == 1


HINT = "Nothing rings until `agentkit watch` runs."


@pytest.mark.parametrize(
    ("request_", "told"),
    [
        pytest.param("Set a timer for 10 minutes", True, id="timer"),
        pytest.param("Remind me to call Tom on Friday", True, id="reminder"),
        pytest.param("Remind me to call Tom", False, id="without a time"),
        pytest.param("Add milk to my shopping list", False, id="list"),
        pytest.param("What time is it?", False, id="question"),
    ],
)
def test_where_nothing_will_ring_it_says_so(
    cli: Cli, home: Path, request_: str, told: bool
) -> None:
    """One sentence, after what rings was set, as long as nobody watches."""
    cli("run", "Set a timer for 5 hours", "--now", "2026-03-03T08:00", "--unkept")
    words = ("--now", NOW, "--backend", "reflex")
    assert (HINT in cli("run", request_, *words).err) is told
    chat = cli("chat", *words, stdin=request_.encode())
    assert (HINT in chat.err) is told
    with watching(home):
        assert HINT not in cli("run", request_, *words).err
    assert HINT not in cli("run", request_, *words, "--json").out


@pytest.mark.skipif(sys.platform != "linux", reason="each system has its own entry")
def test_install_says_what_it_wrote(
    cli: Cli, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It names the file and the commands, and starts nothing."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    ran = cli("watch", "--install", "--command", "true")
    (unit,) = (tmp_path / "systemd" / "user").iterdir()
    assert ran.out.splitlines()[0] == f"Written: {unit}"
    assert f"systemctl --user enable --now {unit.name}" in ran.out
    text = unit.read_text("utf-8")
    assert f'"watch" "--no-bell" "--home" "{home}" "--command" "/' in text
    assert "add --desktop" not in ran.out
    assert "add --desktop" in cli("watch", "--install").out
