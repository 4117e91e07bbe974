"""A loaded checkpoint at work: it reads prompts, keeps them, and answers.

One answer at a time. What was read stays for the next prompt, up to the first token
that differs.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from threading import Event
from typing import Any

from agentkit.backends.checkpoint import Checkpoint, out_of_memory
from agentkit.backends.decode import Chooser, ChosenToken, Decoder, Tally
from agentkit.backends.kv_cache import KeyValueSnapshots, ModelReader
from agentkit.backends.prompt_cache import common_prefix, reusable
from agentkit.backends.speculation import (
    Drafter,
    ForcedDrafter,
    ModelDrafter,
    QuotingDrafter,
)
from agentkit.backends.weights import first_line
from agentkit.errors import BackendUnavailable, ToolsetError
from agentkit.grammar import Guide
from agentkit.prompting import TransformersTokenizer

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
    chosen: list[ChosenToken] = field(default_factory=list[ChosenToken])
    _ids: list[int] = field(default_factory=list[int])
    _shown: int = 0

    def add(self, chosen: ChosenToken) -> None:
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


DAMAGED = "a damaged snapshot of the tool prompt was removed"
_NEVER = Event()


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the next token is chosen.

    Attributes:
        max_new_tokens: longest answer.
        temperature: 0 takes the likeliest token, always.
        top_p: only the likeliest tokens that together have this probability.
        seed: of the random numbers; another one each time when None.
        drafts: append what is certain and read guesses along; the answer is the same.
    """

    max_new_tokens: int
    temperature: float = 0.0
    top_p: float = 1.0
    seed: int | None = None
    drafts: bool = True


@dataclass(frozen=True, slots=True)
class CheckpointCodec:
    """A checkpoint's tokenizer as drafts need it."""

    checkpoint: Checkpoint

    def encode(self, text: str) -> list[int]:
        """Encode text as text."""
        return TransformersTokenizer(self.checkpoint.tokenizer).encode(text)

    def decode(self, ids: Sequence[int]) -> str:
        """Decode tokens, control tokens by their name."""
        text: str = self.checkpoint.tokenizer.decode(
            list(ids), skip_special_tokens=False, clean_up_tokenization_spaces=False
        )
        return text


class Engine:
    """Answers prompts with one checkpoint.

    Attributes:
        checkpoint: the model.
        reader: what it has read.
    """

    def __init__(
        self,
        checkpoint: Checkpoint,
        snapshots: KeyValueSnapshots | None = None,
        smaller: Checkpoint | None = None,
    ) -> None:
        """Take a loaded checkpoint.

        Args:
            checkpoint: the model that answers.
            snapshots: where prompts that it has read are kept on disk.
            smaller: a model with the same tokenizer that guesses what it writes.
        """
        self.checkpoint = checkpoint
        self.reader = ModelReader(checkpoint.model, self._stopped)
        self._snapshots = snapshots
        self._smaller = ModelReader(smaller.model, self._stopped) if smaller else None
        self._forced = ForcedDrafter()
        self._codec = CheckpointCodec(checkpoint)
        self._stop = _NEVER

    def recall(self, prompt: Sequence[int], prefix: Sequence[int]) -> str:
        """Fetch a prompt's stable part from disk, if that saves reading.

        Returns:
            A note for the user; empty when there is nothing to say.
        """
        if self._snapshots is None or reusable(self.reader.ids, prompt) >= len(prefix):
            return ""
        found = self._snapshots.load(self.reader, prefix)
        return DAMAGED if found == "damaged" else ""

    def read(self, prefix: Sequence[int], stop: Event) -> tuple[int, str]:
        """Read a prompt's stable part, and keep on disk what is not there yet.

        Returns:
            How many tokens were read anew, and a note for the user.

        Raises:
            ReadingStopped: it was cancelled.
            BackendUnavailable: out of memory, or the model fails.
        """
        if common_prefix(self.reader.ids, prefix) == len(prefix):
            return 0, self._save(prefix)
        self._stop = stop
        with told_generating():
            unread = prefix[self.reader.begin(prefix) :]
            self.reader.read(unread, 1)
        return len(unread), self._save(prefix)

    def _save(self, prefix: Sequence[int]) -> str:
        if self._snapshots is None or self._snapshots.holds(prefix):
            return ""
        try:
            kept = self._snapshots.save(self.reader, prefix)
        except OSError as exc:
            return f"the snapshot cannot be kept: {exc}"
        return "" if kept else "the snapshot is larger than its folder may be"

    def answer(
        self,
        prompt: Sequence[int],
        sampling: Sampling,
        guide: Guide | None,
        tell: Callable[[str], None],
        stop: Event,
    ) -> tuple[Pieces, Tally]:
        """Generate an answer.

        Args:
            prompt: token ids.
            sampling: how tokens are chosen.
            guide: what may be written; anything when None.
            tell: called with each piece of text.
            stop: ends before the next token when set.

        Raises:
            BackendUnavailable: out of memory, or the model fails.
        """
        self._stop = stop
        decoder = Decoder(
            reader=self.reader,
            chooser=Chooser(sampling.temperature, sampling.top_p, sampling.seed),
            stops=self.checkpoint.stops,
            guide=guide,
            drafters=self._drafters(prompt) if sampling.drafts else (),
            stopped=stop.is_set,
            certain=sampling.drafts,
        )
        pieces = Pieces(self.checkpoint, tell)
        with told_generating():
            for chosen in decoder.generate(prompt, sampling.max_new_tokens):
                pieces.add(chosen)
        pieces.end()
        self._forced.learn(pieces.text)
        return pieces, decoder.tally

    def _stopped(self) -> bool:
        return self._stop.is_set()

    def _drafters(self, prompt: Sequence[int]) -> list[Drafter]:
        quoting = QuotingDrafter(self._codec.decode(prompt), len(prompt), self._codec)
        drafters: list[Drafter] = [self._forced, quoting]
        if self._smaller is not None:
            drafters.append(ModelDrafter(self._smaller.likeliest))
        return drafters
