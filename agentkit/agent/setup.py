"""What all runs of an agent share: tools, backends, limits, and the network's state."""

from __future__ import annotations

import errno
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast

from agentkit.agent.answer_form import AnswerForm
from agentkit.agent.hooks import NO_HOOKS, Hooks
from agentkit.backends.auto import pick_ladder
from agentkit.backends.base import Backend, Traits
from agentkit.backends.warmup import WarmBackend, Warmed, warm_backend
from agentkit.context import Context, Limits
from agentkit.errors import BackendError, ConfigError
from agentkit.routing import RoutePolicy
from agentkit.safety.policy import Shield
from agentkit.tools import Toolset

if TYPE_CHECKING:
    from agentkit.tools.selection import Selector

# A refused connection or an unknown name says something of the server or the name.
_NO_NETWORK = frozenset({errno.ENETUNREACH, errno.ENETDOWN})


def is_offline(exc: BaseException) -> bool:
    """Tell whether a connection failed because there is no network.

    Either the system has no way to the network, or no name server answers. An unknown
    name counts as the name's fault, which on some systems is what being offline looks
    like: there nothing is noticed.

    Args:
        exc: what was raised, with its causes.
    """
    return any(_says_offline(one) for one in _causes(exc, set()))


def _says_offline(exc: BaseException) -> bool:
    if isinstance(exc, socket.gaierror):
        # EAI_AGAIN: no name server answered. EAI_NONAME would be the name's fault.
        return exc.errno == socket.EAI_AGAIN
    return isinstance(exc, OSError) and exc.errno in _NO_NETWORK


def _causes(exc: BaseException | None, seen: set[int]) -> Iterator[BaseException]:
    """Yield an error, its causes, and the members of exception groups."""
    # Causes can form a circle, where an error was raised again from one that it caused.
    if exc is None or id(exc) in seen:
        return
    seen.add(id(exc))
    yield exc
    for one in (*_parts(exc), exc.__cause__, exc.__context__):
        yield from _causes(one, seen)


def _parts(exc: BaseException) -> tuple[BaseException, ...]:
    if not isinstance(exc, BaseExceptionGroup):
        return ()
    return cast(BaseExceptionGroup[BaseException], exc).exceptions


# How long one connection that found no network speaks for the next, in seconds.
_HOLDS = 30.0


class Reach:
    """Remembers when a backend last found no network.

    Not covered: a network that is there and leads nowhere. A server that is silent
    or refuses says nothing about the device; each backend's own circuit breaker
    counts that.
    """

    def __init__(
        self,
        online: Callable[[], bool] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Store the application's own check, if it has one.

        Args:
            online: asked before each step; believed, whatever backends met.
            clock: seconds of a clock that does not go back.
        """
        self._online = online
        self._clock = clock
        self._failed: float | None = None

    @property
    def online(self) -> bool:
        """Whether backends that are not on the device can be reached, as far as known."""
        if self._online is not None:
            return self._online()
        # After a while it is tried again: nothing else would notice that the network is
        # back.
        return self._failed is None or self._clock() - self._failed >= _HOLDS

    def failed(self, exc: BackendError) -> None:
        """Note that a backend could not answer, if that was for want of a network."""
        if is_offline(exc):
            self._failed = self._clock()

    def answered(self, backend: Backend) -> None:
        """Note that a backend answered: one elsewhere proves the network."""
        if not backend.traits.on_device:
            self._failed = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """The tools, the backends and what bounds a run.

    Attributes:
        choose: chooses the tools of each run; None where all runs have the same.
        hooks: what the application has a say in.
        answer: the form of the answer; None for text.
    """

    toolset: Toolset
    backends: Mapping[str, Backend]
    reasons: Mapping[str, str]
    max_steps: int
    max_repeats: int
    limits: Limits = field(default_factory=Limits)
    shields: tuple[Shield, ...] = ()
    select: Selector | None = None
    router: RoutePolicy = field(default_factory=RoutePolicy)
    reach: Reach = field(default_factory=Reach)
    hooks: Hooks = NO_HOOKS
    choose: Callable[[Context], Toolset] | None = None
    answer: AnswerForm[Any] | None = None

    def of(self, context: Context) -> Setup:
        """Return what a run in this context has: its own tools, where they are chosen.

        Raises:
            ToolsetError: what was chosen is no set of tools.
        """
        if self.choose is None:
            return self
        return replace(self, toolset=self.choose(context), choose=None)


def resolve(
    backend: str | Backend | Sequence[Backend],
) -> tuple[dict[str, Backend], dict[str, str]]:
    """Return the ladder by name, and why each is on it.

    Raises:
        ConfigError: there is no such backend, or two have one name.
    """
    if isinstance(backend, str):
        picks = pick_ladder(backend)
        return (
            {picked.name: picked for picked, _ in picks},
            {picked.name: reason for picked, reason in picks},
        )
    ladder = _ladder(backend)
    if not ladder:
        raise ConfigError("backend is an empty list: give at least one backend")
    names = [item.name for item in ladder]
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise ConfigError(f"two backends are named {twice[0]!r}: give each its name")
    # The application named them itself: no reason to tell why they are there.
    return dict(zip(names, ladder, strict=True)), {}


def _ladder(backend: Backend | Sequence[Backend]) -> list[Backend]:
    """Return the backends as a list, after a look at their traits.

    Raises:
        ConfigError: one has no traits: nobody would know whether text leaves for it.
    """
    ladder = list(backend) if isinstance(backend, Sequence) else [backend]
    for one in ladder:
        if not isinstance(getattr(one, "traits", None), Traits):
            raise ConfigError(
                f"backend {one.name!r} does not say what it is: give it "
                "traits = Traits(on_device=True), or False where text leaves"
            )
    return ladder


async def warmed(
    setup: Setup, shown: Iterable[Toolset], instructions: str, context: Context | None
) -> tuple[Warmed, ...]:
    """Warm the backends that can, one after the other.

    Args:
        setup: the backends.
        shown: the toolsets that they will be shown.
        instructions: the application's system prompt.
        context: clock, home and user.

    Raises:
        BackendError: one cannot; the message says why and what to do.
    """
    able = [
        cast(WarmBackend, one) for one in setup.backends.values() if one.traits.warms
    ]
    ready = [
        await warm_backend(one, toolset, instructions, context)
        for one in able
        for toolset in shown
    ]
    return tuple(ready)
