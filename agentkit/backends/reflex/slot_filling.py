"""Arguments from a match: each slot's words, cut from the text as they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from agentkit.backends.reflex.english import (
    ENUM_WORDS,
    FUNCTION,
    RANK_WORDS,
    said_as,
)
from agentkit.backends.reflex.matcher import Match
from agentkit.backends.reflex.parameters import Param
from agentkit.backends.reflex.persons import NO_PERSON, likely_name, people_cost
from agentkit.backends.reflex.request_tokens import RequestWord, read_number, read_words
from agentkit.slots import resolve_when

_BEFORE_TIME = re.compile(
    r"^(?:at|on|for|by|the|from(?!.*\b(?:to|till|until)\b))\s+", re.I
)
# Whether words are one time does not hang on the clock they are said by.
_ANY_CLOCK = datetime(2026, 1, 5, 12, tzinfo=UTC)
_NEXT_DAY = _ANY_CLOCK + timedelta(days=1)
_COUNT = re.compile(r"(?:at|for|by|in|of)?\s*(\d+)")
_PLAIN = re.compile(r"[\w-]+")
_EDGES = " \t\r\n,;:.!?"
# Signs between words; an apostrophe stands within one.
_SIGNS_BEFORE = re.compile(r"[^\w']*\Z")
_SIGNS_AFTER = re.compile(r"(?!['\u2019]\w)[^\w]*")
_QUOTES = '"\u201c\u201d\u2018\u2019'
# A quotation that begins behind some words is no part of them.
_OPENING = re.compile(rf"\s[{_QUOTES}(\[]+\Z")
_RIM = " \t\r\n,;:-\u2013\u2014"
_ARTICLE = re.compile(
    r"(?:^|(?<=\s))(?:a|an|the|my|our|your|his|her|some|any|this)\s+$", re.I
)
_LEADING = frozenset({"of", "with", "to", "from"})
_AUXILIARY = frozenset({"be", "do", "will"})
_TRAILING = frozenset({"to", "of", "with", "for", "from", "into"})
_TOLD_WHOM = re.compile(
    r"(?:her|him|them)\s+(?=i\b|i'|we\b|we'|that\b|the\b|to\b)", re.I
)
_AND = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+", re.I)

# Slots that are filled by one kind of word each, wherever it stands.
_TYPED = frozenset({"when", "duration", "integer", "number", "email", "phone"})
_KINDS = {"email": "address"}
# People after "with" are those who take part, and not who is to be added or left out.
_WITH_WHOM = frozenset({"attendees", "people", "guests", "participants"})

Arguments = dict[str, Any]


def fill(
    match: Match, text: str, params: dict[str, Param], end: int | None = None
) -> Arguments:
    """Fill a tool's slots from the words of a clause.

    Args:
        match: the tool's sentence, laid beside the clause.
        text: the whole request.
        params: the tool's parameters.
        end: where the clause ends in the text; behind its last word when None.
    """
    spans = _slot_spans(match)
    used = {place for first, last in _spans(match) for place in range(first, last)}
    filled: Arguments = {}
    for name, span in spans.items():
        words = match.words[slice(*span)]
        if params[name].kind in ("text", "role") and not params[name].verbatim:
            words = _without_edges(words, match.words[span[1] :])
        value = _value(params[name], words, text)
        if value not in (None, "", []):
            filled[name] = value
    left = [w for place, w in enumerate(match.words) if place not in used]
    for name, param in params.items():
        if name not in filled:
            value = _floating(param, match, left, text)
            if value not in (None, "", []):
                filled[name] = value
    _rejoin_time(filled, params, left, text)
    _title_with_time(filled, match, params, text)
    _tidy(filled, params)
    _whole_names(filled, match, params, text)
    last = match.words[-1].end if match.words else 0
    _say_whole(filled, match, params, text, last if end is None else end)
    return {name: filled[name] for name in params if name in filled}


def _title_with_time(
    filled: Arguments, match: Match, params: dict[str, Param], text: str
) -> None:
    """Leave a day that stands right before a title to it, where another one is told.

    "Add Sunday roast for Saturday", "add Black Friday sale planning next Tuesday".
    """
    slot = next((n for n in filled if params[n].kind == "when"), "")
    title = next((n for n in filled if n == "title"), "")
    at = text.find(str(filled[title])) if title else -1
    whens = [word for word in match.words if word.kind == "when"]
    if not slot or at < 0 or len(whens) < 2:
        return
    before = next(
        (w for w in whens if w.end <= at and not text[w.end : at].strip()), None
    )
    others = tuple(word for word in whens if word is not before)
    if before is None or not _names_a_day(_time_words((before,), text)):
        return
    if not _names_a_day(_time_words(others, text)):
        return
    filled[title] = text[before.start : at + len(str(filled[title]))]
    filled[slot] = _time_words(others, text)


def _whole_names(
    filled: Arguments, match: Match, params: dict[str, Param], text: str
) -> None:
    """Keep the end of "O'Brien's", and take no lone number for a name."""
    for name, value in list(filled.items()):
        if params[name].kind != "text" or params[name].verbatim:
            continue
        if params[name].short and not params[name].required and str(value).isdigit():
            del filled[name]
        elif f"{value}'s" in text and "'s" not in match.fit.pattern.source:
            filled[name] = f"{value}'s"


def _say_whole(
    filled: Arguments, match: Match, params: dict[str, Param], text: str, end: int
) -> None:
    """Let what somebody is told keep all its words, up to the end of the clause.

    "Text her see you later thanks" holds words that are courtesy, or verbs, elsewhere; a
    tool with a time of its own keeps that time.

    Args:
        filled: the arguments; the literal one is changed.
        match: the clause.
        params: the tool's parameters.
        text: the whole request.
        end: where the clause ends in it.
    """
    timed = any(param.kind in ("when", "duration") for param in params.values())
    name = next((p.name for p in params.values() if p.verbatim), "")
    said = filled.get(name)
    if timed or not isinstance(said, str) or not match.words:
        return
    at = text.find(said)
    if at < 0 or (at and text[at - 1] in _QUOTES):
        return
    start = _begun(match, at, said)
    others = [str(value) for key, value in filled.items() if key != name]
    whole = text[start : max(end, at + len(said))]
    if any(value in whole[len(said) :] for value in others if value not in said):
        whole = text[start : at + len(said)]
    filled[name] = _bare_ends(whole)
    whom = _TOLD_WHOM.match(filled[name])
    if whom and any(param.kind == "person" for param in params.values()):
        filled[name] = filled[name][whom.end() :]


def _begun(match: Match, at: int, said: str) -> int:
    """Where a literal text begins: with the words before it that nothing else took."""
    used = {place for first, last in _spans(match) for place in range(first, last)}
    own = [n for n, word in enumerate(match.words) if at <= word.start < at + len(said)]
    if not own:
        return at
    place = own[0]
    while place and place - 1 not in used and match.words[place - 1].kind == "word":
        place -= 1
    return min(at, match.words[place].start) if place < own[0] else at


def _bare_ends(said: str) -> str:
    """Take a full stop and blanks off the end; other signs are the user's."""
    return said.strip().strip(",;:").strip().removesuffix(".").rstrip()


def _without_edges(
    words: tuple[RequestWord, ...], after: tuple[RequestWord, ...]
) -> tuple[RequestWord, ...]:
    """Leave out prepositions that lead on to other words: "flour to" the pantry."""
    while len(words) > 1 and _leads(words[0]):
        words = words[1:]
    onward = bool(after) and after[0].kind == "word"
    if len(words) > 1 and onward and words[-1].norm in _TRAILING:
        words = words[:-1]
    return words


def _leads(word: RequestWord) -> bool:
    """Whether a word only leads over to what is meant: "is" of "when's the concert"."""
    return (word.norm in _LEADING or word.stem in _AUXILIARY) and not word.capital


def _rejoin_time(
    filled: Arguments, params: dict[str, Param], left: list[RequestWord], text: str
) -> None:
    """Put a time back together that stands apart: "my 9am meeting tomorrow"."""
    whens = [name for name in filled if params[name].kind == "when"]
    apart = _time_words(tuple(left), text)
    if len(whens) != 1 or not apart:
        return
    if _names_a_day(str(filled[whens[0]])) and _names_a_day(apart):
        return
    for joined in (f"{filled[whens[0]]} {apart}", f"{apart} {filled[whens[0]]}"):
        try:
            resolve_when(joined, _ANY_CLOCK)
        except ValueError:
            continue
        filled[whens[0]] = joined
        return


def _names_a_day(words: str) -> bool:
    """Whether words name a day: said a day later, they are not a day later."""
    try:
        one, other = (
            resolve_when(words, clock).start for clock in (_ANY_CLOCK, _NEXT_DAY)
        )
    except ValueError:
        return False
    return other - one != timedelta(days=1)


def _tidy(filled: Arguments, params: dict[str, Param]) -> None:
    """Take "every day" out of a text once it has been read as a closed set's value."""
    ways = [
        way
        for name, value in filled.items()
        if params[name].kind == "enum"
        for way in said_as(str(value))
    ]
    for name, value in filled.items():
        if params[name].kind == "recurrence":
            # A day in it may have been read as a time before: "every other" is left.
            head = str(value).rpartition(" ")[0] or str(value)
            ways += [rf"(?:on )?{re.escape(v)}(?: to)?" for v in (str(value), head)]
    for name, value in list(filled.items()):
        if params[name].kind == "text":
            for way in sorted(ways, key=len, reverse=True):
                value = re.sub(rf"^{way}\b\s*|\s*\b{way}$", "", value, flags=re.I)
            filled[name] = value
            if not any(w.capital or w.stem not in FUNCTION for w in read_words(value)):
                del filled[name]


def missing(arguments: Arguments, params: dict[str, Param]) -> tuple[Param, ...]:
    """List the required parameters that have no value."""
    return tuple(p for p in params.values() if p.required and p.name not in arguments)


def value_from(param: Param, words: tuple[RequestWord, ...], text: str) -> Any:
    """Read a whole text as one slot's value; None when it cannot be one."""
    if param.kind in _TYPED:
        found = [word for word in words if _fits(param, word)]
        return _value(param, tuple(found), text) if found else None
    if param.kind in ("enum", "boolean"):
        return _spoken_value(param, text)
    return _value(param, words, text) or None


def each_of(value: str) -> list[str]:
    """Take "Tom and Maya" apart."""
    return [part.strip(_EDGES) for part in _AND.split(value) if part.strip(_EDGES)]


def _spans(match: Match) -> Iterator[tuple[int, int]]:
    steps = match.fit.pattern.steps
    for step, span in zip(steps, match.fit.spans, strict=True):
        if span and (step.stems or step.param):
            yield span


def _slot_spans(match: Match) -> dict[str, tuple[int, int]]:
    """Where each slot's words are, those glued to it included."""
    spans: dict[str, tuple[int, int]] = {}
    for step, span in zip(match.fit.pattern.steps, match.fit.spans, strict=True):
        name = step.param.name if step.param else step.glued
        if not name or span is None:
            continue
        known = spans.get(name, span)
        spans[name] = (min(known[0], span[0]), max(known[1], span[1]))
    return spans


def _fits(param: Param, word: RequestWord) -> bool:
    if param.kind == "duration":
        return word.kind in ("duration", "when")
    if param.kind in ("integer", "number"):
        # "for 20" may have been read as an hour.
        return word.kind == "number" or bool(_COUNT.fullmatch(word.norm))
    return word.kind == _KINDS.get(param.kind, param.kind)


def _value(param: Param, words: tuple[RequestWord, ...], text: str) -> Any:
    if not words:
        return None
    raw = text[words[0].start : max(word.end for word in words)].strip(_EDGES)
    if param.kind == "when":
        return _time_words(words, text)
    if param.kind == "duration":
        return re.sub(r"^(?:for|in|of)\s+", "", raw, flags=re.I)
    if param.kind in ("integer", "number"):
        return _number(words[0], param)
    if param.kind in ("enum", "boolean"):
        return _spoken_value(param, raw)
    if param.kind in ("people", "texts"):
        return each_of(raw)
    if param.kind in ("email", "phone", "quantity"):
        return raw
    return _free_text(words, text, verbatim=param.verbatim)


def _time_words(words: tuple[RequestWord, ...], text: str) -> str:
    times = [w for w in words if w.kind == "when"]
    if not times:
        # A lone hour behind "to".
        return f"at {words[0].norm}" if words and words[0].kind == "number" else ""
    joined = " ".join(text[w.start : w.end].strip(_EDGES) for w in times)
    bare = _BEFORE_TIME.sub("", joined, count=1).removesuffix("'s")
    # A lone number is a time only with the word before it: "at 7".
    return joined if bare.isdigit() else bare


def _number(word: RequestWord, param: Param) -> int | float | None:
    count = _COUNT.fullmatch(word.norm)
    said = count[1] if count else read_number(word.norm)
    try:
        return int(said) if param.kind == "integer" else float(said)
    except ValueError:
        return None


def _free_text(words: tuple[RequestWord, ...], text: str, *, verbatim: bool) -> str:
    """The words as they stand; a quotation without its marks."""
    first, last = words[0], words[-1]
    if first is last and first.kind == "quote":
        return text[first.start + 1 : first.end - 1]
    start = first.start
    article = _ARTICLE.search(text[:start])
    if article and ((verbatim and len(words) >= 3) or _titled(article, first)):
        start = article.start()
    start, end = _with_signs(text, start, last.end)
    raw = text[start:end]
    ends_there = not any(c.isalnum() for c in text[end:])
    if not verbatim:
        raw = raw.rstrip(".?!")
    return raw if ends_there else raw.removesuffix("'s")


def _with_signs(text: str, start: int, end: int) -> tuple[int, int]:
    """Take in the signs beside some words that belong to them: "C++", "€5", "(AAA)".

    What lies between them and the next word on either side is theirs, save for blanks,
    commas, colons and dashes at the rim, which part things.
    """
    before = _SIGNS_BEFORE.search(text[:start])
    after = _SIGNS_AFTER.match(text[end:])
    left = before[0].lstrip(_RIM) if before else ""
    right = _OPENING.sub("", after[0]).rstrip(_RIM) if after else ""
    if right.strip(_QUOTES) == "" and right and not text[end - 1].isdigit():
        # The mark that ends a quotation, whose first one stands outside.
        right = right if left and left[0] in _QUOTES else ""
    if left and left[0] in _QUOTES and not right:
        left = left[1:]
    return start - len(left), end + len(right)


def _titled(article: re.Match[str], first: RequestWord) -> bool:
    """Whether an article is written as the first word of a title: "The Hobbit"."""
    return article.start() > 0 and first.capital and article[0][0].isupper()


def _spoken_value(param: Param, text: str) -> Any:
    """Read a closed set's value off the words; a switch when they name it."""
    said = f" {' '.join(_PLAIN.findall(text.lower()))} "
    if param.kind == "boolean":
        return True if f" {param.name.replace('_', ' ')} " in said else None
    said = said.replace("-", " ")
    hits = [
        (len(way), value)
        for value in param.values
        for way in said_as(value)
        if f" {way} " in said
    ]
    return max(hits)[1] if hits else None


def spoken_rank(param: Param, words: tuple[RequestWord, ...]) -> str | None:
    """Read which of several is meant: "my next meeting", and not "next Friday".

    A word at the very end is none: "how long does it last".
    """
    ways = {way: value for value in param.values for way in said_as(value)}
    for word, behind in pairwise(words):
        # "My latest messages" are several.
        several = behind.plural or behind.kind == "number"
        if word.kind == "word" and word.norm in ways and not several:
            return ways[word.norm]
    return None


def _floating(param: Param, match: Match, left: list[RequestWord], text: str) -> Any:
    """Find a value outside the pattern: a date anywhere, "with X", "every day"."""
    if param.kind in _TYPED:
        fitting = tuple(word for word in left if _fits(param, word))
        if param.kind == "duration":
            fitting = tuple(word for word in fitting if word.kind == "duration")
        value = _value(param, fitting, text)
        if value is not None:
            left[:] = [word for word in left if word not in fitting]
        return value
    if param.kind == "enum" and not RANK_WORDS.keys().isdisjoint(param.values):
        return spoken_rank(param, match.words)
    if param.kind in ("enum", "boolean") and match.words:
        clause = text[match.words[0].start : match.words[-1].end]
        spoken = param.kind == "boolean" or any(v in ENUM_WORDS for v in param.values)
        return _spoken_value(param, clause) if spoken or param.required else None
    if param.kind == "recurrence" and match.words:
        from agentkit.slots import find_recurrence

        return find_recurrence(text[match.words[0].start : match.words[-1].end])
    if param.kind == "people" and param.name in _WITH_WHOM:
        return _company(match.words, text)
    return None


def _company(words: tuple[RequestWord, ...], text: str) -> list[str] | None:
    """The people after "with": those alone who look like people."""
    for place, word in enumerate(words):
        if word.norm != "with":
            continue
        for end in range(min(len(words), place + 9), place + 1, -1):
            group = words[place + 1 : end]
            known = all(w.norm == "and" or likely_name(w) for w in group)
            if known and people_cost(group) < NO_PERSON:
                return each_of(text[group[0].start : group[-1].end])
    return None
