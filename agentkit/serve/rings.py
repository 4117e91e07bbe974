"""Rings for open pages of a home, as `agentkit watch` does in a terminal.

One program rings for a home. Pages of one user share what rings here; where another
program watches, it rings there, and the page is told so.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any, TypeAlias

from agentkit.bells.rounds import Due
from agentkit.bells.watcher import Watcher, home_watcher, watching
from agentkit.context import Context
from agentkit.errors import AgentkitError, StoreError

Told: TypeAlias = dict[str, Any]

# Seconds; what is due rings within two.
_PULSE = 1.0
# Of what was missed while nobody looked.
_MISSED = 20


class Bell:
    """Rings for one home, for all its pages."""

    def __init__(self, context: Context) -> None:
        """Store whose home it is."""
        self._context = context
        self._pages = set[asyncio.Queue[Told | None]]()
        self._task: asyncio.Task[None] | None = None

    async def listen(self) -> AsyncGenerator[Told, None]:
        """Yield what rings, as long as the page listens."""
        queue = asyncio.Queue[Told | None]()
        self._pages.add(queue)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._watch())
        try:
            while told := await queue.get():
                yield told
        finally:
            self._pages.discard(queue)
            if not self._pages:
                self._task.cancel()

    def end(self) -> None:
        """End the streams of all pages, as the server ends."""
        for page in self._pages:
            page.put_nowait(None)

    async def _watch(self) -> None:
        with ExitStack() as held:
            try:
                # No waiting: where `agentkit watch` runs, the page is told so at once.
                held.enter_context(watching(self._context.home, patience=0))
                # Converted where it is shown: this is asked for once a second.
                watcher = home_watcher(self._context.home, lambda: datetime.now(UTC))
            except StoreError as exc:
                self._tell({"type": "elsewhere", "text": str(exc)})
                return
            while True:
                self._ring(watcher)
                await asyncio.sleep(_PULSE)

    def _ring(self, watcher: Watcher) -> None:
        try:
            found = watcher.look()
            for due in found.missed[-_MISSED:]:
                self._tell(_due(due, missed=True))
            for due in found.now:
                self._tell(_due(due))
            # Behind the telling: what was not told yet rings again after a crash.
            watcher.keep()
        except AgentkitError as exc:
            self._tell({"type": "fault", "text": str(exc)})

    def _tell(self, told: Told) -> None:
        for page in self._pages:
            page.put_nowait(told)


def _due(due: Due, *, missed: bool = False) -> Told:
    return {
        "type": "ring",
        "kind": due.kind,
        "title": due.title,
        "at": due.moment.isoformat(),
        "missed": missed,
    }
