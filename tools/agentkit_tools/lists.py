"""List tools: shopping, to-do and other lists, kept as VTODO in lists.ics."""

from __future__ import annotations

from dataclasses import dataclass, replace

from agentkit import Context, CorruptStore, InputNeeded, ToolError, tool
from agentkit_tools._cut_off_calls import Settle, made_todos, settled_as
from agentkit_tools._list_items import (
    all_lists,
    bare_list,
    chosen_list,
    entries_of,
    existing_list,
    known_list,
    list_names,
    list_of,
    lists_file,
    lists_of,
    named_items,
    things_of,
)
from agentkit_tools._pack import sentences, undo
from agentkit_tools._phrases import bullets, counted, listed, phrase, sentence
from agentkit_tools._store.change_sets import Made
from agentkit_tools._store.todos import Todo, add_todos, drop_todos, read_todos

SETTINGS = None
_SAY = sentences("lists")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListContent:
    """A list and what is on it."""

    name: str
    items: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listings:
    """Lists, and what of the file could not be read."""

    lists: list[ListContent]
    asked: str = ""
    where: str = ""
    warning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListChange:
    """What was done to a list."""

    did: str
    list_name: str
    items: list[str]
    undo: str = ""
    warning: str = ""


def _settled(did: str) -> Settle[ListChange]:
    """Settle a change of a list that was cut off."""

    def build(made: Made, context: Context, _: dict[str, object]) -> ListChange:
        todos = made_todos(made, context)
        items = [todo.text for todo in todos] if "{what}" in did else []
        name = lists_of(todos)
        return ListChange(did=did, list_name=name, items=items, undo=made.undo)

    return settled_as(build)


def _say_entry(entry: ListChange) -> str:
    # "Put milk on the list": the sentence has no space behind {what}, so that it may be
    # left out; at the end of a sentence there must be none.
    last = entry.did.endswith("{what}.")
    what = listed(entry.items) + ("" if last or not entry.items else " ")
    return sentence(phrase(entry.did, what=what, name=entry.list_name), entry.warning)


def _preview_add(context: Context, item: str, list_name: str) -> str:
    name = chosen_list(read_todos(lists_file(context), context.now), list_name)
    return phrase(
        "Put {what}on the list {name}.", what=f"{listed(things_of(item))} ", name=name
    )


@tool(
    effect="write",
    examples=_SAY["add_to_list"],
    wording=_say_entry,
    preview=_preview_add,
    undo=undo,
    settle=_settled("Put {what}on the list {name}."),
)
def add_to_list(context: Context, item: str, list_name: str = "") -> ListChange:
    """Put something on a list, such as the shopping list.

    Args:
        item: what to put on it.
        list_name: which list; the shopping list, or the only one, when left out.
    """
    things = things_of(item)
    if not things:
        raise InputNeeded("item", phrase("What shall I put on the list?"))
    found = read_todos(lists_file(context), context.now)
    name = chosen_list(found, list_name)
    todos = [Todo(text=thing, kind=name) for thing in things]
    saved = add_todos(lists_file(context), todos, context.now)
    return ListChange(
        did="Put {what}on the list {name}.",
        list_name=name,
        items=things,
        undo=saved.undo,
        warning=saved.warning or found.warning,
    )


def _preview_remove(context: Context, item: str, list_name: str) -> str:
    gone, _ = entries_of(context, item, list_name)
    texts = listed([todo.text for todo in gone])
    return phrase("Take {what} off the list {name}.", what=texts, name=lists_of(gone))


@tool(
    effect="write",
    examples=_SAY["remove_from_list"],
    wording=_say_entry,
    preview=_preview_remove,
    undo=undo,
    settle=_settled("Took {what}off the list {name}."),
)
def remove_from_list(context: Context, item: str, list_name: str = "") -> ListChange:
    """Take something off a list.

    Args:
        item: what to take off.
        list_name: which list; where it stands when left out.
    """
    gone, found = entries_of(context, item, list_name)
    saved = drop_todos(lists_file(context), gone, context.now)
    return ListChange(
        did="Took {what}off the list {name}.",
        list_name=lists_of(gone),
        items=list(dict.fromkeys(todo.text for todo in gone)),
        undo=saved.undo,
        warning=found.warning,
    )


def _say_listings(found: Listings) -> str:
    if found.asked:
        return sentence(_say_whether(found), found.warning)
    if not found.lists:
        return sentence(phrase("There are no lists."), found.warning)
    if len(found.lists) > 1:
        names = bullets([f"{one.name} ({len(one.items)})" for one in found.lists])
        return sentence(phrase("Your lists:") + f"\n{names}", found.warning)
    only = found.lists[0]
    if not only.items:
        return sentence(
            phrase("The list {name} is empty.", name=only.name), found.warning
        )
    return sentence(
        phrase("On the list {name}:", name=only.name) + f"\n{bullets(only.items)}",
        found.warning,
    )


def _say_whether(found: Listings) -> str:
    there = [
        phrase("{what} on the list {name}", what=listed(one.items), name=one.name)
        for one in found.lists
    ]
    if there:
        return phrase("Yes: {found}.", found=listed(there))
    if not found.where:
        return phrase("No, {what} is not on any list.", what=found.asked)
    return phrase(
        "No, {what} is not on the list {name}.", what=found.asked, name=found.where
    )


@tool(
    effect="read",
    personal=True,
    examples=_SAY["show_list"],
    wording=_say_listings,
)
def show_list(context: Context, list_name: str = "", item: str = "") -> Listings:
    """Show what is on a list, which lists there are, or whether something is on one.

    Args:
        list_name: which list; all of them when left out.
        item: what may be on it.
    """
    found = all_lists(context)
    if found.warning and not found.items:
        raise CorruptStore(found.warning)
    named = bare_list(list_name)
    names = [existing_list(context, named)[0]] if named else list_names(found)
    # Entries without text only keep their list alive.
    todos = [t for t in found.items if t.text and not t.done]
    lists = [
        ListContent(name=name, items=[t.text for t in todos if list_of(t) == name])
        for name in names
    ]
    # "Is milk on a list?": each list keeps what fits, and those with nothing go.
    if item.strip():
        lists = [replace(one, items=named_items(item, one.items)) for one in lists]
        lists = [one for one in lists if one.items]
    where = names[0] if named else ""
    return Listings(lists=lists, asked=item.strip(), where=where, warning=found.warning)


def _preview_create(context: Context, list_name: str, item: str) -> str:
    name, things = _new_list(list_name, item)
    if not things:
        return phrase("Make a new list {name}.", name=name)
    return phrase("Make a new list {name} with {what}.", name=name, what=listed(things))


def _new_list(list_name: str, item: str) -> tuple[str, list[str]]:
    """Take "Camping: tent, stove" apart: a name, and what goes on it."""
    name, _, behind = list_name.partition(":")
    return bare_list(name) or name.strip(), things_of(f"{behind}, {item}")


@tool(
    effect="write",
    examples=_SAY["create_list"],
    wording=_say_entry,
    preview=_preview_create,
    undo=undo,
    settle=_settled("Made the list {name}."),
)
def create_list(context: Context, list_name: str, item: str = "") -> ListChange:
    """Make a new list.

    Args:
        list_name: what it is called.
        item: what to put on it; nothing when left out.
    """
    found = all_lists(context)
    name, things = _new_list(list_name, item)
    known = known_list(found, name)
    # With items, they go onto the list that is there.
    if known is not None and not things:
        raise ToolError(phrase("There is a list {name!r} already.", name=known))
    # An entry without text keeps an empty list alive: a list is the kind of its
    # entries.
    todos = [Todo(text=thing, kind=known or name) for thing in things or [""]]
    saved = add_todos(lists_file(context), todos, context.now)
    what = " with {what}".rstrip() if things else ""
    return ListChange(
        did=f"Made the list {{name}}{what}."
        if not known
        else "Put {what}on the list {name}.",
        list_name=known or name,
        items=things,
        undo=saved.undo,
        warning=saved.warning,
    )


def _preview_delete(context: Context, list_name: str) -> str:
    name, found = existing_list(context, list_name)
    count = sum(bool(t.text) for t in found.items if list_of(t) == name)
    held = counted(count, "thing")
    return phrase("Delete the list {name} with {count} on it.", name=name, count=held)


@tool(
    effect="delete",
    examples=_SAY["delete_list"],
    wording=_say_entry,
    preview=_preview_delete,
    undo=undo,
    settle=_settled("Deleted the list {name}."),
)
def delete_list(context: Context, list_name: str) -> ListChange:
    """Delete a whole list with all that is on it.

    Args:
        list_name: which list.
    """
    name, found = existing_list(context, list_name)
    own = [todo for todo in found.items if list_of(todo) == name]
    saved = drop_todos(lists_file(context), own, context.now)
    return ListChange(
        did="Deleted the list {name}.",
        list_name=name,
        items=[],
        undo=saved.undo,
        warning=found.warning,
    )
