"""A loaded checkpoint at work: it reads prompts, keeps them, and answers.

One answer at a time. What was read stays for the next prompt, up to the first token
that differs.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from threading import Event
from typing import Any, Protocol

from agentkit.backends.answers import Pieces, Sampling
from agentkit.backends.checkpoint import Checkpoint, out_of_memory
from agentkit.backends.chooser import Chooser
from agentkit.backends.decision import Fork
from agentkit.backends.decode import Decoder, Tally, TokenReader
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
        # PyTorch keeps freed memory to itself: give it back for the next, shorter try.
        # Without CUDA this does nothing.
        torch.cuda.empty_cache()
        raise BackendUnavailable(
            "out of memory while generating: shorten the conversation, lower "
            "max_new_tokens, or take a smaller model"
        ) from exc


DAMAGED = "a damaged snapshot of the tool prompt was removed"
# Never set: before the first prompt nobody can cancel.
_NEVER = Event()


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


class PromptReader(TokenReader, Protocol):
    """A model that lists the tokens it has read."""

    ids: list[int]


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
        reader: Callable[[Callable[[], bool]], PromptReader] | None = None,
    ) -> None:
        """Take a loaded checkpoint.

        Args:
            checkpoint: the model that answers.
            snapshots: where prompts that it has read are kept on disk.
            smaller: a model with the same tokenizer that guesses what it writes.
            reader: makes the reader of the model from a function that says whether to
                stop; with one given here, nothing is kept on disk.
        """
        self.checkpoint = checkpoint
        self._snapshots = snapshots
        self._own: ModelReader | None = None
        if reader is None:
            self._own = ModelReader(checkpoint.model, self._stopped)
            self.reader: PromptReader = self._own
        else:
            self.reader = reader(self._stopped)
        self._smaller = ModelReader(smaller.model, self._stopped) if smaller else None
        self._forced = ForcedDrafter()
        self._codec = CheckpointCodec(checkpoint)
        self._stop = _NEVER

    def recall(self, prompt: Sequence[int], prefix: Sequence[int]) -> str:
        """Fetch a prompt's stable part from disk, if that saves reading.

        Returns:
            A note for the user; empty when there is nothing to say.
        """
        if self._snapshots is None or self._own is None:
            return ""
        # What was read last begins like this prompt.
        if reusable(self._own.ids, prompt) >= len(prefix):
            return ""
        found = self._snapshots.load(self._own, prefix)
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
            # The logits are not wanted; one row is the least to ask for.
            self.reader.read(unread, 1)
        return len(unread), self._save(prefix)

    def _save(self, prefix: Sequence[int]) -> str:
        if self._snapshots is None or self._own is None:
            return ""
        if self._snapshots.holds(prefix):
            return ""
        try:
            kept = self._snapshots.save(self._own, prefix)
        # A full disk costs time at the next start, not the answer.
        except OSError as exc:
            return f"the snapshot cannot be kept: {exc}"
        return "" if kept else "the snapshot is larger than its folder may be"

    def answer(
        self,
        prompt: Sequence[int],
        sampling: Sampling,
        guide: Guide | Fork | None,
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
            # A fork has two guides, and picks one by the first token's logits.
            guide=guide if isinstance(guide, Guide) else None,
            fork=guide if isinstance(guide, Fork) else None,
            drafters=self._drafters(prompt) if sampling.drafts else (),
            stopped=stop.is_set,
            certain=sampling.drafts,
        )
        pieces = Pieces(self._codec.decode, self.checkpoint.hidden, tell)
        with told_generating():
            for chosen in decoder.generate(prompt, sampling.max_new_tokens):
                pieces.add(chosen)
        pieces.end()
        # What it wrote now is guessed when the grammar allows it again.
        self._forced.learn(pieces.text)
        return pieces, decoder.tally

    def _stopped(self) -> bool:
        return self._stop.is_set()

    def _drafters(self, prompt: Sequence[int]) -> list[Drafter]:
        quoting = QuotingDrafter(self._codec.decode(prompt), len(prompt), self._codec)
        # Cheap guesses first; a smaller model computes for each of its own.
        drafters: list[Drafter] = [self._forced, quoting]
        if self._smaller is not None:
            drafters.append(ModelDrafter(self._smaller.likeliest))
        return drafters
