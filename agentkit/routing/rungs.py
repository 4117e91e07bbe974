"""Backends as rungs of the ladder, and a home's list of what they cost."""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from agentkit.backends.base import Backend, Reply
from agentkit.errors import StoreError
from agentkit.messages import Conversation
from agentkit.routing.facts import Doubt, Egress, Rung
from agentkit.stores.shared_files import make_folder
from agentkit.tools import Toolset

# A rung that stands alone is neither measured nor doubted: what does so is loaded late.
if TYPE_CHECKING:
    from agentkit.models import Rates

# What an answer needs of the window, and what a call costs at least, in tokens.
_ANSWER = 256


def rung_of(
    name: str,
    backend: Backend,
    *,
    reason: str = "",
    leave: Egress | None = None,
    tokens: int = 0,
    timed: bool = False,
) -> Rung:
    """Make a rung of what a backend declares.

    Args:
        name: as it is on the ladder.
        backend: what answers.
        reason: why it is on the ladder.
        leave: what the policy says of sending it this conversation.
        tokens: of the request; 0 when nobody asked for them.
        timed: look up how fast this device is with the backend's model.
    """
    traits = backend.traits
    rates = rates_of(traits.model) if timed else None
    return Rung(
        name,
        traits.on_device,
        reason,
        leave,
        window=traits.window,
        tokens=tokens + _ANSWER if tokens else 0,
        # Reading the prompt is what one waits for before the first word.
        seconds=tokens / rates.reads if rates and tokens else None,
        cost=traits.price.cost(tokens, _ANSWER) if traits.price else None,
        calls_tools=traits.calls_tools,
        sees_images=traits.sees_images,
        reads_files=traits.reads_files,
        down=traits.down,
    )


def count_tokens(conversation: Conversation, toolset: Toolset) -> int:
    """Estimate a request's tokens: what was said, results, and the tools' schemas."""
    from agentkit.prompting.estimate import estimate_tokens

    said = sum(
        estimate_tokens(
            f"{message.text}{message.calls or ''}"
            f"{message.result.value if message.result else ''}"
        )
        for message in conversation
    )
    return said + sum(_tool_tokens(toolset))


class RequestTokens:
    """Estimates what a request takes, for each backend that it may be put to."""

    def __init__(
        self, conversation: Conversation, toolset: Toolset, shown: int = 0
    ) -> None:
        """Take a request; nothing is counted yet.

        Args:
            conversation: what was said.
            toolset: what may be called.
            shown: how many tools a backend is shown at most; all when 0.
        """
        self._conversation, self._toolset, self._shown = conversation, toolset, shown

    def for_backend(self, backend: Backend) -> int:
        """Return the tokens; of tools none where a backend reads them all for nothing."""
        if backend.traits.reads_all_tools:
            return self._said
        return self._said + self._tools

    @cached_property
    def _said(self) -> int:
        return count_tokens(self._conversation, Toolset())

    @cached_property
    def _tools(self) -> int:
        counts = sorted(_tool_tokens(self._toolset), reverse=True)
        return sum(counts[: self._shown or None])


def _tool_tokens(toolset: Toolset) -> list[int]:
    from agentkit.prompting.estimate import estimate_tokens

    return [
        estimate_tokens(f"{tool.name} {tool.description} {tool.parameters}")
        for tool in toolset
    ]


def likely_tools(conversation: Conversation, toolset: Toolset) -> tuple[str, ...]:
    """Return the tool that the last request most likely needs; empty without tools."""
    if not len(toolset):
        return ()
    from agentkit.tools.selection import select_tools

    return select_tools(conversation, toolset, 1).toolset.names[:1]


def doubt_of(conversation: Conversation, toolset: Toolset, reply: Reply) -> Doubt:
    """Say how sure a local reply is; see `agentkit.routing.confidence`."""
    from agentkit.routing.confidence import gather, predict_wrong

    found = predict_wrong(gather(conversation, toolset, reply))
    return Doubt(found.p_wrong, found.reasons)


# A file that is read at each step else.
@cache
def rates_of(model: str) -> Rates | None:
    """Return what `agentkit models bench` measured for a model file on this device."""
    from agentkit.models import device_rates

    return device_rates(Path(model)) if model else None


SPENDING_FILE = "spending.jsonl"


def note_cost(
    home: Path,
    *,
    backend: str,
    cost: float,
    tokens_in: int = 0,
    tokens_out: int = 0,
    now: datetime | None = None,
) -> None:
    """Add what one reply cost to the home's list.

    Args:
        home: folder of the user's stores; made when it is not there.
        backend: who was paid.
        cost: in the currency of the price table.
        tokens_in: prompt tokens.
        tokens_out: generated tokens.
        now: when; the real time when None.

    Raises:
        StoreError: it cannot be written.
    """
    line = {
        "time": (now or datetime.now(UTC)).astimezone(UTC).isoformat("T", "seconds"),
        "backend": backend,
        "cost": cost,
        "tokens_in": tokens_in,
        "tokens_out": tokens_out,
    }
    try:
        make_folder(home)
        # Appended in one write, so that processes of one home do not cut into each
        # other's lines; only the user may read it.
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND
        descriptor = os.open(home / SPENDING_FILE, flags, 0o600)
        with os.fdopen(descriptor, "ab+") as file:
            file.write(f"{_seam(file)}{json.dumps(line)}\n".encode())
    except OSError as exc:
        raise StoreError(f"{home / SPENDING_FILE}: {exc.strerror}") from exc


def _seam(file: BinaryIO) -> str:
    """Return a line break where a crash cut the last line off: it swallows no other."""
    if not file.seek(0, os.SEEK_END):
        return ""
    file.seek(-1, os.SEEK_END)
    return "" if file.read(1) == b"\n" else "\n"


def spent_on(home: Path, day: date | None = None) -> float:
    """Return what was spent on a day (UTC); today when None.

    A line that cannot be read, such as one that a crash cut off, counts for nothing.

    Raises:
        StoreError: the file is there and cannot be read.
    """
    wanted = (day or datetime.now(UTC).date()).isoformat()
    try:
        lines = (home / SPENDING_FILE).read_text("utf-8", "replace").splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return 0.0
    except OSError as exc:
        raise StoreError(f"{home / SPENDING_FILE}: {exc.strerror}") from exc
    # Lines of other days are not parsed: the list grows for as long as the home is
    # used.
    return sum(_cost(line, wanted) for line in lines if wanted in line)


def _cost(line: str, day: str) -> float:
    try:
        found: object = json.loads(line)
    except ValueError:
        return 0.0
    facts = cast(dict[str, Any], found) if isinstance(found, dict) else {}
    # Names of models hold dates, too: "gpt-4o-2024-08-06".
    if not str(facts.get("time", "")).startswith(day):
        return 0.0
    cost = facts.get("cost")
    # A negative cost would raise the day's limit.
    return float(cost) if isinstance(cost, int | float) and cost > 0 else 0.0
