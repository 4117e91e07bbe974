"""Passwords and keys: from the environment or the system's keyring, never a file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib import import_module
from typing import Any

SERVICE = "agentkit"


def find_secret(
    variable: str, account: str = "", *, env: Mapping[str, str] | None = None
) -> str:
    """Return a password or key, or an empty text when it is in neither place.

    Args:
        variable: environment variable that may hold it.
        account: account name in the keyring's service `agentkit`; the variable's
            own name when empty.
        env: the environment; the process's own when None.
    """
    env = os.environ if env is None else env
    return env.get(variable, "") or _from_keyring(account or variable)


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
