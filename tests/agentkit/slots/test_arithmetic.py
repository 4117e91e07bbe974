"""Sums that people say, worked out exactly, and what is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentkit.slots import find_sum, say_number


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("15 % of 80", "12"),
        ("what's 15% of 80?", "12"),
        ("20% off 60", "48"),
        ("20% tip on 45", "9"),
        ("80 plus 15%", "92"),
        ("half of 90", "45"),
        ("12 times 34", "408"),
        ("250 divided by 4", "62.5"),
        ("3 + 4 * 2", "11"),
        ("(3 + 4) * 2", "14"),
        ("2 to the power of 10", "1,024"),
        ("the square root of 144", "12"),
        ("5 squared", "25"),
        ("two hundred plus twenty five", "225"),
        ("split 84 euros between 3", "28"),
        ("7 minus 9", "-2"),
    ],
)
def test_sums_are_worked_out(said: str, value: str) -> None:
    """Numbers, the four ways to reckon, powers, roots and shares are known."""
    found = find_sum(said)
    assert found is not None
    assert say_number(found.value) == value


@pytest.mark.parametrize(
    "said",
    [
        "call me at 5", "10-12", "2026-03-10", "lunch 3/4", "3 of 5", "one of the two",
        "1/0", "9**9**9**9", "", "-12",
    ],
)  # fmt: skip
def test_what_is_no_sum_is_left(said: str) -> None:
    """Spans of time, dates, endless numbers and division by nothing are no sums."""
    assert find_sum(said) is None


@given(st.text(max_size=300))
def test_any_text_can_be_looked_at(text: str) -> None:
    """Whatever is said, a sum is found within it, or none."""
    found = find_sum(text)
    assert found is None or 0 <= found.start < found.end <= len(text)


@given(st.integers(-999, 999), st.integers(-999, 999), st.sampled_from("+-*"))
def test_reckoning_is_pythons(one: int, other: int, sign: str) -> None:
    """Two numbers and a sign come to what Python says."""
    found = find_sum(f"{one} {sign} {other}")
    expected = {"+": one + other, "-": one - other, "*": one * other}[sign]
    assert found is not None
    assert found.value == expected


@pytest.mark.parametrize(
    ("language", "said", "value"),
    [
        ("de", "Was sind 15 % von 80?", "12"),
        ("de", "3,5 mal 2", "7"),
        ("de", "1.234,5 plus 10", "1,244.5"),
        ("de", "15 * 3.5", "52.5"),
        ("de", "100 geteilt durch 8", "12.5"),
        ("de", "Wurzel aus 144", "12"),
        ("fr", "Combien font 15 % de 80 ?", "12"),
        ("fr", "douze fois treize", "156"),
        ("it", "12 per 13", "156"),
        ("it", "100 diviso 8", "12.5"),
        ("pt", "15 por cento de 80", "12"),
        ("pt", "12 vezes 13", "156"),
        ("es", "¿Cuánto es el 15 % de 80?", "12"),
        ("es", "100 entre 8", "12.5"),
        ("hi", "80 का 15 प्रतिशत कितना है?", "12"),
        ("hi", "बारह गुणा तेरह", "156"),
        ("th", "15 เปอร์เซ็นต์ของ 80", "12"),
        ("th", "สิบสองคูณสิบสาม", "156"),
    ],
)
def test_sums_are_said_in_each_language(language: str, said: str, value: str) -> None:
    """Signs and numbers have their words, and the comma its place, in each language."""
    found = find_sum(said, language)
    assert found is not None
    assert say_number(found.value) == value


@pytest.mark.parametrize(
    ("language", "said"),
    [("de", "Termin von 10 bis 12"), ("es", "cita de 10 a 12"), ("pt", "das 10 às 12")],
)
def test_a_span_of_time_is_no_sum_in_any_language(language: str, said: str) -> None:
    """From ten to twelve nothing is worked out."""
    assert find_sum(said, language) is None
