"""What facts say of people and places: who "my sister" is, and where "my gym" is.

A fact is read where it has one of the forms of `fact_forms.toml`. Anything else is
remembered and shown, and means nothing further.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from agentkit import Contact, Context, match_contact
from agentkit.language import fold
from agentkit_tools._store.fact_file import read_facts
from agentkit_tools._store.resemblance import same_words

# Words of what something is to the user: "best friend", "wifi password".
_LONGEST_THING = 4
# So long a name may be, in words; a whole sentence is none.
_LONGEST_NAME = 5
# What may stand around a name; "।" ends a sentence in Hindi.
_EDGES = " .,;!?\"'“”„«»।"


@dataclass(frozen=True, slots=True)
class Belonging:
    """Who or what something of the user's is: the `sister` is `Eva`."""

    thing: str
    value: str


def belongings(context: Context) -> list[Belonging]:
    """Return what the user's facts say belongs to the user, the newest first.

    Raises:
        StoreError: the facts cannot be read.
    """
    read = (read_belonging(fact) for fact in reversed(read_facts(context.home)))
    return [one for one in read if one]


# Facts are read for each request, and their forms are many: a file of facts fits.
@lru_cache(maxsize=2000)
def read_belonging(fact: str) -> Belonging | None:
    """Read who or what something is, where a fact says it in a known form."""
    said = fact.strip(_EDGES)
    for form in _forms():
        found = form.fullmatch(said)
        if found:
            thing, value = found["thing"].strip(_EDGES), found["value"].strip(_EDGES)
            if thing and value and len(thing.split()) <= _LONGEST_THING:
                return Belonging(thing, value)
    return None


@cache
def _table() -> dict[str, Any]:
    text = (Path(__file__).parent / "fact_forms.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def _forms() -> tuple[re.Pattern[str], ...]:
    return tuple(
        _pattern(form) for language in _table().values() for form in language["forms"]
    )


def _pattern(form: str) -> re.Pattern[str]:
    # Of two words in a row without a verb between, the first is what it is.
    shape = re.escape(form).replace(
        r"\{thing\}\ \{value\}", r"(?P<thing>\S+)\ (?P<value>.+)"
    )
    shape = shape.replace(r"\{thing\}", "(?P<thing>.+?)")
    shape = shape.replace(r"\{value\}", "(?P<value>.+?)").replace(r"\ ", r"\s+")
    return re.compile(shape, re.I)


@cache
def _mine() -> frozenset[str]:
    return frozenset(word for one in _table().values() for word in one["mine"])


def place_meant(words: str, context: Context) -> str:
    """Return the place that words mean: that of "my gym", else the words themselves.

    Raises:
        StoreError: the facts cannot be read.
    """
    first, _, rest = words.strip().partition(" ")
    # "My gym" is a place of the user's; "gym" alone may be any.
    if first.casefold() not in _mine():
        return words
    wanted = {fold(one) for one in same_words(rest)}
    fitting = (one for one in belongings(context) if fold(one.thing) in wanted)
    return next((one.value for one in fitting), words)


def name_meant(words: str, context: Context) -> str:
    """Return whom a fact names that words say what they are: "sister", "my sister".

    Raises:
        StoreError: the facts cannot be read.
    """
    bare = {fold(words).removeprefix(f"{one} ") for one in _mine()}
    wanted = {fold(words)} | {fold(same) for one in bare for same in same_words(one)}
    named = (one for one in belongings(context) if _is_name(one))
    return next((one.value for one in named if fold(one.thing) in wanted), "")


def fact_values(context: Context) -> Iterator[tuple[str, str]]:
    """Yield text and kind of what the user's facts hold, for the privacy gate.

    Raises:
        StoreError: the facts cannot be read.
    """
    for fact in read_facts(context.home):
        yield fact, "fact"
        one = read_belonging(fact)
        if one is not None:
            # The value alone too: a text may hold the name without the sentence.
            yield one.value, "contact" if _is_name(one) else "fact"


def with_relations(people: Iterable[Contact], context: Context) -> list[Contact]:
    """Add to people what the facts say they are to the user.

    Who is in no card, but has a name in a fact, is known by that name alone.

    Raises:
        StoreError: the facts cannot be read.
    """
    book = list(people)
    for one in belongings(context):
        found = match_contact(one.value, book).sure
        names = tuple(_said(one.thing))
        if len(found) == 1:
            at = book.index(found[0])
            relations = dict.fromkeys((*found[0].relations, *names))
            book[at] = replace(found[0], relations=tuple(relations))
        # Two people of that name are left as they are: nobody knows whose sister it is.
        elif not found and _is_name(one):
            book.append(Contact(one.value, relations=names))
    return book


def _said(thing: str) -> Iterator[str]:
    """Yield what somebody may be called by: "sister", "Schwester", "my sister" whole."""
    for one in dict.fromkeys((thing, *same_words(thing))):
        yield one
        yield from (f"{mine} {one}" for mine in sorted(_mine()))


def _is_name(one: Belonging) -> bool:
    """Whether a value names somebody: capital letters, or a script without them."""
    words: Sequence[str] = one.value.split()
    return len(words) <= _LONGEST_NAME and all(
        word[0].isupper() or (word[0].isalpha() and word[0].lower() == word[0].upper())
        for word in words
    )
