"""Finds the calls in a model's output and leaves the rest as text.

Anchored on the known tools, not on an envelope: a list, an object, a tag or a
call at the start of a line counts when it names a tool; a tool that is merely
mentioned in a sentence does not. Text is data: nothing is evaluated.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from agentkit.pythonic.binding import Binder
from agentkit.pythonic.forms import Forms
from agentkit.pythonic.parsed import CallFault, KnownTools, Parsed, Repair
from agentkit.pythonic.reader import Reader
from agentkit.pythonic.syntax import CALL_HEAD, NAME, RawCall

MAX_SIZE = 1_000_000

_TRIGGER = re.compile(
    rf"[\[{{]|<function=({NAME})>|(?<![\w.-])(?P<name>{NAME})\s*+\("
)
_LIST_HEAD = re.compile(
    rf"\[(?:[\s\[(,]|\#[^\n]*\n)*(?:(\\?[\"'`])?({NAME})\s*\(|\{{)"
)
_SPECIAL = re.compile(
    r"<\|[\w ]{2,30}\|>|</?(?:tool_calls?|function_calls?|function|tools?)>"
)
_BEFORE = re.compile(
    r"(?:.*[:>=])?[\s>*`'\"\[({,;.+-]*(?:\d+[.)]\s*)?[\s*`'\"\[(]*"
    r"(?:(\w+)\s*=\s*)?(?:(?:print|await|return|yield)[\s(]+)?[\s*`'\"\[(]*"
)
_AFTER = re.compile(r"[\s*`'\"\])},;.]*(?:#.*|[A-Z(].*|(?:and|then)\b.*)?")
_DEFINES = re.compile(r"^\s*(?:def|class|import|from)\s+\w", re.MULTILINE)
_GLUE = re.compile(
    r"(?:[\s\[\](){},;.:*'\"`>#-]|```\w*|\b(?:and|then|\d+)\b|</?\w+>|\w+\s*=)*+"
)
_SCRAP = re.compile(r"[\s\[\](){},;*'\"`>-]*")
_FENCE = re.compile(r"```\w*")


@dataclass(slots=True)
class Site:
    """A stretch of the text that holds calls.

    Attributes:
        start: offset of its first character.
        end: offset behind its last.
        calls: what it asks for, as written.
        result: the name that it assigns its result to; empty for none.
    """

    start: int
    end: int
    calls: list[RawCall]
    result: str = ""


def parse_calls(text: str, toolset: KnownTools) -> Parsed:
    """Read the calls in a model's output.

    Args:
        text: what the model wrote.
        toolset: the tools that it may call.

    Returns:
        The calls, the text around them, every repair, and what could not be read.
    """
    if len(text) > MAX_SIZE:
        fault = CallFault("", f"The output is longer than {MAX_SIZE} characters.")
        return Parsed(text=text, errors=(fault,))
    return _Parsing(text, toolset).run()


class _Parsing:
    """One reading of one output."""

    def __init__(self, text: str, tools: KnownTools) -> None:
        self.written = text
        self.text, unescaped = _unescape_markdown(text, tools)
        self.tools = tools
        self.binder = Binder(tools, self.text)
        self.forms = Forms(self.binder.find_name)
        self.fuel = 4 * len(text) + 4096
        self.repairs = [Repair("", "read \\_ as _")] if unescaped else []

    def run(self) -> Parsed:
        """Find the sites, bind their calls and cut them out of the text."""
        sites = self._sites()
        for site in sites:
            for raw in site.calls:
                index = self.binder.bind(raw)
                if site.result and index >= 0:
                    self.binder.results[site.result] = index
        binder = self.binder
        if not binder.calls and not binder.errors:
            return Parsed((), _SPECIAL.sub("", self.written).strip(), ())
        repairs = (*self.repairs, *binder.repairs) if binder.calls else ()
        text = _outside(self.text, sites) if binder.calls else self.written
        text = _SPECIAL.sub("", text).strip()
        return Parsed(tuple(binder.calls), text, repairs, tuple(binder.errors))

    def _sites(self) -> list[Site]:
        """Find the stretches that hold calls, the first answer only."""
        sites: list[Site] = []
        code = _DEFINES.search(self.text)
        code_start = code.start() if code else len(self.text)
        at = 0
        while match := _TRIGGER.search(self.text, at):
            start = match.start()
            if sites and not self._continues(sites[-1].end, start):
                break
            site = self._site(match, bool(sites), start < code_start)
            if site is None or not site.calls:
                spent = site.end - start if site else 1
                self.fuel -= spent
                at = match.end() if self.fuel > 0 else start + max(spent, 1)
                continue
            sites.append(site)
            at = max(site.end, match.end())
        return sites

    def _continues(self, end: int, start: int) -> bool:
        glue = _GLUE.match(self.text, end, start)
        return glue is not None and glue.end() == start

    def _site(self, match: re.Match[str], follows: bool, calm: bool) -> Site | None:
        """Read what stands at a trigger; None when it cannot be a call."""
        if match[1]:
            return self._tag(match)
        if match["name"]:
            return self._bare(match) if calm else None
        if match[0] == "[":
            head = _LIST_HEAD.match(self.text, match.start())
            if head is None:
                return None
            if head[2] and not self.binder.find_name(head[2]):
                if head[2] != "print" and not self._stands_alone(match.start()):
                    return None
        reader = Reader(self.text)
        node, end = reader.read_value(match.start(), "list", 0)
        return Site(match.start(), end, self._collect(node, reader))

    def _collect(self, node: Any, reader: Reader) -> list[RawCall]:
        calls = self.forms.calls_in(node)
        if isinstance(node, dict) and len(calls) == 1:
            if not self.binder.find_name(calls[0].name) and reader.faults:
                return []
        for call in calls[-1:]:
            call.notes.extend(reader.notes)
            call.faults.extend(reader.faults)
        return calls

    def _stands_alone(self, start: int) -> bool:
        """Whether nothing but marks and spaces stand before, on the line."""
        line = self.text.rfind("\n", max(0, start - 200), start) + 1
        return not _SPECIAL.sub("", self.text[line:start]).strip(" \t`*>[(\"'")

    def _tag(self, match: re.Match[str]) -> Site:
        """Read `<function=f>{...}</function>`."""
        reader = Reader(self.text)
        call = RawCall(match[1])
        at = match.end()
        while self.text[at : at + 1].isspace():
            at += 1
        if self.text[at : at + 1] != "{":
            call.faults.append("no object follows its tag")
            return Site(match.start(), at, [call] if self.binder.find_name(call.name) else [])
        node, end = reader.read_object(at, 0)
        if isinstance(node, dict):
            call.keywords.extend(node.items())  # pyright: ignore
        call.notes.extend(reader.notes)
        call.faults.extend(reader.faults)
        return Site(match.start(), end, [call])

    def _bare(self, match: re.Match[str]) -> Site | None:
        """Read a call without brackets, unless it is only mentioned."""
        start = match.start("name")
        name = match["name"]
        wrapped = name == "print"
        if not wrapped and not self.binder.find_name(name):
            return None
        line = self.text.rfind("\n", 0, start) + 1
        before = _BEFORE.fullmatch(self.text, max(line, start - 200), start)
        head = CALL_HEAD.match(self.text, start)
        if before is None or head is None:
            return None
        call, end = Reader(self.text).read_call(head, 1)
        calls = self.forms.calls_in(call)
        stop = self.text.find("\n", end)
        stop = len(self.text) if stop < 0 else stop
        if not calls or _AFTER.fullmatch(self.text, end, min(stop, end + 400)) is None:
            return Site(start, end, [])
        return Site(start, end, calls, before[1] or "")


def _unescape_markdown(text: str, tools: KnownTools) -> tuple[str, bool]:
    r"""Take markdown's `\_` out, when a tool's name is written with it."""
    if "\\_" not in text:
        return text, False
    plain = text.replace("\\_", "_")
    for tool in tools:
        if "_" in tool.name and plain.count(tool.name) > text.count(tool.name):
            return plain, True
    return text, False


def _outside(text: str, sites: list[Site]) -> str:
    """Return what is said besides the calls, without the scraps of their dress."""
    pieces: list[str] = []
    at = 0
    for site in sites:
        pieces.append(text[at : site.start])
        at = site.end
    pieces.append(text[at:])
    cleaned = [_FENCE.sub("", piece) for piece in pieces]
    return "\n".join(p.strip() for p in cleaned if not _SCRAP.fullmatch(p))
