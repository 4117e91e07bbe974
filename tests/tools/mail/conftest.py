"""Mail servers on loopback, with a certificate that is trusted for the test."""

from __future__ import annotations

import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from agentkit import Context, MailServer


@dataclass
class Postman:
    """An SMTP handler that keeps what it took, and refuses what it is told to."""

    answers: list[str] = field(default_factory=list[str])
    mails: list[Any] = field(default_factory=list[Any])
    cut: bool = False

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        answer = self.answers.pop(0) if self.answers else "250 taken"
        if answer.startswith("2"):
            self.mails.append(envelope)
        if self.cut:
            server.transport.close()
        return answer


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """Give a certificate authority."""
    return trustme.CA()


@pytest.fixture
def server_tls(
    authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> ssl.SSLContext:
    """Give a server's side of TLS; its authority is trusted."""
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    monkeypatch.setenv("AGENTKIT_MAIL_PASSWORD", "secret")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate: Any = authority.issue_cert("127.0.0.1")
    certificate.configure_cert(context)
    return context


@pytest.fixture
def postman() -> Postman:
    """Give the SMTP server's handler."""
    return Postman()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def _password_is_right(*given: Any) -> AuthResult:
    return AuthResult(success=given[-1].password == b"secret", handled=False)


@pytest.fixture
def online(
    context: Context, postman: Postman, server_tls: ssl.SSLContext
) -> Iterator[Context]:
    """Give a home whose mail goes to a server on loopback, over STARTTLS."""
    controller = Controller(
        postman,
        server_hostname="localhost",
        hostname="127.0.0.1",
        port=_free_port(),
        tls_context=server_tls,
        require_starttls=True,
        auth_required=True,
        authenticator=_password_is_right,
    )
    controller.start()
    try:
        server = MailServer(host="127.0.0.1", port=controller.port)
        yield replace(context, mail=server)
    finally:
        controller.stop()


class Mailbox(socketserver.StreamRequestHandler):
    """A tiny IMAP server: login, one folder, search by UID, fetch.

    Attributes:
        faults: what goes wrong at a mail: `drop`, `stall` or `huge`.
    """

    mails: dict[int, tuple[str, bytes]]
    validity: int
    faults: dict[int, str]

    def handle(self) -> None:
        self.wfile.write(b"* OK ready\r\n")
        while line := self.rfile.readline().decode():
            tag, verb, *rest = line.split()
            verb = rest.pop(0) if verb.upper() == "UID" else verb
            answer = getattr(self, f"do_{verb.lower()}", self.do_noop)(rest)
            if not answer:
                return
            self.wfile.write(f"{tag} {answer}\r\n".encode())
            if verb.upper() == "LOGOUT":
                return

    def do_noop(self, rest: list[str]) -> str:
        return "OK done"

    def do_capability(self, rest: list[str]) -> str:
        self.wfile.write(b"* CAPABILITY IMAP4rev1\r\n")
        return "OK done"

    def do_login(self, rest: list[str]) -> str:
        return "OK in" if rest[1] == '"secret"' else "NO wrong password"

    def do_examine(self, rest: list[str]) -> str:
        if rest != ['"INBOX"']:
            return "NO no such folder"
        self.wfile.write(
            f"* {len(self.mails)} EXISTS\r\n"
            f"* OK [UIDVALIDITY {self.validity}] valid\r\n".encode()
        )
        return "OK [READ-ONLY] done"

    def do_search(self, rest: list[str]) -> str:
        first = int(rest[1].split(":")[0])
        uids = [u for u in self.mails if u >= first] or sorted(self.mails)[-1:]
        self.wfile.write(f"* SEARCH {' '.join(map(str, uids))}\r\n".encode())
        return "OK done"

    def do_fetch(self, rest: list[str]) -> str:
        flags, content = self.mails[int(rest[0])]
        fault = self.faults.get(int(rest[0]))
        if fault:
            return self.fail(fault, rest[0], content)
        head = f"* 1 FETCH (UID {rest[0]} FLAGS ({flags}) BODY[]<0> {{{len(content)}}}"
        self.wfile.write(head.encode() + b"\r\n" + content + b")\r\n")
        return "OK done"

    def fail(self, fault: str, uid: str, content: bytes) -> str:
        """Send half a mail and hang up, nothing at all, or far too much."""
        size = 100_000_000 if fault == "huge" else len(content)
        head = f"* 1 FETCH (UID {uid} BODY[]<0> {{{size}}}\r\n".encode()
        self.wfile.write(
            b"" if fault == "stall" else head + content[: len(content) // 2]
        )
        if fault != "drop":
            self.rfile.read()  # until the other side gives up
        return ""


@pytest.fixture
def mailbox(
    context: Context, server_tls: ssl.SSLContext
) -> Iterator[tuple[Context, type[Mailbox]]]:
    """Give a home with an IMAP server, and the server's content."""
    kind = type("Handler", (Mailbox,), {"mails": {}, "validity": 7, "faults": {}})
    make: Callable[..., Any] = socketserver.ThreadingTCPServer
    with make(("127.0.0.1", 0), kind) as server:
        server.daemon_threads = True
        server.socket = server_tls.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        port = server.server_address[1]
        yield (
            replace(context, mail=MailServer(imap_host="127.0.0.1", imap_port=port)),
            kind,
        )
        server.shutdown()
