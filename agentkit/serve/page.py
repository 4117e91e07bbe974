"""The page for the browser: files of our own, nothing from elsewhere."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

_FOLDER = Path(__file__).parent / "web"


def routes() -> list[BaseRoute]:
    """Return the routes of the page and its files."""
    return [
        Route("/", _index),
        # StaticFiles refuses paths that lead out of its folder.
        Mount("/page", StaticFiles(directory=_FOLDER)),
    ]


async def _index(_: Request) -> Response:
    return FileResponse(_FOLDER / "index.html")
