"""What a model may write, as a grammar: one toolset makes one grammar."""

from agentkit.grammar.guide import GrammarTokenizer, Guide, compile_grammar
from agentkit.grammar.making import Grammar, Mode, make_grammar

__all__ = [
    "Grammar",
    "GrammarTokenizer",
    "Guide",
    "Mode",
    "compile_grammar",
    "make_grammar",
]
