"""Grammars that were made before: in memory, and as text in a folder.

llguidance cannot write down what it has compiled, so a folder holds the text only;
compiled grammars are kept in memory. Files are data: JSON that is checked, nothing
that is run. One that is damaged or of another version is made anew.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any, cast

from agentkit.errors import StoreError
from agentkit.grammar.answer_grammar import make_answer_grammar
from agentkit.grammar.call_shapes import LLAMA, WrittenForm
from agentkit.grammar.guide import GrammarTokenizer, Guide, compile_grammar
from agentkit.grammar.said import SaidValues
from agentkit.grammar.toolset_grammar import (
    Grammar,
    Mode,
    grammar_fingerprint,
    make_grammar,
)
from agentkit.stores.shared_files import make_folder, replace_text
from agentkit.tools import Toolset
from agentkit.tools.schema.json_schema import is_list

# Bytes; a file of ours is far smaller, so a larger one is somebody else's.
_LARGEST = 16 * 1024 * 1024


class GrammarCache:
    """Makes a grammar once per toolset; may be used from several threads.

    Attributes:
        folder: where texts are kept; None keeps them in memory only.
        kept: most compiled grammars in memory.
        files: most files in the folder; the oldest go first.
    """

    def __init__(
        self, folder: Path | None = None, *, kept: int = 16, files: int = 256
    ) -> None:
        """Name the folder; it is made when the first grammar is stored."""
        self.folder = folder
        self.kept = kept
        self.files = files
        self._lock = Lock()
        self._grammars: OrderedDict[str, Grammar] = OrderedDict()
        # By grammar and tokenizer: compiled grammars hold token ids.
        self._guides: OrderedDict[tuple[str, int], Guide] = OrderedDict()

    def grammar(
        self,
        toolset: Toolset,
        *,
        mode: Mode = "auto",
        only: Sequence[str] = (),
        said: SaidValues | None = None,
        form: WrittenForm = LLAMA,
    ) -> Grammar:
        """Return the grammar of a toolset; one for what was said is not written down.

        Raises:
            ToolsetError: as `make_grammar`.
            StoreError: the folder cannot be written.
        """
        tools = toolset.select(only) if only else toolset
        key = grammar_fingerprint(tools, mode, said, form)
        # Held while a grammar is made: a second thread would only make the same again.
        with self._lock:
            found = self._grammars.get(key)
            # What one request said is of no use to the next process.
            if found is None and said is None:
                found = self._read(key)
            if found is None:
                found = make_grammar(tools, mode=mode, said=said, form=form)
                if said is None:
                    self._write(found)
            _keep(self._grammars, key, found, self.kept)
            return found

    def guide(
        self,
        toolset: Toolset,
        tokenizer: GrammarTokenizer,
        *,
        mode: Mode = "auto",
        only: Sequence[str] = (),
        said: SaidValues | None = None,
        form: WrittenForm = LLAMA,
    ) -> Guide:
        """Return a fresh guide of a toolset's grammar.

        Raises:
            MissingPackage: llguidance is not installed.
            ToolsetError: the grammar cannot be made or compiled.
            StoreError: the folder cannot be written.
        """
        grammar = self.grammar(toolset, mode=mode, only=only, said=said, form=form)
        key = grammar.fingerprint, id(tokenizer.native)
        with self._lock:
            found = self._guides.get(key) or compile_grammar(grammar, tokenizer)
            # A kept guide keeps its tokenizer, so that no other one gets its id.
            _keep(self._guides, key, found, self.kept)
            # The kept one stays at its start; each answer moves a copy on.
            return found.copy()

    def answer_guide(
        self,
        schema: Mapping[str, Any],
        tokenizer: GrammarTokenizer,
        toolset: Toolset | None = None,
        form: WrittenForm = LLAMA,
    ) -> Guide:
        """Return a fresh guide of an answer's grammar, kept in memory only.

        Raises:
            MissingPackage: llguidance is not installed.
            ToolsetError: the grammar cannot be compiled.
        """
        grammar = make_answer_grammar(schema, toolset, form)
        key = grammar.fingerprint, id(tokenizer.native)
        with self._lock:
            found = self._guides.get(key) or compile_grammar(grammar, tokenizer)
            _keep(self._guides, key, found, self.kept)
            return found.copy()

    def _path(self, key: str) -> Path | None:
        return self.folder / f"{key}.json" if self.folder else None

    def _read(self, key: str) -> Grammar | None:
        path = self._path(key)
        try:
            # Before it is read, so that a huge file does not fill the memory.
            if path is None or path.stat().st_size > _LARGEST:
                return None
            return _grammar(json.loads(path.read_text("utf-8")), key)
        except (OSError, ValueError):
            return None

    def _write(self, grammar: Grammar) -> None:
        path = self._path(grammar.fingerprint)
        if path is None:
            return
        facts = {
            "lark": grammar.lark,
            "relaxed": grammar.relaxed,
            "checksum": _checksum(grammar.fingerprint, grammar.lark, grammar.relaxed),
        }
        try:
            make_folder(path.parent)
            replace_text(path, json.dumps(facts))
            self._prune(path.parent)
        except OSError as exc:
            raise StoreError(f"the grammar cannot be kept in {path}: {exc}") from exc

    def _prune(self, folder: Path) -> None:
        """Let the oldest files go; another process may have been quicker."""
        ages: list[tuple[float, Path]] = []
        for path in folder.glob("*.json"):
            # Another process may have removed it since it was listed.
            with suppress(FileNotFoundError):
                ages.append((path.stat().st_mtime, path))
        for _, path in sorted(ages)[: max(0, len(ages) - self.files)]:
            path.unlink(missing_ok=True)


def _keep(held: OrderedDict[Any, Any], key: object, value: object, most: int) -> None:
    held[key] = value
    held.move_to_end(key)
    while len(held) > most:
        held.popitem(last=False)


def _grammar(facts: Any, key: str) -> Grammar | None:
    """Return what a file says, if it is whole and of this toolset."""
    if not isinstance(facts, dict):
        return None
    said = cast("dict[str, Any]", facts)
    lark, relaxed = said.get("lark"), said.get("relaxed")
    if not isinstance(lark, str) or not is_list(relaxed):
        return None
    sentences = tuple(map(str, relaxed))
    whole = said.get("checksum") == _checksum(key, lark, sentences)
    return Grammar(lark, key, sentences) if whole else None


def _checksum(key: str, lark: str, relaxed: Sequence[str]) -> str:
    return sha256(json.dumps([key, lark, list(relaxed)]).encode()).hexdigest()
