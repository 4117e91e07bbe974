"""Servers whose certificate is trusted, and others."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import trustme

from agentkit import Context, ToolError
from tests.tools.dav.conftest import Radicale, Sync, event
from tests.tools.dav.meddler import Meddler, Script

pytestmark = pytest.mark.slow


@pytest.fixture
def guarded(online: Context, server: Radicale, tmp_path: Path) -> Iterator[Context]:
    """Give a home whose server speaks TLS with a certificate of its own authority."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate: Any = authority.issue_cert("127.0.0.1")
    certificate.configure_cert(context)
    handler = type("Handler", (Meddler,), {"script": Script(server.port)})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as proxy:
        proxy.daemon_threads = True
        proxy.socket = context.wrap_socket(proxy.socket, server_side=True)
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        table = {
            "url": f"https://127.0.0.1:{proxy.server_address[1]}/",
            "user": server.user,
            "ca_file": str(tmp_path / "ca.pem"),
        }
        yield replace(online, packs={"caldav": table})
        proxy.shutdown()


def test_a_trusted_server_is_used(
    guarded: Context, server: Radicale, sync: Sync
) -> None:
    """`ca_file` names whom to trust."""
    server.put("Work/a.ics", event("a", "Tea"))
    assert sync(guarded).came == ["Tea"]


def test_an_unknown_certificate_is_refused(guarded: Context, sync: Sync) -> None:
    """Nothing is sent to it, and the way out is named."""
    table = {**guarded.packs["caldav"], "ca_file": ""}
    with pytest.raises(ToolError, match="certificate is not trusted"):
        sync(replace(guarded, packs={"caldav": table}))
