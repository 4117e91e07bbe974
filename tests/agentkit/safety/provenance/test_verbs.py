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
        pytest.param(
            "I'll reserve it myself, just remind me", "reserve", False, id="own"
        ),
        pytest.param(
            "I'll reserve it myself, just remind me", "remind", True, id="rest"
        ),
        pytest.param("Did I pay the rent?", "pay", False, id="did I"),
        pytest.param("Have we booked it?", "booked", False, id="have we"),
        pytest.param("tell me if I should book it", "book", False, id="should I"),
        pytest.param("Habe ich die Miete überwiesen?", "ueberwiesen", False, id="de"),
        pytest.param("Did you book it? Book it now", "book", True, id="did you"),
        pytest.param("Should you pay it, tell Ana", "tell", True, id="should you"),
        pytest.param("I will pay on Friday", "pay", False, id="the user will"),
        pytest.param(
            "I\u2019m going to book it", "book", False, id="the user is going to"
        ),
        pytest.param("so that I can book it", "book", False, id="the user can"),
        pytest.param("she'll send the file", "send", False, id="somebody else will"),
        pytest.param("don't send anything yet", "send", False, id="denied"),
        pytest.param("list them without deleting any", "deleting", False, id="without"),
        pytest.param("look it up rather than buy it", "buy", False, id="rather than"),
        pytest.param("don't wait, send it", "send", True, id="another clause"),
        pytest.param("don't forget to send it", "send", True, id="forget"),
        pytest.param("I will need you to send it", "send", True, id="need you"),
        pytest.param("I want to book a room", "book", True, id="a wish"),
        pytest.param("can you book it", "book", True, id="a question"),
        pytest.param("please pay the bill", "pay", True, id="please"),
        pytest.param(
            "Tell me about cars; the agency will book one",
            "book",
            False,
            id="an agency",
        ),
        pytest.param("My wife will transfer it", "transfer", False, id="the wife"),
        pytest.param("Bob is going to invite her", "invite", False, id="by name"),
        pytest.param(
            "tell Bob that Alice will send the file", "tell", True, id="told of others"
        ),
        pytest.param("The shop will need you to pay", "pay", True, id="needs you"),
        pytest.param("say in #random that we launch", "say", True, id="say that"),
        pytest.param("read it, then say hello", "say", True, id="then say"),
        pytest.param("what does Ana say", "say", False, id="what somebody says"),
        pytest.param("Do what Bob asks me for", "instructions", True, id="delegated"),
        pytest.param("What does Bob do?", "instructions", False, id="not delegated"),
        pytest.param("cancel my booking", "booking", False, id="a thing in -ing"),
        pytest.param("keep booking rooms", "booking", True, id="goes on"),
    ],
)
def test_words_that_may_ask(text: str, word: str, asks: bool) -> None:
    """A noun, a path and "tell me" ask for nothing to be done."""
    assert (word in verbs(text)) is asks
