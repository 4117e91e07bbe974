"""The stretches of a text that hold calls, and the dress around them.

A list, an object, a tag or a call at the start of a line counts when it names a
known tool; a tool that is merely mentioned in a sentence does not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Literal

from agentkit.pythonic.dress import without_controls
from agentkit.pythonic.forms import BARE_NAME, Forms, Known
from agentkit.pythonic.marked_calls import (
    OPENED,
    read_braces,
    read_named_list,
    read_parameters,
)
from agentkit.pythonic.reader import Reader
from agentkit.pythonic.syntax import CALL_HEAD, NAME, RawCall, object_of

# Where calls can begin: Gemma's `call:f{`, Mistral's `[TOOL_CALLS]f[ARGS]{`, a bracket,
# Qwen's `<function=f>`, a name with a parenthesis or brace behind it.
_TRIGGER = re.compile(
    rf"(?:(?P<mark>{OPENED})\s*+)?\bcall:\s*+(?P<braced>{NAME})\s*+\{{|"
    rf"\[TOOL_CALLS\]\s*(?P<argued>{NAME})(?:\[CALL_ID\]\w+)?(?:\[ARGS\])?\s*\{{|"
    rf"[\[{{]|<function=[\"']?(?P<tagged>{NAME})[\"']?\s*=?\s*>?|"
    rf"(?<![\w.-])(?P<name>{NAME})\s*+(?:(?P<opener>\()|:?\s*+\{{)"
)
# A list whose first item may be a call: a name with `(`, a quoted name, or an object.
_LIST_HEAD = re.compile(
    rf"\[(?:[\s\[(,]|\#[^\n]*\n)*+(?:(\\?[\"'`])?({NAME})(?:\1?\s*\(|\1\s*,|\s*[,\]])|\{{)"
)
_BRACKETS = re.compile(r"[\s\[(,]*+")
# What may be on the line before a call: a lead-in with a colon, the number or sign of
# an item, the variable that it is assigned to, `print(`.
_BEFORE = re.compile(
    r"(?:.*[:>])?[\s>*`'\"\[({,;.+-]*+(?:\d+[.)]\s*+)?[\s*`'\"\[(]*+"
    r"(?:(\w+)\s*+=\s*+)?(?:(?:print|await|return|yield)[\s(]++)?[\s*`'\"\[(]*+"
)
_ASSIGNED = re.compile(r"\w+\s*=\s*")
# What may be on the line behind a call: signs, a tag, a comment, a new sentence. A word
# in lower case goes on with a sentence in which the call is only mentioned.
_AFTER = re.compile(r"[\s*`'\"\])},;.\\]*+(?:</?\w+>.*|#.*|[A-Z(].*|(?:and|then)\b.*)?")
# A program is somebody's code: bare calls in it are not asked for.
_DEFINES = re.compile(r"^[ \t]*(?:def|class|import|from)\s+\w", re.MULTILINE)
# What may stand between two calls of one answer: signs, tags, fences, "and", numbers.
_GLUE = re.compile(
    r"(?:\[/?[A-Z_]+\]|[\s\[\](){},;.:*'\"`>+\\-]|\#(?!\#)[^\n]*|```\w*"
    r"|\b(?:and|then|\d+)\b|</?[\w:.-]+>|<[|\uff5c][^<>|\uff5c\n]{1,40}[|\uff5c]>|\w+\s*=)*+"
)
_SAID = re.compile(r"[^\w<#]*+[^\W\d]")
# A sentence around a list: "use [f] to ...".
_LEADS = re.compile(r"[a-z,][ \t`*'\"]*\Z")
_GOES_ON = re.compile(r"[ \t`*'\",]*[a-z]")
# A colon leads to what follows: "First: f(...)".
_INTRODUCES = re.compile(r":\**\s*(?:```\w*\s*)?[`'\"]?\Z")


@dataclass(slots=True)
class Site:
    """A stretch of the text that holds calls.

    Attributes:
        start: offset of its first character.
        end: offset behind its last.
        calls: what it asks for, as written.
        faults: what could not be read beside the calls.
        result: the name that it assigns its result to; empty for none.
    """

    start: int
    end: int
    calls: list[RawCall]
    result: str = ""
    faults: list[str] = field(default_factory=list[str])


class Sites:
    """Looks for calls in one text.

    Attributes:
        text: what is looked through.
        known: names the known tool that a written name means, or nothing.
        fuel: how many characters may yet be read in vain; keeps the time linear.
    """

    def __init__(self, text: str, known: Known) -> None:
        self.text = text
        self.known = known
        self.forms = Forms(known)
        self.fuel = 4 * len(text) + 4096

    def find(self) -> list[Site]:
        """Find the stretches that hold calls, the first answer only."""
        sites: list[Site] = []
        code = _DEFINES.search(self.text)
        code_start: int = code.start() if code else len(self.text)
        at: int = 0
        while match := _TRIGGER.search(self.text, at):
            start = match.start()
            if sites and self._is_comment(sites[-1].end, start):
                at = self._line_end(start)
                continue
            link = self._link(sites, start) if sites else "list"
            if not link:
                break
            site = self._site(match, sites[-1].end if sites else 0, start < code_start)
            if site is None or not site.calls:
                spent = site.end - start if site else 1
                # What was read in vain is not read again from every bracket inside it.
                self.fuel -= spent
                at = _behind(match) if self.fuel > 0 else start + max(spent, 1)
                continue
            if link == "prose" and _is_restated(site, sites):
                break
            if sites:
                site.calls[0].notes.append("read what follows the first call or list")
            sites.append(site)
            at = max(site.end, match.end())
        return sites

    def at(self, place: int) -> Site | None:
        """Read the calls at a place, whatever precedes it; None when there are none."""
        match = _TRIGGER.match(self.text, place)
        return self._site(match, 0, True) if match else None

    def _is_comment(self, end: int, start: int) -> bool:
        """Whether a place behind an answer is in a comment: code that is not meant."""
        line = max(end, self.text.rfind("\n", end, start) + 1)
        return "#" in self.text[line:start]

    def _line_end(self, start: int) -> int:
        end = self.text.find("\n", start)
        return end if end >= 0 else len(self.text)

    def _link(self, sites: list[Site], start: int) -> Literal["list", "prose", ""]:
        """Tell what joins a stretch to those before it; nothing where none does."""
        end = sites[-1].end
        glue = _GLUE.match(self.text, end, start)
        between = self.text[end:start]
        if glue is not None and glue.end() == start:
            # Three quotes open or close a text: what is behind them is not the same
            # answer.
            return "list" if '"""' not in between else ""
        if len(between) > 400 or not _INTRODUCES.search(between) or "#" in between:
            return ""
        before = self.text[max(0, sites[0].start - 40) : sites[0].start]
        return "prose" if _INTRODUCES.search(before) else ""

    def _site(self, match: re.Match[str], floor: int, calm: bool) -> Site | None:
        """Read the calls at a trigger; None when it cannot be a call."""
        if match["braced"]:
            return self._braces(match)
        if match["argued"]:
            return self._argued(match)
        if match["tagged"]:
            return self._tag(match)
        if match["name"]:
            return self._bare(match, floor) if calm else None
        if match[0] == "[":
            named = read_named_list(self.text, self.known, match.start())
            if named and (floor or is_alone(self.text, match.start())):
                return Site(match.start(), named[1], [named[0]])
            head = _LIST_HEAD.match(self.text, match.start())
            if head is None:
                return Site(match.start(), self._brackets_end(match.start()), [])
            known = head[2] in (None, "print") or self.known(head[2])
            if not known and not is_alone(self.text, match.start()):
                return Site(match.start(), head.end(), [])
        reader = Reader(self.text, self.known)
        node, end = reader.read_value(match.start(), "list", 0)
        calls = self._collect(node, reader)
        if match[0] == "[" and self._is_mention(match.start(), end, calls):
            calls = []
        return Site(match.start(), end, calls, faults=reader.faults)

    def _braces(self, match: re.Match[str]) -> Site | None:
        """Read `call:f{a:1}`; without the mark before it, only where it is whole."""
        call, end = read_braces(self.text, match["braced"], match.end())
        # "call: f{...}" may be what somebody says.
        if not match["mark"] and (call.faults or not self.known(call.name)):
            return None
        return Site(match.start(), end, [call])

    def _argued(self, match: re.Match[str]) -> Site:
        """Read `[TOOL_CALLS]f[ARGS]{"a": 1}`, as Mistral writes it."""
        reader = Reader(self.text)
        reader.inside = 1
        node, end = reader.read_object(match.end() - 1, 0)
        call = RawCall(match["argued"], notes=reader.notes, faults=reader.faults)
        call.keywords.extend((object_of(node) or {}).items())
        return Site(match.start(), end, [call])

    def _collect(self, node: Any, reader: Reader) -> list[RawCall]:
        """List a node's calls, with what was noted while reading it."""
        self.forms.slips, self.forms.lost = reader.slips, reader.faults
        calls = self.forms.calls_in(node)
        # One object with faults, of an unknown name, is somebody's data.
        lone = isinstance(node, dict) and len(calls) == 1 and calls[0].faults
        if lone and not self.known(calls[0].name):
            return []
        if calls:
            calls[-1].notes.extend(reader.notes)
        return calls

    def _brackets_end(self, start: int) -> int:
        run = _BRACKETS.match(self.text, start)
        return run.end() if run else start + 1

    def _is_mention(self, start: int, end: int, calls: list[RawCall]) -> bool:
        """Whether a list is part of a sentence, or names tools in one."""
        alone = is_alone(self.text, start)
        bare = all(call.notes[:1] == [BARE_NAME] for call in calls)
        if bare and (not alone or _SAID.match(self.text, end)):
            return True
        lead = self.text[max(0, start - 200) : start]
        return not alone and bool(
            _LEADS.search(lead) and _GOES_ON.match(self.text, end)
        )

    def _tag(self, match: re.Match[str]) -> Site:
        """Read `<function=f>{...}</function>`, or a tag for each argument."""
        if read := read_parameters(self.text, match["tagged"], match.end()):
            call, end = read
            return Site(match.start(), end, [call])
        reader = Reader(self.text)
        call = RawCall(match["tagged"])
        if not match[0].endswith(">"):
            call.notes.append("added a missing >")
        at = match.end()
        while self.text[at : at + 1].isspace():
            at += 1
        if self.text[at : at + 1] != "{":
            call.faults.append("no object follows its tag")
            return Site(match.start(), at, [call] if self.known(call.name) else [])
        reader.inside = 1
        node, end = reader.read_object(at, 0)
        call.keywords.extend((object_of(node) or {}).items())
        call.notes.extend(reader.notes)
        call.faults.extend(reader.faults)
        behind = self.text.startswith(">", end) and not match[0].endswith(">")
        return Site(match.start(), end + behind, [call])

    def _bare(self, match: re.Match[str], floor: int) -> Site | None:
        """Read a call without brackets, unless it is only mentioned."""
        start = match.start("name")
        name = match["name"]
        wrapped = name == "print"
        if not wrapped and not self.known(name):
            return self._unknown(match)
        floor = max(floor, start - 200)
        line = self.text.rfind("\n", floor, start) + 1
        before = _BEFORE.fullmatch(self.text, max(line, floor), start)
        if not match["opener"]:
            return self._named_object(match) if before else None
        head = CALL_HEAD.match(self.text, start)
        if before is None or head is None:
            return None
        reader = Reader(self.text)
        call, end = reader.read_call(name, start, head.end(), 1)
        calls = self.forms.calls_in(call)
        if not calls or not self._leads_on(end):
            return Site(start, end, [])
        calls[0].notes.append("read a call without brackets")
        assigned = _ASSIGNED.fullmatch(self.text, max(0, before.start(1)), start)
        if before[1] and assigned:
            return Site(before.start(1), end, calls, before[1])
        return Site(start, end, calls)

    def _unknown(self, match: re.Match[str]) -> Site | None:
        """Take a call of an unknown tool for one when it is all that is said."""
        start = match.start("name")
        if not match["opener"] or not self.text.endswith((")", ")]")):
            return None
        # Behind words it is an example of code, since nobody knows the tool.
        if start > 200 or without_controls(self.text[:start]).strip(" \n`['\""):
            return None
        reader = Reader(self.text)
        call, end = reader.read_call(match["name"], start, match.end(), 1)
        if end < len(self.text.rstrip(" \n]`")) or call.positional or call.faults:
            return None
        return Site(start, end, [call])

    def _leads_on(self, end: int) -> bool:
        """Whether a call's line ends there, or continues with a call or a new sentence."""
        glue = _GLUE.match(self.text, end)
        head = CALL_HEAD.match(self.text, glue.end() if glue else end)
        if head is not None and self.known(head[1]):
            return True
        line = self.text[end : end + 400].split("\n", 1)[0]
        return _AFTER.fullmatch(line) is not None

    def _named_object(self, match: re.Match[str]) -> Site:
        """Read a tool's name with the object of its arguments behind it."""
        reader = Reader(self.text)
        reader.inside = 1
        node, end = reader.read_object(match.end() - 1, 0)
        call = RawCall(match["name"], notes=reader.notes, faults=reader.faults)
        pairs = object_of(node)
        if pairs is None or "properties" in pairs:
            return Site(match.start(), end, [])
        call.keywords.extend(pairs.items())
        call.notes.append("read a name and an object as a call")
        return Site(match.start("name"), end, [call])


def _is_restated(site: Site, before: list[Site]) -> bool:
    """Whether a stretch says again what was called, as explanations do."""
    known = [_meaning(call) for one in before for call in one.calls]
    return all(_meaning(call) in known for call in site.calls)


def _meaning(call: RawCall) -> tuple[str, list[Any], list[tuple[str, Any]]]:
    return call.name, call.positional, call.keywords


def is_alone(text: str, start: int) -> bool:
    """Tell whether only marks and spaces precede a place on its line."""
    floor = max(0, start - 200)
    line = max(floor, text.rfind("\n", floor, start) + 1)
    return not without_controls(text[line:start]).strip(" \t`*>[(\"'")


def _behind(trigger: re.Match[str]) -> int:
    """Return where to look on; the brace behind a name may open an object."""
    braced = trigger["name"] and not trigger["opener"]
    return trigger.end() - 1 if braced else trigger.end()
