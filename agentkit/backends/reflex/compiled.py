"""A toolset made ready for matching: patterns, weights and an index by word."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import lru_cache

from agentkit.backends.reflex.lexicon import ASKING, FUNCTION, WEAK, Act
from agentkit.backends.reflex.moods import Mood, mood_of
from agentkit.backends.reflex.schemas import Param, read_params
from agentkit.backends.reflex.templates import Item, canonical, expand
from agentkit.backends.reflex.words import Word, read_words
from agentkit.tools import AnyTool, Toolset

_PREPOSITIONS = {
    "destination": "to", "to": "to", "recipient": "to", "place": "(in|at)",
    "location": "(in|at)", "city": "(in|at|to)", "topic": "about", "subject": "about",
    "source": "from", "origin": "from", "sender": "from",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One place of a pattern, weighed.

    Attributes:
        stem: the word's stem; empty for a slot or gap.
        weight: what meeting it is worth.
        miss: what missing it costs.
        param: the parameter that a slot fills; None for a word or gap.
        glued: name of the slot whose value the word belongs to.
        anchor: whether the word tells what the tool is about.
        exact: whether no other verb of its kind may stand in its place.
    """

    stem: str
    act: Act
    weight: float
    miss: float
    param: Param | None = None
    glued: str = ""
    anchor: bool = False
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way to ask for a tool."""

    tool: str
    steps: tuple[Step, ...]
    mood: Mood
    source: str
    total: float
    anchored: bool


@dataclass(frozen=True, slots=True)
class Kit:
    """A compiled toolset.

    Attributes:
        params: the parameters of each tool, by name.
        patterns: every pattern of every tool.
        index: numbers of the patterns that hold a word, by its stem.
        loose: numbers of the patterns without a word of their own.
    """

    params: dict[str, dict[str, Param]]
    patterns: tuple[Pattern, ...]
    index: dict[str, tuple[int, ...]]
    loose: tuple[int, ...]
    vocabulary: frozenset[str]
    spread: dict[str, int] = field(default_factory=dict[str, int])


_KITS: dict[str, Kit] = {}
_MOST_KITS = 16


def compile_toolset(toolset: Toolset) -> Kit:
    """Compile a toolset, or return what was made of an equal one before."""
    key = f"{toolset.fingerprint} {hash(tuple(tool.examples for tool in toolset))}"
    if key not in _KITS:
        if len(_KITS) >= _MOST_KITS:
            _KITS.pop(next(iter(_KITS)))
        _KITS[key] = _compile(toolset)
    return _KITS[key]


def _compile(toolset: Toolset) -> Kit:
    rows = {tool.name: _rows(tool) for tool in toolset}
    spread = _spread(rows)
    params = {tool.name: {p.name: p for p in read_params(tool)} for tool in toolset}
    patterns = [
        _pattern(name, row, source, params[name], spread)
        for name, found in rows.items()
        for row, source in found.items()
    ]
    index: dict[str, list[int]] = defaultdict(list)
    loose: list[int] = []
    for number, pattern in enumerate(patterns):
        anchors = {step.stem for step in pattern.steps if step.anchor}
        for stem in anchors:
            index[stem].append(number)
        if not anchors:
            loose.append(number)
    known = frozenset(step.stem for p in patterns for step in p.steps if step.stem)
    frozen = {stem: tuple(numbers) for stem, numbers in index.items()}
    return Kit(params, tuple(patterns), frozen, tuple(loose), known, spread)


Canonical = tuple[tuple[Item, Word | None], ...]


def _rows(tool: AnyTool) -> dict[Canonical, str]:
    """Every variant of a tool's sentences; equal ones fall together."""
    found: dict[Canonical, str] = {}
    seen: set[tuple[Item, ...]] = set()
    for template in tool.examples or _made_up(tool):
        for row in expand(template):
            read = canonical(row)
            key = tuple(item for item, _ in read)
            if key and key not in seen:
                seen.add(key)
                found[read] = template
    return found


def _made_up(tool: AnyTool) -> tuple[str, ...]:
    """Sentences for a tool without examples: its name's words, then its slots."""
    name = tool.name.rpartition(".")[2].replace("_", " ").replace("-", " ")
    slots: list[str] = []
    for param in read_params(tool):
        word = _PREPOSITIONS.get(param.name, "")
        slot = f"{word} {{{param.name}}}" if word else f"{{{param.name}}}"
        if param.kind not in ("boolean", "other"):
            slots.append(slot if param.required else f"[{slot}]")
    tail = " ".join(slots)
    turned = " ".join(reversed(slots))
    return tuple(dict.fromkeys((f"{name} {tail}", f"{name} {turned}")))


def _spread(rows: dict[str, dict[Canonical, str]]) -> dict[str, int]:
    """In how many tools' sentences each word stands."""
    count: dict[str, int] = defaultdict(int)
    for found in rows.values():
        for stem in {item.text for row in found for item, word in row if word}:
            count[stem] += 1
    return dict(count)


def _pattern(
    tool: str,
    row: Canonical,
    source: str,
    params: dict[str, Param],
    spread: dict[str, int],
) -> Pattern:
    words = tuple(word for _, word in row if word)
    anchored = any(word.content for word in words)
    steps = tuple(_step(item, word, params, spread) for item, word in row)
    if not anchored:
        steps = tuple(replace(step, exact=True) for step in steps)
    total = sum(step.weight for step in steps if step.stem)
    return Pattern(tool, steps, mood_of(words), source, total, anchored)


def _step(
    item: Item, word: Word | None, params: dict[str, Param], spread: dict[str, int]
) -> Step:
    if word is None:
        param = params.get(item.text)
        if param is None:
            return Step("", "", 0.0, 0.0)
        weight = 0.15 if param.kind in ("text", "texts") else 0.3
        miss = 0.25 if param.kind in ("text", "texts", "person") else 0.15
        return Step("", "", weight, miss, param)
    anchor = word.content
    weight = word_weight(word)
    if anchor:
        weight = max(0.7, 1.05 - 0.05 * spread.get(word.stem, 1))
    return Step(word.stem, word.act, weight, weight, None, item.glued, anchor)


@lru_cache(maxsize=4096)
def _plain_weight(stem: str, act: Act) -> float:
    if stem in ASKING:
        return 0.25
    if act:
        return 0.45
    if stem in WEAK:
        return 0.4
    return 0.1 if stem in FUNCTION else 0.9


def word_weight(word: Word) -> float:
    """What a word is worth, leaving aside how many tools speak of it."""
    return _plain_weight(word.stem, word.act)


def words_of(text: str) -> tuple[Word, ...]:
    """Read a text's words without looking for dates."""
    return read_words(text)
