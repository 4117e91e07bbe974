"""Clock times: "3pm", "half past ten", "at 730 in the evening".

An hour from 1 to 12 without "am" or "pm" follows the usual waking day: 7 to 11
mean the morning, 12 noon, and 1 to 6 the afternoon, unless a part of the day
says otherwise ("3 in the morning"). Two digits with a zero ("03:00") and hours
from 13 on are taken as they stand.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from agentkit.language.numbers import ONES, TENS, integer, small_number
from agentkit.language.tokens import Tokens
from agentkit.slots.periods import Grain


@dataclass(frozen=True, slots=True)
class ClockTime:
    """A time of day.

    Attributes:
        hour: 0 to 23; 1 to 12 as written when not `sure`.
        minute: 0 to 59.
        second: 0 to 59.
        sure: whether morning or afternoon is known.
        grain: what was written: an hour, a minute or a second.
        bare: a lone number, which is a time only after "at" and the like.
    """

    hour: int
    minute: int = 0
    second: int = 0
    sure: bool = False
    grain: Grain = "hour"
    bare: bool = False

    def on(self, day: datetime) -> datetime:
        """The moment on a day, by the rule of the waking day."""
        hour = self.hour
        if not self.sure and 1 <= hour <= 6:
            hour += 12
        return day.replace(
            hour=hour, minute=self.minute, second=self.second, microsecond=0
        )


Hit = tuple[ClockTime, int]
# Hours in these parts of the day are before noon.
_MORNINGS = ("morning", "forenoon", "dawn", "breakfast")
_POINTS = {"noon": 12, "midday": 12, "noonish": 12, "midnight": 24}
_FRACTIONS = {"half": 30, "quarter": 15}
NAMES = (*_POINTS, *_FRACTIONS)


def settle_half(clock: ClockTime, part: str) -> ClockTime:
    """Use a part of the day to tell morning hours from afternoon hours."""
    if clock.sure or clock.hour > 12:
        return clock
    hour = clock.hour % 12
    # Lunch goes over noon: 11 is before it, 12 and 1 behind.
    late_morning = hour == 11 and "lunch" in part
    if not part.endswith(_MORNINGS) and not late_morning:
        late = clock.hour == 12 and "lunch" not in part and "noon" not in part
        # "2 at night" is past midnight, so on the next day; "8 at night" is not.
        small = part.startswith(("night", "tonight", "tonite")) and 0 < hour < 5
        hour += 24 if late or small else 12
    return replace(clock, hour=hour, sure=True)


def _half_of_day(tokens: Tokens, index: int) -> tuple[str, int] | None:
    """Read "am", "p.m.", "a m", "p": which half, and the index after it."""
    word = tokens.words[index]
    if word in ("am", "pm"):
        return word[0], index + 1
    if word in ("in", "at") and tokens.words[index + 1] == "the":
        return _half_of_day(tokens, index + 2)
    if word not in ("a", "p"):
        return None
    dotted = tokens.words[index + 1] == "."
    second = index + 1 + dotted
    # The dot behind "p.m." belongs to it only without a space; else it ends the
    # sentence.
    if tokens.words[second] == "m" and (dotted or tokens[second].gap):
        closed = dotted and tokens.words[second + 1] == "."
        return word, second + 1 + (closed and not tokens[second + 1].gap)
    return (word, index + 1) if not tokens[index].gap else None


def _with_half(clock: ClockTime, tokens: Tokens, end: int) -> Hit:
    """Read "pm" and "o'clock" after a time."""
    half = _half_of_day(tokens, end)
    dashed = tokens.words[end] == "-" and tokens.words[end + 1] == "ish"
    if half is None and (dashed or tokens.words[end] == "ish"):
        return replace(clock, bare=False), end + 1 + dashed
    if half is None and tokens.words[end] in ("o'clock", "oclock"):
        if clock.grain == "hour":
            clock = replace(clock, bare=False)
        end += 1
        half = _half_of_day(tokens, end)
    # "15:30 pm": said twice, and no contradiction.
    if half and half[0] == "p" and 12 < clock.hour < 24:
        return replace(clock, bare=False), half[1]
    # "15 am" and "0 pm" contradict themselves; the number is taken alone. "0:30 pm" is
    # half an hour after noon, where clocks have no 12.
    bare_zero = clock.hour == 0 and clock.grain == "hour"
    if half is None or clock.hour > 12 or (bare_zero and half[0] == "p"):
        return clock, end
    hour = clock.hour % 12 + (12 if half[0] == "p" else 0)
    return replace(clock, hour=hour, sure=True, bare=False), half[1]


def _digits(tokens: Tokens, index: int) -> Hit | None:
    """15:30, 15:30:10, 15h30, 8.30, 330pm, 15h, 3."""
    text = tokens.words[index]
    if not text.isdigit() or len(text) > 4:
        return None
    # "730" and "1530": the last two are minutes. Bare, as it may be any number.
    if len(text) > 2:
        clock = _checked(int(text[:-2]), int(text[-2:]), text)
        return (replace(clock, bare=True), index + 1) if clock else None
    clock = _checked(int(text), 0, text)
    if clock is None:
        return None
    sign = tokens.words[index + 1]
    if sign in (":", ".", "h") and not tokens[index + 1].gap:
        return _minutes(tokens, index, sign)
    return replace(clock, grain="hour", bare=True), index + 1


def _minutes(tokens: Tokens, index: int, sign: str) -> Hit | None:
    text, digits = tokens.words[index], tokens.words[index + 2]
    tight = digits.isdigit() and len(digits) == 2 and not tokens[index + 2].gap
    clock = _checked(int(text), int(digits) if tight else 0, text)
    if clock is None:
        return None
    if not tight:
        if sign == "h":
            return replace(clock, grain="minute"), index + 2
        return replace(clock, grain="hour", bare=True), index + 1
    if sign == "h":
        # "15h30" is written by who counts to 24, so "8h30" is the morning.
        clock = replace(clock, sure=clock.sure or clock.hour > 6)
    # "8.30" may be a price or a decimal.
    if sign == ".":
        return replace(clock, bare=True), index + 3
    seconds = tokens.words[index + 4]
    if tokens.words[index + 3] == ":" and seconds.isdigit() and int(seconds) < 60:
        return replace(clock, second=int(seconds), grain="second"), index + 5
    return clock, index + 3


def _checked(hour: int, minute: int, text: str) -> ClockTime | None:
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        return None
    # Who writes the zero of "03:00" counts to 24.
    sure = hour > 12 or text.startswith("0")
    return ClockTime(hour, minute, sure=sure, grain="minute")


def _spoken(tokens: Tokens, index: int) -> Hit | None:
    """Read "ten thirty", "twelve oh three", "three"."""
    hit = small_number(tokens, index)
    if hit is None or not 1 <= hit[0] <= 24:
        return None
    hour, end = hit
    clock = ClockTime(hour, sure=hour > 12, bare=True)
    start = end + (tokens.words[end] == "-")
    # "Twelve oh three": below ten, minutes are said with their zero.
    zero = tokens.words[start] in ("oh", "ou", "o", "zero")
    start += zero
    start += zero and tokens.words[start] == "-"
    minutes = small_number(tokens, start)
    if minutes and (0 < minutes[0] < 10 if zero else 10 <= minutes[0] < 60):
        return replace(clock, minute=minutes[0], grain="minute"), minutes[1]
    return clock, end


def _point(tokens: Tokens, index: int) -> Hit | None:
    """Noon and midnight."""
    index += tokens.words[index] == "12" and tokens.words[index + 1] in _POINTS
    split = tokens.words[index] == "mid" and tokens.words[index + 1] == "night"
    hour = 24 if split else _POINTS.get(tokens.words[index])
    return (ClockTime(hour, sure=True), index + 1 + split) if hour else None


def _with_point(hit: Hit, tokens: Tokens) -> Hit:
    """Read the noon of "12:00 noon" and "12pm noon", where it is no other time."""
    clock, end = hit
    hour = _POINTS.get(tokens.words[end], 0)
    halves = {clock.hour % 24} if clock.sure else {0, 12}
    if not hour or clock.hour not in (0, 12, 24) or clock.minute:
        return hit
    told = ClockTime(hour, sure=True)
    return (told, end + 1) if hour % 24 in halves else hit


def _past_or_to(tokens: Tokens, index: int) -> Hit | None:
    """Read "half past ten", "a quarter to 3pm", "20 minutes past noon", "half three"."""
    index += tokens.words[index] == "a"
    word = tokens.words[index]
    fraction = _FRACTIONS.get(word)
    lone = fraction is None
    hit = (fraction, index + 1) if fraction else _count(tokens, index)
    if hit and hit[0] == 3 and tokens.words[hit[1]] == "quarters":
        hit, lone = (45, hit[1] + 1), False
    if hit is None or not 0 < hit[0] < 60:
        return None
    minutes, end = hit
    if tokens.words[end] in ("minute", "minutes", "min", "mins"):
        lone, end = False, end + 1
    sign = tokens.words[end]
    if sign in ("past", "after", "to", "till", "til", "before", "of"):
        hour = _hour(tokens, end + 1)
        # "5 to 6" is a range; "five to six" is as well said of a time.
        backward = sign not in ("past", "after")
        named = tokens.words[end + 1] in _POINTS
        usual = named or _usual(tokens, index, minutes)
        if hour is None or (lone and backward and not usual):
            return None
        later = sign in ("past", "after")
        return _moved(hour[0], minutes if later else -minutes), hour[1]
    hour = _hour(tokens, end) if word == "half" else None
    return (_moved(hour[0], 30), hour[1]) if hour and hour[0].hour < 13 else None


def _usual(tokens: Tokens, index: int, minutes: int) -> bool:
    # Written out, and by fives: quarters and halves have names of their own.
    return minutes in (5, 10, 20, 25) and tokens[index].is_word


def _count(tokens: Tokens, index: int) -> tuple[int, int] | None:
    text = tokens.words[index]
    if text.isdigit() and len(text) <= 2:
        return int(text), index + 1
    return small_number(tokens, index)


def _hour(tokens: Tokens, index: int) -> Hit | None:
    hit = _point(tokens, index) or _digits(tokens, index)
    if hit is None and tokens.words[index] in (ONES | TENS):
        number = small_number(tokens, index)
        if number and 1 <= number[0] <= 12:
            hit = ClockTime(number[0], bare=True), number[1]
    if hit is None or hit[0].minute:
        return None
    return _with_half(*_pair(hit, tokens))


def _pair(hit: Hit, tokens: Tokens) -> tuple[ClockTime, Tokens, int]:
    return hit[0], tokens, hit[1]


def _moved(clock: ClockTime, minutes: int) -> ClockTime:
    hour, minute = divmod(clock.hour * 60 + minutes, 60)
    # "A quarter to one" is at 12:45, not after midnight.
    if hour == 0 and not clock.sure:
        hour = 12
    return replace(clock, hour=hour, minute=minute, grain="minute", bare=False)


def clock_at(tokens: Tokens, index: int, *, spaced: bool = False) -> Hit | None:
    """The longest time of day that starts here, and the index after it.

    Args:
        tokens: the words.
        index: where to start.
        spaced: whether "3 15" may be a time, as it is after "at".
    """
    hits = [_past_or_to(tokens, index), _point(tokens, index)]
    for plain in (_digits(tokens, index), _spoken(tokens, index)):
        if plain:
            hits.append(_with_point(_with_half(plain[0], tokens, plain[1]), tokens))
    if spaced:
        rules = (_spaced, _hundreds, _few_minutes)
        hits.extend(rule(tokens, index) for rule in rules)
    found = [hit for hit in hits if hit]
    return max(found, key=lambda hit: hit[1]) if found else None


def _hundreds(tokens: Tokens, index: int) -> Hit | None:
    """Read "1500 hours" and "fifteen hundred hours" after "at"."""
    hit = integer(tokens, index)
    if hit is None or not 100 <= hit[0] <= 2359 or hit[0] % 100 > 59:
        return None
    spelled = tokens[index].is_word
    # Digits alone could be a number; "fifteen hundred" behind "at" is a time even so.
    named = tokens.words[hit[1]] in ("hours", "hrs", "h")
    if not (named or spelled):
        return None
    clock = ClockTime(hit[0] // 100, hit[0] % 100, sure=True, grain="minute")
    return clock, hit[1] + named


def _few_minutes(tokens: Tokens, index: int) -> Hit | None:
    """Read "eleven five" after "at"."""
    hour = small_number(tokens, index)
    minutes = ONES.get(tokens.words[hour[1]]) if hour else None
    # Only five: "at eleven two" is rather two things.
    if hour is None or minutes != 5 or not 1 <= hour[0] <= 12:
        return None
    return _with_half(ClockTime(hour[0], minutes, grain="minute"), tokens, hour[1] + 1)


def _spaced(tokens: Tokens, index: int) -> Hit | None:
    """Read "3 15" after "at"."""
    hour, minute = tokens.words[index], tokens.words[index + 1]
    if not (hour.isdigit() and minute.isdigit() and len(minute) == 2):
        return None
    clock = _checked(int(hour), int(minute), hour) if len(hour) < 3 else None
    return _with_half(clock, tokens, index + 2) if clock else None
