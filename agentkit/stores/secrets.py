"""Passwords and keys, and the ciphers for stored text.

The key is the environment's, else the one in the system's keyring.

AES-256-GCM, a random nonce of 96 bits for each value. Which place a value belongs to
is authenticated with it, so that values cannot change places. Not sealed: ids, times,
names of tools, the number and the length of values.
"""

from __future__ import annotations

import base64
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from agentkit.errors import CorruptStore, MissingPackage, StoreError

SERVICE = "agentkit"


def find_secret(
    variable: str, account: str = "", *, env: Mapping[str, str] | None = None
) -> str:
    """Return a password or key; empty when neither place has it.

    Args:
        variable: environment variable that may hold it.
        account: account name in the keyring's service `agentkit`; the variable's
            own name when empty.
        env: the environment; the process's own when None.
    """
    env = os.environ if env is None else env
    return env.get(variable, "") or _from_keyring(account or variable)


def keep_secret(account: str, secret: str) -> None:
    """Put a password into the system's keyring, where `find_secret` finds it.

    Raises:
        MissingPackage: `keyring` is not installed.
        StoreError: no keyring takes it.
    """
    keyring = _keyring("keeping a password")
    try:
        keyring.set_password(SERVICE, account, secret)
        kept = keyring.get_password(SERVICE, account)
    except keyring.errors.KeyringError as exc:
        raise StoreError(
            f"no keyring of the system takes the password ({exc})"
        ) from exc
    # Some keyrings, such as the null one, take everything and keep nothing.
    if kept != secret:
        raise StoreError("the system's keyring does not give the password back")


def _from_keyring(account: str) -> str:
    try:
        keyring: Any = import_module("keyring")
    except ImportError:
        return ""
    try:
        return str(keyring.get_password(SERVICE, account) or "")
    except keyring.errors.KeyringError:
        # No keyring runs on this machine: the same as one that holds nothing.
        return ""


ACCOUNT = "sessions-key"
NEXT = f"{ACCOUNT}-next"
VARIABLE = "AGENTKIT_SESSIONS_KEY"
BEFORE = f"{VARIABLE}_OLD"
# The place of the check value: it is sealed as any other, and a key that opens it is
# right.
CHECK = "facts check"
_CHECKED = "agentkit"
# Bytes, as NIST SP 800-38D recommends for GCM.
_NONCE = 12
# Bytes: AES-256.
_KEY = 32
_MAKE = "openssl rand -base64 32 makes one"


class Cipher(Protocol):
    """Seals values and opens them again."""

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
class Unsealed:
    """A cipher that leaves values as they are."""

    def seal(self, text: str, place: str) -> str | bytes:
        """Return the text."""
        return text

    def unseal(self, stored: object, place: str) -> str:
        """Return the text."""
        if not isinstance(stored, str):
            raise CorruptStore(f"{place} is not text")
        return stored


class Sealed:
    """A cipher of AES-256-GCM."""

    def __init__(self, key: bytes) -> None:
        """Take a key of 32 bytes.

        Raises:
            MissingPackage: `cryptography` is not installed.
        """
        try:
            # An extra: a home that is not sealed needs no cryptography.
            module: Any = import_module("cryptography.hazmat.primitives.ciphers.aead")
            self._invalid: Any = import_module("cryptography.exceptions").InvalidTag
        except ImportError as exc:
            raise MissingPackage(
                "cryptography", "encrypted", "a sealed sessions.db or journal.db"
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


def check_of(cipher: Cipher) -> str | bytes:
    """Return the value by which a file's key is recognised."""
    return cipher.seal(_CHECKED, CHECK)


def find_cipher(check: object, path: Path | None) -> Cipher:
    """Return the cipher that opens a file with this check value.

    Raises:
        StoreError: it is sealed, and its key is missing or another one.
    """
    if not isinstance(check, bytes):
        return Unsealed()
    known = False
    for key in _keys():
        known = True
        if _opens(Sealed(key), check):
            return Sealed(key)
    why = "the key is another one" if known else "the key is missing"
    raise StoreError(
        f"{path} is sealed and {why}: put the right one into the system's "
        f"keyring (service {SERVICE!r}, account {ACCOUNT!r}) or into "
        f"{VARIABLE} ({BEFORE}, where encrypt changes the key); nothing was changed"
    )


def check_beside(path: Path) -> bytes | None:
    """Return the check value of a file; None where it is missing or unsealed.

    A file that is made new in a home is sealed when the one beside it is.
    """
    if not path.exists():
        return None
    try:
        with closing(
            # Read-only: looking must make no file, nor bring one up to date.
            sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        ) as database:
            row = database.execute(
                "SELECT body FROM facts WHERE key = 'check'"
            ).fetchone()
    except sqlite3.DatabaseError:  # whoever uses that file tells what is wrong with it
        return None
    return row[0] if row and isinstance(row[0], bytes) else None


def given_key() -> bytes | None:
    """Return the key that the environment holds; None when it holds none.

    Raises:
        StoreError: what is there is no key.
    """
    return _read_key(os.environ.get(VARIABLE, ""), VARIABLE)


def new_key() -> bytes:
    """Make a key."""
    return os.urandom(_KEY)


def next_key() -> bytes | None:
    """Return the key that an unfinished change of keys was to set; None if none.

    Raises:
        StoreError: what is there is no key.
    """
    return _read_key(find_secret("", NEXT, env={}), NEXT)


def keep_key(key: bytes, account: str = ACCOUNT) -> None:
    """Put a key into the system's keyring.

    Raises:
        MissingPackage: `keyring` is not installed.
        StoreError: no keyring takes it; nothing else was changed.
    """
    keyring = _keyring()
    text = base64.b64encode(key).decode()
    try:
        keyring.set_password(SERVICE, account, text)
        kept = keyring.get_password(SERVICE, account)
    except keyring.errors.KeyringError as exc:
        raise StoreError(
            f"the key cannot be kept: no keyring of the system takes it ({exc}); give "
            f"one in {VARIABLE} ({_MAKE}); nothing was sealed"
        ) from exc
    if kept != text:
        raise StoreError(
            "the key cannot be kept: the system's keyring does not give it back; give "
            f"one in {VARIABLE} ({_MAKE}); nothing was sealed"
        )


def forget_key(account: str = ACCOUNT) -> None:
    """Remove a key from the keyring, if it is there."""
    try:
        keyring = _keyring()
    except MissingPackage:
        return
    try:
        keyring.delete_password(SERVICE, account)
    except keyring.errors.KeyringError:
        return


def _keys() -> Iterator[bytes]:
    """Yield the keys of the environment and the keyring.

    A change of keys that was cut off may have left the right one under its second name.

    Raises:
        StoreError: what is there is no key.
    """
    sources = (
        # The environment first: a server has no keyring, and whoever sets it means it.
        (os.environ.get(VARIABLE, ""), VARIABLE),
        (os.environ.get(BEFORE, ""), BEFORE),
        (find_secret("", ACCOUNT, env={}), ACCOUNT),
        (find_secret("", NEXT, env={}), NEXT),
    )
    for text, name in sources:
        key = _read_key(text, name)
        if key:
            yield key


def _read_key(text: str, name: str) -> bytes | None:
    if not text:
        return None
    try:
        # Stripped: a key from a file ends with a line break. Unchecked, Python's
        # decoder would pass over letters that are no base64.
        key = base64.b64decode(text.strip(), validate=True)
    except ValueError:
        key = b""
    if len(key) != _KEY:
        raise StoreError(
            f"{name}, in the environment or the keyring, is no key: it must be "
            f"{_KEY} bytes in base64 ({_MAKE})"
        )
    return key


def _opens(cipher: Cipher, check: bytes) -> bool:
    try:
        return cipher.unseal(check, CHECK) == _CHECKED
    except CorruptStore:
        return False


def _keyring(purpose: str = "a key for sealed files") -> Any:
    try:
        module: Any = import_module("keyring")
        import_module("keyring.errors")
    except ImportError as exc:
        raise MissingPackage("keyring", "encrypted", purpose) from exc
    return module
