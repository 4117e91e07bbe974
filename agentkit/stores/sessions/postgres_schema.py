"""The tables of sessions in PostgreSQL: made, and their values as they are stored."""

from __future__ import annotations

import base64
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from agentkit.errors import StoreError
from agentkit.stores.journal import JOURNAL_FILE
from agentkit.stores.secrets import Unsealed, check_beside, check_of

_VERSION = 1


# As in `sessions_db`, with what SQLite has by itself: the order in which rows came.
_SCHEMA = """
CREATE TABLE sessions (
    id TEXT PRIMARY KEY, created TEXT NOT NULL, changed TEXT NOT NULL,
    accepted INTEGER NOT NULL DEFAULT 0, body TEXT NOT NULL,
    rowid BIGINT GENERATED ALWAYS AS IDENTITY);
CREATE TABLE messages (
    session TEXT NOT NULL, number INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (session, number));
CREATE TABLE runs (
    session TEXT NOT NULL, number INTEGER NOT NULL, id TEXT NOT NULL,
    state TEXT NOT NULL, started TEXT NOT NULL, ended TEXT NOT NULL DEFAULT '',
    body TEXT NOT NULL, PRIMARY KEY (session, number));
CREATE TABLE notes (
    session TEXT NOT NULL, number INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (session, number));
CREATE TABLE damaged (
    place TEXT, found TEXT, why TEXT, body TEXT,
    rowid BIGINT GENERATED ALWAYS AS IDENTITY);
CREATE TABLE facts (key TEXT PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE holders (
    session TEXT PRIMARY KEY, token TEXT NOT NULL, process INTEGER NOT NULL,
    since TEXT NOT NULL);
"""


# Sealed values are bytes, and this column is text: JSON never begins so.
_SEALED_MARK = "sealed:"


def bring_up_to_date(connection: Any, home: Path, schema: str, name: str) -> None:
    """Make the tables where they are not there.

    Args:
        connection: to the database, in no transaction.
        home: whose sessions they are; its journal says whether they are sealed.
        schema: where the tables are.
        name: what errors call the database.

    Raises:
        StoreError: a newer agentkit wrote them.
    """
    with connection.transaction():
        # One makes the tables, others wait for it.
        connection.execute(
            "SELECT pg_advisory_xact_lock(%s)", (lock_key(schema, "the tables"),)
        )
        query = "SELECT to_regclass(%s)"
        if connection.execute(query, (f"{schema}.facts",)).fetchone()[0] is None:
            _make(connection, home, schema)
        query = "SELECT body FROM facts WHERE key = 'version'"
        found = int(connection.execute(query).fetchone()[0])
    if found > _VERSION:
        raise StoreError(
            f"{name} was written by a newer agentkit (form {found}, this one reads "
            f"{_VERSION}): update agentkit; nothing was changed"
        )


def _make(connection: Any, home: Path, schema: str) -> None:
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    connection.execute(_SCHEMA)
    beside = check_beside(home / JOURNAL_FILE)
    check = stored(beside or check_of(Unsealed()))
    connection.execute(
        "INSERT INTO facts VALUES ('version', %s), ('check', %s)",
        (str(_VERSION), check),
    )


def lock_key(schema: str, session: str) -> int:
    """Return the number of a session's advisory lock."""
    # Advisory locks are named by 64 bits for a whole database: the schema keeps users
    # apart.
    digest = sha256(f"agentkit {schema} {session}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def stored(value: object) -> object:
    """Return a value as its column stores it."""
    if isinstance(value, bytes):
        return _SEALED_MARK + base64.b64encode(value).decode()
    return value


def read_back(value: object) -> object:
    """Return a value of a column as it was given."""
    if isinstance(value, str) and value.startswith(_SEALED_MARK):
        # A text that only begins like the mark is the user's.
        with suppress(ValueError):
            return base64.b64decode(value[len(_SEALED_MARK) :], validate=True)
    return value
