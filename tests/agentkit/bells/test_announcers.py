"""Who else is told: a program, a server on this machine, the desktop."""

from __future__ import annotations

import gc
import json
import os
import sys
import threading
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from agentkit.bells.announcers import Announcers, desktop, program, webhook
from agentkit.bells.rounds import Due
from agentkit.errors import ConfigError, MissingPackage

NINE = datetime(2026, 3, 3, 9, tzinfo=UTC)


def due(title: str = "Dentist") -> Due:
    """An event of nine o'clock that rings."""
    lead = timedelta(minutes=15)
    return Due(id="1", moment=NINE, title=title, kind="event", lead=lead)


def script(folder: Path, body: str) -> str:
    """Write a program."""
    path = folder / "program"
    path.write_text(f"#!{sys.executable}\nimport json, os, sys\n{body}\n", "utf-8")
    path.chmod(0o700)
    return str(path)


@pytest.mark.parametrize(
    ("title", "handed"),
    [
        pytest.param("Dentist", "Dentist", id="words"),
        pytest.param("a\" b' $(touch x) `id`; rm -rf *", None, id="shell"),
        pytest.param("one\ntwo\0three", "one two three", id="one line"),
        pytest.param("--help", " --help", id="no option"),
        pytest.param("", "(no title)", id="nothing"),
    ],
)
def test_a_program_gets_arguments(
    tmp_path: Path, title: str, handed: str | None
) -> None:
    """Kind, time and title are one argument each; no shell reads them."""
    out = tmp_path / "out.json"
    path = script(tmp_path, f"json.dump(sys.argv[1:], open({str(out)!r}, 'w'))")
    assert program(path)(due(title)) == ""
    told = ["event", "2026-03-03T09:00:00+00:00", title if handed is None else handed]
    assert json.loads(out.read_text("utf-8")) == told


def test_a_program_that_fails_is_told(tmp_path: Path) -> None:
    """With its exit code."""
    path = script(tmp_path, "sys.exit(3)")
    assert program(path)(due()) == f"{path} failed with code 3"


def test_a_program_that_cannot_be_run_is_told(tmp_path: Path) -> None:
    """It was there at the start, and is no program any more."""
    path = script(tmp_path, "")
    announce = program(path)
    os.unlink(path)
    assert announce(due()) == f"{path} cannot be run: No such file or directory"


def test_a_program_has_to_be_there() -> None:
    """That is said at the start, and not when something rings."""
    with pytest.raises(ConfigError, match="there is no program 'no-such-program'"):
        program("no-such-program")


@contextmanager
def server(status: int, heard: list[dict[str, Any]]) -> Generator[str]:
    """Serve on loopback, and give the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.append({"path": self.path, **json.loads(body)})
            self.send_response(status)
            self.send_header("Location", "http://example.com/")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{http.server_address[1]}"
        http.shutdown()
        thread.join()


def test_a_server_gets_json() -> None:
    """What rings, when, and how long ahead."""
    heard: list[dict[str, Any]] = []
    with server(204, heard) as url:
        assert webhook(f"{url}/ring?who=me")(due()) == ""
    assert heard == [
        {
            "path": "/ring?who=me",
            "kind": "event",
            "title": "Dentist",
            "time": "2026-03-03T09:00:00+00:00",
            "lead_seconds": 900.0,
        }
    ]


@pytest.mark.parametrize("status", [302, 404, 500])
def test_a_server_that_refuses_is_told(status: int) -> None:
    """It leads nowhere else either."""
    heard: list[dict[str, Any]] = []
    with server(status, heard) as url:
        assert webhook(url)(due()) == f"{url} answered with {status}"
    assert len(heard) == 1


def test_a_server_that_is_gone_is_told() -> None:
    """In one sentence."""
    with server(200, []) as url:
        pass
    assert webhook(url)(due()).startswith(f"{url} cannot be reached: ")


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "http://192.168.1.5:80/",
        "https://127.0.0.1/",
        "http://127.0.0.1@example.com/",
        "http://127.0.0.1:x/",
        "http://localhost.example.com/",
        "127.0.0.1:80",
        "file:///etc/passwd",
    ],
)
def test_titles_leave_this_machine_for_nobody(url: str) -> None:
    """An address elsewhere is refused at the start."""
    with pytest.raises(ConfigError, match="is not on this machine"):
        webhook(url)


def test_a_desktop_without_a_bus_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """In one sentence, and nothing else is printed."""
    pytest.importorskip("desktop_notifier")
    if sys.platform != "linux":
        pytest.skip("only Linux has such a bus")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
    with warnings.catch_warnings():
        # What the library leaves open when there is no bus.
        warnings.simplefilter("ignore", ResourceWarning)
        told = desktop()(due())
        gc.collect()
    assert told.startswith("the desktop shows no notice: ")
    assert len(told.splitlines()) == 1


def test_a_missing_package_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the extra that brings it."""
    monkeypatch.setitem(sys.modules, "desktop_notifier", None)
    with pytest.raises(MissingPackage, match="desktop-notifier"):
        desktop()


def test_each_is_told_and_no_fault_ends_it() -> None:
    """One that fails is told of, and the others hear of the next thing all the same."""
    heard, faults = list[str](), list[str]()

    def good(due: Due) -> str:
        heard.append(due.title)
        return ""

    def bad(due: Due) -> str:
        raise RuntimeError("broken")

    all_of_them = Announcers([bad, good], faults.append)
    all_of_them.tell(due("a"))
    all_of_them.tell(due("b"))
    all_of_them.finish()
    assert heard == ["a", "b"]
    assert faults == ["RuntimeError: broken"] * 2
