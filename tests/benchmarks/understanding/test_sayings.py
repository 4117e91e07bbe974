"""The sentences that the tool chooser is trained on are tidy, and are filled rightly."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from agentkit.discovery import installed_tools
from tests.benchmarks.understanding.compound import compounds
from tests.benchmarks.understanding.corpora import read_sayings
from tests.benchmarks.understanding.frames import (
    LABELS,
    LANGS,
    OTHERS,
    ROLES,
    Frame,
    Slot,
    frame_of,
    frames,
    values,
)
from tests.benchmarks.understanding.sayings import (
    MESSAGE_LANGS,
    messages,
    sayings,
)

# Undoing is said in its own section, `followup_undo`: it is a topic and no tool here.
TOOLS = frozenset(tool.name for tool in installed_tools()) - {"undo_last"}
FREQUENT = frozenset(
    [
        "find_events",
        "create_event",
        "move_event",
        "cancel_event",
        "create_reminder",
        "set_alarm",
        "start_timer",
        "add_to_list",
        "show_list",
        "send_message",
        "find_messages",
    ]
)
# Variants of frames for a tool, before the slots are filled: for one that is asked for
# every day, and for another. Hindi in Latin letters only goes along with Hindi.
FEWEST = {"hi_latn": (8, 4)}

each_language = pytest.mark.parametrize("lang", LANGS)


def plain(frame: Frame) -> list[str]:
    """Return the variants as they are heard: without case and punctuation."""
    shown = (
        "".join(f"<{p.name}{p.given}>" if isinstance(p, Slot) else p for p in one)
        for one in frame.variants
    )
    return [" ".join(re.sub(r"[.,:;!¿¡।]", " ", one.lower()).split()) for one in shown]


@each_language
def test_sections_name_tools_or_other_kinds(lang: str) -> None:
    """What a frame is said for exists."""
    assert {frame.tool for frame in frames(lang)} <= TOOLS | OTHERS


@each_language
def test_every_tool_and_kind_is_said_in_several_ways(lang: str) -> None:
    """No tool is forgotten in a language, and the usual ones have more frames."""
    many, few = FEWEST.get(lang, (25, 10))
    count = Counter[str]()
    for frame in frames(lang):
        count[frame.tool] += len(frame.variants)
    wanted = {name: many if name in FREQUENT else few for name in TOOLS | OTHERS}
    assert {name: count[name] for name in wanted if count[name] < wanted[name]} == {}


@each_language
def test_slots_have_a_known_role_and_words(lang: str) -> None:
    """Each slot can be filled, and no list of words is left over."""
    slots = {slot for frame in frames(lang) for slot in frame.slots}
    if lang in MESSAGE_LANGS:
        slots |= {slot for one in frames(lang, "messages") for slot in one.slots}
    needed = {slot.name for slot in slots if not slot.given}
    assert {slot.role for slot in slots} <= ROLES
    assert needed | {"courtesy/before", "courtesy/after"} == set(values(lang))


@each_language
def test_no_frame_stands_there_twice(lang: str) -> None:
    """A sentence is not said for two tools, nor twice for one."""
    heard = [text for frame in frames(lang) for text in plain(frame)]
    assert [text for text, count in Counter(heard).items() if count > 1] == []


@each_language
def test_no_frame_has_very_many_variants(lang: str) -> None:
    """Variety comes from sentences that were written, and not from lists of choices."""
    assert [f.source for f in frames(lang) if len(f.variants) > 24] == []


@each_language
def test_values_stand_once_and_mark_one_span(lang: str) -> None:
    """A list of words has no double, and at most one pair of braces a line."""
    for name, lines in values(lang).items():
        # “shopping” is the list that people mostly speak of.
        repeats = Counter(lines).items() if not name.startswith("list") else ()
        doubles = [line for line, count in repeats if count > 1]
        assert (name, doubles) == (name, [])
        assert all(re.fullmatch(r"[^{}]*(\{[^{}]+\}[^{}]*)?", line) for line in lines)


@each_language
def test_spans_hold_the_words_of_the_slots(lang: str) -> None:
    """In a sentence without slips each span is a value of its role, or was given."""
    known = {
        (name.split("/")[0], re.sub(r".*\{|\}.*", "", line))
        for name, lines in values(lang).items()
        for line in lines
    }
    known |= {(slot.role, slot.given) for frame in frames(lang) for slot in frame.slots}
    for one in sayings([lang], per_frame=2, rough=0):
        cut = {(span.role, one.text[span.start : span.end]) for span in one.spans}
        assert cut <= known


@pytest.mark.parametrize("lang", MESSAGE_LANGS)
def test_messages_of_each_kind_are_many(lang: str) -> None:
    """A label has as many sentences as the others, and English twice as many."""
    count = Counter(frame.tool for frame in frames(lang, "messages"))
    fewest = 80 if lang == "en" else 40
    assert set(count) == LABELS
    assert {name: n for name, n in count.items() if n < fewest} == {}


@pytest.mark.parametrize("lang", MESSAGE_LANGS)
def test_no_sentence_of_a_message_stands_there_twice(lang: str) -> None:
    """One sentence has one label."""
    heard = [text for one in frames(lang, "messages") for text in plain(one)]
    assert [text for text, count in Counter(heard).items() if count > 1] == []


def test_messages_are_filled_in_every_language() -> None:
    """Slots of messages take the words of their language, and brackets stay."""
    made = list(messages(per_frame=1, rough=0))
    assert {one.lang for one in made} == {
        "en",
        "de",
        "fr",
        "it",
        "pt",
        "es",
        "hi",
        "th",
    }
    assert any(":(" in one.text for one in made)
    assert not any("{" in one.text for one in made)


def test_the_same_seed_makes_the_same_sentences() -> None:
    """Training can be done again, and another seed gives other sentences."""
    first, second, other = (
        list(sayings(["en"], per_frame=2, seed=seed)) for seed in (1, 1, 2)
    )
    assert first == second
    assert first != other


@each_language
def test_courtesy_is_no_part_of_a_span(lang: str) -> None:
    """Words around a request leave its spans the words they are, and make it longer."""
    bare = list(sayings([lang], per_frame=1, rough=0, polite=0))
    polite = list(sayings([lang], per_frame=1, rough=0, polite=1))
    longer = sum(len(one.text) for one in polite) - sum(len(one.text) for one in bare)
    assert longer > 2 * len(polite)
    known = {re.sub(r".*\{|\}.*", "", w) for ls in values(lang).values() for w in ls}
    known |= {slot.given for frame in frames(lang) for slot in frame.slots}
    assert {one.text[s.start : s.end] for one in polite for s in one.spans} <= known


def test_a_careless_sentence_keeps_its_spans_in_place() -> None:
    """Spans move along when letters and points before them go."""
    for one in sayings(["en"], per_frame=4, rough=1):
        assert all(0 <= s.start < s.end <= len(one.text) for s in one.spans)


def test_choices_and_optional_words_are_expanded() -> None:
    """`[x]` may go, `(a|b)` is either, and no double spaces are left."""
    made = frame_of("en", "create_event", "[please] (add|put in) {title} [now]")
    assert sorted(plain(made)) == [
        "add <title>",
        "add <title> now",
        "please add <title>",
        "please add <title> now",
        "please put in <title>",
        "please put in <title> now",
        "put in <title>",
        "put in <title> now",
    ]


@pytest.mark.parametrize("source", ["(a|b", "a]", "{title", "{to do}", "[a)"])
def test_a_frame_that_is_not_well_formed_is_refused(source: str) -> None:
    """A slip in a file is found when it is read."""
    with pytest.raises(ValueError, match="“"):
        frame_of("en", "create_event", source)


def test_of_two_requests_in_one_each_value_keeps_its_place() -> None:
    """A compound holds the words of both, and asks for either; a greeting asks nothing."""
    made = compounds(read_sayings(installed_tools().names, per_frame=1, seed=3), seed=3)
    assert {row.language for row in made} == {*LANGS} - {"hi_latn"}
    assert {len(row.wanted) for row in made} == {1, 2}
    assert not any(row.foreign for row in made)
    known = Counter(
        (role, row.text[start:end])
        for row in read_sayings(installed_tools().names, per_frame=1, seed=3)
        for start, end, role in row.spans or ()
    )
    cut = {(r, row.text[s:e]) for row in made for s, e, r in row.spans or ()}
    assert cut <= known.keys()
