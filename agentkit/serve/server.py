"""The ASGI application: its routes, handlers and lifespan."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from agentkit.errors import AgentkitError
from agentkit.serve import chat_completions, home_api, openapi, page, responses
from agentkit.serve.api_errors import ApiError, tell
from agentkit.serve.guard import Guard
from agentkit.serve.peers import Peers
from agentkit.serve.service import MODELS, ServeLimits, Service
from agentkit.serve.tenants import Tenant, Tenants

_NOT_FOUND = (404, "not_found", "there is nothing here")


def make_app(
    tenants: Iterable[Tenant],
    *,
    limits: ServeLimits | None = None,
    hosts: Iterable[str] = (),
    peers: Peers | None = None,
) -> Starlette:
    """Make the ASGI application.

    Args:
        tenants: who is served.
        limits: what it takes on.
        hosts: names under which it is reached, beside those of loopback.
        peers: the server's other workers, where this is one of several.

    Raises:
        ConfigError: there is nobody to serve, or two users have one token or home.
    """
    limits = limits or ServeLimits()
    service = Service(Tenants(tenants), limits, peers or Peers())

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None]:
        # Before the first request: another worker may ask at once.
        async with service.answering():
            yield
            await service.runs.close()

    app = Starlette(
        routes=_routes(),
        middleware=[
            Middleware(Guard, tenants=service.tenants, limits=limits, hosts=hosts)
        ],
        exception_handlers=_handlers(),
        lifespan=lifespan,
    )
    app.state.service = service
    return app


def _routes() -> list[BaseRoute]:
    return [
        Route("/health", _health),
        Route("/v1/models", _models),
        Route("/v1/models/{name}", _model),
        Route("/v1/chat/completions", chat_completions.create, methods=["POST"]),
        Route("/v1/responses", responses.create, methods=["POST"]),
        Route("/openapi.json", openapi.show),
        *home_api.routes(),
        *page.routes(),
    ]


def _handlers() -> dict[Any, Callable[[Request, Exception], Any]]:
    async def status(_: Request, exc: Exception) -> Response:
        code = getattr(exc, "status_code", 404)
        # Starlette's own pages are text; clients of this API read JSON.
        words = {405: (405, "method_not_allowed", "not with this method")}
        return ApiError(*words.get(code, _NOT_FOUND)).response()

    return {ApiError: tell, AgentkitError: tell, 404: status, 405: status, 500: tell}


async def _health(_: Request) -> Response:
    """Answer that the server is up; for containers."""
    return JSONResponse({"status": "ok"})


async def _models(_: Request) -> Response:
    """List what `model` may name."""
    return JSONResponse({"object": "list", "data": [_model_card(n) for n in MODELS]})


async def _model(request: Request) -> Response:
    name = Service.of(request).model_name(request.path_params["name"])
    return JSONResponse(_model_card(name))


def _model_card(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "agentkit"}
