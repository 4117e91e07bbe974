"""`agentkit setup`: who the user is, and where their calendar, contacts and mail are.

Each answer may be given as an option, and nothing is asked where no terminal is. What
was given before is offered again; what cannot be reached is said in one sentence, and
the rest goes on.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, cast

import typer

from agentkit.cli.machine_data import Find, find_data
from agentkit.cli.mail_hosts import hosts_of
from agentkit.cli.opened import OpenHome, open_home
from agentkit.cli.options import Options, home_folder, takes
from agentkit.cli.phrasebook import is_yes, key_of, speak_as, told
from agentkit.cli.screen import Screen
from agentkit.cli.settings_file import set_keys
from agentkit.cli.typed_call import call_typed, told_of
from agentkit.context import Context
from agentkit.errors import AgentkitError, ConfigError
from agentkit.installation.distribution import registered
from agentkit.language.assent import read_assent
from agentkit.settings import Settings, read_settings
from agentkit.stores.secrets import find_secret, keep_secret
from agentkit.tools.packs import loaded

SIGN_INS_GROUP = "agentkit.sign_ins"
SignsIn = Callable[[Context, Callable[[str], None]], None]
_MAIL, _DAV = "AGENTKIT_MAIL_PASSWORD", "AGENTKIT_CALDAV_PASSWORD"
# Mails that are taken in at first; the rest comes with each `fetch my mail`.
_FIRST = 500

Name = Annotated[str, typer.Option(metavar="TEXT", help="Your name.")]
Email = Annotated[str, typer.Option(metavar="ADDRESS", help="Your mail address.")]
Zone = Annotated[
    str, typer.Option("--time-zone", metavar="NAME", help="Such as Europe/Berlin.")
]
Locale = Annotated[
    str, typer.Option("--language", metavar="CODE", help="Such as de or pt-BR.")
]
Imap = Annotated[
    str, typer.Option("--imap", metavar="HOST", help="Server that has your mail.")
]
Smtp = Annotated[
    str, typer.Option("--smtp", metavar="HOST", help="Server that sends your mail.")
]
Caldav = Annotated[
    str, typer.Option("--caldav", metavar="URL", help="Calendar and contacts server.")
]
User = Annotated[
    str,
    typer.Option("--caldav-user", metavar="NAME", help="Its account; your address."),
]
Feeds = Annotated[
    list[str] | None,
    typer.Option("--subscribe", metavar="URL", help="A calendar on the web."),
]
Files = Annotated[
    list[Path] | None,
    typer.Option("--import", metavar="PATH", help="A file or folder to take in."),
]
Found = Annotated[
    bool | None,
    typer.Option(
        "--found/--no-found", help="Take in what other programs have here, or do not."
    ),
]
SignIn = Annotated[
    str,
    typer.Option(
        "--oauth",
        metavar="NAME",
        help="Sign in to your mail in a browser: google or microsoft.",
    ),
]
ClientId = Annotated[
    str, typer.Option("--client-id", metavar="ID", help="Your own, for --oauth.")
]
ClientSecret = Annotated[
    str,
    typer.Option("--client-secret", metavar="TEXT", help="Google wants one, too."),
]


@dataclass(slots=True)
class Wishes:
    """What the user wants to be set up."""

    keys: dict[str, str]
    feeds: list[str]
    files: list[Path]
    found: bool | None


@takes("home", "now", "verbose")
def setup(
    name: Name = "",
    email: Email = "",
    zone: Zone = "",
    language: Locale = "",
    imap: Imap = "",
    smtp: Smtp = "",
    caldav: Caldav = "",
    caldav_user: User = "",
    oauth: SignIn = "",
    client_id: ClientId = "",
    client_secret: ClientSecret = "",
    feeds: Feeds = None,
    files: Files = None,
    found: Found = None,
    *,
    given: Options,
) -> None:
    """Bring in your calendar, contacts and mail.

    It asks who you are, finds what other programs have on this machine, and connects
    to your servers. With options it asks nothing. Passwords go into the system's
    keyring, or are read from AGENTKIT_MAIL_PASSWORD and AGENTKIT_CALDAV_PASSWORD.
    """
    home, screen = home_folder(given.home), Screen()
    speak_as(language or _language(read_settings(home)))
    wishes = Wishes(
        {
            "name": name,
            "email": email,
            "time_zone": zone,
            "locale": language,
            "mail.imap_host": imap,
            "mail.host": smtp,
            "packs.caldav.url": caldav,
            # Most accounts are the mail address; without a server there is none.
            "packs.caldav.user": caldav_user or (caldav and email),
            "packs.mail.sign_in": oauth,
            "packs.mail.client_id": client_id,
            "packs.mail.client_secret": client_secret,
        },
        feeds or [],
        files or [],
        found,
    )
    given_any = any(wishes.keys.values()) or feeds or files or found is not None
    if not given_any:
        if not sys.stdin.isatty():
            raise ConfigError(
                "setup has nobody to ask: give options, such as --email "
                "sam@example.com --import mail.mbox (agentkit setup --help)"
            )
        _ask(wishes, home, screen)
    # Before anything is written: setup either begins or says what is wrong.
    _check(wishes)
    set_keys(home, wishes.keys)
    _Setup(open_home(given), screen).carry_out(wishes)


def _check(wishes: Wishes) -> None:
    for path in wishes.files:
        if not path.expanduser().exists():
            missing = told("there is no file or folder {path}", path=repr(str(path)))
            raise ConfigError(f"--import: {missing}")


def _ask(wishes: Wishes, home: Path, screen: Screen) -> None:
    """Ask for everything; Return takes the offered answer."""
    known = read_settings(home)
    screen.line(
        told("Press Return to keep what stands in brackets, or to skip."), "dim"
    )
    keys = wishes.keys
    keys["name"] = _asked("Your name", known.name)
    keys["email"] = _asked("Your mail address", known.email)
    keys["time_zone"] = _asked("Your time zone", known.time_zone or _machine_zone())
    keys["locale"] = _asked("Your language", _language(known))
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


def _language(known: Settings) -> str:
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


class _Setup:
    """Carries out what the user wants, one step after the other."""

    def __init__(self, opened: OpenHome, screen: Screen) -> None:
        self._opened = opened
        self._screen = screen
        self._failed = False

    def carry_out(self, wishes: Wishes) -> None:
        """Do all of it, say what came of each, and what to do next."""
        if wishes.found:
            for find in find_data(Path.home()):
                wishes.files += find.paths
        for path in wishes.files:
            full = str(path.expanduser().absolute())
            doing = told("reading {name}", name=path.name)
            self._call(doing, "import_messages", path=full)
        for feed in wishes.feeds:
            doing = told("fetching {name}", name=feed)
            self._call(doing, "subscribe_calendar", url=feed)
        # Before mail is fetched, which needs it.
        if wishes.keys["packs.mail.sign_in"]:
            self._sign_in()
        if wishes.keys["mail.imap_host"]:
            self._call(told("fetching mail"), "fetch_mail", count=_FIRST)
        if wishes.keys["packs.caldav.url"]:
            self._call(told("exchanging"), "sync_calendar")
        self._leave()

    def _sign_in(self) -> None:
        """Let the user sign in at the provider, by an installed pack."""
        for point in registered(SIGN_INS_GROUP):
            try:
                sign_in = cast(SignsIn, loaded(point))
                sign_in(
                    self._opened.context, lambda said: self._screen.line(said, "bold")
                )
                self._screen.line(told("Signed in."))
            except AgentkitError as exc:
                self._failed = True
                self._screen.line(str(exc), "red")

    def _call(self, doing: str, tool: str, **arguments: object) -> None:
        self._screen.spin(doing)
        with self._screen.working():
            result = call_typed(self._opened, tool, **arguments)
        self._failed = self._failed or result.status != "done"
        self._screen.line(*told_of(self._opened, result))

    def _leave(self) -> None:
        home = self._opened.options.home
        where = f" --home {home}" if home else ""
        here = self._opened.context.home
        self._screen.line(told("Set up in {home}.", home=here), "bold")
        self._screen.line(told("Try:"))
        request = told("what's on my calendar this week?")
        for line in (
            f"agentkit brief{where}",
            f'agentkit run "{request}"{where}',
            f"agentkit chat{where}",
        ):
            self._screen.line(f"  {line}")
        if self._failed:
            again = "What failed above can be done again: nothing of it is lost."
            self._screen.line(told(again), "yellow")
            raise typer.Exit(4)
