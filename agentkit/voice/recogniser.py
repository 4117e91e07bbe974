"""Turns spoken English into words on this device, with pocketsphinx.

It listens twice. First for what can be said to the toolset: word sequences learnt from the
tools' sentences and the home's names (`phrases`). Where that is unsure of itself, it
listens for any English, and the likelier of the two counts.

The sentences are a statistical grammar (trigrams). As one finite grammar (JSGF, FSG) the
bundled tools' sentences have 36,000 states: pocketsphinx took two minutes of CPU to load
that, and heard half as well.

Not covered: other languages, for which the package holds no model.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from agentkit.errors import MissingPackage
from agentkit.language import fold
from agentkit.tools import Toolset
from agentkit.voice.known_phrases import Phrases
from agentkit.voice.sound import Sound

# What the model knows.
LANGUAGE = "en"
# Posterior of the whole sentence. Of 26 spoken requests in
# tests/agentkit/voice/test_recogniser.py, 16 of those heard right have more, and six of the
# seven heard wrong less.
SURE = 0.09
# Words of the language's most frequent ones that may stand in a text.
_FREQUENT = 6000
# Share of probability that is kept for sequences no line has: pocketsphinx's default.
_UNSEEN = 0.5
_HOME = "home"
_ANY = "_default"
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_SHORT_FORMS = {"a.m.": "am", "p.m.": "pm"}
# How an `'s` sounds in most names.
_OWNING = "Z"
# Letters of a part, where a name is heard as two words.
_PART = 3


@dataclass(frozen=True, slots=True)
class HeardRequest:
    """A request as it was heard.

    Attributes:
        text: in words; empty where nothing was understood.
        confidence: from 0 to 1, of all of it.
        dictated: whether it is no sentence of the tools.
    """

    text: str
    confidence: float
    dictated: bool = False

    @property
    def is_sure(self) -> bool:
        """Whether it can be carried out without asking."""
        return bool(self.text) and not self.dictated and self.confidence >= SURE


class Recogniser:
    """Hears requests to one toolset in one home.

    Attributes:
        unheard: names that cannot be heard, as no pronunciation is known.
    """

    def __init__(
        self, toolset: Toolset, people: Iterable[str], titles: Iterable[str]
    ) -> None:
        """Learn the sentences and names that may be said.

        Args:
            toolset: whose sentences are known.
            people: names of people.
            titles: what else in the home has a name: events, lists, items.

        Raises:
            MissingPackage: the extra `voice` is not installed.
        """
        self._sphinx = _sphinx()
        self._decoder: Any = self._sphinx.Decoder(loglevel="FATAL")
        self._any: Any = self._decoder.get_lm(_ANY)
        self._spelt: dict[str, str] = {}
        self.unheard: tuple[str, ...] = ()
        self._learn(toolset, list(people), list(titles))

    def hear(self, sound: Sound) -> HeardRequest:
        """Return what was said."""
        narrow = self._decoded(sound, _HOME)
        if narrow.is_sure:
            return narrow
        wide = self._decoded(sound, _ANY)
        return max(wide, narrow, key=lambda one: one.confidence)

    def _decoded(self, sound: Sound, search: str) -> HeardRequest:
        decoder = self._decoder
        decoder.activate_search(search)
        decoder.start_utt()
        decoder.process_raw(sound.pcm, full_utt=True)
        decoder.end_utt()
        found = decoder.hyp()
        if found is None:
            return HeardRequest("", 0.0, search == _ANY)
        words = (self._written(word) for word in found.hypstr.split())
        return HeardRequest(" ".join(words), float(found.prob), search == _ANY)

    def _written(self, word: str) -> str:
        return _SHORT_FORMS.get(word) or self._spelt.get(word, word)

    def _learn(self, toolset: Toolset, people: list[str], titles: list[str]) -> None:
        names = list(self._named(people))
        things = [" ".join(words) for words in map(self._known_words, titles) if words]
        frequent = self._frequent()
        phrases = Phrases(toolset, names, things, frequent)
        lines = (f"<s> {' '.join(self._known(line))} </s>" for line in phrases.lines())
        model = import_module("pocketsphinx.lm").ArpaBoLM(discount_mass=_UNSEEN)
        model.read_corpus(lines)
        for word in frequent:
            # Once each: a word no sentence has can be heard in a title.
            model.grams_1[word] += 1
        model.compute()
        # The library reads models from files only, and this one holds the home's names.
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "home.arpa"
            model.write_file(str(path))
            self._decoder.add_lm_file(_HOME, str(path))

    def _frequent(self) -> list[str]:
        """Return the language's frequent words, by the package's model."""
        folder = Path(self._sphinx.get_model_path("en-us"))
        lines = (folder / "cmudict-en-us.dict").read_text("utf-8").splitlines()
        words = {line.split(" ", 1)[0] for line in lines}
        words = {word for word in words if _WORD.fullmatch(word)}
        prob = self._any.prob
        return sorted(words, key=lambda word: (-prob([word]), word))[:_FREQUENT]

    def _known(self, line: str) -> Iterator[str]:
        return (word for word in line.split() if self._decoder.lookup_word(word))

    def _known_words(self, title: str) -> list[str]:
        words = [word.lower() for word in _WORD.findall(fold(title))]
        return words if all(map(self._is_sayable, words)) else []

    def _named(self, people: list[str]) -> Iterator[str]:
        """Yield names as they can be heard: whole, first name, or the known parts."""
        unheard: list[str] = []
        for name in dict.fromkeys(people):
            parts = [(part, fold(part).lower()) for part in _WORD.findall(name)]
            known = [one for one in parts if self._is_sayable(one[1])]
            if not any(len(plain) >= _PART for _, plain in known):
                unheard.append(name)
                continue
            self._spelt |= {plain: part for part, plain in known}
            plain = [plain for _, plain in known]
            heard = {" ".join(plain), plain[0]} if known == parts else set(plain)
            for one in sorted(heard):
                yield from (one, self._owner(one))
        self.unheard = tuple(unheard)

    def _owner(self, name: str) -> str:
        """Return the name with an `'s`, which is heard as part of its last word."""
        head, _, last = name.rpartition(" ")
        owner = f"{last}'s"
        if not self._decoder.lookup_word(owner):
            phones = self._decoder.lookup_word(last)
            self._decoder.add_word(owner, f"{phones} {_OWNING}", True)
        self._spelt[owner] = f"{self._spelt.get(last, last)}'s"
        return f"{head} {owner}".strip()

    def _is_sayable(self, word: str) -> bool:
        """Tell whether a word can be heard; a word made of two known ones is added."""
        if self._decoder.lookup_word(word):
            return True
        # "Brightwater" as "bright" and "water": names are often two words that are known.
        for place in range(_PART, len(word) - _PART + 1):
            parts = [self._decoder.lookup_word(w) for w in (word[:place], word[place:])]
            if all(parts):
                self._decoder.add_word(word, " ".join(parts), True)
                return True
        return False


def _sphinx() -> Any:
    try:
        return import_module("pocketsphinx")
    except ImportError as exc:
        raise MissingPackage("pocketsphinx", "voice", "listening") from exc
