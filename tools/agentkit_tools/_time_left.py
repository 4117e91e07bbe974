"""From which moment to which: days, times and events that words name.

"How long until Friday", "from 9:40 to 13:15", "until the dentist": a time is read first,
and what is no time is looked for on the calendar.
"""

from __future__ import annotations

import functools
import re
from dataclasses import replace
from datetime import datetime, timedelta

from agentkit import Context, ToolError, When
from agentkit.language import LANGUAGES, vocabulary
from agentkit.slots import resolve_when
from agentkit_tools._phrases import phrase, say_day, say_moment, say_stretch
from agentkit_tools._store.agenda import Agenda

# "from 9:40 to 13:15", "9-13": a digit, then what leads to the other end.
_BOTH_ENDS = re.compile(r"\D*\d.*(?:\bto\b|\band\b|\buntil\b|-|\u2013)", re.I)

# "until Friday", "till 5", "by noon", "to Christmas".
UNTIL = re.compile(r"(?:un)?till?\b|to\b|by\b", re.I)


def stretch_named(said: str, context: Context) -> When | None:
    """Read "from 9:40 to 13:15"; None for one moment."""
    if not _BOTH_ENDS.match(said):
        return None
    try:
        when = resolve_when(said, context.now)
    except ValueError:
        return None
    return when if when.end else None


@functools.cache
def _words_for_before() -> tuple[str, ...]:
    groups = (vocabulary(code).dates.get("before", ()) for code in LANGUAGES)
    return ("before ", *(f"{word} " for words in groups for word in words))


def moment_named(
    said: str, context: Context, since: When | None
) -> tuple[datetime, str, bool]:
    """Read a moment: a time, or when an event of that title begins."""
    clock = replace(context, now=since.start) if since else context
    try:
        when = resolve_when(said, clock.now)
    except ValueError:
        # No time that can be read: an event of the calendar may be called so.
        found = Agenda.read(context).find(None, said)
        if not found.items or found.lacks:
            raise ToolError(
                phrase("I know no time and no event called {said!r}.", said=said)
            ) from None
        item = found.items[0]
        time = say_stretch(item.start, item.end, context.now, all_day=item.all_day)
        return item.start, f"{item.title}, {time}", item.all_day
    moment = when.start
    # Before a day is up to its beginning, and until a day is up to its end.
    before = any(when.text.lower().startswith(word) for word in _words_for_before())
    # "Until Friday" is a stretch from now on, in whatever language it is said.
    from_now = abs(when.start - clock.now) < timedelta(seconds=1)
    if when.end and (from_now or UNTIL.match(when.text)):
        moment = when.end - timedelta(microseconds=0 if before else 1)
    say = say_day if when.all_day else say_moment
    return moment, say(moment, context.now), when.all_day
