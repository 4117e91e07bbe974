"""Little words before a time belong to it, and are no time by themselves."""

from __future__ import annotations

import pytest

from agentkit.understanding.request_meaning import Span
from agentkit.understanding.time_spans import whole_times


def spans(text: str, *times: str) -> tuple[Span, ...]:
    """Mark times in a text, where they stand."""
    places = [(text.index(time), time) for time in times]
    return tuple(Span(at, at + len(time), "time", 1.0) for at, time in places)


@pytest.mark.parametrize(
    ("language", "text", "times", "joined"),
    [
        ("es", "muévelo al 3 de junio", ("al", "3 de junio"), ["al 3 de junio"]),
        ("fr", "repousse à lundi 4", ("à", "lundi 4"), ["à lundi 4"]),
        ("de", "verschieb es auf den 3. Juni", ("den", "3. Juni"), ["den 3. Juni"]),
        ("it", "spostalo alle 15", ("alle", "15"), ["alle 15"]),
        ("pt", "muda para as 15h", ("as", "15h"), ["as 15h"]),
        ("hi", "शुक्रवार को 5 बजे", ("शुक्रवार", "को", "5 बजे"), ["शुक्रवार", "को 5 बजे"]),
        ("th", "ตอน ห้าโมง", ("ตอน", "ห้าโมง"), ["ตอน ห้าโมง"]),
        ("en", "move it to 5", ("to", "5"), ["to 5"]),
        ("en", "tomorrow at noon", ("tomorrow", "at noon"), ["tomorrow", "at noon"]),
        ("fr", "à Lyon", ("à",), []),
    ],
)
def test_a_preposition_belongs_to_the_time_behind_it(
    language: str, text: str, times: tuple[str, ...], joined: list[str]
) -> None:
    """One without a time is no span; two times stay two."""
    found = whole_times(spans(text, *times), text, language)
    assert [text[span.start : span.end] for span in found] == joined
