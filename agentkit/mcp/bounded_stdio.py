"""The transport to a server program on this machine, with a bound on line lengths.

The SDK's own transport keeps a line until it ends, and a line that never ends until
memory does. This one ends the program instead. Source of the framing: MCP
specification, "Transports", stdio.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import IO, TypeAlias

import anyio
from anyio.abc import Process
from mcp.client.stdio import get_default_environment
from mcp.shared.message import SessionMessage
from mcp.types import jsonrpc_message_adapter

from agentkit.errors import ConfigError
from agentkit.mcp.configuration import McpServer, filled

# Bytes of a line, which is one message. Results are cut far below that for a model; a
# picture in base64 may be a few megabytes.
MOST_LINE = 16_000_000
# Seconds that a program has to end by itself once its input is closed.
_GRACE = 2.0

_Reads: TypeAlias = anyio.abc.ObjectReceiveStream["SessionMessage | Exception"]
_Writes: TypeAlias = anyio.abc.ObjectSendStream[SessionMessage]


def bounded_stdio(
    name: str, server: McpServer, log: IO[bytes]
) -> AbstractAsyncContextManager[tuple[_Reads, _Writes]]:
    """Return the transport of a program, which starts when it is entered.

    Args:
        name: the server's, for errors.
        server: its program.
        log: where its standard error goes.

    Raises:
        ConfigError: when it is entered: the program cannot be started.
    """
    return _started(name, server, log)


@asynccontextmanager
async def _started(
    name: str, server: McpServer, log: IO[bytes]
) -> AsyncGenerator[tuple[_Reads, _Writes]]:
    process = await _process(name, server, log)
    heard, reads = anyio.create_memory_object_stream["SessionMessage | Exception"](0)
    writes, said = anyio.create_memory_object_stream[SessionMessage](0)

    async def hear() -> None:
        async with heard:
            with suppress(anyio.ClosedResourceError, anyio.BrokenResourceError):
                await _hear(process, heard)

    async def say() -> None:
        assert process.stdin is not None
        async with said:
            with suppress(anyio.ClosedResourceError, anyio.BrokenResourceError):
                async for one in said:
                    text = one.message.model_dump_json(
                        by_alias=True, exclude_unset=True
                    )
                    await process.stdin.send(f"{text}\n".encode())

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(hear)
        tasks.start_soon(say)
        try:
            yield reads, writes
        finally:
            # A run that is cancelled still ends the program, and waits for it.
            with anyio.CancelScope(shield=True):
                await _end(process)
                for stream in (heard, reads, writes, said):
                    await stream.aclose()
            tasks.cancel_scope.cancel()


async def _process(name: str, server: McpServer, log: IO[bytes]) -> Process:
    program = shutil.which(server.command)
    if program is None:
        raise ConfigError(
            f"the server {name!r}: there is no program {server.command!r} to start"
        )
    try:
        return await anyio.open_process(
            [program, *server.args],
            stderr=log,
            # The SDK's short list and not ours: keys of other services are none of its
            # business.
            env={**get_default_environment(), **filled(server.env, name)},
            cwd=server.cwd,
            # Ctrl-C in our terminal must not end it before us; and its children end
            # with it.
            start_new_session=True,
        )
    except OSError as exc:
        raise ConfigError(
            f"the server {name!r}: {server.command} cannot be started: {exc.strerror}"
        ) from exc


async def _hear(
    process: Process,
    heard: anyio.abc.ObjectSendStream[SessionMessage | Exception],
) -> None:
    """Read line by line; stop at a line that is too long."""
    assert process.stdout is not None
    rest = bytearray()
    async for chunk in process.stdout:
        # A chunk ends anywhere: in the middle of a line, or behind several.
        *lines, left = chunk.split(b"\n")
        for line in lines:
            rest += line
            await heard.send(_message(bytes(rest)))
            rest.clear()
        rest += left
        if len(rest) > MOST_LINE:
            return


def _message(line: bytes) -> SessionMessage | Exception:
    try:
        return SessionMessage(
            jsonrpc_message_adapter.validate_json(line, by_name=False)
        )
    except ValueError as exc:
        # The SDK's session takes it as a message that could not be read, and goes on.
        return exc


async def _end(process: Process) -> None:
    """Close the program's input, wait a little, then end it and all it started."""
    assert process.stdin is not None
    with suppress(OSError, anyio.BrokenResourceError, anyio.ClosedResourceError):
        await process.stdin.aclose()
    with anyio.move_on_after(_GRACE):
        await process.wait()
    with suppress(ProcessLookupError):
        if sys.platform == "win32":
            process.kill()
        else:
            # It is the first of a session of its own: its children go with it.
            os.killpg(process.pid, signal.SIGKILL)
    await process.aclose()
