"""Lists and what is on them, as people name them: items, pairs that are one thing, names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NoReturn

from agentkit import Context, InputNeeded, ToolError
from agentkit.language import fold
from agentkit_tools._phrases import listed, phrase, sentence
from agentkit_tools._store.resemblance import BestMatches, closest
from agentkit_tools._store.todos import Todo, Todos, read_todos

# The list of what was put on none by name.
UNNAMED = "to-do"
# Words that name no list: "put it on the list".
_SPARE = re.compile(
    r"^(?:(?:my|our|the|a|an|list of)\s+)+|(?<!\s)\s*\blists?$"
    # "la lista de la compra", "lista della spesa", "liste des courses"
    r"|^(?:la |ma |die |meine |il |a |minha )?(?:list[ae]|elenco)"
    r"(?: (?:d[eiao]l?l?[ao]?|des|d'|las?|los))*\s+"
    # Thai puts the word for a list first, Hindi last.
    r"|^รายการ|(?<!\s)\s+(?:की\s+)?(?:लिस्ट|सूची)$",
    re.I,
)
# One list goes by any of these names.
_SAME = (
    frozenset({
        "shopping", "grocery", "groceries", "supermarket", "food", "market", "einkauf",
        "einkaufen", "einkaufs", "einkaufsliste", "einkaufszettel", "courses", "spesa",
        "compras", "compra", "supermarche", "supermercado", "supermercato", "supermarkt",
        "खरीदारी", "खरीददारी", "शॉपिंग", "किराना", "सामान", "ซื้อของ", "ช้อปปิ้ง", "จ่ายตลาด",
    }),
    frozenset({
        "to-do", "todo", "to do", "task", "tasks", "aufgaben", "aufgabenliste", "taches",
        "attivita", "tarefas", "tareas", "काम", "งาน",
    }),
    frozenset({
        "gift", "gifts", "present", "presents", "geschenke", "geschenkliste", "cadeaux",
        "regali", "presentes", "regalos", "तोहफ़े", "उपहार", "ของขวัญ",
    }),
    frozenset({
        "book", "books", "bucher", "bucherliste", "livres", "libri", "livros", "libros",
        "किताबें", "किताब", "หนังสือ",
    }),
)  # fmt: skip
# Two words of one thing: what stands before and behind "and".
_PAIRS = """
mac:cheese, macaroni:cheese, fish:chips, salt:pepper, salt:vinegar, oil:vinegar, gin:tonic,
rum:coke, peanut butter:jelly, bangers:mash, sweet:sour, ham:cheese, cheese:onion,
cream:onion, cookies:cream, rice:beans, pork:beans, spaghetti:meatballs, biscuits:gravy,
half:half, bubble:squeak, arts:crafts, bread:butter pudding, wash:go
"""
# Thai writes words without spaces between them.
_AND = re.compile(r"(?<!\s)(?:\s+(?:and|&|und|et|e|ed|y|और)\s+|\s*(?:และ|กับ)\s*)", re.I)
# What stands in brackets is one thing: "nuts (almonds, cashews)". The look ahead is
# bounded, so that a long line full of commas stays linear.
_COMMA = re.compile(r"(?<!\s)\s*[,;\n]\s*(?![^()\[\]{}]{0,80}[)\]}])(?:and\s+)?")


def things_of(said: str) -> list[str]:
    """Take "milk, eggs and bread" apart; "mac and cheese" and a book's title are one."""
    parts = [part.strip() for part in _COMMA.split(said.strip()) if part.strip()]
    found: list[str] = []
    for part in parts:
        found += _without_and(part, alone=len(parts) == 1)
    return [one for one in (_bare_item(thing) for thing in found) if one]


def _bare_item(thing: str) -> str:
    return re.sub(
        r"^(?:and|some|the|a|an|any|more)\s+(?=\S)", "", thing.strip(), flags=re.I
    )


def _without_and(part: str, *, alone: bool) -> list[str]:
    pieces = _AND.split(part)
    joints = _AND.findall(part)
    found = [pieces[0]]
    for joint, piece in zip(joints, pieces[1:], strict=True):
        # German writes every noun with a capital.
        plain = alone and joint.strip().lower() != "und"
        # "Pride and Prejudice" is a title; "Milk and Eggs, Bread" is a list.
        titled = plain and found[-1][:1].isupper() and piece[:1].isupper()
        if titled or _is_pair(found[-1], piece):
            found[-1] += joint + piece
        else:
            found.append(piece)
    return found


def _is_pair(before: str, behind: str) -> bool:
    """Whether "and" joins two words of one thing: "mac and cheese"."""
    left, right = f" {fold(before)}", f"{fold(behind)} "
    pairs = (pair.split(":") for pair in " ".join(_PAIRS.split()).split(", "))
    return any(
        left.endswith(f" {one}") and right.startswith(f"{other} ")
        for one, other in pairs
    )


def bare_list(name: str) -> str:
    """Reduce a list's name: my Grocery list -> Grocery; empty for "the list"."""
    # Twice, as one front may hide another: "my lista de compras".
    return _SPARE.sub("", _SPARE.sub("", name.strip())).strip()


def list_of(todo: Todo) -> str:
    """Name the list that an entry is on."""
    return todo.kind or UNNAMED


def lists_of(todos: Iterable[Todo]) -> str:
    """Name the lists that entries are on, each once, as they are said."""
    return listed(list(dict.fromkeys(map(list_of, todos))))


def list_names(found: Todos) -> list[str]:
    """Name the lists that there are."""
    return list(dict.fromkeys(map(list_of, found.items)))


def known_list(found: Todos, name: str) -> str | None:
    """Return the list that is meant: grocery, groceries and shopping are one."""
    key = _key(name)
    return next((kept for kept in list_names(found) if key and _key(kept) == key), None)


def usual_list(found: Todos) -> str:
    """Name the list of somebody who names none: for shopping, else the only one."""
    names = list_names(found)
    shopping = known_list(found, "shopping")
    return shopping or (names[0] if len(names) == 1 else UNNAMED)


@cache
def _same() -> tuple[frozenset[str], ...]:
    return tuple(frozenset(map(fold, names)) for names in _SAME)


def _key(name: str) -> str:
    plain = fold(bare_list(name))
    for number, same in enumerate(_same()):
        if plain in same:
            return str(number)
    key = re.sub(r"[^\w]+", "", plain)
    # "party" and "parties", "box" and "boxes" are one list.
    return re.sub(r"(?:ies|y|s|es)$", "", key) or key


def on_list(thing: str, entries: Sequence[Todo]) -> BestMatches[Todo]:
    """Find an entry by its words; one of exactly that name comes before others."""
    found = closest(thing, entries, lambda todo: todo.text)
    exact = [todo for todo in found.items if fold(todo.text) == fold(thing)]
    return BestMatches(exact) if exact else found


def named_items(item: str, items: list[str]) -> list[str]:
    """Return those of some items that words speak of."""
    found = closest(item, items, str)
    return [] if found.lacks else found.items


def own_words(context: Context) -> Iterator[str]:
    """Yield the names and items of lists, and reminders; for `agentkit.words`."""
    for path in (lists_file(context), context.home / "reminders.ics"):
        for todo in read_todos(path, context.now).items:
            yield from (todo.kind.lower(), todo.text)


def lists_file(context: Context) -> Path:
    """Return where the lists are kept."""
    return context.home / "lists.ics"


def existing_list(context: Context, name: str) -> tuple[str, Todos]:
    """Find a list by its name, with all that is on lists.

    Raises:
        ToolError: none is called so; the others are named.
    """
    found = read_todos(lists_file(context), context.now)
    kept = known_list(found, name)
    if kept is None:
        raise ToolError(
            phrase(
                "There is no list {name!r}; there are: {names}.",
                name=bare_list(name),
                names=listed(list_names(found)) or phrase("none"),
            )
        )
    return kept, found


def chosen_list(found: Todos, name: str) -> str:
    """Name the list that something is put on; the usual one when none was named."""
    if bare_list(name) or not name.strip():
        return known_list(found, name) or bare_list(name) or usual_list(found)
    return usual_list(found)


def entries_of(context: Context, item: str, list_name: str) -> tuple[list[Todo], Todos]:
    """Find what is to be taken off: on the list that is named, else on any one.

    Raises:
        InputNeeded: it is on several lists, or only something like it is there.
        ToolError: it is on none.
    """
    name = list_name.strip()
    kept, found = (
        existing_list(context, name) if bare_list(name) else ("", all_lists(context))
    )
    own = [t for t in found.items if t.text and (not kept or list_of(t) == kept)]
    gone: list[Todo] = []
    # "salt and vinegar crisps" may be on it as a whole; else it is several things.
    for thing in (item,) if on_list(item, own).sure else things_of(item):
        near = on_list(thing, own)
        if not near.sure:
            _not_there(thing, kept, near.items)
        gone += near.items
    places = tuple(dict.fromkeys(list_of(todo) for todo in gone))
    # More entries than things: one of them is on two lists.
    if len(places) > 1 and len(gone) > len(things_of(item)):
        question = phrase(
            "{item!r} is on {places}. Which?", item=item, places=listed(places)
        )
        raise InputNeeded("list_name", question, places)
    return gone, found


def all_lists(context: Context) -> Todos:
    """Read what is on all lists."""
    return read_todos(lists_file(context), context.now)


def _not_there(thing: str, name: str, near: list[Todo]) -> NoReturn:
    missing = (
        phrase("{thing!r} is not on the list {name}.", thing=thing, name=name)
        if name
        else phrase("{thing!r} is on no list.", thing=thing)
    )
    likely = tuple(dict.fromkeys(todo.text for todo in near))
    if likely:
        asked = phrase("Do you mean {choices}?", choices=likely[0])
        raise InputNeeded("item", sentence(missing, asked), likely)
    raise ToolError(missing)
