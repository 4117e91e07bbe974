"""A real Radicale on loopback, started for the tests, and homes that use it."""

from __future__ import annotations

import base64
import http.client
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote

import pytest

from agentkit import Context
from agentkit_tools._results.mail_answers import Synced
from agentkit_tools.sync import sync_calendar

PASSWORD = "s3cret"
_PROPERTIES = {
    "calendar": "<C:calendar/>",
    "contacts": "<A:addressbook/>",
}


@dataclass(frozen=True)
class Radicale:
    """A running server, and a second client of it that the tests speak through."""

    port: int
    folder: Path
    user: str = "sam"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def ask(
        self, method: str, path: str, body: str = "", **headers: str
    ) -> tuple[int, str]:
        """Send a request as another program of the user would."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        word = base64.b64encode(f"{self.user}:{PASSWORD}".encode()).decode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        link.request(
            method,
            quote(f"/{self.user}/{path}"),
            body.encode(),
            {"Authorization": f"Basic {word}", **named},
        )
        answer = link.getresponse()
        text = answer.read().decode()
        link.close()
        return answer.status, text

    def make(self, name: str, kind: str = "calendar") -> None:
        """Make a calendar or an address book."""
        body = (
            '<D:mkcol xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" '
            'xmlns:A="urn:ietf:params:xml:ns:carddav"><D:set><D:prop><D:resourcetype>'
            f"<D:collection/>{_PROPERTIES[kind]}</D:resourcetype><D:displayname>{name}"
            "</D:displayname></D:prop></D:set></D:mkcol>"
        )
        assert self.ask("MKCOL", f"{name}/", body)[0] == 201

    def make_closed(self) -> None:
        """Make a calendar that the user may only read, with one event."""
        place = self.folder / self.user / "closed"
        place.mkdir(parents=True)
        (place / ".Radicale.props").write_text(
            '{"tag": "VCALENDAR", "D:displayname": "closed"}'
        )
        (place / "c.ics").write_text(event("c", "Holiday"))

    def put(self, path: str, text: str) -> None:
        """Write an entry, whatever is there."""
        status, said = self.ask("PUT", path, text, Content_Type="text/calendar")
        assert status in (201, 204), said

    def put_card(self, path: str, text: str) -> None:
        """Write a contact, whatever is there."""
        status, said = self.ask("PUT", path, text, Content_Type="text/vcard")
        assert status in (201, 204), said

    def get(self, path: str) -> str:
        """Read an entry; empty when it is not there."""
        status, text = self.ask("GET", path)
        return text if status == 200 else ""

    def delete(self, path: str) -> None:
        """Delete an entry."""
        assert self.ask("DELETE", path)[0] in (200, 204)

    def names(self, name: str) -> list[str]:
        """List the entries of a collection."""
        status, text = self.ask("PROPFIND", f"{name}/", Depth="1")
        assert status == 207
        hrefs = [part.partition("</")[0] for part in text.split("href>")[1:]]
        found = [one.rpartition("/")[2] for one in hrefs if name in one]
        return sorted({one for one in found if one})


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 600
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("Radicale did not start")


@pytest.fixture(scope="session")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Radicale]:
    """Start Radicale with one user for each test, and rights by a file."""
    pytest.importorskip("radicale")
    pytest.importorskip("caldav")
    folder = tmp_path_factory.mktemp("radicale")
    port = _free_port()
    (folder / "users").write_text(
        "".join(f"{name}:{PASSWORD}\n" for name in ("sam", "kim"))
        + "".join(f"u{number}:{PASSWORD}\n" for number in range(200))
    )
    (folder / "rights").write_text(
        "[closed]\nuser: .+\ncollection: {user}/closed\npermissions: r\n"
        "[own]\nuser: .+\ncollection: {user}(/.*)?\npermissions: RrWw\n"
        "[root]\nuser: .*\ncollection:\npermissions: R\n"
    )
    (folder / "config").write_text(
        f"[server]\nhosts = 127.0.0.1:{port}\n"
        f"[auth]\ntype = htpasswd\nhtpasswd_filename = {folder / 'users'}\n"
        "htpasswd_encryption = plain\ndelay = 0\n"
        f"[rights]\ntype = from_file\nfile = {folder / 'rights'}\n"
        f"[storage]\nfilesystem_folder = {folder / 'data'}\n"
        "[logging]\nlevel = error\n"
    )
    command = [sys.executable, "-m", "radicale", "--config", str(folder / "config")]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            _wait_for(port, process)
            yield Radicale(port, folder / "data/collection-root")
        finally:
            process.terminate()
            process.wait(600)


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the password where the tools look for it."""
    monkeypatch.setenv("AGENTKIT_CALDAV_PASSWORD", PASSWORD)


@dataclass
class Users:
    """Gives each test a user of its own."""

    count: int = field(default=0)


_USERS = Users()


@pytest.fixture
def server(radicale: Radicale) -> Radicale:
    """Give the server as a user who has nothing there yet."""
    _USERS.count += 1
    return replace(radicale, user=f"u{_USERS.count}")


@pytest.fixture
def online(context: Context, server: Radicale) -> Context:
    """Give a home that is set up for the server, with one calendar there."""
    server.make("Work")
    table = {"url": server.url, "user": server.user, "timeout": 600}
    return replace(context, packs={"caldav": table})


Sync = Callable[[Context], Synced]


@pytest.fixture
def sync() -> Sync:
    """Exchange with the server, as the tool does."""

    def run(context: Context) -> Synced:
        found = sync_calendar.invoke(sync_calendar.check({}, context))
        assert isinstance(found, Synced)
        return found

    return run


def event(uid: str = "", title: str = "Tea", clock: str = "10", **more: str) -> str:
    """Write an event of one hour on 20 November 2026."""
    lines = "".join(f"{name}:{value}\r\n" for name, value in more.items())
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nBEGIN:VEVENT\r\n"
        f"UID:{uid or uuid.uuid4()}\r\nDTSTAMP:20261101T000000Z\r\nSUMMARY:{title}\r\n"
        f"DTSTART:20261120T{clock}0000Z\r\nDTEND:20261120T{clock}3000Z\r\n{lines}"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    )


def write(context: Context, path: str, text: str) -> Path:
    """Write a file of the home."""
    place = context.home / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(text.encode())
    return place
