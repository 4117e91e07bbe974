"""Signing in to mail without a password: the device flow (RFC 8628), and XOAUTH2.

The user opens a page anywhere and enters a short code; this device asks the provider
until that is done. What it is given for later, the refresh token, is kept in the
system's keyring, or comes from `AGENTKIT_MAIL_TOKEN`. The client id is the user's own:
agentkit has none, so nobody's quota and no third party stands in between.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from math import inf
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

from agentkit import Context, ToolError, find_secret, keep_secret, release
from agentkit_tools._https import connection_to, is_this_device

TOKEN = "AGENTKIT_MAIL_TOKEN"
# Seconds for an answer, and bytes of it that are read.
_PATIENCE, _LARGEST = 30.0, 200_000
# What is asked for with a device's code (RFC 8628, 3.4).
_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
# RFC 8628, 3.2 and 3.5: where no interval is told, and what "slow down" adds to it.
_INTERVAL, _SLOWER = 5.0, 5.0
# Codes live for a quarter of an hour; one that says more is not waited for longer.
_LONGEST = 1800.0


@dataclass(frozen=True, slots=True)
class AuthorizationServer:
    """Where to sign in, and what for."""

    name: str
    device_url: str
    token_url: str
    scope: str


_PROVIDERS = {
    "google": AuthorizationServer(
        "Google",
        "https://oauth2.googleapis.com/device/code",
        "https://oauth2.googleapis.com/token",
        "https://mail.google.com/",
    ),
    "microsoft": AuthorizationServer(
        "Microsoft",
        "https://login.microsoftonline.com/common/oauth2/v2.0/devicecode",
        "https://login.microsoftonline.com/common/oauth2/v2.0/token",
        "https://outlook.office.com/IMAP.AccessAsUser.All "
        "https://outlook.office.com/SMTP.Send offline_access",
    ),
}


def authorization_server(context: Context) -> AuthorizationServer | None:
    """Return where one signs in; None where a password is used.

    Raises:
        ToolError: the settings name none that is known.
    """
    table = context.packs.get("mail", {})
    name = str(table.get("sign_in", ""))
    if not name:
        return None
    known = _PROVIDERS.get(name, AuthorizationServer(name, "", "", ""))
    provider = AuthorizationServer(
        known.name,
        str(table.get("device_url", "") or known.device_url),
        str(table.get("token_url", "") or known.token_url),
        str(table.get("scope", "") or known.scope),
    )
    if not (provider.device_url and provider.token_url and table.get("client_id")):
        raise ToolError(
            f"Signing in with {name!r} needs packs.mail.client_id, and for another "
            "provider than google and microsoft device_url, token_url and scope."
        )
    return provider


def sign_in(
    context: Context,
    tell: Callable[[str], None],
    wait: Callable[[float], None] = time.sleep,
) -> None:
    """Sign in; an entry point of `agentkit.sign_ins`.

    Args:
        context: the home and its settings.
        tell: shows the user where to go, and with which code.
        wait: waits for seconds between two questions.

    Raises:
        ToolError: the provider refuses, cannot be reached, or nobody entered the code.
        EgressDenied: nothing may leave.
        StoreError: no keyring takes what is to be kept.
        MissingPackage: `keyring` is not installed.
    """
    provider = authorization_server(context)
    if provider is None:
        raise ToolError("Signing in is off: put `sign_in` into [packs.mail].")
    asked = _post(context, provider, provider.device_url, {"scope": provider.scope})
    # Google calls it by its older name.
    page = asked.get("verification_uri") or asked.get("verification_url")
    code, device = asked.get("user_code"), asked.get("device_code")
    if not (page and code and device):
        raise _refused(provider, asked)
    tell(f"Open {page} and enter the code {code}")
    token = _waited(context, provider, asked, wait)
    keep_secret(_account(context), token)


def _seconds(told: object, otherwise: float) -> float:
    """Read a number of seconds, which some servers write as a text."""
    try:
        found = float(str(told))
    except ValueError:
        return otherwise
    return found if 0 <= found < inf else otherwise


def _waited(
    context: Context,
    provider: AuthorizationServer,
    asked: Mapping[str, Any],
    wait: Callable[[float], None],
) -> str:
    """Ask until the code was entered; return the refresh token."""
    pause = _seconds(asked.get("interval"), _INTERVAL)
    left = min(_seconds(asked.get("expires_in"), _LONGEST), _LONGEST)
    form = {"grant_type": _GRANT, "device_code": str(asked["device_code"])}
    while left > 0:
        wait(pause)
        # At least one, as an interval of 0 must come to an end too.
        left -= max(pause, 1.0)
        answer = _post(context, provider, provider.token_url, form)
        if token := answer.get("refresh_token"):
            return str(token)
        fault = answer.get("error")
        if fault == "slow_down":
            pause += _SLOWER
        elif fault != "authorization_pending":
            raise _refused(provider, answer)
    raise ToolError(f"The code of {provider.name} was not entered in time; try again.")


def access_token(context: Context) -> str:
    """Return what logs in now, asked for with what was kept.

    Raises:
        ToolError: nobody has signed in, or the provider refuses.
    """
    provider = authorization_server(context)
    # The environment first: machines without a keyring have nothing else.
    kept = os.environ.get(TOKEN, "") or find_secret(TOKEN, _account(context))
    if provider is None or not kept:
        raise ToolError(
            "Nobody has signed in to this mail account: run `agentkit setup` again, "
            f"or set the environment variable {TOKEN}."
        )
    form = {"grant_type": "refresh_token", "refresh_token": kept}
    answer = _post(context, provider, provider.token_url, form)
    token = answer.get("access_token")
    if not token:
        raise _refused(provider, answer)
    return str(token)


def xoauth2(user: str, token: str) -> str:
    """Write what IMAP and SMTP take in the place of a password."""
    # The form of Google and Microsoft; \x01 ends a field.
    return f"user={user}\x01auth=Bearer {token}\x01\x01"


def _account(context: Context) -> str:
    # Beside a password of the same user, which the keyring may hold too.
    return f"{context.mail.user or context.user_email} (sign-in)"


def _refused(provider: AuthorizationServer, answer: Mapping[str, Any]) -> ToolError:
    why = str(answer.get("error_description") or answer.get("error") or "no reason")
    said = " ".join(why.split())[:200].rstrip(".")
    return ToolError(f"{provider.name} does not sign you in: {said}.")


def _post(
    context: Context, provider: AuthorizationServer, url: str, form: Mapping[str, str]
) -> Mapping[str, Any]:
    """Send a form; return the answer, a refusal in JSON included."""
    table = context.packs.get("mail", {})
    secret = str(table.get("client_secret", ""))
    whole = {"client_id": str(table["client_id"]), **form}
    whole |= {"client_secret": secret} if secret else {}
    place = urlsplit(url)
    user = context.mail.user or context.user_email
    # Secrets are no part of the ledger, as a password is none.
    grant = f"the user signs in with {provider.name}"
    release(
        context, f"{place.scheme}://{place.netloc}", f"sign in as {user}", grant=grant
    )
    try:
        content = _sent(place, urlencode(whole))
        answer: Any = json.loads(content)
    except (OSError, HTTPException, ValueError) as exc:
        reason = " ".join(str(exc).split())[:200].rstrip(".") or type(exc).__name__
        raise ToolError(f"{provider.name} cannot be reached: {reason}.") from exc
    return answer if isinstance(answer, dict) else {}  # pyright: ignore[reportUnknownVariableType]


def _sent(place: SplitResult, body: str) -> bytes:
    host = place.hostname or ""
    here = place.scheme == "http" and is_this_device(host)
    if place.scheme != "https" and not here:
        raise ValueError(f"{host} has to be asked over https")
    connection = connection_to(place, _PATIENCE)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Accept": "application/json",
    }
    try:
        connection.request("POST", place.path or "/", body, headers)
        return connection.getresponse().read(_LARGEST)
    finally:
        connection.close()
