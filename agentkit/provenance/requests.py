"""Whether the user's own words ask for a kind of action at all."""

from __future__ import annotations

from agentkit.provenance.forms import words
from agentkit.provenance.lexicon import DELETE_VERBS, IDLE_NAME_WORDS, SEND_VERBS
from agentkit.tools import AnyTool, Effect

_VERBS: dict[Effect, frozenset[str]] = {"send": SEND_VERBS, "delete": DELETE_VERBS}
_STEM = 4


def asks_for(tool: AnyTool, user_words: frozenset[str]) -> bool:
    """Tell whether the user's words speak of what the tool does.

    A send or delete needs a verb of its kind, or the tool's own; other tools need a
    word of their name or description.
    """
    own = [
        word
        for word in words(tool.name.replace("_", " "))
        if word not in IDLE_NAME_WORDS
    ]
    if tool.effect in _VERBS:
        stems = {*_VERBS[tool.effect], *own[:1]}
        return any(_begins(word, stem) for word in user_words for stem in stems)
    told = [*own, *words(tool.description)]
    heads = {word[:_STEM] for word in told if len(word) >= _STEM}
    return any(word[:_STEM] in heads for word in user_words if len(word) >= _STEM)


def _begins(word: str, stem: str) -> bool:
    return word == stem if len(stem) < _STEM else word.startswith(stem)
