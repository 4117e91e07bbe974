"""Spring, summer, autumn and winter of the northern year, by the equinoxes."""

from datetime import datetime

from agentkit.slots.periods import Span

# First month and day of each season of the northern year.
SEASONS = {
    "spring": (3, 20),
    "summer": (6, 21),
    "autumn": (9, 23),
    "fall": (9, 23),
    "winter": (12, 21),
}


def season(name: str, now: datetime, year: int | None, side: int) -> Span:
    """A season of the northern year; "last" and "next" are seen from now."""
    if year is not None:
        return _season_of(name, year)
    spans = [_season_of(name, now.year + step) for step in (-2, -1, 0, 1, 2)]
    ended = [span for span in spans if span.end and span.end <= now]
    ahead = [span for span in spans if span.start > now]
    if side:
        return ahead[0] if side > 0 else ended[-1]
    return spans[len(ended)]


def _season_of(name: str, year: int) -> Span:
    order = ("spring", "summer", "autumn", "winter")
    place = order.index("autumn" if name == "fall" else name)
    start = datetime(year, *SEASONS[name])
    following = order[(place + 1) % 4]
    end = datetime(year + (place == 3), *SEASONS[following])
    return Span(start, end, "day", whole=False)


def current_season(now: datetime, side: int) -> Span:
    """The season that now lies in, or the one before or after it."""
    spans = [
        _season_of(name, now.year + step)
        for step in (-1, 0, 1)
        for name in ("spring", "summer", "autumn", "winter")
    ]
    ended = [span for span in spans if span.end and span.end <= now]
    return spans[len(ended) + side]
