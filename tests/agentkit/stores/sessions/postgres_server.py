"""A PostgreSQL server for tests, on loopback, with a password."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

PASSWORD = "marmalade-7261"


class PostgresServer:
    """A server that can be stopped and started again.

    Attributes:
        url: its address, with the password in it.
    """

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs = programs
        self._folder = folder
        # The server refuses to run as root.
        self._as: dict[str, Any] = {}
        if os.name == "posix" and os.getuid() == 0:
            self._as = {"user": "postgres", "group": "postgres"}
            shutil.chown(folder, "postgres", "postgres")
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.url = f"postgresql://tests:{PASSWORD}@127.0.0.1:{port}/postgres"
        secret = folder / "password"
        secret.write_text(PASSWORD)
        secret.chmod(0o644)
        self._run("initdb", "-A", "scram-sha-256", "-U", "tests", f"--pwfile={secret}",
                  "-N", "--locale=C", "-E", "UTF8")  # fmt: skip
        self._options = (
            f"-c port={port} -c listen_addresses=127.0.0.1 -c fsync=off "
            f"-c unix_socket_directories={folder}"
        )
        self.start()

    def start(self) -> None:
        log = self._folder / "log"
        self._run(
            "pg_ctl", "-w", "-t", "300", "-l", str(log), "-o", self._options, "start"
        )

    def stop(self) -> None:
        self._run("pg_ctl", "-m", "immediate", "-w", "-t", "300", "stop")

    def _run(self, program: str, *words: str) -> None:
        data = ["-D", str(self._folder / "data")]
        subprocess.run(
            [str(self._programs / program), *data, *words],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=self._folder,
            **self._as,
        )


@contextmanager
def postgres_server() -> Generator[PostgresServer]:
    """Run one meanwhile; the test is skipped where there is no program for it."""
    pytest.importorskip("psycopg")
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    initdb = shutil.which("initdb") or (str(found[-1]) if found else "")
    if not initdb:
        pytest.skip("no PostgreSQL server program: apt-get install postgresql")
    with tempfile.TemporaryDirectory() as folder:
        server = PostgresServer(Path(initdb).resolve().parent, Path(folder))
        try:
            yield server
        finally:
            server.stop()
