"""Observers that hear every run of this process, such as traces and metrics.

An application's own listener belongs to one run: `Agent.stream`, `emit`. What is here is
of the process, and hears runs that others started.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from typing import Protocol, TypeAlias

from agentkit.outcomes import Emit, Event, Outcome


class RunObserver(Protocol):
    """Hears the events of one run. What it raises ends the run: it must not raise."""

    def begin(self) -> None:
        """Called when the run begins, in the task that carries it."""
        ...

    def hear(self, event: Event) -> None:
        """Called with each event."""
        ...

    def end(self, outcome: Outcome | None, error: BaseException | None) -> None:
        """Called when the run has ended, in the task that carried it.

        Args:
            outcome: None where it raised.
            error: what it raised; None otherwise.
        """
        ...


Observe: TypeAlias = Callable[[str], RunObserver]

_OBSERVERS: list[Observe] = []


def add_observer(observe: Observe) -> Callable[[], None]:
    """Register an observer for all runs that begin from now on.

    Args:
        observe: makes the observer of one run, given the run's id.

    Returns:
        A function that ends it.
    """
    _OBSERVERS.append(observe)

    def remove() -> None:
        # Ending it twice, as a test and its fixture may, is no error.
        if observe in _OBSERVERS:
            _OBSERVERS.remove(observe)

    return remove


class Observed:
    """The observers of one run."""

    def __init__(self, run_id: str) -> None:
        """Make an observer for this run from each registered function."""
        self._observers = [observe(run_id) for observe in _OBSERVERS]

    def hearing(self, emit: Emit) -> Emit:
        """Return an `emit` that calls the observers first, and then the given one."""
        if not self._observers:
            return emit

        def told(event: Event) -> None:
            for one in self._observers:
                one.hear(event)
            emit(event)

        return told

    @contextmanager
    def going_on(self) -> Generator[list[Outcome]]:
        """Call the observers at begin and end; put the outcome into the list."""
        ended: list[Outcome] = []
        with ExitStack() as stack:
            for one in self._observers:
                stack.enter_context(_told(one, ended))
            yield ended


@contextmanager
def _told(one: RunObserver, ended: list[Outcome]) -> Generator[None]:
    one.begin()
    try:
        yield
    except BaseException as exc:
        # Cancelled runs too, which is why BaseException: a span that is never ended is
        # never sent.
        one.end(None, exc)
        raise
    one.end(ended[0] if ended else None, None)
