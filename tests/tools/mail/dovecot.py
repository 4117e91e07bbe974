"""A real Dovecot on loopback, over TLS, as the user who runs the tests."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import trustme

BINARY = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin")

_CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
instance_name = agentkit-test
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <{folder}/server.pem
ssl_key = <{folder}/server.key
mail_location = maildir:{folder}/mail:LAYOUT=fs
auth_mechanisms = plain login
first_valid_uid = 1
{users}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
"""


@dataclass(frozen=True)
class Dovecot:
    """A running server.

    Attributes:
        mail: the Maildir of the one account.
    """

    port: int
    mail: Path
    _uid: int

    def deliver(
        self, name: str, content: bytes, *, folder: str = "", seen: bool = False
    ) -> None:
        """Put a mail into a folder, the way a delivery agent does."""
        place = self.mail / folder
        for part in ("cur", "new", "tmp"):
            (place / part).mkdir(parents=True, exist_ok=True)
        path = place / ("cur" if seen else "new") / f"{name}{':2,S' if seen else ''}"
        path.write_bytes(content)
        for one in (place, *place.rglob("*")):
            os.chown(one, self._uid, -1)


@contextmanager
def running(authority: trustme.CA, password: str) -> Generator[Dovecot, None, None]:
    """Start Dovecot, and stop it."""
    # Sockets have short paths, and another user has to get at the folder.
    folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
    folder.chmod(0o755)
    certificate: Any = authority.issue_cert("127.0.0.1")
    certificate.cert_chain_pems[0].write_to_path(folder / "server.pem")
    certificate.private_key_pem.write_to_path(folder / "server.key")
    account, users = _account()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    (folder / "mail").mkdir()
    os.chown(folder / "mail", account.pw_uid, account.pw_gid)
    (folder / "conf").write_text(
        _CONFIG.format(
            folder=folder, port=port, password=password, users=users,
            uid=account.pw_uid, gid=account.pw_gid,
        )
    )  # fmt: skip
    assert BINARY is not None
    server = subprocess.Popen([BINARY, "-F", "-c", str(folder / "conf")])
    try:
        _wait(server, port, folder / "log")
        yield Dovecot(port, folder / "mail", account.pw_uid)
    finally:
        server.terminate()
        server.wait(600)
        shutil.rmtree(folder, ignore_errors=True)


def _account() -> tuple[pwd.struct_passwd, str]:
    """Return whose mail it is, and which users Dovecot's own processes run as."""
    if os.geteuid() == 0:  # it does not let root have mail
        return pwd.getpwnam("nobody"), ""
    me = pwd.getpwuid(os.geteuid())
    return (
        me,
        f"default_internal_user = {me.pw_name}\ndefault_login_user = {me.pw_name}",
    )


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(10_000):
        assert server.poll() is None, log.read_text() if log.exists() else "no log"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(log.read_text())
