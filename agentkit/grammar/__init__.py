"""What a model may write, as a grammar: one toolset makes one grammar."""

from agentkit.grammar.answer_grammar import make_answer_grammar
from agentkit.grammar.cache import GrammarCache
from agentkit.grammar.guide import GrammarTokenizer, Guide, compile_grammar
from agentkit.grammar.processor import CallsProcessor
from agentkit.grammar.servers import (
    to_gbnf,
    to_json_schema,
    to_strict_tools,
    to_structural_tag,
    triggers,
)
from agentkit.grammar.toolset_grammar import Grammar, Mode, make_grammar

__all__ = [
    "CallsProcessor",
    "Grammar",
    "GrammarCache",
    "GrammarTokenizer",
    "Guide",
    "Mode",
    "compile_grammar",
    "make_answer_grammar",
    "make_grammar",
    "to_gbnf",
    "to_json_schema",
    "to_strict_tools",
    "to_structural_tag",
    "triggers",
]
