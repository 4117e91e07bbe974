"""The vocabularies are whole, and say the same however they were read."""

import dataclasses
import tomllib
from pathlib import Path

import pytest

from agentkit.language import vocabularies
from agentkit.language.vocabularies import LANGUAGES, Vocabulary, vocabulary

FOLDER = Path(vocabularies.__file__).parent / "data"
FILES = sorted(FOLDER.iterdir())


def test_each_language_has_its_file() -> None:
    """No language lacks a file, and every file is a table."""
    assert {f"{code}.toml" for code in LANGUAGES} <= {one.name for one in FILES}
    assert {path.suffix for path in FILES} == {".toml"}


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_names_of_the_calendar_are_all_there(code: str) -> None:
    """Seven days, twelve months, and numbers in a row from zero, each with a word."""
    words = vocabulary(code)
    assert (len(words.weekdays), len(words.months), len(words.tens)) == (7, 12, 8)
    assert all((*words.weekdays, *words.months, *words.numbers, *words.tens))


@pytest.mark.parametrize("code", LANGUAGES[1:])
def test_no_key_of_a_file_goes_unread(code: str) -> None:
    """A file of a language holds what a vocabulary has, and nothing else."""
    keys = tomllib.loads((FOLDER / f"{code}.toml").read_text("utf-8")).keys()
    assert keys <= {field.name for field in dataclasses.fields(Vocabulary)}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_is_kept_is_what_the_file_says(path: Path) -> None:
    """A table that was kept from an earlier run is the file's own."""
    kept = vocabularies.read_table(path)
    vocabularies.read_table.cache_clear()
    assert vocabularies.read_table(path) == kept
    assert kept == tomllib.loads(path.read_text("utf-8"))


@pytest.mark.parametrize("code", LANGUAGES)
def test_each_number_is_one_number(code: str) -> None:
    """No word of a language counts two numbers, and all are below a hundred."""
    counted: dict[str, int] = {}
    for word, number in vocabulary(code).counted():
        assert counted.setdefault(word, number) == number, word
    assert set(range(20)) <= set(counted.values()) <= set(range(100))
