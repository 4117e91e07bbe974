"""`agentkit assistants`, `doctor` and `demo`."""

from __future__ import annotations

import shlex
from pathlib import Path

from agentkit.privacy import Ledger
from agentkit.safety.rules import Rule, Rules
from tests.agentkit.cli.conftest import NOW, Cli


def test_assistants_are_listed_with_a_request_to_try(cli: Cli) -> None:
    """The three ready assistants are there, each with an example."""
    ran = cli("assistants")
    names = [row.split()[0] for row in ran.out.splitlines() if row[0] != " "]
    assert names == ["personal", "follow-ups", "researcher"]
    rows = cli("assistants", "--json").json["assistants"]
    assert [row["name"] for row in rows] == names
    assert all(row["summary"] and row["tools"] and row["example"] for row in rows)


def test_doctor_finds_a_sound_home(cli: Cli, home: Path) -> None:
    """A sound installation and home leave with 0; the user's name is read."""
    ran = cli("doctor", "--json")
    assert ran.code == 0
    told = {one["what"]: one["told"] for one in ran.json["findings"]}
    assert told["home"] == str(home)
    assert told["user"] == "Ada"
    assert "reflex" in told["backend"]


def test_doctor_leaves_with_4_when_something_is_bad(cli: Cli, home: Path) -> None:
    """A bad setting is one finding among the others."""
    (home / "agentkit.toml").write_text('nme = "x"', "utf-8")
    ran = cli("doctor")
    assert ran.code == 4
    assert any(row.startswith("BAD ") and "nme" in row for row in ran.out.splitlines())
    assert "ok   python" in ran.out


def test_doctor_tells_of_files_kept_aside(cli: Cli, home: Path) -> None:
    """A damaged file that was kept is named."""
    (home / "calendar.ics.corrupt-20260303T090000").write_text("x")
    out = cli("doctor").out
    assert "calendar.ics.corrupt-20260303T090000: a damaged file" in out


def test_demo_carries_the_main_job_out(cli: Cli, tmp_path: Path) -> None:
    """The demo reads messages and sends invites, in a home of its own."""
    folder = tmp_path / "demo"
    given = ("demo", "--home", str(folder), "--now", NOW, "--yes", "--json")
    ran = cli(*given)
    assert ran.code == 0
    assert ran.json["outcome"] == "done"
    assert ran.json["bytes_out"] == 0
    sent = [call for call in ran.json["calls"] if call["name"] == "send_invite"]
    assert sent
    assert all(call["status"] == "done" for call in sent)
    invites = [path.read_text("utf-8") for path in (folder / "outbox").glob("*.ics")]
    assert len(invites) == len(sent)
    assert all("METHOD:REQUEST" in invite for invite in invites)


def test_demo_asks_first_and_suggests_more(cli: Cli, tmp_path: Path) -> None:
    """Without --yes and without a terminal nothing is sent; three more are named."""
    folder = tmp_path / "demo"
    ran = cli("demo", "--home", str(folder), "--now", NOW)
    assert ran.code == 3
    assert "Waiting for your approval: send_invite" in ran.out
    assert not (folder / "outbox").exists()
    shown = ran.out.partition("Three more to try:")[2].strip().splitlines()
    assert len(shown) == 3
    assert all(" run " in line and str(folder) in line for line in shown)


def test_what_the_demo_suggests_works(cli: Cli, tmp_path: Path) -> None:
    """Each of the three further commands is done, and finds something."""
    shown = cli("demo", "--home", str(tmp_path / "demo"), "--now", NOW, "--yes").out
    for line in shown.partition("Three more to try:")[2].strip().splitlines():
        ran = cli(*shlex.split(line)[1:], "--json")
        assert ran.code == 0
        assert [call["status"] for call in ran.json["calls"]] == ["done"]
        assert ran.json["calls"][0]["result"]


def test_demo_fills_an_empty_folder_only(cli: Cli, home: Path) -> None:
    """The demo does not write into a home that is in use."""
    before = sorted(home.iterdir())
    ran = cli("demo", "--home", str(home))
    assert ran.code == 2
    assert "is not an empty folder" in ran.err
    assert sorted(home.iterdir()) == before


def test_doctor_looks_at_what_guards_the_user(cli: Cli, home: Path) -> None:
    """A ledger that was changed is bad; rules and the privacy mode are told."""
    Ledger(home).add(to="https://a.example", content=b"hi", label="public", grant="x")
    path = Ledger(home).path
    path.write_text(path.read_text("ascii").replace("hi", "ho"), "ascii")
    Rules(home).add(Rule("never", "post"))
    ran = cli("doctor", "--json")
    found = {one["what"]: (one["state"], one["told"]) for one in ran.json["findings"]}
    assert ran.code == 4
    assert found["ledger"][0] == "bad"
    assert found["rules"] == ("ok", "never post")
    assert found["privacy"] == ("ok", "mode private")
