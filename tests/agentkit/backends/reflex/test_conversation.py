"""What is said of the last thing done or found is understood, and what is not is told."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from agentkit import Agent, Context, Done, Stopped, tool
from agentkit.backends import ReflexBackend
from agentkit.backends.reflex import speech
from agentkit.backends.reflex.amended_times import merged_time
from agentkit.backends.reflex.references import Past, put_into_words
from agentkit.backends.reflex.speech import ask_for, ask_which, key_of, say
from agentkit.discovery import installed_tools
from agentkit.language import speaking
from agentkit.messages import Conversation, ToolCall, ToolResult, assistant, user
from agentkit.tools import Toolset

pytest.importorskip("numpy", reason="the trained understanding needs numpy")

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=ZoneInfo("Europe/Berlin"))
LANGUAGES = ("en", "de", "fr", "it", "pt", "es", "hi", "th")


def talk(home: Path, *turns: str) -> list[str]:
    """Say one thing after the other to the bundled assistant; return its answers."""
    agent = Agent(
        installed_tools(),
        ReflexBackend(),
        context=Context(home=home, now=NOW),
        approve=lambda _: True,
    )
    said: list[str] = []
    conversation: Conversation = ()
    for turn in turns:
        outcome = agent.run(turn, conversation=conversation)
        conversation = outcome.conversation
        said.append(outcome.text)
    return said


@pytest.mark.parametrize(
    ("turns", "has", "lacks"),
    [
        pytest.param(
            ("schedule a review tomorrow at 4", "no, I meant Thursday"),
            "Thu 12 Mar 16:00",
            "Wed 11 Mar 16:00-17:00, ",
            id="another day keeps the hour",
        ),
        pytest.param(
            ("schedule a call tomorrow at 12:30", "sorry, 1pm"),
            "Wed 11 Mar 13:00",
            "",
            id="another hour keeps the day",
        ),
        pytest.param(
            ("set a timer for 10 minutes", "cancel it"),
            "Took back",
            "",
            id="what was begun is called off",
        ),
        pytest.param(
            ("put cheese on the shopping list", "actually no"),
            "Took back",
            "",
            id="a change of mind",
        ),
    ],
)
def test_a_follow_up_changes_what_was_done(
    tmp_path: Path, turns: Sequence[str], has: str, lacks: str
) -> None:
    """The last effect is taken back, and done again with what was corrected."""
    said = talk(tmp_path, *turns)[-1]
    assert has in said
    assert not lacks or lacks not in said


def test_a_correction_leaves_one_of_it(tmp_path: Path) -> None:
    """The event that was meant is there, and the first one is not."""
    *_, said = talk(
        tmp_path,
        "schedule a review on Friday at 2pm",
        "no, I meant Thursday",
        "what's on my calendar this week",
    )
    assert said.count("review") == 1
    assert "Thu" in said


# Said in a row; then which alarm is left, and only it.
CHAINS = {
    "en": ("set an alarm for 7", "make it eight", "no, half past eight", "08:30"),
    "de": ("stell einen Wecker auf sieben", "verschieb das auf acht", "auf Freitag",
           "13. März 08:00"),
    "es": ("pon una alarma a las siete", "mejor a las ocho", "cámbiala a las nueve",
           "09:00"),
    "fr": ("mets un réveil à sept heures", "plutôt à huit heures", "non, à neuf heures",
           "09:00"),
    "it": ("sveglia alle sette", "fai alle otto", "mettila a mezzogiorno", "12:00"),
    "pt": ("acorda-me às sete", "melhor às oito", "às nove e meia", "09:30"),
    "hi": ("सात बजे का अलार्म लगाओ", "नहीं, आठ बजे", "नौ बजे कर दो", "09:00"),
    "th": ("ตั้งปลุกเจ็ดโมง", "เปลี่ยนเป็นแปดโมง", "ไม่ใช่ เก้าโมง", "09:00"),
}  # fmt: skip
LISTING = {
    "en": "list my alarms",
    "de": "welche Wecker habe ich?",
    "es": "¿qué alarmas tengo?",
    "fr": "quels réveils ai-je ?",
    "it": "quali sveglie ho?",
    "pt": "quais alarmes eu tenho?",
    "hi": "मेरे अलार्म दिखाओ",
    "th": "มีนาฬิกาปลุกอะไรบ้าง",
}


@pytest.mark.parametrize("language", CHAINS)
def test_a_correction_is_corrected(tmp_path: Path, language: str) -> None:
    """However often it is moved, there is one alarm, in the half of the day it was in."""
    *turns, left = CHAINS[language]
    said = talk(tmp_path, *turns, LISTING[language])[-1]
    assert left in said
    assert said.count(":00") + said.count(":30") == 1


@pytest.mark.parametrize(
    "wrong", ["move it to Blumenkohl", "verschieb das auf Quatsch"]
)
def test_nothing_is_taken_back_for_what_cannot_be(tmp_path: Path, wrong: str) -> None:
    """An alarm stays where the new time is none."""
    said = talk(tmp_path, "set an alarm for 7 am", wrong, "list my alarms")[-1]
    assert "07:00" in said


@pytest.mark.parametrize(
    "said",
    [
        "fass mir die letzten fünf Nachrichten zusammen",
        "résume mes cinq derniers messages",
        "riassumi gli ultimi cinque messaggi",
        "resume as minhas últimas cinco mensagens",
        "resume mis últimos cinco mensajes",
        "आखिरी पाँच मैसेज का सार बताओ",
    ],
)
def test_a_number_in_words_counts_in_every_language(tmp_path: Path, said: str) -> None:
    """Five messages are asked for, and not as many as usual."""
    agent = Agent(installed_tools(), ReflexBackend(), context=Context(home=tmp_path))
    (call,) = agent.plan(said).calls
    assert (call.name, call.arguments) == ("summarize_messages", {"count": 5})


@pytest.mark.parametrize(
    ("old", "new", "merged"),
    [
        ("tomorrow at 4pm", "Thursday", "2026-03-12T16:00:00+01:00"),
        ("tomorrow at 4pm", "5pm", "2026-03-11T17:00:00+01:00"),
        ("tomorrow at 7am", "6:45", "2026-03-11T06:45:00+01:00"),
        ("tomorrow at 7pm", "6:45", "2026-03-11T18:45:00+01:00"),
        ("tomorrow at 4pm", "Friday at 9am", "Friday at 9am"),
        ("tomorrow", "Friday", "Friday"),
        ("", "Friday", "Friday"),
        ("tomorrow at 4pm", "gibberish", "gibberish"),
    ],
)
def test_a_new_day_or_hour_keeps_the_rest(old: str, new: str, merged: str) -> None:
    """What is not said anew of a time stays as it was."""
    assert merged_time(old, new, Context(now=NOW)) == merged


def found(*titles: str) -> Past:
    """Make a past in which some events were found."""
    value = [{"title": title, "attendees": ["Kim Lee"]} for title in titles]
    return Past((ToolResult(ToolCall("find_events", {}), "done", value),))


@pytest.mark.parametrize(
    ("text", "worded"),
    [
        ("move it to 5", "move Lunch to 5"),
        ("cancel the second one", "cancel Yoga"),
        ("cancel the last one", "cancel Yoga"),
        ("tell her I look forward to it", "tell Kim Lee I look forward to it"),
        ("remind me that somebody else did it", "remind me that somebody else did it"),
    ],
)
def test_pronouns_at_the_head_are_put_into_words(text: str, worded: str) -> None:
    """A pronoun of the request is what was found; one inside of a text stays."""
    assert put_into_words(text, found("Lunch", "Yoga")) == worded


def test_nothing_was_found() -> None:
    """Without a past every word stays."""
    assert put_into_words("move it to 5", Past()) == "move it to 5"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "topic", ["greeting", "thanks", "goodbye", "help", "music", "weather", "other"]
)
def test_each_topic_is_spoken_of_in_each_language(language: str, topic: str) -> None:
    """Each language says it in words of its own, with no placeholder left."""
    toolset = Toolset(installed_tools())
    said = say(key_of(topic), language, toolset)
    assert said
    assert "{" not in said
    assert language == "en" or said != say(key_of(topic), "en", toolset)


def _examples(language: str) -> dict[str, str]:
    file = Path(speech.__file__).with_name("phrases.toml")
    examples: dict[str, str] = tomllib.loads(file.read_text("utf-8"))[language][
        "examples"
    ]
    return examples


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_names_what_may_be_meant(language: str) -> None:
    """The likeliest requests stand in the question, the likeliest first."""
    said = ask_which(language, Toolset(installed_tools()), ["take_note", "set_alarm"])
    asked = _examples(language)
    assert said.index(asked["take_note"]) < said.index(asked["set_alarm"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_refusal_offers_works(tmp_path: Path, language: str) -> None:
    """Each request that is shown as one that works reaches the tool it is shown for."""
    agent = Agent(
        installed_tools(),
        ReflexBackend(),
        context=Context(home=tmp_path, now=NOW),
        approve=lambda _: True,
    )
    for name, said in _examples(language).items():
        calls = agent.run(said.strip("“”„«» ")).calls
        assert [call.name for call in calls] == [name], said


def test_a_developers_tools_are_what_help_speaks_of(tmp_path: Path) -> None:
    """Help names what this toolset can do, and nothing that it cannot."""

    @tool(effect="read", examples=["what does {item} cost"])
    def find_price(item: str) -> str:
        """Look up what something costs.

        Args:
            item: the thing.
        """
        return item

    agent = Agent([find_price], ReflexBackend(), context=Context(home=tmp_path))
    outcome = agent.run("hello")
    assert isinstance(outcome, Done)
    assert "what does … cost" in outcome.text
    assert "calendar" not in outcome.text


@pytest.mark.parametrize("said", ["play some jazz", "spiel etwas Jazz"])
def test_a_refusal_says_what_would_work(tmp_path: Path, said: str) -> None:
    """What no tool does is declined, with requests that would be carried out."""
    agent = Agent(installed_tools(), ReflexBackend(), context=Context(home=tmp_path))
    outcome = agent.run(said)
    assert isinstance(outcome, Stopped)
    assert outcome.reason == "abstained"
    assert "reflex" not in outcome.text
    assert outcome.text.count("“") + outcome.text.count("„") >= 2


def test_words_before_are_no_request(tmp_path: Path) -> None:
    """The assistant's own words are never read as a follow-up of the user."""
    agent = Agent(installed_tools(), ReflexBackend(), context=Context(home=tmp_path))
    before = (user("hello"), assistant("undo that"))
    outcome = agent.run("thanks", conversation=before)
    assert isinstance(outcome, Done)
    assert not outcome.calls


def test_all_languages_say_the_same_things() -> None:
    """Each language has every key and every example, and places them alike."""
    file = Path(speech.__file__).with_name("phrases.toml")
    spoken = tomllib.loads(file.read_text("utf-8"))
    assert set(spoken) == set(LANGUAGES)
    for language, phrases in spoken.items():
        assert phrases.keys() == spoken["en"].keys(), language
        assert phrases["examples"].keys() == spoken["en"]["examples"].keys(), language
        for part in ("asks", "asks_kind"):
            asks = phrases[part].keys()
            assert language == "en" or asks == spoken["de"][part].keys(), language
        for key, text in spoken["en"].items():
            if isinstance(text, str):
                for place in ("{examples}", "{choices}", "{about}", "{why}"):
                    assert (place in text) == (place in phrases[key]), (language, key)


@pytest.mark.parametrize(
    ("turn", "said"),
    [
        pytest.param(
            "Streich Käse von der Einkaufsliste",
            "Nicht getan („Käse“). Eine Liste „Einkaufsliste“ gibt es nicht; es gibt: keine.",
            id="what failed",
        ),
        pytest.param(
            "Finde Nachrichten von Zacharias",
            "Solche Nachrichten gibt es nicht: „Zacharias“.",
            id="what was looked for",
        ),
    ],
)
def test_outcomes_are_told_in_the_users_language(
    tmp_path: Path, turn: str, said: str
) -> None:
    """What was not done or not found is said as the rest is."""
    assert talk(tmp_path, turn) == [said]


@pytest.mark.parametrize(
    ("language", "name", "kind", "asked"),
    [
        ("de", "start", "when", "Wann?"),
        ("es", "list_name", "text", "¿Qué lista?"),
        ("hi", "duration", "duration", "कितनी देर?"),
        ("th", "to_place", "text", "ที่ไหน"),
        ("de", "topping", "text", ""),
        ("en", "start", "when", ""),
    ],
)
def test_parameters_are_asked_for_by_name_or_kind(
    language: str, name: str, kind: str, asked: str
) -> None:
    """What only its tool can describe is asked with the tool's description."""
    with speaking(language):
        assert ask_for(name, kind) == asked


@pytest.mark.parametrize("said", ["Do not text mom", "don't cancel it"])
def test_what_is_not_to_be_done_is_not_done(tmp_path: Path, said: str) -> None:
    """An order in the negative calls nothing, and is never asked about."""
    agent = Agent(installed_tools(), ReflexBackend(), context=Context(home=tmp_path))
    assert agent.run(said).calls == ()
