"""A GGUF model as the decode loop reads with it, and answers of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from threading import Event
from typing import Any

from agentkit.backends.answers import Pieces, Sampling
from agentkit.backends.chooser import Chooser
from agentkit.backends.decision import Fork
from agentkit.backends.decode import Decoder, ReadingStopped, Tally
from agentkit.backends.llama_cpp_model import MOST_SCORED, Interrupted, LlamaCppModel
from agentkit.backends.prompt_cache import reusable
from agentkit.backends.speculation import ForcedDrafter
from agentkit.grammar import Guide
from agentkit.models.families import CALL_MARKS


class GgufReader:
    """A GGUF model as the decode loop reads with it."""

    def __init__(self, model: LlamaCppModel) -> None:
        """Take the model; what it has read stays."""
        self._model = model

    def begin(self, prompt: Sequence[int]) -> int:
        """Keep what a prompt shares with what was read; return how many tokens."""
        held = reusable(self._model.read_ids, prompt)
        self._model.forget(held)
        return held

    def read(self, ids: Sequence[int], rows: int) -> Any:
        """Read tokens; return the logits behind the last `rows`, `(rows, vocabulary)`.

        Raises:
            ReadingStopped: the model was halted.
            BackendUnavailable: llama.cpp could not compute.
        """
        model = self._model
        try:
            # What is scored has to be in one batch.
            if rows > 1:
                model.add(ids[:-rows])
            model.add(ids[-rows:] if rows > 1 else ids, scored=rows)
        except Interrupted as exc:
            raise ReadingStopped from exc
        numpy: Any = import_module("numpy")
        # Stacked into an array of our own: llama.cpp's is valid until the next reading.
        return numpy.stack([model.logits(place - rows) for place in range(rows)])

    def drop(self, count: int) -> None:
        """Forget the last tokens."""
        self._model.forget(len(self._model.read_ids) - count)


def generate(
    model: LlamaCppModel,
    prompt: Sequence[int],
    sampling: Sampling,
    tell: Callable[[str], None],
    stop: Event,
    guide: Guide | Fork | None = None,
) -> tuple[Pieces, Tally]:
    """Read a prompt and generate the answer.

    Args:
        model: reads and scores.
        prompt: token ids.
        sampling: how tokens are chosen.
        tell: called with each piece of text.
        stop: ends before the next token when set.
        guide: what may be said; anything when None. Of a fork, the first token's
            scores choose the way.

    Returns:
        The answer, and what it cost; as far as it came where the model was halted.

    Raises:
        BackendUnavailable: llama.cpp could not compute.
        ToolsetError: the grammar gave up.
    """
    hidden = {
        token for name, token in model.special_ids.items() if name not in CALL_MARKS
    }
    pieces = Pieces(model.decode, hidden, tell)
    decoder = Decoder(
        reader=GgufReader(model),
        chooser=Chooser(sampling.temperature, sampling.top_p, sampling.seed),
        stops=tuple(model.stops),
        guide=guide if isinstance(guide, Guide) else None,
        fork=guide if isinstance(guide, Fork) else None,
        # Forced tokens nearly always stand. Quotes of the prompt are wrong too often
        # for what a pass over several tokens costs on a processor.
        drafters=(ForcedDrafter(),) if sampling.drafts else (),
        stopped=stop.is_set,
        certain=sampling.drafts,
        # One row more than guesses is scored.
        most=MOST_SCORED - 1,
        worth=model.costs.worth if model.costs else None,
    )
    for chosen in decoder.generate(prompt, sampling.max_new_tokens):
        pieces.add(chosen)
    pieces.end()
    return pieces, decoder.tally
