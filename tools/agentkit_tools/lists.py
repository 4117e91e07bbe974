"""List tools: shopping, to-do and other lists, kept as VTODO in lists.ics."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from agentkit import Context, CorruptStore, InputNeeded, ToolError, tool
from agentkit.language import fold
from agentkit_tools._cut_off_calls import Settle, made_todos, settled_as
from agentkit_tools._pack import sentences, undo
from agentkit_tools._phrases import bullets, counted, listed, sentence
from agentkit_tools._store.change_sets import Made
from agentkit_tools._store.todos import Todo, Todos, add_todos, drop_todos, read_todos

SETTINGS = None
_SAY = sentences("lists")
_SPARE = re.compile(r"^(?:my|our|the|a|an)\s+|\s+lists?$", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list and what is on it."""

    name: str
    items: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listings:
    """Lists, and what of the file could not be read."""

    lists: list[Listing]
    warning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What was done to a list."""

    did: str
    list_name: str
    items: list[str]
    undo: str = ""
    warning: str = ""


def _path(context: Context) -> Path:
    return context.home / "lists.ics"


def _bare(name: str) -> str:
    """Reduce a list's name: my Grocery list -> grocery."""
    short = _SPARE.sub("", _SPARE.sub("", name.strip())).strip()
    return short or "to-do"


def _key(name: str) -> str:
    """Compare names: grocery, groceries and grocery list are one."""
    key = re.sub(r"[^\w]+", "", fold(_bare(name)))
    return re.sub(r"(?:ies|y|s|es)$", "", key) or key


def _names(found: Todos) -> list[str]:
    return list(dict.fromkeys(todo.kind or "to-do" for todo in found.items))


def _known(found: Todos, name: str) -> str | None:
    return next((kept for kept in _names(found) if _key(kept) == _key(name)), None)


def _existing(context: Context, name: str) -> tuple[str, Todos]:
    found = read_todos(_path(context), context.now)
    kept = _known(found, name)
    if kept is None:
        names = listed(_names(found)) or "none"
        raise ToolError(f"There is no list {_bare(name)!r}; there are: {names}.")
    return kept, found


def _things(item: str) -> list[str]:
    """Split "milk, eggs and bread"."""
    parts = re.split(r"\s*(?:,|;|\band\b|&)\s*", item.strip())
    return [part for part in parts if part] or [item.strip()]


def _settled(did: str) -> Settle[Entry]:
    """Settle a change of a list that was cut off."""

    def build(made: Made, context: Context, _: dict[str, object]) -> Entry:
        todos = made_todos(made, context)
        items = [todo.text for todo in todos] if "{what}" in did else []
        name = todos[0].kind or "to-do"
        return Entry(did=did, list_name=name, items=items, undo=made.undo)

    return settled_as(build)


def _say_entry(entry: Entry) -> str:
    what = f"{listed(entry.items)} " if entry.items else ""
    return sentence(
        f"{entry.did.format(what=what, name=entry.list_name)}", entry.warning
    )


def _preview_add(context: Context, item: str, list_name: str) -> str:
    found = read_todos(_path(context), context.now)
    name = _known(found, list_name) or _bare(list_name)
    return f"Put {listed(_things(item))} on the list {name}."


@tool(
    effect="write",
    examples=_SAY["add_to_list"],
    wording=_say_entry,
    preview=_preview_add,
    undo=undo,
    settle=_settled("Put {what}on the list {name}."),
)
def add_to_list(context: Context, item: str, list_name: str = "to-do") -> Entry:
    """Put something on a list, such as the shopping list.

    Args:
        item: what to put on it.
        list_name: which list.
    """
    if not item.strip():
        raise InputNeeded("item", "What shall I put on the list?")
    found = read_todos(_path(context), context.now)
    name = _known(found, list_name) or _bare(list_name)
    things = _things(item)
    todos = [Todo(text=thing, kind=name) for thing in things]
    saved = add_todos(_path(context), todos, context.now)
    return Entry(
        did="Put {what}on the list {name}.",
        list_name=name,
        items=things,
        undo=saved.undo,
        warning=saved.warning or found.warning,
    )


def _preview_remove(context: Context, item: str, list_name: str) -> str:
    return f"Take {item} off the list {_existing(context, list_name)[0]}."


@tool(
    effect="write",
    examples=_SAY["remove_from_list"],
    wording=_say_entry,
    preview=_preview_remove,
    undo=undo,
    settle=_settled("Took {what}off the list {name}."),
)
def remove_from_list(context: Context, item: str, list_name: str = "to-do") -> Entry:
    """Take something off a list.

    Args:
        item: what to take off.
        list_name: which list.
    """
    name, found = _existing(context, list_name)
    wanted = {fold(thing) for thing in (item, *_things(item)) if thing.strip()}
    own = [todo for todo in found.items if (todo.kind or "to-do") == name]
    gone = [todo for todo in own if fold(todo.text) in wanted]
    if not gone:
        raise ToolError(f"{item!r} is not on the list {name}.")
    saved = drop_todos(_path(context), gone, context.now)
    return Entry(
        did="Took {what}off the list {name}.",
        list_name=name,
        items=list(dict.fromkeys(todo.text for todo in gone)),
        undo=saved.undo,
        warning=found.warning,
    )


def _say_listings(found: Listings) -> str:
    if not found.lists:
        return sentence("There are no lists.", found.warning)
    if len(found.lists) > 1:
        names = bullets([f"{one.name} ({len(one.items)})" for one in found.lists])
        return sentence(f"Your lists:\n{names}", found.warning)
    only = found.lists[0]
    if not only.items:
        return sentence(f"The list {only.name} is empty.", found.warning)
    return sentence(f"On the list {only.name}:\n{bullets(only.items)}", found.warning)


@tool(
    effect="read",
    personal=True,
    examples=_SAY["show_list"],
    wording=_say_listings,
)
def show_list(context: Context, list_name: str = "") -> Listings:
    """Show what is on a list, or which lists there are.

    Args:
        list_name: which list; all of them when left out.
    """
    found = read_todos(_path(context), context.now)
    if found.warning and not found.items:
        raise CorruptStore(found.warning)
    one = list_name.strip()
    names = [_existing(context, one)[0]] if one else _names(found)
    lists = [
        Listing(
            name=name,
            items=[
                t.text
                for t in found.items
                if (t.kind or "to-do") == name and t.text and not t.done
            ],
        )
        for name in names
    ]
    odd = (todo.oddity for todo in found.items if (todo.kind or "to-do") in names)
    told = dict.fromkeys(filter(None, (found.warning, *odd)))
    return Listings(lists=lists, warning=" ".join(told))


def _preview_create(context: Context, list_name: str) -> str:
    return f"Make a new list {_bare(list_name)}."


@tool(
    effect="write",
    examples=_SAY["create_list"],
    wording=_say_entry,
    preview=_preview_create,
    undo=undo,
    settle=_settled("Made the list {name}."),
)
def create_list(context: Context, list_name: str) -> Entry:
    """Make a new, empty list.

    Args:
        list_name: what it is called.
    """
    found = read_todos(_path(context), context.now)
    known = _known(found, list_name)
    if known is not None:
        raise ToolError(f"There is a list {known!r} already.")
    name = _bare(list_name)
    saved = add_todos(_path(context), [Todo(text="", kind=name)], context.now)
    return Entry(
        did="Made the list {name}.",
        list_name=name,
        items=[],
        undo=saved.undo,
        warning=saved.warning,
    )


def _preview_delete(context: Context, list_name: str) -> str:
    name, found = _existing(context, list_name)
    count = sum(bool(t.text) for t in found.items if (t.kind or "to-do") == name)
    return f"Delete the list {name} with {counted(count, 'thing')} on it."


@tool(
    effect="delete",
    examples=_SAY["delete_list"],
    wording=_say_entry,
    preview=_preview_delete,
    undo=undo,
    settle=_settled("Deleted the list {name}."),
)
def delete_list(context: Context, list_name: str) -> Entry:
    """Delete a whole list with all that is on it.

    Args:
        list_name: which list.
    """
    name, found = _existing(context, list_name)
    own = [todo for todo in found.items if (todo.kind or "to-do") == name]
    saved = drop_todos(_path(context), own, context.now)
    return Entry(
        did="Deleted the list {name}.",
        list_name=name,
        items=[],
        undo=saved.undo,
        warning=found.warning,
    )
