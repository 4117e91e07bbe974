"""Llama Guard 3 as a shield: asked with its own prompt, its verdict read back."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from functools import reduce
from pathlib import Path
from typing import Literal

from agentkit.backends.base import Backend, Request
from agentkit.errors import BackendError, ConfigError
from agentkit.messages import Conversation, Label, Message
from agentkit.prompting import join_parts
from agentkit.safety.guard_prompt import (
    Size,
    chosen_hazards,
    guard_parts,
    guard_task,
    size_of,
)
from agentkit.safety.shields import SAFE, Shield, Side, Verdict
from agentkit.tools import Toolset

__all__ = ["SAFE", "LlamaGuard", "OnFailure", "Shield", "Side", "Verdict"]


OnFailure = Literal["block", "allow"]

_UNSAFE = re.compile(
    r"unsafe(?:\s*\n\s*(S\d{1,2}(?:\s*,\s*S\d{1,2})*))?", re.IGNORECASE
)
_MOST_CHARS = 12_000


class LlamaGuard:
    """Asks a Llama Guard 3 whether a request or an answer is safe.

    Attributes:
        name: the guard's, for events.
        categories: the codes that count.
    """

    def __init__(
        self,
        backend: Backend,
        model: str = "llama-guard-3-1b",
        *,
        categories: Iterable[str] = (),
        on_failure: OnFailure = "block",
        seconds: float = 60.0,
        most_chars: int = _MOST_CHARS,
        templates: str | Path | None = None,
    ) -> None:
        """Take what runs the guard.

        Args:
            backend: the guard's own, on this device: it is asked with personal text.
                One whose traits say `completes` gets the whole prompt, token for token; any other
                what stands between the header tokens, as the user's turn.
            model: which Llama Guard 3: one with `1b` knows S1 to S13, one with `8b`
                S14 too.
            categories: those that count, such as `S1`; all that the model knows when
                empty.
            on_failure: what becomes of a text when the guard does not answer, not in
                time, or not in its format. The event tells that it was not judged.
            seconds: how long it is waited for.
            most_chars: older turns beyond this length are not shown to the guard; the
                last one always is.
            templates: folder whose `llama_guard3/task.jinja` replaces the packaged one.

        Raises:
            ConfigError: the backend is not on this device, the model or a category is
                not known, or a number is below 1.
        """
        if not backend.traits.on_device:
            raise ConfigError(
                f"a guard sees personal text: {backend.name} is not on this device"
            )
        if seconds <= 0 or most_chars < 1:
            raise ConfigError("seconds and most_chars of a guard must be above 0")
        if on_failure not in ("block", "allow"):
            raise ConfigError(f"on_failure is block or allow, not {on_failure!r}")
        self._size: Size = size_of(model)
        self._hazards = chosen_hazards(self._size, categories)
        self.categories = tuple(one.code for one in self._hazards)
        every = {one.code for one in chosen_hazards(self._size, ())}
        self._left_out = every.difference(self.categories)
        self.name = model
        self._backend = backend
        self._on_failure = on_failure
        self._seconds = seconds
        self._most_chars = most_chars
        self._templates = str(templates) if templates else None

    async def check(self, side: Side, conversation: Conversation) -> Verdict:
        """Judge the last turn of a conversation."""
        clock = asyncio.timeout(self._seconds)
        try:
            async with clock:
                said = await self._ask(side, conversation)
        except BackendError as exc:
            return self._failed(str(exc))
        except TimeoutError:
            if not clock.expired():
                raise
            return self._failed(f"it did not answer within {self._seconds:g} s")
        return self._read(said)

    def prompt(self, side: Side, conversation: Conversation) -> str:
        """Render the whole prompt, header tokens included."""
        return join_parts(guard_parts(self._size, self._task(side, conversation)))

    def _task(self, side: Side, conversation: Conversation) -> str:
        return guard_task(
            side,
            conversation,
            self._hazards,
            templates=self._templates,
            most_chars=self._most_chars,
        )

    async def _ask(self, side: Side, conversation: Conversation) -> str:
        task = self._task(side, conversation)
        label = reduce(Label.join, (m.label for m in conversation), Label("user"))
        completes = self._backend.traits.completes
        request = Request(
            conversation=(Message("user", task, label=label),),
            toolset=Toolset(),
            prompt=guard_parts(self._size, task) if completes else (),
        )
        return (await self._backend.reply(request)).text

    def _read(self, said: str) -> Verdict:
        text = said.strip()
        if text.lower() == "safe":
            return SAFE
        found = _UNSAFE.fullmatch(text)
        if not found:
            return self._failed(f"it answered {text[:40]!r}")
        named = re.findall(r"S\d+", (found[1] or "").upper())
        counting = tuple(one for one in self._hazards if one.code in named)
        if named and self._left_out.issuperset(named):
            return SAFE
        why = ", ".join(one.name for one in counting) or "no category was named"
        return Verdict(False, tuple(one.code for one in counting), why)

    def _failed(self, why: str) -> Verdict:
        reason = f"{self.name} could not judge it: {why}"
        return Verdict(self._on_failure == "allow", (), reason, judged=False)
