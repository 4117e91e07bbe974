"""`agentkit setup`: settings, what other programs have here, and servers."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentkit.cli.machine_data import find_data
from agentkit.cli.mail_hosts import hosts_of
from agentkit.cli.settings_file import set_keys
from agentkit.errors import ConfigError
from agentkit.settings import read_settings
from tests.agentkit.cli.conftest import NOW, Cli
from tests.agentkit.cli.test_imports import ICS, MBOX, VCF


def put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a machine on which other programs keep their data."""
    home = tmp_path / "user"
    put(home / ".thunderbird/x.default/Mail/Local Folders/Inbox", MBOX)
    put(home / ".thunderbird/x.default/Mail/Local Folders/Inbox.msf", "")
    put(home / ".local/share/evolution/calendar/system/calendar.ics", ICS)
    put(home / "Downloads/people.vcf", VCF)
    put(home / "Downloads/photo.jpg", "x")
    for part in ("cur", "new", "tmp"):
        (home / "Maildir" / part).mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    return home


def test_what_other_programs_have_is_found(machine: Path) -> None:
    """In their usual places, each file once."""
    found = {
        one.program: [path.name for path in one.paths] for one in find_data(machine)
    }
    assert found == {
        "Thunderbird": ["Inbox"],
        "Evolution": ["calendar.ics"],
        "mail programs": ["Maildir"],
        "other programs": ["people.vcf"],
    }


def test_databases_and_folders_of_mail_programs_are_found(tmp_path: Path) -> None:
    """Thunderbird's and Evolution's stores stand deep below the user's home."""
    bird = tmp_path / ".thunderbird/x.default"
    wave = tmp_path / ".local/share/evolution"
    put(bird / "calendar-data/local.sqlite", "")
    put(bird / "abook.sqlite", "")
    put(wave / "addressbook/system/contacts.db", "")
    maildirs = [bird / "Mail/pop.example/Inbox", wave / "mail/local/.Sent"]
    for folder in maildirs:
        (folder / "cur").mkdir(parents=True)
        (folder / "new").mkdir()
    found = {one.program: one.paths for one in find_data(tmp_path)}
    assert set(found["Thunderbird"]) == {
        bird / "calendar-data/local.sqlite",
        bird / "abook.sqlite",
        maildirs[0],
    }
    assert set(found["Evolution"]) == {
        wave / "addressbook/system/contacts.db",
        maildirs[1],
    }


def test_it_is_taken_in_with_one_command(
    cli: Cli, machine: Path, tmp_path: Path
) -> None:
    """And answers questions at once."""
    home = ("--home", str(tmp_path / "home"), "--now", NOW)
    who = ("--name", "Kim", "--email", "kim@berg.example", "--time-zone", "UTC")
    ran = cli("setup", "--found", *who, *home)
    assert ran.code == 0, ran.err
    assert "Imported 1 message from Inbox." in ran.out
    assert "agentkit brief" in ran.out
    assert "Dentist" in cli("run", "what's on my calendar tomorrow", *home).out
    again = cli("setup", "--found", *home)
    assert "Imported" not in again.out
    assert "There is nothing new in Inbox." in again.out


def test_settings_are_kept_as_they_stand(tmp_path: Path) -> None:
    """Comments, tables and keys that are not named stay."""
    file = put(
        tmp_path / "agentkit.toml",
        '# mine\nname = "Old"  # me\nbackend = "reflex"\n\n[mail]\nport = 587\n\n'
        '[packs.caldav]\nurl = "https://a.example/"\nuser = "a"\n',
    )
    set_keys(
        tmp_path,
        {
            "name": 'Kim "K" \\ Berg',
            "email": "kim@berg.example",
            "mail.host": "smtp.example",
            "packs.caldav.user": "kim",
            "packs.web.searxng": "https://s.example",
            "time_zone": "",
        },
    )
    assert file.read_text() == (
        '# mine\nname = "Kim \\"K\\" \\\\ Berg"\nbackend = "reflex"\n'
        'email = "kim@berg.example"\n\n[mail]\nport = 587\nhost = "smtp.example"\n\n'
        '[packs.caldav]\nurl = "https://a.example/"\nuser = "kim"\n\n'
        '[packs.web]\nsearxng = "https://s.example"\n'
    )
    assert read_settings(tmp_path).name == 'Kim "K" \\ Berg'


def test_a_value_that_cannot_be_changes_nothing(tmp_path: Path) -> None:
    """The fault names the key, and the file is what it was."""
    file = put(tmp_path / "agentkit.toml", 'name = "Kim"\n')
    for key, value in (("email", "no address"), ("time_zone", "Mars/Base")):
        with pytest.raises(ConfigError, match=rf"{key}.*nothing was changed"):
            set_keys(tmp_path, {key: value})
    assert file.read_text() == 'name = "Kim"\n'


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ((), 2, "nobody to ask: give options"),
        (("--import", "none.mbox"), 2, "there is no file or folder 'none.mbox'"),
        (("--email", "kim"), 2, "is no mail address"),
        (("--time-zone", "Mars/Base"), 2, "time_zone 'Mars/Base' does not exist"),
        (
            ("--email", "k@b.example", "--imap", "127.0.0.1"),
            4,
            "The mail password is not known",
        ),
        (("--subscribe", "https://127.0.0.1:1/a.ics"), 4, "cannot be fetched"),
        (
            ("--oauth", "google", "--email", "k@b.example"),
            4,
            "needs packs.mail.client_id",
        ),
    ],
    ids=["no terminal", "no file", "no address", "no zone", "no password", "dead server",
         "no client id"],
)  # fmt: skip
def test_what_cannot_be_is_one_sentence(
    words: tuple[str, ...],
    code: int,
    told: str,
    cli: Cli,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And the rest goes on."""
    monkeypatch.delenv("AGENTKIT_MAIL_PASSWORD", raising=False)
    ran = cli("setup", *words, "--home", str(tmp_path / "home"))
    said = ran.out + ran.err
    assert (ran.code, told in said) == (code, True), said


def test_a_dead_server_holds_up_nothing_else(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file that was named is taken in all the same."""
    monkeypatch.setenv("AGENTKIT_MAIL_PASSWORD", "secret")
    path = put(tmp_path / "a.ics", ICS)
    ran = cli(
        "setup", "--email", "k@b.example", "--imap", "127.0.0.1", "--import", str(path),
        "--home", str(tmp_path / "home"),
    )  # fmt: skip
    assert ran.code == 4
    assert "Imported 1 event from a.ics." in ran.out
    assert "nothing of it is lost" in ran.out


@pytest.mark.parametrize(
    ("email", "imap"),
    [
        ("a@gmail.com", "imap.gmail.com"),
        ("a@Posteo.DE", "posteo.de"),
        ("a@berg.example", "imap.berg.example"),
        ("", ""),
    ],
)
def test_servers_are_guessed(email: str, imap: str) -> None:
    """What is guessed is offered, and never used unasked."""
    assert hosts_of(email).imap == imap
