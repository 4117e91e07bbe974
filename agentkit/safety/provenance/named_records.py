"""Records of results that the user, or a text of somebody else, points at."""

from __future__ import annotations

from agentkit.safety.provenance.comparison import MAILBOX, addresses, plain, words
from agentkit.safety.provenance.evidence import (
    Evidence,
    is_impostor,
    is_person_key,
    mail_names,
)
from agentkit.safety.provenance.objects import Fields
from agentkit.safety.provenance.roles import Role, kind_of_name
from agentkit.safety.provenance.text_source import TextSource


def linked_source(
    value: str, role: Role, evidence: Evidence, whom: bool, own: frozenset[str]
) -> TextSource | None:
    """Find a record that the user named and that has the value as a field."""
    # The newest first: what was just read is what the user points at.
    for source in reversed(evidence.results):
        for record in (*source.records, *source.dumped):
            if plain(value) in source.echoed or not has_value(record, value):
                continue
            if not _is_named(record, value, role, evidence, whom, own):
                continue
            if source.trusted or not is_impostor(
                value, _said(record, evidence), evidence
            ):
                return source
    return None


def _is_named(
    record: Fields,
    value: str,
    role: Role,
    evidence: Evidence,
    whom: bool,
    own: frozenset[str],
) -> bool:
    """Tell whether the user's words single the record out.

    For who receives something only the fields that say who somebody is count: a
    subject is written by whoever sent it.
    """
    names = {n for n in evidence.names if not any(_alike(n, word) for word in own)}
    for key, text in record.fields:
        if whom and not (is_person_key(key) or plain(text) == plain(value)):
            continue
        # Who is named beside an address is at this address, and at no other.
        if role.kind == "recipient" and addresses(text) and not same_value(text, value):
            continue
        # A sum or a count that the user said singles nothing out; a number of its own does.
        telling = mail_names(text)
        if kind_of_name(key) != "identifier":
            telling = {one for one in telling if not one.isdigit()}
        if any(_alike(one, name) for one in telling for name in names):
            return True
        if any(_is_file(telling, *file) for file in evidence.files):
            return True
        if any(day in text for day in evidence.dates):
            return True
    return False


def _is_file(telling: set[str], name: frozenset[str], ending: str) -> bool:
    """Tell whether the words of a field are those of a file, with its ending or alone."""
    return name <= telling and (len(name) == len(telling) or ending in telling)


def _said(record: Fields, evidence: Evidence) -> set[str]:
    """Return the user's words that stand in the names of a record."""
    names = {
        one for key, text in record.fields if is_person_key(key) for one in words(text)
    }
    return names & evidence.names


def _alike(word: str, name: str) -> bool:
    """Tell whether two words are one, in one number: `light` and `lights`."""
    # Up to three letters an "s" more is another word: "gas", "bus".
    return word == name or (len(word) > 3 and word.rstrip("s") == name.rstrip("s"))


def record_with(source: TextSource, value: str) -> Fields | None:
    """Return the first record of a source that has the value as a field."""
    return next((record for record in source.records if has_value(record, value)), None)


def has_value(record: Fields, value: str) -> bool:
    """Tell whether a field of a record is the value."""
    return any(same_value(text, value) for _, text in record.fields)


def same_value(text: str, value: str) -> bool:
    """Tell whether a field is the value, or the address in it with a name beside."""
    if plain(text) == plain(value):
        return True
    found = addresses(value)
    if len(found) != 1 or addresses(text) != found:
        return False
    # A name may stand beside an address, `Ana Ruiz <ana@home.org>`, but no sentence.
    return bool(MAILBOX.fullmatch(text.strip())) or len(words(text)) == len(
        words(value)
    )


def named_by_others(record: Fields, evidence: Evidence) -> bool:
    """Tell whether running text of somebody else points at the record."""
    return any(
        # Up to three letters, such as "yes" or "EUR", stand in any text.
        len(words(text)) > 0 and len(text) > 3 and evidence.in_prose(text)
        for _, text in record.fields
    )
