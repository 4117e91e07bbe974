"""Reads what the understanding is trained and measured on, as rows of one kind.

HWU64 and CLINC150 (CC BY), Home Assistant's sentences (CC BY), xSID and SGD (CC BY-SA,
for measuring only), the bundled tools' own examples and the sayings beside this file.
A row's frame is its text without the values: rows of one frame stand on one side.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.benchmarks.understanding.frames import LANGS, Frame, frame_of
from tests.benchmarks.understanding.sayings import Saying, filled, sayings

DATA = Path(__file__).parents[4] / "shared" / "data"
LANGUAGES = ("en", "de", "fr", "it", "pt", "es", "hi", "th")
_KEPT_IN = 5
_NONE = {
    "chitchat": "smalltalk", "knowledge": "question", "nearby": "travel",
    "doing": "other", "bye": "goodbye", "capabilities": "help",
}  # fmt: skip

# A corpus's label -> the tools that serve it, or a topic that no tool serves (~).
# Of names between bars the first that is installed counts.
LABELS = {
    "calendar.create": "create_event send_invite",
    "calendar.search": "find_events free_time",
    "calendar.delete": "cancel_event",
    "alarm.create": "set_alarm",
    "alarm.list": "list_alarms",
    "alarm.delete": "cancel_alarm",
    "reminder.create": "create_reminder",
    "reminder.list": "list_reminders",
    "timer.start": "start_timer",
    "messages.send": "send_message",
    "messages.search": "find_messages summarize_messages",
    "contacts.search": "find_contact",
    "contacts.add": "add_contact edit_contact",
    "list.add": "add_to_list create_list",
    "list.query": "show_list",
    "list.remove": "remove_from_list delete_list",
    "time.now": "tell_time tell_date",
    "time.convert": "convert_time",
    "weather.get": "~weather",
    "call": "~call",
    "search.web": "~question search_web",
}
MIXED = {
    "calendar_update": "create_event cancel_event move_event send_invite",
    "shopping_list_update": "add_to_list remove_from_list create_list delete_list",
    "todo_list_update": "add_to_list remove_from_list create_list delete_list",
    "reminder_update": "create_reminder",
    "reminder": "list_reminders",
    "time": "tell_time",
    "date": "tell_date",
    "calculator": "calculate",
    "qa_maths": "calculate",
    "measurement_conversion": "convert_units",
}
TOPICS = {
    "greeting": "greeting", "goodbye": "goodbye", "thank_you": "thanks",
    "general_praise": "thanks", "what_can_i_ask_you": "help", "yes": "yes",
    "general_affirm": "yes", "general_confirm": "yes", "no": "no",
    "general_negate": "no", "cancel": "stop", "general_commandstop": "stop",
    "repeat": "repeat", "general_repeat": "repeat", "general_explain": "repeat",
    "what_is_your_name": "smalltalk", "how_old_are_you": "smalltalk",
    "are_you_a_bot": "smalltalk", "who_made_you": "smalltalk",
    "where_are_you_from": "smalltalk", "do_you_have_pets": "smalltalk",
    "what_are_your_hobbies": "smalltalk", "who_do_you_work_for": "smalltalk",
    "meaning_of_life": "smalltalk", "tell_joke": "smalltalk",
    "general_joke": "smalltalk", "general_quirky": "smalltalk",
    "fun_fact": "smalltalk", "play_music": "music", "music_query": "music",
    "next_song": "music", "what_song": "music", "update_playlist": "music",
    "music_likeness": "music", "music_settings": "music", "play_radio": "music",
    "play_podcasts": "music", "play_audiobook": "music", "smart_home": "home",
    "iot_hue_lightchange": "home", "iot_hue_lightoff": "home",
    "iot_hue_lightup": "home", "iot_hue_lightdim": "home", "iot_hue_lighton": "home",
    "iot_wemo_off": "home", "iot_wemo_on": "home", "iot_cleaning": "home",
    "iot_coffee": "home", "audio_volume_mute": "music", "audio_volume_up": "music",
    "audio_volume_down": "music", "change_volume": "music", "definition": "question",
    "exchange_rate": "question", "directions": "travel", "traffic": "travel",
    "transport_traffic": "travel", "transport_query": "travel",
    "transport_taxi": "travel", "transport_ticket": "travel", "uber": "travel",
    "book_flight": "travel", "book_hotel": "travel", "flight_status": "travel",
    "distance": "travel", "translate": "translate",
}  # fmt: skip
_HA = {
    "HassStartTimer": "start_timer",
    "HassTimerStatus": "list_timers",
    "HassCancelTimer": "cancel_timer|~timer",
    "HassCancelAllTimers": "cancel_timer|~timer",
    "HassPauseTimer": "pause_timer|~timer",
    "HassUnpauseTimer": "resume_timer|~timer",
    "HassIncreaseTimer": "change_timer|~timer",
    "HassDecreaseTimer": "change_timer|~timer",
    "HassShoppingListAddItem": "add_to_list",
    "HassListAddItem": "add_to_list",
    "HassShoppingListCompleteItem": "remove_from_list",
    "HassListCompleteItem": "remove_from_list",
    "HassListRemoveItem": "remove_from_list",
    "HassGetCurrentTime": "tell_time",
    "HassGetCurrentDate": "tell_date",
    "HassGetWeather": "get_weather|~weather",
    "HassNevermind": "~stop",
}
XSID = {
    "weather/find": "~weather",
    "alarm/set_alarm": "set_alarm",
    "alarm/cancel_alarm": "cancel_alarm",
    "alarm/show_alarms": "list_alarms",
    "reminder/set_reminder": "create_reminder",
    "reminder/show_reminders": "list_reminders",
    "reminder/cancel_reminder": "delete_reminder",
    "PlayMusic": "~music",
    "AddToPlaylist": "~music",
    "BookRestaurant": "~other",
    "SearchScreeningEvent": "~other",
    "SearchCreativeWork": "~other",
    "RateBook": "~other",
}
_ROLES = {
    "date": "time", "time": "time", "timeofday": "time", "general_frequency": "time",
    "person": "person", "relation": "person", "artist_name": "person",
    "place_name": "place", "house_place": "place", "business_type": "place",
    "time_zone": "place", "event_name": "title", "song_name": "title",
    "audiobook_name": "title", "game_name": "title", "playlist_name": "title",
    "movie_name": "title", "podcast_name": "title", "radio_name": "title",
    "list_name": "list", "food_type": "item", "ingredient": "item",
    "drink_type": "item", "device_type": "item", "coffee_type": "item",
    "weather_descriptor": "query", "definition_word": "query", "news_topic": "query",
    "change_amount": "number",
}  # fmt: skip
# HWU64 marks no items and no message texts: rows of these teach no spans.
_UNMARKED = ("list.add", "list.remove", "messages.send", "messages.search")

# The role of words of which nobody marked whether they fill anything.
UNKNOWN = ""
Spans = tuple[tuple[int, int, str], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One sentence.

    Attributes:
        wanted: tools or topics any of which is right.
        spans: start, end, role; None where the corpus does not mark them. `UNKNOWN`
            is the role of words that may or may not fill something.
        frame: the text without its values; what is split by.
        intent: what its corpus calls it; finer than `wanted`.
    """

    text: str
    language: str
    wanted: tuple[str, ...]
    spans: Spans | None
    frame: str
    source: str
    intent: str = ""

    @property
    def kept(self) -> bool:
        """Whether its frame is kept back for measuring."""
        digest = hashlib.sha256(self.frame.encode()).hexdigest()
        return int(digest, 16) % _KEPT_IN == 0

    @property
    def foreign(self) -> bool:
        """Whether no tool does this."""
        return all(name.startswith("~") for name in self.wanted)


def load(path: Path) -> list[dict[str, Any]]:
    """Read a file of one JSON object a line; nothing where it is not there."""
    if not path.is_file():
        print(f"{path.name} is not there; it was left out.")
        return []
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]


def read_corpora(tools: Iterable[str], data: Path = DATA) -> list[Row]:
    """Read HWU64, CLINC150 and Home Assistant's sentences."""
    names = frozenset(tools)
    rows = [*_home(load(data / "utterances_hwu64.jsonl"), "hwu", names)]
    rows += _home(load(data / "utterances_clinc150.jsonl"), "clinc", names)
    rows += _assistant(load(data / "ha_sentences.jsonl"), names)
    return rows


def read_xsid(tools: Iterable[str], data: Path = DATA) -> list[Row]:
    """Read xSID in the languages that are ours; for measuring only."""
    names = frozenset(tools)
    return [
        Row(r["text"], r["language"], wanted, None, r["text"], "xsid")
        for r in load(data / "xsid_valid.jsonl")
        if r["language"] in LANGUAGES and r["intent"] in XSID
        for wanted in [_wanted(XSID[r["intent"]], names)]
    ]


def read_sayings(tools: Iterable[str], per_frame: int = 4, seed: int = 0) -> list[Row]:
    """Fill the sayings beside this file: so many of each frame."""
    names = frozenset(tools)
    made = sayings(LANGS, per_frame=per_frame, seed=seed)
    rows = [_said(saying, names) for saying in made]
    return rows + [_without_apostrophes(row) for row in rows if "n't" in row.text]


def _without_apostrophes(row: Row) -> Row:
    """Write a row as one does in a hurry: dont for don't."""
    spans = tuple(
        (start - row.text[:start].count("'"), end - row.text[:end].count("'"), role)
        for start, end, role in row.spans or ()
    )
    return replace(row, text=row.text.replace("'", ""), spans=spans)


def read_foreign(count: int = 24, seed: int = 0) -> list[Row]:
    """Fill the frames of foreign requests: so many of each, for they are few."""
    chance = random.Random(seed)
    return [
        row
        for language, kind, line in _foreign_lines()
        for row in _foreign(frame_of(language, kind, line), count, chance)
    ]


def _foreign_lines() -> Iterator[tuple[str, str, str]]:
    language = kind = ""
    for line in (Path(__file__).parent / "foreign.txt").read_text("utf-8").splitlines():
        if line.startswith("## "):
            language, _, kind = line[3:].partition("/")
        elif line and not line.startswith("#") and language in LANGS:
            yield language, kind, line


def _foreign(frame: Frame, count: int, chance: random.Random) -> Iterator[Row]:
    for saying in filled(frame, count, chance, 0.2):
        row = _said(saying, frozenset())
        yield replace(row, wanted=("~other",), source="foreign")


def _said(saying: Saying, tools: frozenset[str]) -> Row:
    section = saying.frame.split(".")[1]
    kind = section.removeprefix("none/")
    wanted = saying.tool if saying.tool in tools else f"~{_NONE.get(kind, kind)}"
    spans = tuple((s.start, s.end, s.role) for s in saying.spans)
    return Row(
        saying.text, saying.lang, (wanted,), spans, saying.frame, "sayings", section
    )


def _home(
    rows: Iterable[dict[str, Any]], source: str, tools: frozenset[str]
) -> Iterator[Row]:
    for row in rows:
        intent, label = row["intent"], row["tool"]
        topic = f"~{TOPICS.get(intent, 'other')}"
        wanted = _wanted(MIXED.get(intent) or LABELS.get(label, topic), tools)
        if label == "calendar.create" and "remind" in row["text"]:
            wanted = _wanted("create_reminder create_event", tools)
        spans = None
        if "slots" in row and label not in _UNMARKED:
            spans = _find_spans(row["text"], row["slots"])
        values = [slot["value"] for slot in row.get("slots", ())]
        frame = _frame(row["text"], values)
        yield Row(row["text"], "en", wanted, spans, frame, source, intent)


def _assistant(rows: Iterable[dict[str, Any]], tools: frozenset[str]) -> Iterator[Row]:
    for row in rows:
        language = row["language"].split("-")[0]
        if language in LANGUAGES:
            wanted = _wanted(_HA[row["intent"]], tools)
            frame = _frame(row["text"], ())
            intent = row["intent"]
            yield Row(row["text"], language, wanted, None, frame, "ha", intent)


def _wanted(names: str, tools: frozenset[str]) -> tuple[str, ...]:
    found: list[str] = []
    for group in names.split():
        some = [n for n in group.split("|") if n.startswith("~") or n in tools]
        found += some[:1]
    return tuple(found) or ("~other",)


def _find_spans(text: str, slots: Iterable[dict[str, str]]) -> Spans:
    spans: list[tuple[int, int, str]] = []
    for slot in slots:
        role = _ROLES.get(slot["entity"])
        found = re.search(rf"(?<!\w){re.escape(slot['value'])}(?!\w)", text)
        if role and found:
            spans.append((found.start(), found.end(), role))
    return tuple(sorted(spans))


def _frame(text: str, values: Iterable[str]) -> str:
    frame = text.lower()
    for value in values:
        frame = frame.replace(value.lower(), "_")
    return re.sub(r"\d+", "0", frame)
