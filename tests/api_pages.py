"""The reference of the public classes, a page each, made from signatures and docstrings."""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import agentkit
import agentkit.backends

_FACES = ("agentkit", "agentkit.backends")
_SECTION = re.compile(r"(Args|Attributes|Raises|Returns|Example):")
_ENTRY = re.compile(r"(\w[\w., ]*): (.*)")
# A default that has no name: its place in memory is no fact.
_NAMELESS = re.compile(r"<.*>")


def public_classes() -> dict[str, tuple[str, type[Any]]]:
    """Return each public class by name, with the face that it is imported from.

    Errors are on a page of their own, which draws their tree.
    """
    found: dict[str, tuple[str, type[Any]]] = {}
    for face, module in zip(_FACES, (agentkit, agentkit.backends), strict=True):
        for name in dir(module):
            value = getattr(module, name)
            if inspect.isclass(value) and not issubclass(value, BaseException):
                found.setdefault(name, (face, value))
    return dict(sorted(found.items()))


def api_pages(folder: Path) -> dict[Path, str]:
    """Return the path and the text of each page, and of the list of them."""
    found = public_classes()
    pages = {
        folder / f"{_file(name)}.md": _page(name, face, kind)
        for name, (face, kind) in found.items()
    }
    rows = [
        f"| [`{name}`]({_file(name)}.md) | `{face}` | {_summary(kind)} |"
        for name, (face, kind) in found.items()
    ]
    head = (
        "# Public classes\n\nMade from the code by `python -m tests.reference_pages`. "
        "Errors are on [their own page](../errors.md).\n\n"
        "| class | import it from | what it is |\n|---|---|---|\n"
    )
    return {**pages, folder / "index.md": head + "\n".join(rows) + "\n"}


def _file(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()


def _page(name: str, face: str, kind: type[Any]) -> str:
    parts = [
        f"# {name}\n\nMade from the code by `python -m tests.reference_pages`.\n",
        f"`from {face} import {name}`\n",
        _told(inspect.getdoc(kind) or ""),
    ]
    if not getattr(kind, "_is_protocol", False):
        parts.append(f"## Make one\n\n```text\n{_signature(name, kind)}\n```\n")
        parts.append(_of_init(kind))
    members = list(_members(kind))
    if members:
        parts += ["## Members\n", *members]
    return "\n".join(part for part in parts if part).rstrip() + "\n"


def _of_init(kind: type[Any]) -> str:
    if dataclasses.is_dataclass(kind):
        return ""  # its fields are its attributes
    return (
        _told(inspect.getdoc(kind.__init__) or "") if "__init__" in vars(kind) else ""
    )


def _members(kind: type[Any]) -> Iterator[str]:
    for owner in reversed(kind.__mro__[:-1]):
        if not owner.__module__.startswith("agentkit"):
            continue
        for name, member in vars(owner).items():
            if not name.startswith("_"):
                yield from _member(name, member)


def _member(name: str, member: Any) -> Iterator[str]:
    behind = getattr(member, "__func__", getattr(member, "fget", None) or member)
    behind = getattr(behind, "func", behind)
    if not inspect.isfunction(behind):
        return
    called = behind is member or isinstance(member, staticmethod | classmethod)
    shown = _signature(name, behind) if called else name
    is_async = "async " if inspect.iscoroutinefunction(behind) else ""
    yield f"### `{name}`\n\n```text\n{is_async}{shown}\n```\n"
    yield _told(inspect.getdoc(behind) or "")


def _signature(name: str, function: Any) -> str:
    try:
        signature = inspect.signature(function)
    except ValueError:
        return f"{name}(...)"
    parts: list[str] = []
    starred = False
    for one in signature.parameters.values():
        if one.name in ("self", "cls") and not parts:
            continue
        if one.kind is one.KEYWORD_ONLY and not starred:
            parts.append("*")
        starred = starred or one.kind in (one.KEYWORD_ONLY, one.VAR_POSITIONAL)
        parts.append(_parameter(one))
    returns = signature.return_annotation
    arrow = "" if inspect.isclass(function) else f" -> {_type(returns)}"
    line = f"{name}({', '.join(parts)}){arrow}"
    if len(line) <= 80:
        return line
    inside = "".join(f"    {part},\n" for part in parts)
    return f"{name}(\n{inside}){arrow}"


def _parameter(one: inspect.Parameter) -> str:
    star = "*" if one.kind is one.VAR_POSITIONAL else ""
    star = "**" if one.kind is one.VAR_KEYWORD else star
    told = "" if one.annotation is one.empty else f": {_type(one.annotation)}"
    if one.default is one.empty:
        return f"{star}{one.name}{told}"
    shown = repr(one.default)
    nameless = _NAMELESS.search(shown) or len(shown) > 40
    return f"{star}{one.name}{told} = {'...' if nameless else shown}"


def _type(annotation: Any) -> str:
    if annotation in (inspect.Signature.empty, None):
        return "None"
    if isinstance(annotation, str):
        return annotation.strip("'\"")
    return inspect.formatannotation(annotation).replace("agentkit.", "")


def _summary(kind: type[Any]) -> str:
    paragraph = (inspect.getdoc(kind) or "").split("\n\n")[0]
    return " ".join(paragraph.split()).replace("|", "\\|")


def _told(docstring: str) -> str:
    """Write a docstring: its paragraphs as they are, its sections as tables."""
    lines: list[str] = []
    section = ""
    rows: list[tuple[str, str]] = []
    for line in [*docstring.splitlines(), "End:"]:
        found = _SECTION.fullmatch(line)
        if found or line == "End:":
            lines += _section(section, rows)
            section, rows = (found[1] if found else ""), []
        elif not section:
            lines.append(line)
        elif line.strip():
            _take(rows, line, section)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def _take(rows: list[tuple[str, str]], line: str, section: str) -> None:
    entry = _ENTRY.fullmatch(line[4:])
    if entry and section not in ("Returns", "Example"):
        rows.append((entry[1], entry[2]))
    elif rows and section not in ("Returns", "Example"):
        rows[-1] = rows[-1][0], f"{rows[-1][1]} {line.strip()}"
    else:
        rows.append(("", line[4:]))


def _section(section: str, rows: list[tuple[str, str]]) -> list[str]:
    if not rows:
        return []
    if section == "Example":
        return ["```text", *(text for _, text in rows), "```"]
    if section == "Returns":
        return ["", f"Returns: {' '.join(text for _, text in rows)}"]
    head = {"Args": "argument", "Attributes": "attribute", "Raises": "raises"}[section]
    table = [
        f"| `{name}` | {text.replace('|', chr(92) + '|')} |" for name, text in rows
    ]
    return ["", f"| {head} | what |", "|---|---|", *table]
