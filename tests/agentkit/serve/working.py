"""A server of two workers with a scripted model, as a program: `... HOME`.

Prints its address, and a line for each worker that begins. Each answer says in
`x-process` which process gave it.
"""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agentkit.backends import Request, ScriptedBackend
from agentkit.serve.listener import listen
from agentkit.serve.peers import Peers
from agentkit.serve.server import make_app
from agentkit.serve.workers import Workers
from tests.agentkit.serve.served import tenant

CALL = "[get_weather(city='Paris')]"
SEND = "[send_message(to='bob@example.org', text='hello there')]"


def answer(request: Request) -> str:
    """Answer by what was said last, whichever process is asked."""
    said = request.conversation[-1]
    if said.role == "tool":
        return "It is sunny."
    if "weather" in said.text:
        return CALL
    if "message" in said.text:
        return SEND
    return " ".join(one.text for one in request.conversation if one.role == "user")


class ToldProcess:
    """Says in each answer which process gave it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                who = (b"x-process", str(os.getpid()).encode())
                message["headers"] = [*message["headers"], who]
            await send(message)

        await self._app(scope, receive, sent)


def main() -> None:
    """Serve two homes by two workers."""
    home = Path(sys.argv[1])
    with socket.create_server(("127.0.0.1", 0)) as listening:
        print(f"http://127.0.0.1:{listening.getsockname()[1]}", flush=True)
        place = Workers(2, lambda line: print(line, flush=True)).run()
        backend = ScriptedBackend([answer], repeat=True)
        users = [
            tenant(home / name, backend, name=name, token=f"a-token-of-{name}-alone")
            for name in ("ana", "ben")
        ]
        app = make_app(users, peers=Peers(place.folder, place.number, place.count))
        app.add_middleware(ToldProcess)
        print(f"worker {place.number} is {os.getpid()}", flush=True)
        place.serves()
        listen(app, listening)


if __name__ == "__main__":
    main()
