"""A logits processor that holds anybody's `generate()` to the calls of a toolset."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from agentkit.errors import ToolsetError
from agentkit.grammar.guide import GrammarTokenizer, Guide, compile_grammar
from agentkit.grammar.toolset_grammar import Mode, make_grammar
from agentkit.tools import Toolset


class CallsProcessor:
    """Give it to `generate(logits_processor=[...])`; make one for each generation.

    It takes `(input_ids, scores)` as transformers' processors do, of any batch
    size. The first call marks where the prompt ends. Beams are not followed.

    Attributes:
        tokenizer: the model's, for grammars.
    """

    def __init__(
        self,
        toolset: Toolset,
        tokenizer: GrammarTokenizer,
        *,
        mode: Mode = "auto",
        only: Sequence[str] = (),
    ) -> None:
        """Compile the grammar of a toolset.

        Raises:
            MissingPackage: llguidance is not installed.
            ToolsetError: the grammar cannot be made.
        """
        grammar = make_grammar(toolset, mode=mode, only=only)
        self.tokenizer = tokenizer
        # Compiled once; each row of a batch moves on by itself.
        self._fresh = compile_grammar(grammar, tokenizer)
        self._guides: list[Guide] = []
        self._seen = 0

    def __call__(self, input_ids: Any, scores: Any) -> Any:
        """Put minus infinity where a token is not allowed.

        Args:
            input_ids: prompt and answer so far, `(batch, length)`.
            scores: logits of the next token, `(batch, vocabulary)`; changed.

        Raises:
            ToolsetError: the rows are not those of the step before.
        """
        rows, length = input_ids.shape
        if not self._guides:
            self._guides = [self._fresh.copy() for _ in range(rows)]
        # Beams reorder rows between steps, so that a row is no longer its guide's.
        elif rows != len(self._guides) or length < self._seen:
            raise ToolsetError(
                "a processor serves one generation without beams: make a new one"
            )
        else:
            for guide, row in zip(self._guides, input_ids, strict=True):
                _follow(guide, row[self._seen :].tolist())
        self._seen = length
        for guide, row in zip(self._guides, scores, strict=True):
            guide.apply(row)
        return scores


def _follow(guide: Guide, tokens: list[int]) -> None:
    """Take what was chosen; a finished row is padded, which is not followed."""
    if guide.finished:
        return
    # Behind the end the rest is padding.
    if guide.accept(tokens) < len(tokens) and not guide.finished:
        raise ToolsetError(
            "a token was chosen that the grammar does not allow: "
            "nothing may change the scores behind this processor"
        )
