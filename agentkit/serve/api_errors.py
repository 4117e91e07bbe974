"""Errors in the form of the OpenAI API: a status and `{"error": {...}}`.

Source: the error object of OpenAI's API reference, with its `message`, `type`, `param`
and `code`.
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from agentkit.errors import (
    AgentkitError,
    BackendError,
    BackendTimeout,
    BackendUnavailable,
    ConfigError,
    EgressDenied,
    MissingPackage,
    RunBusy,
    SessionHeld,
    ToolsetError,
)

# The first that fits decides. A 5xx is kept for what is behind this server: no request,
# however it is written, is answered with one.
_STATUS: tuple[tuple[type[AgentkitError], int, str], ...] = (
    (EgressDenied, 403, "privacy"),
    (BackendTimeout, 504, "backend_timeout"),
    (BackendUnavailable, 503, "backend_unavailable"),
    (BackendError, 502, "backend_error"),
    (SessionHeld, 409, "session_held"),
    (RunBusy, 409, "run_busy"),
    (MissingPackage, 501, "missing_package"),
    (ToolsetError, 400, "invalid_tools"),
    (ConfigError, 400, "invalid_request"),
    (AgentkitError, 503, "store_error"),
)


class ApiError(Exception):
    """An error that the client is answered with.

    Attributes:
        status: of HTTP.
        code: names the fault for programs.
        param: the part of the request that it is about; empty when it is about all.
    """

    def __init__(self, status: int, code: str, message: str, param: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.param = param

    def __reduce__(self) -> tuple[object, ...]:
        # The default calls the class with the message alone.
        return ApiError, (self.status, self.code, str(self), self.param)

    def document(self) -> dict[str, Any]:
        """Return it as the API's error object."""
        kind = "invalid_request_error" if self.status < 500 else "api_error"
        if self.status in (401, 403):
            kind = "authentication_error" if self.status == 401 else "permission_error"
        fault = {
            "message": str(self),
            "type": kind,
            "param": self.param or None,
            "code": self.code,
        }
        return {"error": fault}

    def response(self) -> Response:
        """Return it as an HTTP response."""
        # RFC 9110, section 15.5.2: a 401 names how to come in.
        headers = {"WWW-Authenticate": "Bearer"} if self.status == 401 else None
        return JSONResponse(self.document(), self.status, headers)


def fault_of(exc: Exception) -> ApiError:
    """Turn an error into an answer; of a foreign one only the type is named."""
    if isinstance(exc, ApiError):
        return exc
    for kind, status, code in _STATUS:
        if isinstance(exc, kind):
            return ApiError(status, code, str(exc))
    # The message of a foreign error may hold anything, such as a path or a key.
    return ApiError(500, "internal_error", f"internal error ({type(exc).__name__})")


async def tell(_: Request, exc: Exception) -> Response:
    """Answer with an error: the application's handler."""
    return fault_of(exc).response()
