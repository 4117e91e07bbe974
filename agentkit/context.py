"""What a run works with: home folder, clock, user, limits, and the current effect."""

from __future__ import annotations

import time
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar, cast

from agentkit.errors import ConfigError, ToolError

if TYPE_CHECKING:
    from typing_extensions import TypeVar as _TypeVar

    # A bare `Context` is one whose dependencies nobody looks at.
    Deps = _TypeVar("Deps", covariant=True, default=Any)
else:
    # Before Python 3.13 a default takes a package that this room does without.
    Deps = TypeVar("Deps", covariant=True)


def _local_now() -> datetime:
    return datetime.now().astimezone()


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where the user's mail is sent and fetched; an empty host means not at all.

    The password is no setting: it is read from the environment variable
    AGENTKIT_MAIL_PASSWORD, or from the system's keyring.

    Attributes:
        host: SMTP server that takes the user's mail.
        port: 465 speaks TLS from the start, any other port after STARTTLS.
        user: account name; the user's address when empty.
        imap_host: IMAP server that has the user's mail.
        imap_port: a port that speaks TLS from the start.
    """

    host: str = ""
    port: int = 465
    user: str = ""
    imap_host: str = ""
    imap_port: int = 993


# No slots: a frozen class that has them cannot be made as `Context[Deps]()`.
@dataclass(frozen=True, kw_only=True)
class Context(Generic[Deps]):
    """Handed to tools that have a parameter of this type, and to slot types.

    A tool that takes a `Context[Shop]` tells type checkers of what type `deps` is.

    Attributes:
        home: folder of the user's stores; tools keep their files below it.
        now: the clock the run sees, with its time zone.
        locale: language tag of the user's words.
        currency: ISO 4217 code of the user's money; told by the locale when empty.
        user_name: the user's name, for organizers and greetings.
        user_email: the user's address; empty when not set.
        mail: the user's mail servers; off until they are set.
        offline: nothing may leave the device, whatever is approved.
        packs: settings of tool packs, by pack; each pack checks its own.
        live: `now` goes on: each run sees the time at which it begins.
        contacts: gives the `Contact` values of the address book; those of installed
            packs when None.
        deps: what the application hands to its own tools, such as a database; never
            shown to a model, nor kept.
    """

    home: Path = field(default_factory=lambda: Path.home() / ".agentkit")
    now: datetime = field(default_factory=_local_now)
    locale: str = "en"
    currency: str = ""
    user_name: str = ""
    user_email: str = ""
    mail: MailServer = field(default_factory=MailServer)
    offline: bool = False
    packs: Mapping[str, Mapping[str, Any]] = field(
        default_factory=dict[str, Mapping[str, Any]]
    )
    contacts: Callable[[Context], Iterable[object]] | None = None
    live: bool = False
    # Not compared: two contexts are the same run's, whatever objects the application
    # holds.
    deps: Deps = field(default=cast(Any, None), repr=False, compare=False)
    # `monotonic` is blind to corrections of the system's clock, by which `now` would
    # jump.
    _made: float = field(
        default_factory=time.monotonic, init=False, repr=False, compare=False
    )

    def clock(self) -> datetime:
        """Tell the time: `now`, and what has passed since the context was made."""
        passed = timedelta(seconds=max(0.0, time.monotonic() - self._made))
        return self.after(passed)

    def after(self, length: timedelta) -> datetime:
        """Tell what the clock shows once a length has passed, over a change of clocks too.

        Args:
            length: real time; hours on the wall are not all as long.
        """
        # Through UTC: sums in a zone count hours on the wall, so a run over the change
        # of clocks would be an hour off.
        return (self.now.astimezone(UTC) + length).astimezone(self.tz)

    def current(self) -> Context[Deps]:
        """Return the context of what begins now: as it is, unless it is live."""
        if not self.live:
            return self
        # The machine's own zone may be another one by now; a named one stays.
        named = getattr(self.tz, "key", "")
        return replace(self, now=datetime.now(self.tz) if named else _local_now())

    @property
    def tz(self) -> tzinfo:
        """Time zone of the clock."""
        zone = self.now.tzinfo
        if zone is None:
            raise ValueError("Context.now needs a time zone")
        return zone


# Any fixed UUID serves as a name space (RFC 9562, version 5); another one would give a
# second try other ids than the first.
_SPACE = uuid.UUID("6f1c6c1e-8d0b-5b5e-9a55-3f6f0c1d7a42")


TakeBack: TypeAlias = Callable[[int], Awaitable[tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class _Intent:
    key: str
    take_back: TakeBack | None = None
    do_again: TakeBack | None = None
    given: Counter[str] = field(default_factory=Counter[str])


# Variables of the context, no globals: threads and tasks of several runs each see their
# own effect.
_current: ContextVar[_Intent | None] = ContextVar("agentkit_intent", default=None)


@contextmanager
def carrying_out(
    key: str, take_back: TakeBack | None = None, do_again: TakeBack | None = None
) -> Generator[None]:
    """Carry out one intent: `fresh_id` gives ids made from its key.

    Args:
        key: names the intent; the same each time it is tried.
        take_back: takes the effects before this one back; None where nobody can.
        do_again: does again what was taken back; None where nobody can.
    """
    token = _current.set(_Intent(key, take_back, do_again))
    try:
        yield
    finally:
        _current.reset(token)


_given: ContextVar[str] = ContextVar("agentkit_given", default="")


@contextmanager
def leave_given(by: str) -> Generator[None]:
    """Carry out a call that sends, and record who allowed it.

    Args:
        by: who did, in words; empty where no call that sends is carried out.
    """
    token = _given.set(by)
    try:
        yield
    finally:
        _given.reset(token)


def given_leave() -> str:
    """Return who allowed the current call to send; empty outside of such a call."""
    return _given.get()


def fresh_id(purpose: str = "id") -> str:
    """Make an id for something that a tool is about to write or send.

    Within one side effect the first, second ... id of a purpose is the same each time
    the effect is tried, so that a tool's `settle` can look for it in its store. Outside
    of a run it is a random one.

    Args:
        purpose: what it is for; ids of several purposes never mix.

    Returns:
        A UUID, written with hyphens.
    """
    intent = _current.get()
    if intent is None:
        return str(uuid.uuid4())
    # Counted by purpose: a tool that makes one id more for its log does not shift those
    # of its store.
    intent.given[purpose] += 1
    return str(uuid.uuid5(_SPACE, f"{intent.key} {purpose} {intent.given[purpose]}"))


async def take_back(count: int = 1) -> tuple[str, ...]:
    """Take back what the agent that carries out this call did before it.

    Args:
        count: how many side effects, the newest first.

    Returns:
        What was taken back, in words, one for each effect.

    Raises:
        ToolError: nothing can be taken back here, or one of them stays; it says why.
    """
    intent = _current.get()
    if intent is None or intent.take_back is None:
        raise ToolError("no journal is kept here, so nothing can be taken back")
    return await intent.take_back(count)


async def do_again(count: int = 1) -> tuple[str, ...]:
    """Do again what was taken back last, by the agent that carries out this call.

    Args:
        count: how many side effects, what was taken back last first.

    Returns:
        What was done again, in words, one for each effect.

    Raises:
        ToolError: nothing can be done again here, or one of them stays; it says why.
    """
    intent = _current.get()
    if intent is None or intent.do_again is None:
        raise ToolError("no journal is kept here, so nothing can be done again")
    return await intent.do_again(count)


def in_effect() -> bool:
    """Whether a side effect of a run is being carried out or looked up."""
    return _current.get() is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a run and its tools may use; None where there is no limit.

    Attributes:
        seconds: wall time of a run, without the time in which the user was asked. At
            its end a backend's reply is cancelled, a call is cancelled or left as with
            `tool_seconds`, and the run stops with `time_limit`.
        tool_seconds: wall time of one call; `@tool(timeout=...)` says otherwise for a
            tool. A coroutine is cancelled. A thread cannot be: it is left, and may
            still finish what it does.
        tokens: tokens read and written in a run, as far as backends count them.
        calls: calls of a run; one that failed or could not be read is one, a skipped
            one is none.
        calls_per_tool: calls of one tool in a run.
        sends_per_hour: calls that send something, counted over all runs of a home.
        result_chars: characters of one result that the model is shown; the whole of it
            stays in the outcome.
    """

    seconds: float | None = None
    # Defaults bound a run that goes wrong while nobody looks; a batch job sets its own.
    # 40,000 characters are about 10,000 tokens, a part of most models' windows.
    tool_seconds: float | None = 120.0
    tokens: int | None = None
    calls: int | None = 200
    calls_per_tool: int | None = None
    sends_per_hour: int | None = 5
    result_chars: int | None = 40_000

    def __post_init__(self) -> None:
        """Refuse a limit that stops everything.

        Raises:
            ConfigError: a limit is not above zero.
        """
        for one in fields(self):
            value = getattr(self, one.name)
            if value is not None and value <= 0:
                raise ConfigError(f"the limit {one.name} must be above 0, not {value}")
