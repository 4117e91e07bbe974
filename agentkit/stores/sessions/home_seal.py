"""Seals a home's sessions and journal with a key, or opens them again for good."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from agentkit.stores.journal import Journal
from agentkit.stores.secrets import (
    NEXT,
    VARIABLE,
    Cipher,
    Sealed,
    Unsealed,
    forget_key,
    given_key,
    keep_key,
    new_key,
    next_key,
)
from agentkit.stores.sessions.session_tables import SessionTables


@dataclass(frozen=True, slots=True)
class HomeSeal:
    """The seal of a home's two stores.

    Attributes:
        opened: opens the sessions.
        journal: the journal beside them.
    """

    opened: Callable[[], AbstractContextManager[SessionTables]]
    journal: Journal

    def encrypt(self) -> str:
        """Seal both with the environment's key or a new one; tell where the key is.

        Raises:
            MissingPackage: the extra `encrypted` is not installed.
            StoreError: no keyring takes the key, or the one that is given is none.
        """
        given = given_key()
        if given:
            self._check_readable()
            self._reseal(Sealed(given))
            return f"in {VARIABLE}, and nowhere else: keep a copy"
        unfinished = next_key()
        if unfinished:
            self._take_key(unfinished)
        self._take_key(new_key())
        return "in the system's keyring"

    def decrypt(self) -> None:
        """Keep both unsealed again, and forget the key."""
        if self._reseal(Unsealed()):
            forget_key()
            forget_key(NEXT)

    def _take_key(self, key: bytes) -> None:
        """Seal all files with a key; the keyring can open them at every moment."""
        cipher = Sealed(key)
        self._check_readable()
        # Under a second name, so that the old key stays until all is sealed with the
        # new one.
        keep_key(key, NEXT)
        self._reseal(cipher)
        keep_key(key)
        forget_key(NEXT)

    def _check_readable(self) -> None:
        """Raise what cannot be opened, before a key is changed."""
        with self.opened():
            # One row: it is sealed, so reading it needs the key.
            self.journal.entries(count=1)

    def _reseal(self, cipher: Cipher) -> bool:
        """Seal both files with a cipher; return whether one was sealed before."""
        with self.opened() as database:
            was_sealed = database.sealed or self.journal.sealed
            database.reseal(cipher)
            self.journal.reseal(cipher)
        self.journal.close()
        return was_sealed
