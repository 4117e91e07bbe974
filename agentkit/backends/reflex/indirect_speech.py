"""What somebody is told of themselves: "reply that I'll call him" tells "I'll call you".

Only where the message goes to whom was just found or spoken of, and nobody else is named:
who "him" is in "tell Ana that I'll call him" is not known here, and is left as it is said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

from agentkit.backends.reflex.drafts import CallDraft
from agentkit.backends.reflex.english import FUNCTION
from agentkit.backends.reflex.patterns import Kit
from agentkit.backends.reflex.persons import likely_name
from agentkit.backends.reflex.request_tokens import RequestWord, read_words
from agentkit.language.vocabularies import read_table

_HE, _SHE = (
    re.compile(r"\b(?:he|him|his)\b", re.I),
    re.compile(r"\b(?:she|hers?)\b", re.I),
)
_HER = re.compile(r"\bher\b", re.I)
# What is written down as it is said, and nobody speaks about anybody in.
_LITERAL = (":", *"\"'\u201c\u201d\u2018\u2019«»\u201e")
_SAYING = re.compile(r"\b(?:saying|with the (?:words?|text|message))\W*$", re.I)


def told_directly(draft: CallDraft, turn: str, language: str, kit: Kit) -> CallDraft:
    """Say "you" to whom a message goes, where the turn speaks of them.

    Args:
        draft: of a call; one that tells nobody anything is returned as it is.
        turn: what the user says.
        language: of the user.
        kit: the compiled toolset.
    """
    params = kit.params.get(draft.tool, {})
    name = next((p.name for p in params.values() if p.verbatim), "")
    whom = next((p.name for p in params.values() if p.kind == "person"), "")
    text, person = str(draft.arguments.get(name, "")), draft.arguments.get(whom)
    if not text or not person or not _is_of(str(person), text, turn):
        return draft
    said = _to_you(text, language)
    return replace(draft, arguments={**draft.arguments, name: said})


def _is_of(person: str, text: str, turn: str) -> bool:
    """Whether a text speaks of the person it goes to, as far as that can be told."""
    before, found, _ = turn.partition(text)
    head = before.rstrip()
    if not found or head.endswith(_LITERAL) or _SAYING.search(head):
        return False
    names = [one.lower() for one in re.findall(r"\w+", person)]
    if any(re.search(rf"\b{re.escape(one)}\b", turn, re.I) for one in names):
        return False
    # "That" keeps the first word from being one that is large in any case.
    named = (word for word in read_words(f"that {text}") if likely_name(word))
    if any(word.stem not in FUNCTION for word in named):
        return False
    # "Tell her that he is late" speaks of somebody else.
    kinds = {way for way in (_HE, _SHE) if way.search(text)}
    spoken = {way for way in (_HE, _SHE) if way.search(before)}
    return len(kinds | spoken) <= 1


def _to_you(text: str, language: str) -> str:
    if language == "en":
        text = _your(text)
    for pattern, other in _table().get(language, {}).get("pairs", ()):
        text = re.sub(pattern, partial(_as_written, other=other), text, flags=re.I)
    return text


def _as_written(found: re.Match[str], *, other: str) -> str:
    said = found.expand(other)
    return said[0].upper() + said[1:] if found[0][:1].isupper() else said


def _your(text: str) -> str:
    """Read "her" as "your" before what is hers, and as "you" elsewhere."""
    words = read_words(text)

    def read(found: re.Match[str]) -> str:
        behind = next((word for word in words if word.start >= found.end()), None)
        is_hers = behind is not None and _is_thing(behind, text[found.end() :])
        return "your" if is_hers else "you"

    return _HER.sub(read, text)


# What stands behind "her" where she is meant: "call her tonight".
_THEN = re.compile(
    r"\W*(?:today|tonight|tomorrow|later|soon|now|then|again|early|next|this|every"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|first|straight|instead|home)\b",
    re.I,
)


def _is_thing(word: RequestWord, behind: str) -> bool:
    is_word = word.kind == "word" and behind[:1] == " "
    return is_word and word.stem not in FUNCTION and not _THEN.match(behind)


@cache
def _table() -> Mapping[str, Mapping[str, list[tuple[str, str]]]]:
    return read_table(Path(__file__).with_name("indirect_speech.toml"))
