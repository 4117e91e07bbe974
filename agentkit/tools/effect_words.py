"""What a tool does, by the verbs of its name and of the first lines about it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from agentkit.tools.definition import Effect

# From the mildest to the gravest; what is gravest decides.
_STRICT: tuple[Effect, ...] = ("read", "write", "send", "delete")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Verbs of common servers' tools; whatever names none of them is left to the hints.
_VERBS: Mapping[Effect, frozenset[str]] = {
    "write": _set("""
add append create edit insert modify move overwrite put rename replace save set toggle update
write
"""),
    "send": _set("""
book buy email forward invite notify order pay post publish purchase reply send share submit
transfer tweet upload withdraw
"""),
    "delete": _set("""
cancel clear deactivate delete destroy discard drop erase expunge forget kill nuke purge
remove reset revoke rid rm rmdir shred terminate trash truncate uninstall unlink unshare
unsubscribe wipe
"""),
}
# As often nouns, "get_workflow_run": at the head of a name, or behind an "and" in it.
_LEADING: Mapping[Effect, frozenset[str]] = {
    "write": _set("""
archive assign change commit configure deploy disable enable import install lock mark mute
pause register restart schedule start stop switch turn unlock unmute upgrade upsert
"""),
    "send": _set("""
accept announce approve bid broadcast checkout decline donate grant lend mail merge push
refund rent reserve subscribe sync webhook wire
"""),
    # What runs whatever it is given may do anything.
    "delete": _set("""
abort ban del empty eval evict exec execute expire flush kick prune revert rollback run
"""),
}
# Of other languages the stems, without accents.
_STEMS: Mapping[Effect, tuple[str, ...]] = {
    "send": ("schick", "uberweis", "ueberweis", "bezahl", "bestell", "envoy", "envia", "pagar",
             "payer", "virement", "achet", "compra", "inviar", "invia", "mandar"),
    "delete": ("losch", "loesch", "entfern", "effac", "supprim", "borra", "elimin", "annul",
               "cancell", "rimuov", "apaga", "exclui", "remov", "wegwerf"),
}  # fmt: skip
# "Shows a file and then removes it": a verb behind "and" has something that it is done to.
_FURTHER = re.compile(
    r"\b(?:and|then|or|also)\s+(?:then\s+|also\s+)?([a-z]+)\s+"
    r"(?:it|them|all|every|each|the|a|an|your|their|its|this|that|these|those|any|to)\b"
)
# Characters of a description that are looked at.
_MOST = 2_000
_LOOKS = _set(
    "get list search find show view lookup query count fetch read describe check"
)
_JOINERS = _set("and then or")
_DISKS = _set("disk drive partition volume card")


def named_effect(name: str, description: str) -> Effect:
    """Tell what a tool does by the verbs of its name and its description.

    A server's hints make a tool stricter than that, and never laxer.
    """
    words = [word.lower() for word in _WORD.findall(name)]
    told = [*_verbs(description[:_MOST].lower())]
    # A program may stand first: `git_push`.
    heads = words[:1] if _LOOKS & {*words[:1]} else words[:2]
    leading = [*heads, *(b for a, b in pairwise(words) if a in _JOINERS), *told]
    kinds: list[Effect] = [
        kind
        for kind in _STRICT
        if any(_is_of(kind, word) for word in (*words, *told))
        or not _LEADING.get(kind, frozenset()).isdisjoint(leading)
    ]
    if "format" in words and not _DISKS.isdisjoint(words):
        kinds.append("delete")
    return strictest("read", *kinds)


def strictest(*effects: Effect) -> Effect:
    """Return the gravest of several effects."""
    return _STRICT[max(map(_STRICT.index, effects))]


def _is_of(kind: Effect, word: str) -> bool:
    return word in _VERBS.get(kind, frozenset()) or word.startswith(
        _STEMS.get(kind, ())
    )


def _verbs(description: str) -> Iterator[str]:
    """Yield the words of a description that say what is done, as a name has them."""
    first = [word.strip(".,;:!") for word in description.split()[:2]]
    # "Permanently deletes".
    heads = first[1:] if first and first[0].endswith("ly") else first[:1]
    # "Sends a mail": descriptions have the verb in the third person.
    for word in (*heads, *_FURTHER.findall(description)):
        yield word
        yield word.removesuffix("s")
        yield word.removesuffix("es")
