"""What the user's own words ask for: which kind of action."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from agentkit.safety.provenance.comparison import words
from agentkit.safety.provenance.verb_kinds import (
    ASKED_VERBS,
    BUY_VERBS,
    CHANGE_VERBS,
    DELETE_VERBS,
    DETERMINERS,
    HAND_VERBS,
    IDLE_NAME_WORDS,
    LOOK_VERBS,
    MAKE_VERBS,
    ME_WORDS,
    NOUN_TAILS,
    NOUN_VERBS,
    OPEN_VERBS,
    PAGE_VERBS,
    PAY_NOUNS,
    PAY_VERBS,
    RULE_VERBS,
    SAY_VERBS,
    SEARCH_VERBS,
    SEND_VERBS,
    WRITE_STEMS,
)
from agentkit.tools import AnyTool

# A shorter stem begins too many other words.
_STEM = 4
# The riskiest kinds come first: a tool is of the first that its name speaks of.
_WRITES = (RULE_VERBS, OPEN_VERBS)
_CHANGES = (MAKE_VERBS, CHANGE_VERBS)
_SPENDING = (PAY_VERBS, BUY_VERBS)
_ORDERS = frozenset(("delete", "remove"))
_OWN_CHANGES = MAKE_VERBS | CHANGE_VERBS


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
        # `send_mail` that declares a write is still asked for with the words of
        # sending.
        risky = _risky_verbs(tool)
        return (
            _has(user_words, risky) if risky else _asks_to_write(tool, own, user_words)
        )
    named = [word for word in own if word not in IDLE_NAME_WORDS][:1]
    # Who adds somebody to a channel says "add", whatever the tool's effect is called.
    named += [word for word in own[:1] if word in _OWN_CHANGES]
    verbs = DELETE_VERBS if tool.effect == "delete" else _sends(tool, own)
    if verbs is PAY_VERBS:
        # "Who sent me 10 euros?" asks for no payment, and "send Jo 10 euros" does.
        handed = _has(user_words, HAND_VERBS) and _has(user_words, PAY_NOUNS)
        return handed or _has(user_words, {*(verbs - PAY_NOUNS), *named})
    return _has(user_words, {*verbs, *named})


def changes(tool: AnyTool) -> bool:
    """Tell by its name whether a tool replaces something that is there."""
    return bool(_first_word(tool) & (CHANGE_VERBS - MAKE_VERBS))


def pays(tool: AnyTool) -> bool:
    """Tell whether a tool moves money, by its name or its description."""
    own = words(tool.name.replace("_", " "))
    return tool.effect == "send" and _sends(tool, own) is PAY_VERBS


def claimed(
    tool: AnyTool, toolset: Iterable[AnyTool], request: frozenset[str]
) -> frozenset[str]:
    """Return the verbs that ask for another tool: "reserve" for `reserve_hotel`.

    A calendar's entry may be booked, too, where its tool, or the user, says so.

    Args:
        tool: what would be called.
        toolset: all tools.
        request: the user's words.
    """
    own = {*words(tool.name.replace("_", " "))}
    if tool.effect != "write" or request & (own - IDLE_NAME_WORDS - BUY_VERBS):
        return frozenset()
    others = {
        word for one in toolset if one.effect == "send" for word in _first_word(one)
    }
    return BUY_VERBS - own if others & BUY_VERBS else frozenset[str]()


def opens(tool: AnyTool) -> bool:
    """Tell whether a write lets others in, sets a rule, sends or deletes by its name."""
    told = {*words(tool.name.replace("_", " ")), *words(tool.description)[:1]}
    return any(told & verbs for verbs in _WRITES) or bool(_risky_verbs(tool))


def looks(tool: AnyTool) -> bool:
    """Tell whether a tool only looks: it says so, or its name begins so."""
    return tool.effect == "read" or bool(_first_word(tool) & LOOK_VERBS)


def searches(tool: AnyTool) -> bool:
    """Tell by its name whether a tool answers with what it finds, and opens nothing."""
    return bool(_first_word(tool) & SEARCH_VERBS)


def sends(tool: AnyTool) -> bool:
    """Tell whether a tool sends: it says so, or declares less than its name tells."""
    risky = _risky_verbs(tool)
    return tool.effect == "send" or (bool(risky) and risky is not DELETE_VERBS)


def deletion_verbs(tool: AnyTool) -> frozenset[str]:
    """Return words that a text would order a deletion with; none for other tools."""
    own = words(tool.name.replace("_", " "))
    named = frozenset(word for word in own if word in DELETE_VERBS)
    return named | _ORDERS if named or tool.effect == "delete" else named


def order_verbs(tool: AnyTool) -> frozenset[str]:
    """Return words that a text would order a send with: its name's, and their like."""
    first = _first_word(tool)
    kinds = [verbs for verbs in SEND_VERBS if first & verbs]
    return frozenset[str]().union(first, *kinds) - IDLE_NAME_WORDS


def _risky_verbs(tool: AnyTool) -> frozenset[str]:
    """Return the verbs of what a tool does that declares a write, or nothing at all.

    The first word of a name says it: `delete_file` deletes, `send_mail` sends.
    """
    first = _first_word(tool)
    # "Book" and "reserve" spend; "invite" and "move" in such a name change what is the
    # user's own.
    kinds = _SPENDING if first & _OWN_CHANGES else (DELETE_VERBS, *SEND_VERBS)
    return next((verbs for verbs in kinds if first & verbs), frozenset[str]())


def _first_word(tool: AnyTool) -> frozenset[str]:
    return frozenset(words(tool.name.replace("_", " "))[:1])


def _asks_to_write(tool: AnyTool, own: list[str], user_words: frozenset[str]) -> bool:
    told = {*own, *words(tool.description)[:1]}
    # "Keep updating the list" asks for an update.
    said = {word.removesuffix("ing") for word in user_words} | user_words
    for verbs in _WRITES:
        if told & verbs:
            return bool(said & verbs)
    if _has(user_words, WRITE_STEMS) or set(own[:1]) & (said - IDLE_NAME_WORDS):
        return True
    kinds = [verbs for verbs in _CHANGES if told & verbs] or _CHANGES
    return any(said & verbs for verbs in kinds)


def _sends(tool: AnyTool, own: list[str]) -> frozenset[str]:
    """Return the verbs of the riskiest kind that its name, or description, speaks of."""
    # The name first; of a description its beginning, which says what the tool does.
    for told in (set(own), set(words(tool.description)[:8])):
        for verbs in SEND_VERBS:
            if told & verbs:
                return verbs
    return frozenset[str]().union(*SEND_VERBS)


def _has(user_words: frozenset[str], stems: frozenset[str] | set[str]) -> bool:
    return any(begins(word, stem) for word in user_words for stem in stems)


def begins(word: str, stem: str) -> bool:
    """Tell whether a word is a verb's, by its stem; a short one is whole."""
    return word == stem if len(stem) < _STEM else word.startswith(stem)


# What the user keeps for themselves, leaves to somebody else, or does not want.
_OWN_WORK = re.compile(
    r"\b(?:i|we|he|she|they)(?:'ll|\u2019ll| will| shall| am going to|['\u2019]m going to"
    r"|['\u2019]re going to| are going to| can| could)\b(?!.*\b(?:you|your)\b).*"
    r"|\b(?:i|we)\b(?!.*\byou\b).*\b(?:myself|ourselves)\b.*"
    # "Did I pay the rent?" and "if I should book it" ask for an answer.
    r"|\b(?:did|have|had|do|should|must) (?:i|we|he|she|they|(?:my|our|the) \w+)\b"
    r"(?!.*\b(?:you|your)\b).*"
    r"|\b(?:i|we) (?:should|might|may|must|ought to)\b(?!.*\b(?:you|your)\b).*"
    r"|\b(?:habe|hatte|soll|sollte|muss|kann) ich\b.*|\bob ich\b.*|\b(?:ai|dois)-je\b.*"
    r"|\bich (?:werde|mache|kann)\b.*\bselbst\b.*",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:do not|don['\u2019]?t|does not|doesn['\u2019]?t|should not|shouldn['\u2019]?t|must not"
    r"|need not|needn['\u2019]?t|no need to|never|without|instead of|rather than|nicht zu)\b"
    r"(?!\s+(?:forget|hesitate|fail|worry|only|just|care|mind|know)).*",
    re.IGNORECASE,
)
_OTHERS_WORK = re.compile(
    r"\b(?:(?:(?i:the|my|our|your|his|her|their)) (?:\w+ )?\w+|[A-Z]\w+)"
    r"(?:['\u2019]ll| will| shall| is going to| are going to| wants to| has to)\b"
    r"(?!.*\b(?:you|your)\b).*"
)
_DELEGATED = re.compile(
    r"\bdo (?:what|whatever|everything|all)\b.*\b(?:asks?|says?|wants?|tells?|wrote|writes?"
    r"|requests?|suggests?)\b",
    re.IGNORECASE,
)
_STARTS = frozenset(("", "and", "then", "please", "also"))
_CLAUSE = re.compile(r"[.,;:!?\n]\s|\n|\s(?:but|then|aber|mais|pero)\s")
# Within addresses and paths no word is an order: "shop.example/buy".
_NO_VERB = re.compile(r"\w[/@.:\\]\w|[#@]\w")


def verbs(text: str) -> Iterator[str]:
    """Yield the words of a text but those that are surely no verb of the request.

    Words of paths and addresses are none, nor is `email` in "my last email" and in
    "email address"; "tell me" asks for an answer only. Nor are those of what the user
    will do themselves, leaves to others, or does not want: "I'll reserve it myself".
    """
    if _DELEGATED.search(text):
        # What stands there is what is asked for, each part of it with a question.
        yield "instructions"
    lines = _orders(text).split("\n")
    said = ["", *(word for line in lines for word in (*_sentence_words(line), ""))]
    for (before, word), (_, after) in zip(
        pairwise(said), pairwise(said[1:]), strict=False
    ):
        noun = before in DETERMINERS or after in NOUN_TAILS
        # "My booking" is a thing, and "keep updating the list" asks for an update.
        if noun and (word in NOUN_VERBS or word.endswith("ing")):
            continue
        if word in SAY_VERBS and after in ME_WORDS:
            continue
        if word in ASKED_VERBS and before not in _STARTS:
            continue
        if not word:
            continue
        yield word


def _orders(text: str) -> str:
    """Drop the parts of a text that ask for nothing."""
    clauses = (_OWN_WORK.sub("", clause) for clause in _CLAUSE.split(text))
    clauses = (_OTHERS_WORK.sub("", clause) for clause in clauses)
    return "\n".join(_DENIED.sub("", clause) for clause in clauses)


def _sentence_words(text: str) -> list[str]:
    return [
        word
        for token in text.split()
        if not _NO_VERB.search(token)
        for word in words(token)
    ]
