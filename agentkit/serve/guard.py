"""The middleware that lets requests in: host, origin, token, size, time.

A page of another origin that runs in the user's browser reaches loopback too. So a
request names a host that is this server's (against DNS rebinding), comes from no other
origin (there is no CORS), and brings a token that such a page does not have.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agentkit.serve.api_errors import ApiError
from agentkit.serve.service import ServeLimits
from agentkit.serve.tenants import Tenants

_LOOPBACK = ("localhost",)
# What needs no token: it tells nothing of anybody. All else does.
_OPEN = ("/", "/health", "/openapi.json")
_PAGE = "/page/"
_HEADERS = {
    # Scripts and styles are our own files; nothing is loaded from elsewhere, nothing
    # stands in a frame, and no form is sent anywhere.
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; "
    "style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "manifest-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


class Guard:
    """ASGI middleware before all endpoints."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        tenants: Tenants,
        limits: ServeLimits,
        hosts: Iterable[str] = (),
    ) -> None:
        """Store the users, the limits and the server's names.

        Args:
            app: what is behind it.
            tenants: the users.
            limits: how much a request may bring, and how slowly.
            hosts: further names of this server, beside those of loopback.
        """
        self._app = app
        self._tenants = tenants
        self._limits = limits
        self._hosts = frozenset((*_LOOPBACK, *(host.lower() for host in hosts)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it here."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        send = _with_headers(send)
        try:
            self._check(scope)
        except ApiError as fault:
            await fault.response()(scope, receive, send)
            return
        await self._app(scope, self._bounded(receive), send)

    def _check(self, scope: Scope) -> None:
        """Refuse a request that may not come in.

        Raises:
            ApiError: with the reason.
        """
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not self._is_own(_name(f"//{host}")):
            raise ApiError(
                421,
                "unknown_host",
                "this server has no such name: say --allow-host NAME where it is meant",
            )
        origin = headers.get("origin")
        # Programs send no Origin; browsers do with each POST, and with what scripts of
        # another origin fetch.
        if origin is not None and _place(origin) != host.lower():
            raise ApiError(403, "cross_origin", "requests of other pages are refused")
        length = headers.get("content-length", "0")
        if not length.isascii() or not length.isdigit():
            raise ApiError(400, "invalid_request", "Content-Length is no number")
        if int(length) > self._limits.body_bytes:
            raise _too_large(self._limits)
        path: str = scope["path"]
        if path in _OPEN or path.startswith(_PAGE):
            return
        kind, _, token = headers.get("authorization", "").partition(" ")
        tenant = self._tenants.find(token.strip()) if kind.lower() == "bearer" else None
        if tenant is None:
            raise ApiError(
                401,
                "invalid_token",
                "send Authorization: Bearer TOKEN, with the token that `agentkit "
                "serve` showed or was given",
            )
        # Where Starlette's `request.state` reads it.
        scope.setdefault("state", {})["tenant"] = tenant

    def _is_own(self, name: str) -> bool:
        """Tell whether a host name is this server's: a known name, or any IP address.

        A page elsewhere can have its own name lead here, and no number.
        """
        if name in self._hosts:
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return True

    def _bounded(self, receive: Receive) -> Receive:
        """Return a `receive` that bounds the size of the body and its time."""
        left = self._limits.body_bytes
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._limits.body_seconds
        is_whole = False

        async def bounded() -> Message:
            nonlocal left, is_whole
            if is_whole:
                # Behind the body only the disconnect comes, which may take as long as
                # an answer.
                return await receive()
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError as exc:
                raise ApiError(408, "timeout", "the body took too long") from exc
            left -= len(message.get("body", b""))
            is_whole = not message.get("more_body", False)
            if left < 0:
                raise _too_large(self._limits)
            return message

        return bounded


def _name(url: str) -> str:
    """Return the host of a URL; empty where it cannot be read."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def _place(url: str) -> str:
    """Return the host and port of a URL; empty where it cannot be read."""
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""


def _too_large(limits: ServeLimits) -> ApiError:
    return ApiError(
        413, "too_large", f"a body has at most {limits.body_bytes:,} bytes here"
    )


def _with_headers(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                # An endpoint that sets one of these itself knows better.
                headers.setdefault(name, value)
        await send(message)

    return sent
