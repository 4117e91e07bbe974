"""Shows and sounds what rings, for `watch` and within a chat."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from contextvars import copy_context
from datetime import UTC, datetime, time
from pathlib import Path
from threading import Event, Thread

from agentkit.bells.announcers import Announcers
from agentkit.bells.chores import Chores, ChoresDone
from agentkit.bells.rounds import Due, Round, is_new
from agentkit.bells.watcher import Watcher, home_watcher, is_watched, watching
from agentkit.cli.opened import OpenHome
from agentkit.cli.options import parse_now
from agentkit.cli.phrasebook import day_in_words, told
from agentkit.cli.screen import Screen, short_line
from agentkit.errors import AgentkitError, StoreError
from agentkit.outcomes import Outcome
from agentkit.settings import make_context, read_settings

# Seconds; what is due rings within two.
_PULSE = 1.0
# What was put off goes out within a minute of its time.
_CHORES = 30.0
# Of what was missed: so many are shown, and so many are passed on.
_LISTED, _MISSED = 50, 5
# Characters of a title; one line of a terminal.
_TITLE = 120


def watcher_of(home: Path, now: str = "") -> Watcher:
    """Make the watcher of a home.

    Args:
        home: the folder.
        now: when its clock begins; the machine's clock when empty.

    Raises:
        StoreError: what has rung there cannot be read.
        ConfigError: the settings or the time cannot be read.
    """
    return home_watcher(home, clock_of(home, now))


@contextmanager
def ringing(home: Path, now: str, screen: Screen) -> Generator[None]:
    """Ring while the block runs, unless another process watches the home.

    Args:
        home: the folder.
        now: when its clock begins; the machine's clock when empty.
        screen: where it is shown, between the rest.
    """
    stop = Event()
    with ExitStack() as stack:
        try:
            # One program rings for a home: a second one would ring everything twice.
            stack.enter_context(watching(home, patience=0))
            chores = Chores(home, clock_of(home, now))
            ringer = Ringer(screen, watcher_of(home, now), chores=chores)
        except StoreError:  # where it cannot be watched, a chat goes on
            yield
            return
        # In a thread of its own, and in the language of this one.
        run = copy_context().run
        thread = Thread(target=run, args=(ringer.go_on, stop), daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            # It writes to the screen: the chat's last line must be the last.
            thread.join()


def tell_unwatched(
    opened: OpenHome, outcome: Outcome, began: datetime, screen: Screen
) -> None:
    """Warn, after a run that set something, if no process watches the home.

    Args:
        opened: the home.
        outcome: what came of the run.
        began: when it began, on its own clock.
        screen: where it is said.
    """
    done = (result.call.name for result in outcome.calls if result.status == "done")
    wrote = any(
        name in opened.toolset and opened.toolset[name].effect == "write"
        for name in done
    )
    # In this order: looking through calendars is what costs.
    if not wrote or is_watched(opened.context.home):
        return
    if is_new(opened.context, began):
        screen.line(told("Nothing rings until `agentkit watch` runs."), "yellow")


def clock_of(home: Path, now: str) -> Callable[[], datetime]:
    """Return the machine's clock, or one that begins at a given time."""
    if now:
        return make_context(home, read_settings(home), parse_now(now)).clock
    # Converted where it is shown: this is asked for once a second.
    return lambda: datetime.now(UTC)


class Ringer:
    """Shows what rings, line by line."""

    def __init__(
        self,
        screen: Screen,
        watcher: Watcher,
        others: Announcers | None = None,
        *,
        bell: bool = True,
        chores: Chores | None = None,
        morning: Callable[[], None] | None = None,
    ) -> None:
        """Store the watcher, the screen, the announcers and the chores.

        Args:
            screen: where it is shown.
            watcher: looks at the clock and the home.
            others: whom to pass on what rings.
            bell: whether the terminal's bell rings.
            chores: what is done meanwhile.
            morning: tells the day, when it is time for that.
        """
        self._screen = screen
        self._others = others
        self._watcher = watcher
        self._bell = bell
        self._chores = chores
        self._morning = morning
        self._told: tuple[str, ...] = ()

    def go_on(self, stop: Event | None = None) -> None:
        """Look once a second until stopped; chores run in another thread."""
        stop = stop or Event()
        self.ring()
        # A thread of its own: a mail server may take a minute, and an alarm must not
        # wait.
        Thread(target=self._go_on_with_chores, args=(stop,), daemon=True).start()
        while not stop.wait(_PULSE):
            self.ring()

    def _go_on_with_chores(self, stop: Event) -> None:
        self.do_chores()
        while not stop.wait(_CHORES):
            self.do_chores()

    def do_chores(self) -> None:
        """Call the chores once, and show what they did."""
        done = self._chores.do() if self._chores else ChoresDone()
        faults = list(done.faults)
        try:
            if self._morning:
                self._morning()
        except AgentkitError as exc:
            faults.append(str(exc))
        # What keeps things from ringing keeps chores from being done, and is said once.
        faults = [one for one in faults if one not in self._told]
        if done.lines or faults:
            with self._screen.aside():
                for line in done.lines:
                    self._screen.line(line)
                for fault in faults:
                    self._screen.line(fault, "red")

    def ring(self) -> None:
        """Look once and ring; an error is shown once, and does not end it."""
        faults: tuple[str, ...] = ()
        try:
            self._tell(self._watcher.look())
            faults = self._watcher.faults
            # Behind the telling: what was not shown yet rings again after a crash.
            self._watcher.keep()
        except AgentkitError as exc:
            faults = (*faults, str(exc))
        for fault in faults:
            if fault not in self._told:
                self._screen.line(fault, "red")
        self._told = faults

    def _tell(self, found: Round) -> None:
        if not found.missed + found.now:
            return
        with self._screen.aside():
            self._show(found)
        if self._bell:
            self._screen.bell()
        for due in (*found.missed[-_MISSED:], *found.now):
            if self._others:
                self._others.tell(due)

    def _show(self, found: Round) -> None:
        more = len(found.missed) - _LISTED
        if more > 0:
            before = told("{count} more before these", count=f"{more:,}")
            self._screen.line(f"{told('missed')}  {before}", "yellow")
        for due in found.missed[-_LISTED:]:
            _line(due, self._screen, missed=True)
        for due in found.now:
            _line(due, self._screen)


def _line(due: Due, screen: Screen, *, missed: bool = False) -> None:
    at = due.rings.astimezone(due.moment.tzinfo)
    when = f"{at:%Y-%m-%d %H:%M}" if missed else f"{at:%H:%M}"
    screen.parts(
        (f"{told('missed')}  " if missed else "", "yellow"),
        (f"{when}  ", "bold"),
        (f"{told(due.kind):<8}  ", "cyan"),
        (short_line(due.title, _TITLE), ""),
        (_begins(due, at) if due.lead else "", "dim"),
    )


def _begins(due: Due, at: datetime) -> str:
    """Return when something takes place that rings at another time."""
    if due.moment.date() == at.date():
        return f"  {told('(at {time})', time=f'{due.moment:%H:%M}')}"
    # Midnight of a further day is that day as a whole.
    is_whole = due.moment.time() == time()
    day, clock = day_in_words(due.moment.date()), f"{due.moment:%H:%M}"
    if is_whole:
        return f"  {told('(on {day})', day=day)}"
    return f"  {told('(on {day} at {time})', day=day, time=clock)}"
