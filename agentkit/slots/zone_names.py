"""Names of time zones as people write them: EST, GMT, UTC+2, Eastern time."""

from datetime import timedelta, timezone, tzinfo

from agentkit.language.tokens import Tokens

_HOURS: dict[str, float] = {
    "utc": 0, "gmt": 0, "z": 0, "wet": 0, "west": 1, "bst": 1,
    "cet": 1, "cest": 2, "eet": 2, "eest": 3, "msk": 3, "ist": 5.5,
    "sgt": 8, "hkt": 8, "jst": 9, "kst": 9, "aest": 10, "aedt": 11,
    "nzst": 12, "nzdt": 13, "ast": -4, "adt": -3, "est": -5, "edt": -4,
    "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
    "akst": -9, "hst": -10, "brt": -3,
}  # fmt: skip
_REGIONS = {
    "et": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
    "eastern": "America/New_York",
    "central": "America/Chicago",
    "mountain": "America/Denver",
    "pacific": "America/Los_Angeles",
    "london": "Europe/London",
    "berlin": "Europe/Berlin",
    "paris": "Europe/Paris",
    "tokyo": "Asia/Tokyo",
    "york": "America/New_York",
}
_LONG = tuple(name for name in _REGIONS if len(name) > 2)


def _region(name: str) -> tzinfo | None:
    # Loading the zone database takes milliseconds; most runs never need it.
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(_REGIONS[name])
    except ZoneInfoNotFoundError:
        return None


def zone_at(tokens: Tokens, index: int) -> tuple[tzinfo, int] | None:
    """A time zone at this place, in brackets or not, and the index after it."""
    bracket = tokens.words[index] == "("
    start = index + bracket
    hit = _offset(tokens, start) or _named(tokens, start)
    if hit is None or not bracket:
        return hit
    return (hit[0], hit[1] + 1) if tokens.words[hit[1]] == ")" else None


def _named(tokens: Tokens, index: int) -> tuple[tzinfo, int] | None:
    word = tokens.words[index]
    if word in _HOURS:
        return timezone(timedelta(hours=_HOURS[word])), index + 1
    if word == "new" and tokens.words[index + 1] == "york":
        word, index = "york", index + 1
    if word not in _REGIONS:
        return None
    spoken = tokens.words[index + 1] == "time"
    if word in _LONG and not spoken:
        return None
    zone = _region(word)
    return (zone, index + 1 + spoken) if zone else None


def _offset(tokens: Tokens, index: int) -> tuple[tzinfo, int] | None:
    """UTC+2, GMT-05:30."""
    sign, hours = tokens.words[index + 1], tokens.words[index + 2]
    known = tokens.words[index] in ("utc", "gmt") and sign in ("+", "-")
    if not known or not hours.isdigit() or int(hours[:2]) > 14:
        return None
    minutes, end = int(hours[2:4] or 0), index + 3
    if tokens.words[end] == ":" and tokens.words[end + 1].isdigit():
        minutes, end = int(tokens.words[end + 1][:2]), end + 2
    delta = timedelta(hours=int(hours[:2]), minutes=minutes)
    return timezone(delta if sign == "+" else -delta), end
