"""Times beside a title, which belong to it or tell when it is: "Black Friday sale"."""

from __future__ import annotations

from datetime import timedelta

from agentkit.backends.reflex.matcher import Match
from agentkit.backends.reflex.parameters import Param
from agentkit.backends.reflex.request_tokens import RequestWord
from agentkit.backends.reflex.slot_values import ANY_CLOCK, Arguments, time_words
from agentkit.slots import find_duration, resolve_when

_NEXT_DAY = ANY_CLOCK + timedelta(days=1)


def title_with_time(
    filled: Arguments, match: Match, params: dict[str, Param], text: str
) -> None:
    """Make a day right before a title part of it, where another day is given.

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
    if before is None or not _names_a_day(time_words((before,), text)):
        return
    if not _names_a_day(time_words(others, text)):
        return
    filled[title] = text[before.start : at + len(str(filled[title]))]
    filled[slot] = time_words(others, text)


def rejoin_time(
    filled: Arguments, params: dict[str, Param], left: list[RequestWord], text: str
) -> None:
    """Join a time that is split in two: "my 9am meeting tomorrow"."""
    whens = [name for name in filled if params[name].kind == "when"]
    apart = time_words(tuple(left), text)
    if len(whens) != 1 or not apart:
        return
    if _names_a_day(str(filled[whens[0]])) and _names_a_day(apart):
        return
    # Either may come first: "9am tomorrow", "tomorrow 9am".
    for joined in (f"{filled[whens[0]]} {apart}", f"{apart} {filled[whens[0]]}"):
        try:
            resolve_when(joined, ANY_CLOCK)
        except ValueError:
            continue
        filled[whens[0]] = joined
        return


def _names_a_day(words: str) -> bool:
    """Whether words name a day: said a day later, they are not a day later."""
    try:
        one, other = (
            resolve_when(words, clock).start for clock in (ANY_CLOCK, _NEXT_DAY)
        )
    except ValueError:
        return False
    return other - one != timedelta(days=1)


def length_of_title(filled: Arguments, params: dict[str, Param]) -> None:
    """Take the length out of a title that it begins: "a two hour workshop"."""
    slot = next((p.name for p in params.values() if p.kind == "duration"), "")
    title = str(filled.get("title", ""))
    found = find_duration(title) if slot == "duration" and slot not in filled else []
    if not found or found[0].start_index:
        return
    rest = title[found[0].end_index :].lstrip(" -")
    # "Two hours later" is no such length: beside a noun the unit is a single one.
    titled = found[0].text[:1].isupper()
    if rest and not titled and not found[0].text.endswith("s"):
        filled[slot], filled["title"] = found[0].text, rest
