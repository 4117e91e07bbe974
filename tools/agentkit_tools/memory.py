"""Memory tools: facts that the user wants remembered, in notes/facts.md.

Facts stay on this device: they are personal, and each of their values is one that the
privacy gate looks for in all that leaves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from agentkit import Context, InputNeeded, ToolError, tool
from agentkit.language import fold
from agentkit_tools._cut_off_calls import try_again
from agentkit_tools._pack import sentences
from agentkit_tools._phrases import bullets, counted, phrase
from agentkit_tools._store.fact_file import (
    FACTS,
    LONGEST_FACT,
    Dropped,
    add_fact,
    drop_fact,
    fact_dropped,
    put_fact,
    read_facts,
)
from agentkit_tools._store.notebook import find_pages
from agentkit_tools._store.resemblance import closest

SETTINGS = None
_SAY = sentences("memory")
# As many as fit on a screen and can be told apart when read aloud.
_CHOICES = 6
# What leads on to a fact, in the eight languages, and is no part of it.
_LEADS_ON = re.compile(r"^(?:[,:]|(?:that|dass|daß|que|che|कि|ว่า)(?=[\s:]))\s*", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that is remembered; `file` is its place below the home folder."""

    text: str
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberedFact:
    """A fact that was put down; `new` is False where it was known."""

    text: str
    file: str
    new: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """A fact that was taken out, and its place among the others."""

    text: str
    place: int


_FILE = f"notes/{FACTS}"


def _say_remembered(done: RememberedFact) -> str:
    if not done.new:
        return phrase("I know that already: “{fact}”.", fact=done.text)
    return phrase("I will remember: “{fact}”.", fact=done.text)


def _preview_remember(context: Context, text: str) -> str:
    return phrase("Remember: “{fact}”.", fact=text)


def _undo_remember(done: RememberedFact, context: Context) -> str:
    # What was known before is not forgotten with it.
    if done.new and drop_fact(context.home, done.text) is None:
        raise ToolError(phrase("“{fact}” is not remembered any more.", fact=done.text))
    return phrase("Forgot “{fact}”.", fact=done.text)


@tool(
    effect="write",
    examples=_SAY["remember_fact"],
    wording=_say_remembered,
    preview=_preview_remember,
    undo=_undo_remember,
    settle=try_again,
)
def remember_fact(context: Context, text: str) -> RememberedFact:
    """Remember a fact about the user's life for later, such as a name or a number.

    Args:
        text: the fact, in the user's words.
    """
    # The last "." goes, in Hindi "।", so that one fact said twice is known.
    fact = _LEADS_ON.sub("", " ".join(text.split())).rstrip(" .।")
    if not fact:
        raise InputNeeded("text", phrase("What shall I remember?"))
    if len(fact) > LONGEST_FACT:
        raise ToolError(phrase("That is too long for a fact: make it a note."))
    return RememberedFact(text=fact, file=_FILE, new=add_fact(context.home, fact))


def _say_facts(facts: list[Fact]) -> str:
    if not facts:
        return phrase("I remember nothing about that.")
    if len(facts) == 1:
        return facts[0].text
    lines = bullets([fact.text for fact in facts])
    return f"{counted(len(facts), 'fact')}:\n{lines}"


@tool(
    effect="read",
    personal=True,
    examples=_SAY["recall_facts"],
    wording=_say_facts,
)
def recall_facts(context: Context, query: str = "") -> list[Fact]:
    """Tell what the user wanted remembered, such as a password, a name or a size.

    Args:
        query: words of the fact; all facts when left out.
    """
    facts = read_facts(context.home)
    found = _about(query, facts)
    if found or not query.strip():
        return [Fact(text=fact, file=_FILE) for fact in found]
    # What was written down as a note may be what is asked for.
    pages = find_pages(context.home, query)
    return [Fact(text=page.text, file=f"notes/{page.path.name}") for page in pages]


def _about(query: str, facts: list[str]) -> list[str]:
    """Return the facts that words speak of."""
    # Thai has no spaces between words, so that words are looked for as a whole first.
    wanted = fold(query)
    whole = [fact for fact in facts if wanted in fold(fact)]
    return whole or closest(query, facts, str).items


def _say_forgotten(done: Forgotten) -> str:
    return phrase("Forgot “{fact}”.", fact=done.text)


def _preview_forget(context: Context, query: str) -> str:
    return phrase("Forget “{fact}”.", fact=_pick(context, query))


def _pick(context: Context, query: str) -> str:
    """Return the one fact that is meant: the newest where no words say which.

    Raises:
        InputNeeded: several may be meant.
        ToolError: there is none.
    """
    facts = read_facts(context.home)
    found = _about(query, facts)[-1:] if not query.strip() else _about(query, facts)
    if len(found) == 1:
        return found[0]
    if found:
        choices = tuple(found[:_CHOICES])
        raise InputNeeded("query", phrase("Which fact do you mean?"), choices)
    raise ToolError(phrase("I remember nothing about that."))


def _undo_forget(done: Forgotten, context: Context) -> str:
    put_fact(context.home, Dropped(done.text, done.place))
    return phrase("I will remember: “{fact}”.", fact=done.text)


def _settle_forget(context: Context, **_: object) -> Forgotten | None:
    dropped = fact_dropped(context.home)
    return Forgotten(text=dropped.fact, place=dropped.place) if dropped else None


@tool(
    effect="delete",
    examples=_SAY["forget_fact"],
    wording=_say_forgotten,
    preview=_preview_forget,
    undo=_undo_forget,
    settle=_settle_forget,
)
def forget_fact(context: Context, query: str = "") -> Forgotten:
    """Forget a fact that was remembered.

    Args:
        query: words of the fact; the newest one when left out.
    """
    fact = _pick(context, query)
    dropped = drop_fact(context.home, fact)
    if dropped is None:
        raise ToolError(phrase("I remember nothing about that."))
    return Forgotten(text=fact, place=dropped.place)
