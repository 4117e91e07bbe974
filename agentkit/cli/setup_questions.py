"""The questions of `agentkit setup`, with the answers that are likely."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import typer

from agentkit.cli.machine_data import Find, find_data
from agentkit.cli.mail_hosts import hosts_of
from agentkit.cli.phrasebook import is_yes, key_of, speak_as, told
from agentkit.cli.screen import Screen
from agentkit.errors import AgentkitError
from agentkit.language.assent import read_assent
from agentkit.settings import Settings, read_settings
from agentkit.stores.secrets import find_secret, keep_secret

_MAIL, _DAV = "AGENTKIT_MAIL_PASSWORD", "AGENTKIT_CALDAV_PASSWORD"


@dataclass(slots=True)
class Wishes:
    """What the user wants to be set up."""

    keys: dict[str, str]
    feeds: list[str]
    files: list[Path]
    found: bool | None


def ask_wishes(wishes: Wishes, home: Path, screen: Screen) -> None:
    """Ask for everything; Return takes the offered answer."""
    known = read_settings(home)
    screen.line(
        told("Press Return to keep what stands in brackets, or to skip."), "dim"
    )
    keys = wishes.keys
    keys["name"] = _asked("Your name", known.name)
    keys["email"] = _asked("Your mail address", known.email)
    keys["time_zone"] = _asked("Your time zone", known.time_zone or _machine_zone())
    keys["locale"] = _asked("Your language", machine_language(known))
    # The questions that follow are asked in the language just chosen.
    speak_as(keys["locale"])
    for find in find_data(Path.home()):
        if _agreed(f"{_said(find)} {told('Take it in?')}", default=True):
            wishes.files += find.paths
    _ask_servers(keys, known)
    feed = _asked("A calendar on the web (https:// or webcal://)", "")
    wishes.feeds += [feed] if feed else []
    file = _asked("A file or folder to import (mbox, Maildir, .ics, .vcf)", "")
    wishes.files += [Path(file)] if file else []


def _ask_servers(keys: dict[str, str], known: Settings) -> None:
    guess = hosts_of(keys["email"])
    fetch = told("Fetch your mail from its server?")
    if keys["email"] and _agreed(fetch, default=False):
        host = known.mail.imap_host or guess.imap
        keys["mail.imap_host"] = _asked("IMAP server", host)
        keys["mail.host"] = _asked("SMTP server", known.mail.host or guess.smtp)
        _keep_password(_MAIL, keys["email"], guess.hint)
    url = _asked("CalDAV server (https://...)", guess.caldav)
    if url:
        keys["packs.caldav.url"] = url
        keys["packs.caldav.user"] = _asked("Its account", keys["email"])
        _keep_password(_DAV, keys["packs.caldav.user"], guess.hint)


def _keep_password(variable: str, account: str, hint: str) -> None:
    """Ask for a password that is not known, and put it into the keyring."""
    if find_secret(variable, account):
        return
    if hint:
        typer.echo(told(hint))
    secret = typer.prompt(told("Password (not shown)"), hide_input=True, default="")
    if not secret:
        return
    try:
        keep_secret(account, str(secret))
    except AgentkitError as exc:
        # For the rest of this process; nothing writes it down.
        os.environ[variable] = str(secret)
        english = "Not kept: {why}. Set {variable} in your shell for the next time."
        typer.echo(told(english, why=exc, variable=variable))


def _asked(question: str, default: str) -> str:
    shown = bool(default)
    said: object = typer.prompt(told(question), default=default, show_default=shown)
    return str(said).strip()


def _agreed(question: str, *, default: bool) -> bool:
    """Ask a yes-or-no question in the user's language; Return takes the default."""
    keys = told("[y/N]")
    keys = keys.swapcase() if default else keys
    while True:
        said = str(typer.prompt(f"{question} {keys}", default="", show_default=False))
        if not said.strip():
            return default
        if is_yes(said):
            return True
        if key_of(said, "n") or read_assent(said) is False:
            return False


def machine_language(known: Settings) -> str:
    """Return the language of the home, or of the machine where it has none."""
    machine = os.environ.get("LANG", "").partition(".")[0].replace("_", "-")
    usable = machine if machine not in ("", "C", "POSIX") else "en"
    # "en" is also what a home says that was never set up.
    return known.locale if known.locale != "en" else usable


def _machine_zone() -> str:
    """Return the name of the machine's time zone; empty where it is not known."""
    if zone := os.environ.get("TZ", "").lstrip(":"):
        return zone
    try:
        place = Path("/etc/localtime").resolve()
    except OSError:
        return ""
    # /etc/localtime is a link to /usr/share/zoneinfo/Europe/Berlin, or like it.
    _, mark, name = str(place).partition("zoneinfo/")
    return name if mark else ""


def _said(find: Find) -> str:
    count = len(find.paths)
    several = told("{count} files and folders", count=count)
    what = str(find.paths[0]) if count == 1 else several
    english = "Found here, of {program}: {what}."
    return told(english, program=told(find.program), what=what)
