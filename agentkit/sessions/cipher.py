"""How a row's value is kept: as it is, or sealed with a key from the keyring.

AES-256-GCM, a random nonce of 96 bits for each value. Which row a value belongs to
is authenticated with it, so that values cannot change places. Not sealed: ids,
times, the number and the length of rows.
"""

from __future__ import annotations

import base64
import binascii
import os
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol

from agentkit.errors import CorruptStore, MissingPackage, StoreError
from agentkit.secrets import SERVICE, find_secret

ACCOUNT = "sessions-key"
VARIABLE = "AGENTKIT_SESSIONS_KEY"
_NONCE = 12
_KEY = 32


class Cipher(Protocol):
    """Writes values and reads them back."""

    def seal(self, text: str, place: str) -> str | bytes:
        """Return what is stored in a place."""
        ...

    def unseal(self, stored: object, place: str) -> str:
        """Return what was sealed for this place.

        Raises:
            CorruptStore: it is damaged, or belongs elsewhere.
        """
        ...


@dataclass(frozen=True, slots=True)
class Plain:
    """Keeps values as they are."""

    def seal(self, text: str, place: str) -> str | bytes:
        """Return the text."""
        return text

    def unseal(self, stored: object, place: str) -> str:
        """Return the text."""
        if not isinstance(stored, str):
            raise CorruptStore(f"{place} is not text")
        return stored


class Sealed:
    """Keeps values sealed."""

    def __init__(self, key: bytes) -> None:
        """Take a key of 32 bytes.

        Raises:
            MissingPackage: `cryptography` is not installed.
        """
        try:
            module: Any = import_module("cryptography.hazmat.primitives.ciphers.aead")
            self._invalid: Any = import_module("cryptography.exceptions").InvalidTag
        except ImportError as exc:
            raise MissingPackage(
                "cryptography", "encrypted", "a sealed sessions.db"
            ) from exc
        self._aead: Any = module.AESGCM(key)

    def seal(self, text: str, place: str) -> str | bytes:
        """Return nonce and sealed text."""
        nonce = os.urandom(_NONCE)
        return nonce + bytes(self._aead.encrypt(nonce, text.encode(), place.encode()))

    def unseal(self, stored: object, place: str) -> str:
        """Open what was sealed for this place."""
        if not isinstance(stored, bytes):
            raise CorruptStore(f"{place} is not sealed")
        nonce, sealed = stored[:_NONCE], stored[_NONCE:]
        try:
            return bytes(self._aead.decrypt(nonce, sealed, place.encode())).decode()
        except (self._invalid, ValueError) as exc:
            raise CorruptStore(f"{place} is damaged, or belongs elsewhere") from exc


def new_key() -> bytes:
    """Make a key."""
    return os.urandom(_KEY)


def stored_key(account: str = ACCOUNT) -> bytes | None:
    """Return the key from the environment or the keyring; None when there is none.

    Raises:
        StoreError: what is there is no key.
    """
    variable = VARIABLE if account == ACCOUNT else f"{VARIABLE}_NEXT"
    text = find_secret(variable, account)
    if not text:
        return None
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error:
        key = b""
    if len(key) != _KEY:
        raise StoreError(
            f"{variable}, or {account!r} in the keyring, is no key: it must be "
            f"{_KEY} bytes in base64"
        )
    return key


def keep_key(key: bytes, account: str = ACCOUNT) -> None:
    """Put a key into the system's keyring.

    Raises:
        MissingPackage: `keyring` is not installed.
        StoreError: no keyring takes it; nothing else was changed.
    """
    keyring = _keyring()
    try:
        keyring.set_password(SERVICE, account, base64.b64encode(key).decode())
    except keyring.errors.KeyringError as exc:
        raise StoreError(
            f"the key cannot be kept: no keyring of the system takes it ({exc}); "
            "nothing was sealed"
        ) from exc


def forget_key(account: str = ACCOUNT) -> None:
    """Take a key out of the keyring, if it is there."""
    keyring = _keyring()
    try:
        keyring.delete_password(SERVICE, account)
    except keyring.errors.KeyringError:
        return


def _keyring() -> Any:
    try:
        module: Any = import_module("keyring")
        import_module("keyring.errors")
    except ImportError as exc:
        raise MissingPackage("keyring", "encrypted", "a key for sessions.db") from exc
    return module
