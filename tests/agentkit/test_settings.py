"""What is wrong in a settings file is said in words."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import Literal

import pytest
from pydantic import BaseModel

from agentkit.cli.opened import open_home
from agentkit.cli.options import Options
from agentkit.discovery import check_packs
from agentkit.errors import ConfigError
from agentkit.settings import SETTINGS_FILE, read_settings

CASES = {
    "a number for text": ("name = 5", 'name: 5 must be text in quotes, "like this"'),
    "a slip of the pen": ('nam = "x"', "nam: there is no such key; did you mean name?"),
    "a key of no table": (
        "[privacy]\nx = 1",
        "privacy.x: there is no such key; there are: mode, rules, remote",
    ),
    "a key of a price": (
        "[router.prices.groq]\nread = 1\nwritten = 1\nwriten = 2",
        "router.prices.groq.writen: there is no such key; did you mean written?",
    ),
    "a key of a limit": (
        "[limits]\nsecnds = 5",
        "limits.secnds: there is no such key; did you mean seconds?",
    ),
    "a key of a shield": (
        '[shields]\nbakend = "x"',
        "shields.bakend: there is no such key; did you mean backend?",
    ),
    "a key that is written otherwise": (
        '[sessions]\nshema = "x"',
        "sessions.shema: there is no such key; did you mean schema?",
    ),
    "a key of a rule": (
        '[[privacy.rules]]\nlabel = "personal"\nanswer = "ask"\nhost = "x"',
        "privacy.rules.0.host: there is no such key; there are: label, answer, to",
    ),
    "text for a list": (
        '[router]\nladder = "groq"',
        'router.ladder: "groq" must be a list, ["like", "this"]',
    ),
    "a number for a table": ("router = 1", "router: 1 must be a table, [router]"),
    "one of few words": (
        '[privacy]\nmode = "opne"',
        "privacy.mode: \"opne\" must be 'offline', 'private' or 'open'",
    ),
    "too much": ("[router]\nact_below = 7", "router.act_below: 7 must be at most 1"),
    "too little": ("[mail]\nport = 0", "mail.port: 0 must be at least 1"),
    "text for a number": (
        '[router]\nper_run = "ten"',
        'router.per_run: "ten" must be a number',
    ),
    "no currency": (
        'currency = "dollar"',
        "currency: 'dollar' is no ISO 4217 code of a currency; such as EUR or USD",
    ),
    "a currency in small letters": (
        'currency = "eur"',
        "currency: 'eur' is no ISO 4217 code of a currency; did you mean EUR?",
    ),
    "no mail address": (
        'email = "nope"',
        "email: 'nope' is no mail address, such as sam@example.com",
    ),
    "nothing at all": ("[limits]\ncalls = 0", "limits.calls: 0 must be more than 0"),
    "missing": (
        '[[privacy.rules]]\nlabel = "personal"',
        "privacy.rules.0.answer is missing",
    ),
}


@pytest.mark.parametrize(("text", "told"), CASES.values(), ids=list(CASES))
def test_a_fault_is_told_in_words(tmp_path: Path, text: str, told: str) -> None:
    """Key, value and what may stand there are named."""
    (tmp_path / SETTINGS_FILE).write_text(text, "utf-8")
    with pytest.raises(ConfigError) as raised:
        read_settings(tmp_path)
    assert str(raised.value) == f"{tmp_path / SETTINGS_FILE}: {told}"


def test_a_value_of_an_unknown_key_is_not_repeated(tmp_path: Path) -> None:
    """A password that somebody wrote there is in no error."""
    (tmp_path / SETTINGS_FILE).write_text('[mail]\npassword = "hunter2"', "utf-8")
    with pytest.raises(ConfigError) as raised:
        read_settings(tmp_path)
    assert "hunter2" not in str(raised.value)


PACKS = {
    "a pack that is not there": (
        "[packs.nosuch]\nx = 1",
        "packs.nosuch: there is no such pack; there are: caldav, mail, search, web",
    ),
    "a slip of the pen": (
        "[packs.mial]\npatience = 3",
        "packs.mial: there is no such pack; did you mean mail?",
    ),
    "a pack without settings": (
        '[packs.calendar]\nurl = "x"',
        "packs.calendar: the pack calendar takes no settings; did you mean caldav?",
    ),
    "text for a number": (
        '[packs.mail]\npatience = "x"',
        'packs.mail.patience: "x" must be a number',
    ),
    "too much": (
        "[packs.mail]\npatience = 601",
        "packs.mail.patience: 601 must be at most 600",
    ),
    "a key that is not there": (
        "[packs.mail]\npatiance = 5",
        "packs.mail.patiance: there is no such key; did you mean patience?",
    ),
    "a key that is missing": (
        '[packs.caldav]\nurl = "https://dav.example"',
        "packs.caldav.user is missing",
    ),
    "a number for an address": (
        "[packs.web]\nsearxng = 8080",
        'packs.web.searxng: 8080 must be text in quotes, "like this"',
    ),
}


@pytest.mark.parametrize(("text", "told"), PACKS.values(), ids=list(PACKS))
def test_packs_are_checked_when_a_home_is_opened(
    tmp_path: Path, text: str, told: str
) -> None:
    """By what each installed pack says of its table, before anything runs."""
    (tmp_path / SETTINGS_FILE).write_text(text, "utf-8")
    with pytest.raises(ConfigError) as raised:
        open_home(Options(home=tmp_path))
    assert str(raised.value) == f"{tmp_path / SETTINGS_FILE}: {told}"


def test_a_password_in_an_address_is_not_repeated(tmp_path: Path) -> None:
    """What a pack refuses with a sentence of its own is not shown."""
    table = '[packs.caldav]\nuser = "x"\nurl = "https://me:hunter2@dav.example"'
    (tmp_path / SETTINGS_FILE).write_text(table, "utf-8")
    with pytest.raises(ConfigError, match="may not hold a name or password") as raised:
        open_home(Options(home=tmp_path))
    assert "hunter2" not in str(raised.value)


def test_tables_that_fit_are_taken(tmp_path: Path) -> None:
    """Settings as the docs show them open a home."""
    text = """
currency = "EUR"
email = "sam.rivera@example.com"
[packs.mail]
patience = 10
[packs.web]
searxng = "https://search.example"
[packs.search]
embedding = "models/e5"
[packs.caldav]
url = "https://dav.example"
user = "sam"
"""
    (tmp_path / SETTINGS_FILE).write_text(text, "utf-8")
    opened = open_home(Options(home=tmp_path))
    assert set(opened.context.packs) == {"mail", "web", "search", "caldav"}


class Table(BaseModel):
    """Stands for the settings of a third party's pack."""

    colour: Literal["red", "blue"]


@pytest.mark.parametrize(
    ("says", "told"),
    [
        pytest.param({"SETTINGS": Table}, "'red' or 'blue'", id="a model"),
        pytest.param({"SETTINGS": None}, "takes no settings", id="none"),
        pytest.param({}, "", id="nothing"),
    ],
)
def test_other_packs_may_say_what_they_take(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    says: dict[str, object],
    told: str,
) -> None:
    """One that says nothing of its table checks it itself."""
    module = ModuleType("paint_pack")
    vars(module).update(says)
    monkeypatch.setitem(sys.modules, "paint_pack", module)
    info = tmp_path / "paint-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: paint\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[agentkit.tools]\npaint = paint_pack\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    tables = {"paint": {"colour": "green"}}
    if told:
        with pytest.raises(ConfigError, match=told):
            check_packs(tables, tmp_path / SETTINGS_FILE)
    else:
        check_packs(tables, tmp_path / SETTINGS_FILE)
