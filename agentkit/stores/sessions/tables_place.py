"""Where a home keeps its sessions: in its own file, or in the database that it names."""

from __future__ import annotations

from pathlib import Path

from agentkit.settings import SessionSettings, read_settings
from agentkit.stores.sessions.session_tables import SessionTables
from agentkit.stores.sessions.sessions_db import FILE, SessionsDatabase


def tables_of(home: Path) -> SessionTables:
    """Open the sessions of a home, or make them.

    Raises:
        ConfigError: the settings of the home cannot be read.
        EgressDenied: they are to be kept elsewhere, and may not leave this device.
        MissingPackage: what speaks with that database is not installed.
        StoreError: they cannot be opened.
    """
    kept = _settings(home)
    if not kept.url:
        return SessionsDatabase(home)
    # An extra: most homes keep a file.
    from agentkit.stores.sessions.postgres_db import PostgresSessions

    return PostgresSessions(home, kept.url, kept.schema_name)


def is_made(home: Path) -> bool:
    """Tell whether there may be sessions: looks, and makes nothing."""
    return bool(_settings(home).url) or (home / FILE).exists()


def place_in_words(home: Path) -> str:
    """Return where they are kept, as errors and people call it."""
    kept = _settings(home)
    if not kept.url:
        return str(home / FILE)
    from agentkit.stores.sessions.postgres_db import name_of

    return name_of(kept.url, kept.schema_name)


def _settings(home: Path) -> SessionSettings:
    return read_settings(home).sessions
