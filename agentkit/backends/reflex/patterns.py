"""One way to ask for a tool: its words and slots weighed, and all of a toolset's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial

from agentkit.backends.reflex.english import ASKING, FUNCTION, NEGATIONS, WEAK, Act
from agentkit.backends.reflex.moods import Mood
from agentkit.backends.reflex.parameters import Param
from agentkit.backends.reflex.request_tokens import RequestWord
from agentkit.backends.reflex.templates import Apart


@dataclass(frozen=True, slots=True)
class Step:
    """One place of a pattern, weighed.

    Attributes:
        stems: the words that may be met, and what each is worth; empty for a slot
            or gap.
        acts: kinds of verb that may replace the words.
        weight: what filling the slot, or meeting the lightest word, is worth.
        miss: what missing it costs.
        param: the parameter that a slot fills; None for words or a gap.
        glued: name of the slot whose value the words belong to.
        anchors: those of the words that say what the tool is about.
        verb: whether the words say what to do.
    """

    stems: Mapping[str, float]
    acts: frozenset[Act]
    weight: float
    miss: float
    param: Param | None = None
    glued: str = ""
    anchors: frozenset[str] = frozenset()
    verb: bool = False


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way to ask for a tool.

    Attributes:
        moods: the moods that its words may have.
        source: the sentence it was made of.
        total: what its words are worth together.
        anchored: whether it has a word that says what the tool is about.
        apart: what it wants of a request taken apart.
        firm: the steps that are words and cost something to miss.
        roomy: whether enough of it is firm for its slots to take any words.
        parts: whether anything is to be taken apart for it.
        denies: whether one of its own words says what not to do.
    """

    tool: str
    steps: tuple[Step, ...]
    moods: frozenset[Mood]
    source: str
    total: float
    anchored: bool
    apart: Apart
    # These follow from the others: a request is laid beside a hundred patterns.
    firm: tuple[Step, ...] = field(init=False, compare=False, repr=False)
    roomy: bool = field(init=False, compare=False, repr=False)
    parts: bool = field(init=False, compare=False, repr=False)
    denies: bool = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Look once at what each request would look at."""
        firm = tuple(step for step in self.steps if step.stems and step.miss)
        # A person's slot takes names only, so that the rest may be loose.
        people = any(s.param and s.param.kind == "person" for s in self.steps)
        # The class is frozen; these follow from its fields and are set once.
        keep = partial(object.__setattr__, self)
        keep("firm", firm)
        keep("roomy", self.anchored or people or len(firm) >= 3)
        keep("parts", bool(self.apart))
        keep("denies", any(NEGATIONS & step.stems.keys() for step in self.steps))


@dataclass(frozen=True, slots=True)
class Kit:
    """A compiled toolset.

    Attributes:
        params: the parameters of each tool, by name.
        size: how many patterns all tools have together.
        pattern: makes one of them by its number, once: a request looks at some only.
        index: numbers of the patterns that hold a word, by its stem.
        loose: numbers of the patterns without an anchor.
    """

    params: dict[str, dict[str, Param]]
    size: int
    pattern: Callable[[int], Pattern]
    index: dict[str, tuple[int, ...]]
    loose: tuple[int, ...]
    vocabulary: frozenset[str]

    @property
    def patterns(self) -> list[Pattern]:
        """Every pattern of every tool."""
        return list(map(self.pattern, range(self.size)))


@lru_cache(maxsize=4096)
def _plain_weight(stem: str, act: Act) -> float:
    if stem in ASKING:
        # "What" and "when" begin requests to most tools.
        return 0.25
    if act:
        # A verb says what to do, and not to what: less than a noun.
        return 0.45
    if stem in WEAK:
        # "Next", "last" and "all" stand in the sentences of many tools.
        return 0.4
    if stem == "off":
        # "Off" alone tells "turn off" from "turn on".
        return 0.35
    # "The" and "of" hardly count; a content word that no sentence has counts almost
    # fully against.
    return 0.1 if stem in FUNCTION else 0.9


def word_weight(word: RequestWord) -> float:
    """What a word is worth, whatever number of tools use it."""
    return _plain_weight(word.stem, word.act)
