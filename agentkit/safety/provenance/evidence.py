"""The texts of a run: what was said and read, and where a value occurs in it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, cast

from agentkit.language.tokens import MAIL
from agentkit.messages import Label, ToolResult
from agentkit.safety.provenance.comparison import addresses, plain, words
from agentkit.safety.provenance.objects import is_slight, read_dump, records_of
from agentkit.safety.provenance.request_words import begins, looks, searches, verbs
from agentkit.safety.provenance.roles import (
    COMMON_WORDS,
    OTHERS_WORDS,
    PERSON_FIELDS,
    kind_of_name,
)
from agentkit.safety.provenance.said_numbers import said_numbers
from agentkit.safety.provenance.text_source import TextSource
from agentkit.tools import AnyTool, Toolset

# A year tells nothing of where a text is from, and a day is written in one way only.
_YEAR, _DATE = re.compile(r"(?:19|20)\d\d"), re.compile(r"\b\d{4}-\d\d-\d\d\b")
# A file as people write it, alone or behind a path: its name, and its ending.
_FILE = re.compile(
    r"(?<!\S)[\"'(]?(?:[^\s@]*/)?([\w.-]+)\.([A-Za-z]\w{1,4})(?![\w/@-]|\.\w)"
)


@dataclass(slots=True)
class Evidence:
    """All sources of a run, in order.

    Attributes:
        toolset: the tools that results come from.
        sources: the texts, oldest first.
        contacts: gives names and addresses of the user's address book, when asked.
        strict: what a tool does not vouch for is others' text, however short, and
            values are traced before any such text was read.
    """

    toolset: Toolset = field(default_factory=Toolset)
    sources: list[TextSource] = field(default_factory=list[TextSource])
    contacts: Callable[[], Iterable[str]] = frozenset[str]
    strict: bool = False

    def say(self, text: str) -> None:
        """Take what the user, or the application, says."""
        self.sources.append(TextSource("user", "you", True, text))

    def add(
        self, result: ToolResult, label: Label, *, chosen: Iterable[str] = ()
    ) -> None:
        """Take what a call returned; what a tool does not vouch for is untrusted.

        Args:
            result: what came of the call.
            label: its label.
            chosen: the call's arguments that text of somebody else chose.
        """
        known = result.name in self.toolset
        # Only a tool that says so: one that declares nothing may return anything.
        vouched = known and self.toolset[result.name].untrusted is False
        trusted = vouched and label.trust == "trusted"
        title = f"the result of {result.name}"
        # What a tool says when it fails may be a server's words, or a stranger's. What
        # agentkit says of a call that it did not run is neither, and vouches for nothing.
        ran = label.origin != "application"
        if ran and result.status in ("done", "error"):
            effect = known and self.toolset[result.name].effect != "read"
            ours = known and not _is_page(result, self.toolset[result.name])
            value = _opened(result.value) if ours else result.value
            dumped = read_dump(value) if ours else ()
            # "Sent" is the tool's own word; what a tool that only reads returns is
            # never slight.
            slight = effect and is_slight(value)
            echoed = frozenset(map(plain, chosen))
            is_data = (
                ours
                and result.status == "done"
                and _is_own(self.toolset[result.name])
                and _is_short(value)
            )
            self.sources.append(
                TextSource(
                    "field",
                    title,
                    trusted,
                    value,
                    bool(echoed),
                    slight,
                    echoed,
                    dumped,
                    is_data,
                )
            )

    @property
    def user(self) -> list[TextSource]:
        """The user's own words, and the application's."""
        return [source for source in self.sources if source.ground == "user"]

    @property
    def results(self) -> list[TextSource]:
        """What tools returned."""
        return [source for source in self.sources if source.ground == "field"]

    @property
    def read_others(self) -> bool:
        """Whether something was read that somebody else may have written."""
        return any(not (one.trusted or one.slight) for one in self.sources)

    @property
    def read_texts(self) -> bool:
        """Whether others' text was read that is long enough to order something."""
        return any(
            not (one.trusted or one.slight or one.is_data) for one in self.sources
        )

    @property
    def said_numbers(self) -> frozenset[Decimal]:
        """The numbers that the user said."""
        return frozenset(n for one in self.user for n in said_numbers(one.text))

    @property
    def own_numbers(self) -> Iterator[Decimal]:
        """The numbers that the application's own tools returned, such as prices."""
        own = (one for one in self.results if one.trusted or one.is_data)
        return (Decimal(number) for one in own for number in one.numbers)

    @property
    def user_words(self) -> frozenset[str]:
        """The words that the user said."""
        return frozenset(word for source in self.user for word in words(source.text))

    @property
    def verbs(self) -> frozenset[str]:
        """The user's words that may ask for something."""
        return frozenset(verb for source in self.user for verb in verbs(source.text))

    @property
    def names(self) -> frozenset[str]:
        """The user's words that can single something out."""
        said = (_FILE.sub(" ", source.text) for source in self.user)
        return frozenset(
            word
            for text in said
            for word in words(text)
            # Two letters are prepositions, and stand in the names of others' records by
            # chance.
            if len(word) > 2 and word not in COMMON_WORDS and not _YEAR.fullmatch(word)
        )

    @property
    def files(self) -> frozenset[tuple[frozenset[str], str]]:
        """The files that the user named: the words of each name, and its ending.

        A word of a file's name says nothing of other things: "draft-old.docx" is not
        the mail about a draft.
        """
        return frozenset(
            (frozenset(words(name)), ending.lower())
            for one in self.user
            for name, ending in _FILE.findall(one.text)
        )

    @property
    def dates(self) -> frozenset[str]:
        """The whole dates that the user said, as ISO 8601 writes them."""
        return frozenset(day for one in self.user for day in _DATE.findall(one.text))

    def speaks_of(self, stems: frozenset[str]) -> bool:
        """Tell whether running text of somebody else has a word that begins so."""
        told = (one.prose for one in self.results if not one.trusted)
        return any(
            begins(word, one) for t in told for word in t.split() for one in stems
        )

    def in_prose(self, value: str) -> TextSource | None:
        """Find the running text of somebody else that holds the value."""
        found, needle = addresses(value), " ".join(words(value))
        for source in self.results:
            if source.trusted:
                continue
            # An address in running text is enough, whatever words and signs stand
            # around it.
            if found and any(source.holds_address(item) for item in found):
                return source
            if not found and needle and f" {needle} " in source.prose:
                return source
        return None


def _is_own(tool: AnyTool) -> bool:
    """Tell whether an undeclared tool is the application's own and names no mail or page."""
    told = {*words(tool.name.replace("_", " ")), *words(tool.description)}
    return tool.untrusted is None and not (tool.foreign or told & OTHERS_WORDS)


def _is_short(value: Any) -> bool:
    """Tell whether there is no running text in a result, and no text of a few lines."""
    return not any(record.prose for record in records_of(value))


def _is_page(result: ToolResult, tool: AnyTool) -> bool:
    """Tell whether a page or a file was asked for: its writer wrote all of it.

    The tool says what a search by a name finds.
    """
    kinds = {kind_of_name(str(name)) for name in result.arguments}
    return looks(tool) and (
        "url" in kinds or ("identifier" in kinds and not searches(tool))
    )


def _opened(value: Any) -> Any:
    """Read a result that is JSON in a text, as servers give it."""
    if not isinstance(value, str):
        return value
    try:
        found = json.loads(value)
    except ValueError:
        return value
    return cast(Any, found) if isinstance(found, dict | list) else value


def is_person_key(key: str) -> bool:
    """Tell whether a field of this name says who somebody is."""
    return key.lower() in PERSON_FIELDS


def mail_names(text: str) -> set[str]:
    """Return the words of a person's field: the name, and the address before its @."""
    names = set(words(MAIL.sub(" ", text)))
    for address in MAIL.findall(text):
        names |= set(words(address.partition("@")[0].replace(".", " ")))
    return names


def is_impostor(value: str, named: Iterable[str], evidence: Evidence) -> bool:
    """Tell whether an unknown address bears the name of somebody known.

    A stranger may write any name before an address. Where the address book, or a
    result that is trusted, knows all that the user said of the name, and does not know
    the address, somebody else is meant.

    Args:
        value: the address.
        named: the user's words that stand in the name beside it.
        evidence: what was said and read, and the user's contacts.
    """
    asked = frozenset(named)
    if not asked or not addresses(value):
        return False
    known = [*evidence.contacts(), *_trusted(evidence)]
    # An address that is known belongs to whom it is known of.
    if set(addresses(value)) & {one for text in known for one in addresses(text)}:
        return False
    names = (frozenset(words(text)) for text in known if not addresses(text))
    return asked <= frozenset[str]().union(*names)


def _trusted(evidence: Evidence) -> list[str]:
    return [
        text
        for source in evidence.results
        if source.trusted and not source.chosen
        for record in source.records
        if any(addresses(text) for _, text in record.fields)
        for _, text in record.fields
    ]
