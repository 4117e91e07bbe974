"""A toolset made ready for matching: patterns, weights and an index by word."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace

from agentkit.backends.reflex.english import ACTS, ASKING, Act, stem_of
from agentkit.backends.reflex.moods import Mood, mood_of
from agentkit.backends.reflex.parameters import Param, read_params
from agentkit.backends.reflex.patterns import Kit, Pattern, Step, word_weight
from agentkit.backends.reflex.request_tokens import RequestWord
from agentkit.backends.reflex.templates import Row, TemplatePart, apart_for, expand
from agentkit.tools import AnyTool, Toolset

# What is said before a slot of this name, where the tool's author gave no sentence.
_PREPOSITIONS = {
    "destination": "to", "to": "to", "recipient": "to", "place": "(in|at)",
    "location": "(in|at)", "city": "(in|at|to)", "topic": "about", "subject": "about",
    "source": "from", "origin": "from", "sender": "from", "pickup": "from",
}  # fmt: skip
# Descriptions are written so: "how many people" gives the unit of "for 4 people".
_COUNTED = re.compile(r"how many (\w+)", re.I)
# Kinds that show where the slot's words begin and end.
_FIRM = frozenset({"integer", "number", "enum", "when", "duration"})


def sentences_from(tool: AnyTool) -> tuple[str, ...]:
    """Make sentences of a tool's name and slots: "book taxi to {destination}"."""
    words = re.split(r"[_\-\s]+", tool.name.rpartition(".")[2])
    params = [param for param in read_params(tool) if _has_place(param)]
    slots = [_slot(param) for param in params]
    heads = [" ".join(words)]
    found = [f"{heads[0]} {' '.join(s)}" for s in (slots, slots[::-1])]
    if len(words) > 1 and not ACTS.get(stem_of(words[0])):
        found += _by_verb(words[0], words[1:], params)
    return tuple(dict.fromkeys(found))


def _has_place(param: Param) -> bool:
    """Whether a sentence can tell where the slot's words begin.

    An optional text without a word before it would take half of the text beside it.
    """
    if param.kind == "text" and not param.required:
        return param.name in _PREPOSITIONS
    return param.kind not in ("boolean", "other")


def _by_verb(verb: str, nouns: list[str], params: list[Param]) -> list[str]:
    """Replace the noun by a slot: "water {plant}" for `water_plant`."""
    named = next((p for p in params if p.required and p.name in nouns), None)
    needed = [p for p in params if p.required]
    # With nothing firm in it "water {x} {y}" would fit any words.
    if named is None and not (len(needed) > 1 and any(p.kind in _FIRM for p in needed)):
        return []
    rest = " ".join(_slot(param) for param in params if param is not named)
    first = f"{{{named.name}}} [{named.name}]" if named else ""
    return [f"{verb} {first} {rest}"]


def _slot(param: Param) -> str:
    """Write a parameter as a sentence has it: "[(to|at)] {degrees} [degrees]"."""
    slot = f"{{{param.name}}}" if param.required else f"[{{{param.name}}}]"
    if param.kind in ("integer", "number"):
        return f"[(to|at|of|with|for)] {slot} [({'|'.join(_units(param))})]"
    if param.kind == "enum":
        return f"[(to|in|on|for|as)] {slot}"
    word = _PREPOSITIONS.get(param.name, "")
    if word and not param.required:
        return f"[{word} {{{param.name}}}]"
    return f"{word} {slot}" if word else slot


def _units(param: Param) -> list[str]:
    """List the words that may follow a number: its name, "people" of "how many"."""
    said = _COUNTED.search(param.description)
    name = param.name.replace("_", " ")
    return [name, *([said[1].lower()] if said else [])]


# What a required slot costs when it stays empty. Above the 0.25 of other slots: a time
# and a person tell tools apart that are said alike.
_MISSES: dict[str, float] = {"when": 0.35, "duration": 0.35, "person": 0.4}


def compile_toolset(toolset: Toolset) -> Kit:
    """Lay out the sentences of a toolset, and weigh their words."""
    rows = {tool.name: _rows(tool) for tool in toolset}
    spread = _spread(rows)
    params = {tool.name: {p.name: p for p in read_params(tool)} for tool in toolset}
    patterns = [
        _pattern(name, row, source, params[name], spread)
        for name, found in rows.items()
        for row, source in found
    ]
    index: dict[str, list[int]] = defaultdict(list)
    loose: list[int] = []
    for number, pattern in enumerate(patterns):
        anchors = {
            stem for step in pattern.steps if step.anchors for stem in step.stems
        }
        # Only words that say what a tool is about lead to its patterns: all have "the".
        for stem in anchors:
            index[stem].append(number)
        if not pattern.anchored:
            loose.append(number)
    known = frozenset(stem for p in patterns for s in p.steps for stem in s.stems)
    frozen = {stem: tuple(numbers) for stem, numbers in index.items()}
    return Kit(params, len(patterns), patterns.__getitem__, frozen, tuple(loose), known)


def _rows(tool: AnyTool) -> list[tuple[Row, str]]:
    """Every row of a tool's sentences; equal ones fall together."""
    found: list[tuple[Row, str]] = []
    seen: set[tuple[object, ...]] = set()
    for template in (*tool.examples, *sentences_from(tool)):
        for row in expand(template):
            key = tuple(part.key for part in row)
            if key and key not in seen:
                seen.add(key)
                found.append((row, template))
    return found


def _spread(rows: dict[str, list[tuple[Row, str]]]) -> dict[str, int]:
    """Count the tools whose sentences have each word."""
    count: dict[str, int] = defaultdict(int)
    for found in rows.values():
        words = (word for row, _ in found for part in row for word in part.words)
        for stem in {word.stem for word in words}:
            count[stem] += 1
    return dict(count)


def _pattern(
    tool: str,
    row: Row,
    source: str,
    params: dict[str, Param],
    spread: dict[str, int],
) -> Pattern:
    firm = [part for part in row if part.kind == "word" and not part.optional]
    anchored = any(word.content for part in firm for word in part.words)
    steps = tuple(
        _step(
            replace(part, optional=True)
            if _leads_time(part, row[at + 1 :], params)
            else part,
            params,
            spread,
            # Without a noun the verb is all that tells the tool, so another verb will
            # not do.
            exact=not anchored or _is_literal(row[at + 1 :], params),
        )
        for at, part in enumerate(row)
    )
    total = sum(step.miss for step in steps if step.stems)
    slots = tuple(step.param for step in steps if step.param)
    stems = {stem for step in steps for stem in step.stems}
    apart = apart_for(slots, stems, params.values())
    return Pattern(tool, steps, _moods(row), source, total, anchored, apart)


def _leads_time(part: TemplatePart, behind: Row, params: dict[str, Param]) -> bool:
    """Whether words lead up to a time: "at 7" is one with its preposition."""
    param = params.get(behind[0].slot) if behind else None
    is_time = param is not None and param.kind == "when"
    norms = {word.norm for word in part.words}
    return is_time and bool(norms) and norms <= _BEFORE_TIMES


_BEFORE_TIMES = frozenset({"at", "on", "in", "by"})


def _is_literal(behind: Row, params: dict[str, Param]) -> bool:
    """Whether a message to somebody comes next: a verb may be part of that."""
    slot = next((part.slot for part in behind if not part.optional), "")
    return slot in params and params[slot].verbatim


def _moods(row: Row) -> frozenset[Mood]:
    """The moods of a row, one for each word that it may begin with."""
    spoken = [part.words for part in row if part.words]
    if not spoken:
        return frozenset()
    rest = tuple(words[0] for words in spoken[1:])
    return frozenset(mood_of((first, *rest)) for first in spoken[0])


def _step(
    part: TemplatePart, params: dict[str, Param], spread: dict[str, int], *, exact: bool
) -> Step:
    if part.kind != "word":
        return _slot_step(part, params)
    stems = {word.stem: _weight(word, spread) for word in part.words}
    acts: frozenset[Act] = frozenset(word.act for word in part.words if word.act)
    none: frozenset[Act] = frozenset()
    # Of words that may stand for each other the pattern counts the lightest.
    least = min(stems.values())
    anchors = frozenset(word.stem for word in part.words if word.content)
    return Step(
        stems,
        none if exact else acts,
        least,
        0.0 if part.optional else least,
        None,
        part.glued,
        anchors,
        verb=not anchors and all(w.act or w.stem in ASKING for w in part.words),
    )


def _slot_step(part: TemplatePart, params: dict[str, Param]) -> Step:
    param = params.get(part.slot)
    if param is None:
        return Step({}, frozenset(), 0.0, 0.0)
    # Any words fill a text, so having filled it proves little.
    weight = 0.15 if param.kind in ("text", "texts") else 0.3
    miss = _MISSES.get(param.kind, 0.25)
    return Step({}, frozenset(), weight, 0.0 if part.optional else miss, param)


def _weight(word: RequestWord, spread: dict[str, int]) -> float:
    if word.content:
        # A word of one tool is worth 1; each further tool that speaks of it takes a
        # twentieth, down to what a word still says that eight tools share.
        return max(0.7, 1.05 - 0.05 * spread.get(word.stem, 1))
    return word_weight(word)
