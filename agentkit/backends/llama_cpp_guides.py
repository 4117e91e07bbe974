"""The guide of an answer by a GGUF model; grammars are compiled once per toolset."""

from __future__ import annotations

from collections import OrderedDict

from agentkit.backends.llama_cpp_model import LlamaCppModel
from agentkit.grammar import (
    GrammarTokenizer,
    Guide,
    Mode,
    compile_grammar,
    make_grammar,
)
from agentkit.tools import Toolset

_KEPT = 16


class Guides:
    """Makes guides for one model, and keeps the grammars of the last toolsets."""

    def __init__(self, model: LlamaCppModel, mode: Mode) -> None:
        """Take the model, and what its answers may be."""
        self._tokenizer = GrammarTokenizer.from_llama_cpp(
            model.vocabulary, sorted(model.stops)
        )
        self._mode: Mode = mode
        self._fresh: OrderedDict[str, Guide] = OrderedDict()

    def guide(self, toolset: Toolset) -> Guide | None:
        """Make the guide of an answer; None where there is nothing to hold it to.

        Raises:
            ToolsetError: the tools make no grammar.
        """
        if not len(toolset):
            return None
        grammar = make_grammar(toolset, mode=self._mode)
        fresh = self._fresh.pop(grammar.fingerprint, None)
        if fresh is None:
            fresh = compile_grammar(grammar, self._tokenizer)
        self._fresh[grammar.fingerprint] = fresh
        if len(self._fresh) > _KEPT:
            self._fresh.popitem(last=False)
        return fresh.copy()
