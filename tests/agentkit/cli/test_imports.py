"""`agentkit import`, `subscribe` and `brief`: one's own data, without a model."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from agentkit.cli.brief import Morning
from agentkit.cli.options import Options
from agentkit.cli.screen import Screen
from tests.agentkit.cli.conftest import NOW, Cli

HOUR = timedelta(hours=1)
ICS = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\n"
    "DTSTART:20260304T090000Z\r\nDURATION:PT1H\r\nSUMMARY:Dentist\r\n"
    "END:VEVENT\r\nEND:VCALENDAR\r\n"
)
VCF = "BEGIN:VCARD\nVERSION:3.0\nFN:Ana Kos\nEMAIL:ana@kos.example\nEND:VCARD\n"
MBOX = (
    "From ana@kos.example Mon Mar  2 10:00:00 2026\nFrom: Ana <ana@kos.example>\n"
    "Date: Mon, 02 Mar 2026 10:00:00 +0000\nMessage-ID: <1@kos>\nSubject: Lunch\n\n"
    "Could you send me the report by Friday?\n"
)


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Give a calendar, contacts and mail, as other programs write them."""
    for name, text in (("a.ics", ICS), ("b.vcf", VCF), ("c.mbox", MBOX)):
        (tmp_path / name).write_bytes(text.encode())
    return [str(tmp_path / name) for name in ("a.ics", "b.vcf", "c.mbox")]


def test_files_come_in_and_answer_questions(
    cli: Cli, files: list[str], tmp_path: Path
) -> None:
    """One command says what it took in; the next ones answer from it."""
    home = ("--home", str(tmp_path / "home"), "--now", NOW)
    ran = cli("import", *files, *home)
    assert (ran.code, ran.out.splitlines()) == (
        0,
        [
            "Imported 1 event from a.ics.",
            "Imported 1 contact from b.vcf.",
            "Imported 1 message from c.mbox.",
        ],
    )
    for question, answer in (
        ("what's on my calendar tomorrow", "Dentist"),
        ("what is Ana's email", "ana@kos.example"),
        ("any messages from Ana", "send me the report"),
    ):
        assert answer in cli("run", question, *home).out
    told = cli("brief", "tomorrow", *home).out
    assert "09:00-10:00 Dentist" in told
    assert "Ana, Mon 2 Mar 10:00" in told


def test_an_import_is_taken_back(cli: Cli, files: list[str], tmp_path: Path) -> None:
    """It is in the journal, as all that is done."""
    home = ("--home", str(tmp_path / "home"), "--now", NOW)
    cli("import", files[0], *home)
    assert cli("undo", *home[:2]).code == 0
    assert "Imported 1 event" in cli("import", files[0], *home).out


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("import", "none.ics"), 2, "there is no file or folder 'none.ics'"),
        (("import",), 2, "Missing argument"),
        (("subscribe", "ftp://cal.example"), 4, "over https"),
        (("subscribe", "--stop", "work"), 4, "there are: none"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    words: tuple[str, ...], code: int, told: str, cli: Cli, tmp_path: Path
) -> None:
    """On standard output or error, and with the code of its kind."""
    ran = cli(*words, "--home", str(tmp_path / "home"))
    assert ran.code == code
    assert told in ran.out + ran.err


def test_an_empty_home_says_so(cli: Cli, files: list[str], tmp_path: Path) -> None:
    """And what to do, until there is something in it; JSON stays JSON."""
    home = ("--home", str(tmp_path / "home"), "--now", NOW)
    said = "is empty: `agentkit setup` brings in"
    assert said in cli("run", "what's on tomorrow", *home).err
    assert said in cli("brief", *home).err
    assert said not in cli("brief", "--json", *home).err
    cli("import", files[1], *home)
    assert said not in cli("run", "what's on tomorrow", *home).err


def test_a_briefing_is_in_the_homes_language(cli: Cli, tmp_path: Path) -> None:
    """As its settings say."""
    (tmp_path / "agentkit.toml").write_text('locale = "fr-FR"\n')
    told = cli("brief", "--home", str(tmp_path), "--now", NOW).out
    assert told == "mardi 3 mars : rien à signaler.\n"


def test_the_day_is_told_each_morning_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """At its time; one that has passed when the watcher starts is the next day's."""
    hours = [8]
    told = Morning(
        Options(home=tmp_path), "9", Screen(),
        lambda: datetime(2026, 3, 3, tzinfo=ZoneInfo("Europe/Rome")) + hours[0] * HOUR,
    )  # fmt: skip
    heard: list[int] = []
    for hours[0] in (8, 9, 10, 24 + 8, 24 + 11, 24 + 12):
        told.tell_if_due()
        heard.append(capsys.readouterr().out.count("nothing to tell"))
    assert heard == [0, 1, 0, 0, 1, 0]


def test_what_is_no_time_of_day_is_said(cli: Cli, tmp_path: Path) -> None:
    """Before anything is watched."""
    ran = cli("watch", "--once", "--brief", "soon", "--home", str(tmp_path))
    assert (ran.code, "no time of day" in ran.err) == (2, True)
