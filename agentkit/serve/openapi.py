"""The server's API as an OpenAPI document, made from the models that read requests.

Source: OpenAPI Specification 3.1.0. The page's own addresses under `/api/` are left out:
they change with the page.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from agentkit.installation.distribution import this_installation
from agentkit.serve.chat_completions import ChatRequest
from agentkit.serve.responses import ResponseRequest
from agentkit.serve.service import MODELS

_REF = "#/components/schemas/{model}"
_FAULT: dict[str, Any] = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["message", "type", "param", "code"],
            "properties": {
                "message": {"type": "string"},
                "type": {"type": "string"},
                "param": {"type": ["string", "null"]},
                "code": {"type": "string"},
            },
        }
    },
}
_MODEL: dict[str, Any] = {
    "type": "object",
    "required": ["id", "object"],
    "properties": {"id": {"type": "string"}, "object": {"const": "model"}},
}
# What may come besides an answer; `docs/reference/serve.md` says when.
_FAULTS = (400, 401, 403, 404, 405, 408, 409, 413, 421, 429, 501, 502, 503, 504)


@cache
def document() -> dict[str, Any]:
    """Return the OpenAPI document."""
    models = [(ChatRequest, "validation"), (ResponseRequest, "validation")]
    _, schemas = models_json_schema(models, ref_template=_REF)  # type: ignore[arg-type]
    return {
        "openapi": "3.1.0",
        "info": {"title": "agentkit", "version": this_installation().version},
        "security": [{"token": []}],
        "paths": {
            "/health": {"get": {**_answers("Whether it runs", {}), "security": []}},
            "/v1/models": {"get": _answers("What `model` may name", _listed())},
            "/v1/models/{name}": {
                "get": {
                    **_answers("One of them", _MODEL),
                    "parameters": [
                        {
                            "name": "name",
                            "in": "path",
                            "required": True,
                            "schema": {"type": "string", "enum": [*MODELS]},
                        }
                    ],
                }
            },
            "/v1/chat/completions": {
                "post": _takes(ChatRequest, "Answer a conversation", "chat.completion")
            },
            "/v1/responses": {
                "post": _takes(ResponseRequest, "Answer a conversation", "response")
            },
        },
        "components": {
            "schemas": {**schemas["$defs"], "Fault": _FAULT},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _listed() -> dict[str, Any]:
    data = {"type": "array", "items": _MODEL}
    return {"type": "object", "required": ["data"], "properties": {"data": data}}


def _answers(
    summary: str, schema: dict[str, Any], *, streams: bool = False
) -> dict[str, Any]:
    content: dict[str, Any] = {"application/json": {"schema": schema}}
    if streams:
        # OpenAPI 3.1 has no words for the events of a stream.
        content["text/event-stream"] = {}
    fault = {"schema": {"$ref": _REF.format(model="Fault")}}
    faults = {
        str(status): {"description": "fault", "content": {"application/json": fault}}
        for status in _FAULTS
    }
    answer = {"description": "answer", "content": content}
    return {"summary": summary, "responses": {"200": answer, **faults}}


def _takes(model: type[BaseModel], summary: str, kind: str) -> dict[str, Any]:
    schema = {"$ref": _REF.format(model=model.__name__)}
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    made = {
        "type": "object",
        "required": ["id", "object"],
        "properties": {"id": {"type": "string"}, "object": {"const": kind}},
    }
    return {**_answers(summary, made, streams=True), "requestBody": body}


async def show(_: Request) -> Response:
    """Answer with the document."""
    return JSONResponse(document())
