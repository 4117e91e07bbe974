"""The guides of a model's answers; a toolset's grammar is compiled once."""

from __future__ import annotations

from collections import OrderedDict

from agentkit.grammar import (
    Grammar,
    GrammarTokenizer,
    Guide,
    Mode,
    compile_grammar,
    make_grammar,
)
from agentkit.grammar.making import grammar_fingerprint
from agentkit.tools import Toolset

_KEPT = 16


class Guides:
    """Makes guides, and keeps the grammars of the toolsets used last."""

    def __init__(self, tokenizer: GrammarTokenizer, mode: Mode) -> None:
        """Take the model's tokenizer, and what its answers may be."""
        self._tokenizer = tokenizer
        self._mode: Mode = mode
        self._kept: OrderedDict[str, tuple[Grammar, Guide]] = OrderedDict()

    def guide(self, toolset: Toolset) -> Guide | None:
        """Make the guide of an answer; None where there is nothing to call.

        Raises:
            ToolsetError: the tools make no grammar.
        """
        return self._compiled(toolset)[1].copy() if len(toolset) else None

    def relaxed(self, toolset: Toolset) -> tuple[str, ...]:
        """Name what the grammar does not express of the tools' schemas."""
        if not len(toolset):
            return ()
        told = self._compiled(toolset)[0].relaxed
        heads = tuple([f"{tool.name}." for tool in toolset])
        return tuple([one for one in told if one.startswith((*heads, "'"))])

    def _compiled(self, toolset: Toolset) -> tuple[Grammar, Guide]:
        key = grammar_fingerprint(toolset, self._mode)
        found = self._kept.pop(key, None)
        if found is None:
            grammar = make_grammar(toolset, mode=self._mode)
            found = grammar, compile_grammar(grammar, self._tokenizer)
        self._kept[key] = found
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return found
