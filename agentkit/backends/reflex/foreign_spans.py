"""Spans of a request in another language than English, joined and completed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from agentkit.backends.reflex.parameters import Param
from agentkit.understanding import Reading as Meaning
from agentkit.understanding import Span

# Words between what is done and with whom: "mit", "con la", "के साथ".
_JOINING = 2
# Languages of ours whose scripts know no capitals.
_NO_CASE = frozenset({"hi", "th"})
_EDGES = " \t\r\n,;:.!?"


def names_in(
    meaning: Meaning, text: str, params: Mapping[str, Param]
) -> tuple[Span, ...]:
    """Take words with a capital that nothing else used for names: "Marcus".

    The first word of a request is written so in any case; in scripts without capitals it
    is the words in Latin letters.
    """
    # What the tool has a place for decides: a name is a person for a message, a title
    # for a list.
    kinds = {param.kind for param in params.values()}
    role = "person" if kinds & {"person", "people"} or "sender" in params else "title"
    found: list[Span] = []
    for word in meaning.words:
        said = text[word.start : word.end]
        if (
            word.became != "not understood"
            or not _is_named(said, meaning.language)
            or not text[: word.start].strip()
        ):
            continue
        # Words of one name side by side: "Anna Keller".
        if found and not text[found[-1].end : word.start].strip():
            found[-1] = replace(found[-1], end=word.end)
        else:
            found.append(Span(word.start, word.end, role, 1.0))
    return tuple(found)


def whole_names(spans: Sequence[Span], text: str) -> tuple[Span, ...]:
    """Join a first name and the last one behind it, which were found apart."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda one: one.start):
        last = found[-1] if found else None
        beside = last is not None and text[last.end : span.start].isspace()
        named = text[span.start : span.start + 1].isupper()
        if last and beside and named and last.role == span.role == "person":
            found[-1] = replace(last, end=span.end)
        else:
            found.append(span)
    return tuple(found)


_TEXTS = frozenset({"query", "item", "text", "title"})


def one_text(
    spans: Sequence[Span], text: str, params: Mapping[str, Param]
) -> tuple[Span, ...]:
    """Join what stands side by side where a tool wants one text: "สูตร" and "ขนมปัง"."""
    if [p.kind in ("text", "texts") for p in params.values()].count(True) != 1:
        return tuple(spans)
    found: list[Span] = []
    for span in spans:
        last = found[-1] if found else None
        beside = last is not None and not text[last.end : span.start].strip()
        if last is not None and beside and {last.role, span.role} <= _TEXTS:
            found[-1] = replace(last, end=span.end)
        else:
            found.append(span)
    return tuple(found)


# What stands between whom one tells and what, in the languages that have such a word.
_THAT = r"(?:\s*ว่า\s*|\s+(?:कि|dass|que|che)\s+)"
_TOLD = re.compile(rf"(?P<name>[^\s,;:.!?]+(?: [^\s,;:.!?]+)?){_THAT}(?=\S)", re.I)


def with_hearer(
    spans: Sequence[Span], language: str, text: str, params: Mapping[str, Param]
) -> tuple[Span, ...]:
    """Take the name before "that" out of what is told, where nobody else is told it.

    "Ana ว่ากำลังไป" was tagged as words of a message.
    """
    told = [span for span in spans if span.role == "text"]
    kinds = {param.kind for param in params.values()}
    heard = "person" not in kinds or any(span.role == "person" for span in spans)
    if heard or not told:
        return tuple(spans)
    start, end = told[0].start, told[-1].end
    found = _TOLD.match(text[start:end])
    if found is None or not _is_named(found["name"], language):
        return tuple(spans)
    last = start + found.end("name")
    whole = replace(told[0], start=start + found.end(), end=end)
    person = Span(start, last, "person", told[0].probability)
    return (*(span for span in spans if span not in told), person, whole)


def _is_named(name: str, language: str) -> bool:
    return name[:1].isupper() or (name.isascii() and language in _NO_CASE)


def whole_texts(
    spans: Sequence[Span], meaning: Meaning, text: str, params: Mapping[str, Param]
) -> tuple[Span, ...]:
    """Extend what one is reminded of to the unused words behind it.

    "De prendre ma pilule" was tagged up to its verb.
    """
    if not any(param.verbatim and param.required for param in params.values()):
        return tuple(spans)
    grown: list[Span] = []
    for span in spans:
        end = span.end
        for word in meaning.words if span.role == "text" else ():
            if word.start < end:
                continue
            # Another span begins: what is behind it is not this text's.
            if any(one.start <= word.start < one.end for one in spans):
                break
            if word.became == "not understood":
                end = word.end
            elif word.became != "courtesy" or text[word.start] in ",.;:!?":
                break
        grown.append(replace(span, end=end))
    return tuple(grown)


def titled(
    spans: Sequence[Span],
    meaning: Meaning,
    text: str,
    params: Mapping[str, Param],
    dates: Sequence[tuple[int, int]],
) -> tuple[Span, ...]:
    """Find what an event is called where no words were tagged as that.

    It is what is beside the time and says more than the order: "Mittagessen" of
    "morgen um 12 Mittagessen"; else what one does with somebody: "Termin mit Lena".
    """
    # These two parameters together are an event's.
    if not {"title", "start"} <= set(params) or any(s.role == "title" for s in spans):
        return tuple(spans)
    people = [span for span in spans if span.role in ("person", "place")]
    bare = [
        word
        for word in meaning.words
        if not any(first <= word.start < last for first, last in dates)
        and not any(span.start <= word.start < span.end for span in people)
        and text[word.start : word.end].isalpha()
    ]
    # Words that the tool's own sentences know ("Termin") are what it is about, not its
    # name.
    said = [w for w in bare if w.became in ("not understood", "filled in")]
    if not said and people:
        before = [word for word in bare if word.end <= people[0].start]
        said = [word for word in before if word.became == "asked for"][-1:]
    if not said:
        return tuple(spans)
    title = Span(said[0].start, said[-1].end, "title", 1.0)
    return (*(s for s in spans if s.role != "title"), title)


def in_company(
    spans: Sequence[Span], text: str, params: Mapping[str, Param]
) -> tuple[Span, ...]:
    """Add to a title with whom it is: "Abendessen mit Lena", "Lena के साथ डिनर"."""
    title = next((span for span in spans if span.role == "title"), None)
    if title is None or "title" not in params:
        return tuple(spans)
    whole = title
    for person in (s for s in spans if s.role in ("person", "title") and s != title):
        first, last = sorted((whole, person), key=lambda span: span.start)
        between = text[first.end : last.start]
        # A sign between them begins something new.
        if len(between.split()) <= _JOINING and not re.search(r"[,;:.!?]", between):
            whole = replace(whole, start=first.start, end=last.end)
    return tuple(whole if span is title else span for span in spans)


def named_by_person(
    spans: Sequence[Span], text: str, params: Mapping[str, Param]
) -> dict[str, str]:
    """Let whose invitation it is name it, where the tool has no place for a person."""
    has_place = any(param.kind in ("person", "people") for param in params.values())
    people = [text[s.start : s.end].strip(_EDGES) for s in spans if s.role == "person"]
    named = any(span.role in ("title", "text", "query", "item") for span in spans)
    if not people or has_place or named or "title" not in params:
        return {}
    return {"title": " ".join(people)}
