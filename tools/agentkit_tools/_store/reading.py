"""Pieces of the calendar's files, read as long as the files are as the index has them."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Generator, Iterable
from itertools import groupby
from pathlib import Path

from agentkit_tools._store.catalog import Catalog, Place
from agentkit_tools._store.files import told
from agentkit_tools._store.folder import Stamp, stamp


class Stale(Exception):
    """A file is not what the index was made for."""


def read_places(
    home: Path, catalog: Catalog, places: Iterable[Place]
) -> list[tuple[Place, str]]:
    """Read components from their files.

    Args:
        home: the home folder.
        catalog: the index.
        places: where they are, sorted by their files.

    Raises:
        Stale: a file is not what the index was made for.
        StoreError: a file cannot be read.
    """
    found: list[tuple[Place, str]] = []
    for path, group in groupby(places, key=lambda place: place.path):
        shape = catalog.shape(path)
        if shape is None:
            raise Stale
        with _opened(home / path, shape.stamp) as descriptor:
            for place in group:
                os.lseek(descriptor, place.at, os.SEEK_SET)
                found.append((place, os.read(descriptor, place.size).decode()))
    return found


def read_state(path: Path, expected: Stamp) -> bytes:
    """Read a whole file in the state that is known of it.

    Raises:
        Stale: it is in another.
        StoreError: it cannot be read.
    """
    with (
        _opened(path, expected) as descriptor,
        os.fdopen(descriptor, "rb", closefd=False) as file,
    ):
        return file.read()


@contextlib.contextmanager
def _opened(path: Path, expected: Stamp) -> Generator[int, None, None]:
    with told(path, "read"):
        try:
            descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        except FileNotFoundError:
            raise Stale from None
        try:
            if stamp(os.fstat(descriptor)) != expected:
                raise Stale
            yield descriptor
        finally:
            os.close(descriptor)
