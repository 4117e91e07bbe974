"""Where in a text a date can begin at all, so that the grammar need not try the rest."""

from functools import cache

from agentkit.slots.date_numbers import MONTHS, WEEKDAYS
from agentkit.slots.day_parts import PARTS
from agentkit.slots.holidays import feasts
from agentkit.slots.lengths import UNITS
from agentkit.slots.named_days import DAYS, NOWS
from agentkit.slots.numbers import ONES, ORDINALS, TENS
from agentkit.slots.seasons import SEASONS
from agentkit.slots.tokens import Token

# How many tokens may stand before the first that names a day, unit, time or number.
_REACH = 6
_COMMON_WORDS = ("a all an and as at before by day days day's for in international is just"
     " law long m mens night no of on our peoples read right s second see"
     " small take that the this time to up"
    )  # fmt: skip
_NAMING_WORDS = ("now moment minute asap soon possible noon midday noonish midnight weekend"
     " weekends season seasons half quarter eod cob eow eom eoq eoy bom boy couple few"
     " several pair dozen ytd mtd qtd twenties thirties forties fifties sixties noughties aughts"
     " seventies eighties nineties century decade day days night nights second time"
     " business cy"
    )  # fmt: skip
_JOINING_WORDS = ("a about after all an another any anytime approximately around as at before"
     " beginning between by circa close coming commencing current during early earlier end"
     " exactly final following for from h half immediately in inside just kw last"
     " late later least less mid middle more my next no not of on onwards our over"
     " past present previous prior q rest right roughly since sometime start starting"
     " the this through thru till til to until untill up upcoming w week whole within"
     " wk entire ' ( @ - , : > < = ~"
    )  # fmt: skip
_COMMON = frozenset(_COMMON_WORDS.split())
_NAMING = frozenset(_NAMING_WORDS.split())
_JOINING = frozenset(_JOINING_WORDS.split())


@cache
def _naming() -> frozenset[str]:
    tables = (MONTHS, WEEKDAYS, UNITS, ONES, TENS, ORDINALS, SEASONS, PARTS)
    known = {word for table in tables for name in table for word in name.split()}
    known |= {word for name in (*DAYS, *NOWS) for word in name.split()}
    known |= {word for name in feasts() for word in name.split()}
    return _NAMING | (frozenset(known) - _COMMON)


def starts(tokens: tuple[Token, ...]) -> list[bool]:
    """For each token whether a date may begin there."""
    naming = _naming()
    good = [False] * len(tokens)
    ahead = _REACH + 1
    for index in range(len(tokens) - 1, -1, -1):
        word = tokens[index].text
        names = word[0].isdigit() or not naming.isdisjoint(_forms(word))
        ahead = 0 if names else ahead + 1
        good[index] = names or (ahead <= _REACH and word in _JOINING)
    return good


def _forms(word: str) -> tuple[str, ...]:
    """The word, and what is left of it without its apostrophe."""
    if "'" not in word:
        return (word,)
    return word.partition("'")[0], word.replace("'", "")
