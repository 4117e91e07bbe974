"""What an answer is made into while it is generated: pieces of text, and scores."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from agentkit.backends.checkpoint import Checkpoint, out_of_memory
from agentkit.backends.checkpoint_files import first_line
from agentkit.backends.choosing import Chosen
from agentkit.errors import BackendUnavailable, ToolsetError

_UNFINISHED = "\N{REPLACEMENT CHARACTER}"


@dataclass(slots=True)
class Pieces:
    """Tokens to text: a character is told when all of its bytes are there.

    Attributes:
        checkpoint: whose tokens they are.
        on_piece: called with each piece of text.
        text: all that was told.
        ends: where in the text each token ends.
        chosen: the tokens.
    """

    checkpoint: Checkpoint
    on_piece: Callable[[str], None]
    text: str = ""
    ends: list[int] = field(default_factory=list[int])
    chosen: list[Chosen] = field(default_factory=list[Chosen])
    _ids: list[int] = field(default_factory=list[int])
    _shown: int = 0

    def add(self, chosen: Chosen) -> None:
        """Take the next token."""
        if chosen.token not in self.checkpoint.hidden:
            self._ids.append(chosen.token)
            self._show(self._decoded())
        self.chosen.append(chosen)
        self.ends.append(len(self.text))

    def end(self) -> None:
        """Show what is left when no token follows."""
        self._piece(self._decoded()[self._shown :])
        self._ids, self._shown = [], 0

    def _decoded(self) -> str:
        text: str = self.checkpoint.tokenizer.decode(
            self._ids, skip_special_tokens=False, clean_up_tokenization_spaces=False
        )
        return text

    def _show(self, text: str) -> None:
        """Show what is new, unless a character is only half there.

        The ids behind the last line's end are decoded anew at each step: bytes of
        one character may stand in several tokens.
        """
        if text.endswith(_UNFINISHED):
            return
        self._piece(text[self._shown :])
        self._shown = len(text)
        if text.endswith("\n") or len(self._ids) >= 32:
            self._ids, self._shown = [], 0

    def _piece(self, piece: str) -> None:
        if piece:
            self.text += piece
            self.on_piece(piece)


def name_logprobs(pieces: Pieces, names: Sequence[str]) -> tuple[float, ...]:
    """Return how sure the model was of each call's tool name.

    Args:
        pieces: an answer.
        names: of the tools that it calls, in order.

    Returns:
        For each name the logarithm of its probability, the bracket behind it
        included; nothing when a name does not stand in the answer as it is.
    """
    found: list[float] = []
    start = 0
    for name in names:
        start = pieces.text.find(name + "(", start)
        if start < 0:
            return ()
        end = start + len(name) + 1
        found.append(sum(_between(pieces, start, end)))
        start = end
    return tuple(found)


def _between(pieces: Pieces, start: int, end: int) -> Generator[float]:
    begins = [0, *pieces.ends]
    for first, last, chosen in zip(begins, pieces.ends, pieces.chosen, strict=False):
        if first < end and last > start:
            yield chosen.logprob


@contextmanager
def told_generating() -> Generator[None]:
    """Turn what generating raises into one sentence."""
    try:
        yield
    except ToolsetError as exc:
        raise BackendUnavailable(str(exc)) from exc
    except (RuntimeError, MemoryError) as exc:
        if not out_of_memory(exc):
            raise BackendUnavailable(f"the model failed: {first_line(exc)}") from exc
        torch: Any = import_module("torch")
        torch.cuda.empty_cache()
        raise BackendUnavailable(
            "out of memory while generating: shorten the conversation, lower "
            "max_new_tokens, or take a smaller model"
        ) from exc
