"""Numbers and ranks that are a date only where another word says so."""

from agentkit.slots.reading import Reading


def looks_like_rank(reading: Reading, index: int, end: int) -> bool:
    """A quarter or half without its year: "first quarter", "H2"."""
    start = index + (reading.word(index) == "the")
    word = reading.word(end - 1)
    short = reading.word(start) in ("q", "h") and end == start + 2
    return short or (word in ("quarter", "qtr", "half") and end <= start + 3)


def looks_like_number(reading: Reading, index: int, end: int) -> bool:
    """A lone year, or a fraction such as 3/4, is a date only where a word says so."""
    if end == index + 1:
        lone = reading.tokens[index].is_digits and len(reading.word(index)) == 4
        return lone and not _paired(reading, index)
    numbers = reading.word(index), reading.word(index + 2)
    if end != index + 3 or reading.word(index + 1) != "/":
        return False
    return all(word.isdigit() for word in numbers) and (
        int(numbers[0]) < int(numbers[1]) <= 10
    )


def _paired(reading: Reading, index: int) -> bool:
    """Whether another year stands beside a year: "2007 and 2009"."""
    sides = ((index - 1, index - 2), (index + 1, index + 2))
    return any(
        reading.word(link) in ("and", "or")
        and looks_like_year(reading, other)
        and reading.word(other + 1) not in ("-", "/")
        for link, other in sides
    )


def looks_like_year(reading: Reading, index: int) -> bool:
    """Whether a number may be a year of these two centuries."""
    word = reading.word(index)
    return len(word) == 4 and word[:2] in ("19", "20") and word.isdigit()
