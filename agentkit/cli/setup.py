"""`agentkit setup`: who the user is, and where their calendar, contacts and mail are.

Each answer may be given as an option, and nothing is asked where no terminal is. What
was given before is offered again; what cannot be reached is said in one sentence, and
the rest goes on.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, cast

import typer

from agentkit.cli.machine_data import find_data
from agentkit.cli.opened import OpenHome, open_home
from agentkit.cli.options import Options, home_folder, takes
from agentkit.cli.phrasebook import speak_as, told
from agentkit.cli.screen import Screen
from agentkit.cli.settings_file import set_keys
from agentkit.cli.setup_questions import Wishes, ask_wishes, machine_language
from agentkit.cli.typed_call import call_typed, told_of
from agentkit.context import Context
from agentkit.errors import AgentkitError, ConfigError
from agentkit.installation.distribution import registered
from agentkit.settings import read_settings
from agentkit.tools.packs import loaded

SIGN_INS_GROUP = "agentkit.sign_ins"
SignsIn = Callable[[Context, Callable[[str], None]], None]
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
    speak_as(language or machine_language(read_settings(home)))
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
        ask_wishes(wishes, home, screen)
    # Before anything is written: setup either begins or says what is wrong.
    _check(wishes)
    set_keys(home, wishes.keys)
    _Setup(open_home(given), screen).carry_out(wishes)


def _check(wishes: Wishes) -> None:
    for path in wishes.files:
        if not path.expanduser().exists():
            missing = told("there is no file or folder {path}", path=repr(str(path)))
            raise ConfigError(f"--import: {missing}")


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
