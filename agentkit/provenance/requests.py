"""Whether the user's own words ask for a kind of action at all."""

from __future__ import annotations

from agentkit.provenance.forms import words
from agentkit.provenance.lexicon import (
    CHANGE_VERBS,
    DELETE_VERBS,
    IDLE_NAME_WORDS,
    MAKE_VERBS,
    OPEN_VERBS,
    PAGE_VERBS,
    RULE_VERBS,
    SEND_VERBS,
    WRITE_STEMS,
)
from agentkit.tools import AnyTool

_STEM = 4
# The riskiest kinds come first: a tool is of the first that its name speaks of.
_WRITES = (RULE_VERBS, OPEN_VERBS)
_CHANGES = (MAKE_VERBS, CHANGE_VERBS)


def asks_for(tool: AnyTool, user_words: frozenset[str]) -> bool:
    """Tell whether the user's words speak of what the tool does.

    They need a verb of the tool's kind, or the tool's own: who asks to tell somebody
    something does not ask to pay, and who asks which files there are changes none.
    What only reads matters where it fetches a page.

    Args:
        tool: what would be called.
        user_words: the words of the user's sentences, without names of files.
    """
    own = words(tool.name.replace("_", " "))
    if tool.effect == "read":
        return _has(user_words, PAGE_VERBS)
    if tool.effect == "write":
        return _asks_to_write(tool, own, user_words)
    named = [word for word in own if word not in IDLE_NAME_WORDS][:1]
    verbs = DELETE_VERBS if tool.effect == "delete" else _sends(tool, own)
    return _has(user_words, {*verbs, *named})


def opens(tool: AnyTool) -> bool:
    """Tell whether a tool lets others in, or sets a rule for later."""
    told = {*words(tool.name.replace("_", " ")), *words(tool.description)[:1]}
    return any(told & verbs for verbs in _WRITES)


def _asks_to_write(tool: AnyTool, own: list[str], user_words: frozenset[str]) -> bool:
    told = {*own, *words(tool.description)[:1]}
    said = {word.removesuffix("ing") for word in user_words} | user_words
    for verbs in _WRITES:
        if told & verbs:
            return bool(said & verbs)
    if _has(user_words, WRITE_STEMS):
        return True
    kinds = [verbs for verbs in _CHANGES if told & verbs] or _CHANGES
    return any(said & verbs for verbs in kinds)


def _sends(tool: AnyTool, own: list[str]) -> frozenset[str]:
    """Return the verbs of the riskiest kind that its name, or description, speaks of."""
    for told in (set(own), set(words(tool.description)[:8])):
        for verbs in SEND_VERBS:
            if told & verbs:
                return verbs
    return frozenset[str]().union(*SEND_VERBS)


def _has(user_words: frozenset[str], stems: frozenset[str] | set[str]) -> bool:
    return any(_begins(word, stem) for word in user_words for stem in stems)


def _begins(word: str, stem: str) -> bool:
    return word == stem if len(stem) < _STEM else word.startswith(stem)
