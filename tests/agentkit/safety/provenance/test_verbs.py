"""The words of a request that may ask for something."""

import pytest

from agentkit.safety.provenance.request_words import verbs


@pytest.mark.parametrize(
    ("text", "word", "asks"),
    [
        pytest.param("email Ana the plan", "email", True, id="a verb"),
        pytest.param("it is in an email I got", "email", False, id="a noun"),
        pytest.param("her email address", "email", False, id="a part of a noun"),
        pytest.param("tell Ana", "tell", True, id="tell somebody"),
        pytest.param("tell me", "tell", False, id="tell the user"),
        pytest.param("read notes/delete.txt", "delete", False, id="a path"),
    ],
)
def test_words_that_may_ask(text: str, word: str, asks: bool) -> None:
    """A noun, a path and "tell me" ask for nothing to be done."""
    assert (word in verbs(text)) is asks
