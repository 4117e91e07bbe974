"""`agentkit brief`: what a day holds and what waits, without a model."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Annotated

import typer

from agentkit.cli.aloud import AnswerVoice, Speak, SpeakTo
from agentkit.cli.empty_home import tell_if_empty
from agentkit.cli.opened import open_home
from agentkit.cli.options import Options, home_folder, takes
from agentkit.cli.screen import Screen
from agentkit.cli.typed_call import call_typed, say_result, told_of
from agentkit.errors import ConfigError
from agentkit.settings import make_context, read_settings


class Morning:
    """Tells the day's brief once a day, from a given time on."""

    def __init__(
        self, given: Options, at: str, screen: Screen, clock: Callable[[], datetime]
    ) -> None:
        """Store the home and the time of day; a time that has passed counts tomorrow.

        Raises:
            ConfigError: it is no time of day.
        """
        try:
            # "7:30" and "7", as people write them, for ISO's "07:30" and "07".
            self._at = time.fromisoformat(at.zfill(5 if ":" in at else 2))
        except ValueError as exc:
            raise ConfigError(
                f"--brief {at!r} is no time of day, such as 7:30"
            ) from exc
        self._given = given
        self._screen = screen
        self._clock = clock
        now = self._now()
        # Somebody who starts at noon has had their morning.
        self._told = now.date() if now.time() >= self._at else None

    def tell_if_due(self) -> None:
        """Show the brief where it is due; what fails is not tried again that day."""
        now = self._now()
        if now.time() < self._at or self._told == now.date():
            return
        self._told = now.date()
        # Opened anew each day: settings and tools may have changed since yesterday.
        opened = open_home(self._given)
        said = told_of(opened, call_typed(opened, "brief"))
        with self._screen.aside():
            self._screen.line(*said)

    def _now(self) -> datetime:
        home, now = home_folder(self._given.home), self._clock()
        here = now.astimezone() if now.tzinfo is UTC else now
        return make_context(home, read_settings(home), here).now


Day = Annotated[str, typer.Argument(help="Another day, such as tomorrow.")]


@takes("home", "now", "json", "verbose")
def brief(
    day: Day = "", aloud: Speak = False, to: SpeakTo = None, *, given: Options
) -> None:
    """Tell what the day holds, and what waits for you.

    Events and which of them collide, tasks that are due, birthdays, invites, messages
    that wait for your answer, and what goes out. One line where there is nothing.
    """
    opened, screen = open_home(given), Screen(quiet=given.json)
    result, beside = call_typed(opened, "brief", day=day), Screen(stderr=True)
    say_result(opened, result, screen)
    AnswerVoice(opened.context, beside, aloud=aloud, to=to).read(
        told_of(opened, result)[0]
    )
    tell_if_empty(opened.context.home, Screen(quiet=given.json, stderr=True))
