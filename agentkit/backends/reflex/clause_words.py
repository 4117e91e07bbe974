"""A clause's words without courtesies and articles, and nouns told from verbs."""

from __future__ import annotations

import re
from dataclasses import replace

from agentkit.backends.reflex.english import BEFORE_VERB, LEADS, NOUNS_TOO, TAILS
from agentkit.backends.reflex.request_tokens import SIGN, RequestWord


def with_roles(
    words: tuple[RequestWord, ...], *, initial: bool = True
) -> tuple[RequestWord, ...]:
    """Separate nouns from verbs where a word may be both: "list my tasks", "my list".

    Args:
        words: a clause without its lead-in.
        initial: whether the clause begins here, where a verb is likely.
    """
    found: list[RequestWord] = []
    for place, word in enumerate(words):
        before = words[place - 1].norm if place else ("please" if initial else "")
        noun = word.norm in (word.stem, f"{word.stem}s")
        # At the very end it is a noun whatever is before it: "show me the list".
        last = 0 < place == len(words) - 1
        if word.stem in NOUNS_TOO and noun and (before not in BEFORE_VERB or last):
            word = replace(word, act="")
        found.append(word)
    return tuple(found)


def without_articles(words: tuple[RequestWord, ...]) -> tuple[RequestWord, ...]:
    """Leave the articles out; each word remembers the one before it."""
    kept: list[RequestWord] = []
    led = ""
    for word, following in zip(words, (*words[1:], None), strict=False):
        # More than a space behind it is a sign: "(a, b)" has no article.
        apart = following is not None and following.start - word.end > 1
        if word.article and not apart:
            led = word.norm
            continue
        kept.append(replace(word, led=led) if led else word)
        led = ""
    return tuple(kept)


def trimmed(words: tuple[RequestWord, ...]) -> tuple[RequestWord, ...]:
    """Take courtesies off both ends: "could you please ... for me"."""
    # Courtesies pile up: "hey, could you please ...". One round takes one off each end.
    changed = True
    while changed and words:
        changed = False
        norms = tuple(" ".join([word.norm for word in words]).split())
        for lead in LEADS:
            if norms[: len(lead)] == lead:
                rest = _without(words, len(lead))
                # What is nothing but courtesies keeps the last of them.
                if rest:
                    words, changed = rest, True
                    break
        # A smile behind thanks is a courtesy, and elsewhere somebody's words.
        ended = words[:-1] if re.fullmatch(SIGN, words[-1].norm) else words
        last = tuple([word.norm for word in ended])
        for tail in TAILS:
            size = len(tail)
            if len(ended) > size and last[-size:] == tail:
                words, changed = ended[:-size], True
                break
    return words


def _without(words: tuple[RequestWord, ...], count: int) -> tuple[RequestWord, ...]:
    """Drop words that make up so many plain ones; nothing when a phrase is cut."""
    seen = 0
    for index, word in enumerate(words):
        if seen == count:
            return words[index:]
        seen += len(word.norm.split())
        if seen > count:
            return ()
    return ()
