"""Whether some words name a person, and whom a pronoun stands for."""

from __future__ import annotations

from agentkit.backends.reflex.lexicon import FUNCTION, WEAK
from agentkit.backends.reflex.names import KIN, NAMES, PRONOUNS
from agentkit.backends.reflex.words import Word

NO_PERSON = 9.0
_LONGEST_NAME = 4
# One or two words that nobody knows may be a name all the same.
_STRANGE = {1: 0.3, 2: 0.5}


def person_cost(words: tuple[Word, ...]) -> float:
    """How unlike a person's name some words are; NO_PERSON when they are none."""
    if len(words) > _LONGEST_NAME:
        return NO_PERSON
    if len(words) == 1 and words[0].kind in ("address", "quote", "number"):
        return 0.0
    if words[0].norm in PRONOUNS:
        return 0.05 if len(words) == 1 else NO_PERSON
    if any(not _may_be_name(word) for word in words):
        return NO_PERSON
    if words[0].led and not likely_name(words[0]) and not likely_name(words[-1]):
        return NO_PERSON
    odd = [word for word in words if not likely_name(word)]
    if len(odd) == len(words):
        return _STRANGE.get(len(words), NO_PERSON)
    return 0.35 * len(odd)


def likely_name(word: Word) -> bool:
    """Whether a word is known as a name or role, or written like a name."""
    return word.norm in NAMES or word.norm in KIN or word.capital


def _may_be_name(word: Word) -> bool:
    known = word.norm in KIN or word.norm in NAMES
    if known:
        return True
    closed = word.norm in FUNCTION or word.stem in FUNCTION or word.stem in WEAK
    return word.kind == "word" and not word.act and not closed


def people_cost(words: tuple[Word, ...]) -> float:
    """People joined by "and"; each of them has to be one."""
    total, group = 0.0, list[Word]()
    for word in words:
        if word.norm != "and":
            group.append(word)
            continue
        if not group:
            return NO_PERSON
        total += person_cost(tuple(group))
        group = []
    return total + person_cost(tuple(group)) if group else NO_PERSON
