"""The event that a message tells of: when it is, how long it takes, and what it is about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from agentkit.context import Context
from agentkit.slots import find_duration, find_when
from agentkit.understanding import language_of

# A message that tells of an event says so in its first lines.
_MOST = 2000
# What stands before that which a meeting is about, in the eight languages.
_ABOUT = re.compile(
    r"(?:\b(?:about|regarding|to discuss|concerning|über|wegen|bezüglich|au sujet d[eu]"
    r"|à propos d[eu]|pour parler d[eu]|riguardo a|per parlare d[ie]l?|sobre|acerca de)"
    r"|เรื่อง)\s*(?P<topic>[^.,;:!?\n]{2,60})",
    re.I,
)
# From a word's beginning only: within a long one each letter would be tried.
_BEHIND = re.compile(r"(?<!\S)(?P<topic>(?:\S+\s+){1,4}?)के बारे में")
_ARTICLE = re.compile(
    r"^(?:the|our|a|an|den|die|das|der|unseren?|le|la|les|l['\u2019]|il|lo|o|a|el|los)\s+",
    re.I,
)
# What mail programs put before a subject that is answered or passed on.
_ANSWERS = re.compile(r"^(?:(?:re|aw|sv|fwd?|wg|tr|rv|enc|res|ant)\s*:\s*)+", re.I)
_TIME_GRAINS = ("hour", "minute", "second")


def event_told(message: Mapping[str, Any], context: Context) -> dict[str, Any]:
    """Return the arguments of an event, as far as a message tells them.

    Args:
        message: what a search found, with `text`, `sent`, `sender` and perhaps `subject`.
        context: the clock; what was over when the user asked is no event to come.

    Returns:
        `title` and `start`, and `duration` where it is told; empty where no time is.
    """
    text, sent = str(message.get("text", ""))[:_MOST], message.get("sent")
    if not text or not isinstance(sent, str):
        return {}
    # "Tomorrow" is meant as the message was written, not as it is read.
    written = datetime.fromisoformat(sent)
    hits = find_when(text, written, locale=language_of(text) or "en")
    coming = [hit for hit in hits if hit.when.start >= context.now]
    timed = [hit for hit in coming if hit.when.grain in _TIME_GRAINS]
    if not coming:
        return {}
    hit = (timed or coming)[0]
    found: dict[str, Any] = {
        "title": _title(message, text, hit.text),
        "start": hit.when.start.isoformat(),
    }
    lengths = find_duration(text)
    if lengths and not hit.when.all_day:
        found["duration"] = lengths[0].text
    return found


def _title(message: Mapping[str, Any], text: str, time: str) -> str:
    """Name an event: by what it is about, by the subject, or by who wrote."""
    about = _ABOUT.search(text) or _BEHIND.search(text)
    topic = about["topic"].partition(time)[0] if about else ""
    topic = _ARTICLE.sub("", topic.strip(" ,;:-"))
    subject = _ANSWERS.sub("", str(message.get("subject") or ""))
    return topic or subject or str(message.get("sender") or "")
