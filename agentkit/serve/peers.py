"""The other workers of a server, which ask each other for what each remembers.

A run that waits for a client lives in the process that began it. Each worker listens at a
socket of the file system, in a folder that only this user can look into, and the names of
calls and answers say whose they are. Frames are pickled: both ends are forks of one
program.
"""

from __future__ import annotations

import asyncio
import pickle
import uuid
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing, asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Literal, TypeAlias

from agentkit.serve.api_errors import ApiError, fault_of

Answers: TypeAlias = Mapping[str, Callable[..., Awaitable[AsyncGenerator[Any, None]]]]
_Frame: TypeAlias = tuple[Literal["taken", "given", "fault", "end"], Any]

# Bytes of a frame's length.
_HEAD = 4


def named_by(worker: int, kind: str) -> str:
    """Make an id, such as `call_00...`, that tells which worker gave it."""
    return f"{kind}_{worker:02x}{uuid.uuid4().hex[:22]}"


def worker_of(name: str) -> int | None:
    """Return the worker that made an id; None if it is no worker's."""
    head = name.partition("_")[2][:2]
    try:
        return int(head, 16)
    except ValueError:
        return None


class Peers:
    """Asks the other workers; a worker alone has none to ask.

    Attributes:
        number: of this worker.
    """

    def __init__(
        self, folder: Path | None = None, number: int = 0, count: int = 1
    ) -> None:
        """Store where the sockets are, this worker's number, and the count."""
        self._folder = folder
        self.number = number
        self._count = count

    @property
    def others(self) -> tuple[int, ...]:
        """The others' numbers."""
        return tuple(n for n in range(self._count) if n != self.number)

    def owner_of(self, names: Mapping[str, Any] | tuple[str, ...]) -> int:
        """Return the worker that made one of these names; this one, if none did."""
        found = (worker_of(name) for name in names)
        # A name that was made up leads nowhere: this worker says that it knows none.
        return next((one for one in found if one in self.others), self.number)

    async def ask(
        self, worker: int, what: str, *facts: Any
    ) -> AsyncGenerator[Any, None]:
        """Ask another worker, and yield what it yields.

        Raises:
            ApiError: it refuses, or is not there.
        """
        try:
            reader, writer = await asyncio.open_unix_connection(self._path(worker))
        except OSError as exc:
            raise _gone(worker) from exc
        try:
            await _send(writer, (what, facts))
            # The first frame says "taken" or brings the fault: the caller hears of it
            # before a response has begun.
            await _frame(reader, worker)
        except BaseException:
            writer.close()
            raise
        given = _given(reader, writer, worker)
        await anext(given)
        return given

    @asynccontextmanager
    async def answering(self, answers: Answers) -> AsyncGenerator[None]:
        """Answer the other workers while the block runs."""
        if self._folder is None:
            yield
            return

        async def answered(
            reader: asyncio.StreamReader, writer: asyncio.StreamWriter
        ) -> None:
            await _answer(reader, writer, answers)

        path = Path(self._path(self.number))
        path.unlink(missing_ok=True)  # of a worker of this number that died
        server = await asyncio.start_unix_server(answered, path)
        try:
            yield
        finally:
            server.close()

    def _path(self, worker: int) -> str:
        return str((self._folder or Path()) / f"{worker}.sock")


def _gone(worker: int) -> ApiError:
    return ApiError(
        503,
        "worker_gone",
        f"worker {worker}, which knew of this, ended: ask again from the beginning",
    )


async def _given(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, worker: int
) -> AsyncGenerator[Any, None]:
    try:
        # Taken by `ask`: a generator that never began would not close the connection.
        yield None
        while (frame := await _frame(reader, worker))[0] != "end":
            yield frame[1]
    finally:
        writer.close()


async def _frame(reader: asyncio.StreamReader, worker: int) -> _Frame:
    try:
        frame: _Frame = await _read(reader)
    except (OSError, asyncio.IncompleteReadError) as exc:
        raise _gone(worker) from exc
    if frame[0] == "fault":
        raise ApiError(*frame[1])
    return frame


async def _read(reader: asyncio.StreamReader) -> Any:
    size = int.from_bytes(await reader.readexactly(_HEAD), "big")
    # The folder is only this user's: whoever can write here could run code anyway.
    return pickle.loads(await reader.readexactly(size))


async def _send(writer: asyncio.StreamWriter, value: Any) -> None:
    body = pickle.dumps(value)
    writer.write(len(body).to_bytes(_HEAD, "big") + body)
    await writer.drain()


async def _answer(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answers: Answers
) -> None:
    """Answer one question, until it is answered or the asking worker leaves."""
    with suppress(OSError, asyncio.IncompleteReadError):
        what, facts = await _read(reader)
        telling = asyncio.create_task(_tell(writer, answers, what, facts))
        # A worker that asked sends nothing more: an end of the stream means that it
        # left.
        gone = asyncio.create_task(reader.read())
        await asyncio.wait({telling, gone}, return_when=asyncio.FIRST_COMPLETED)
        for task in (telling, gone):
            task.cancel()
        await asyncio.gather(telling, gone, return_exceptions=True)
    writer.close()


async def _tell(
    writer: asyncio.StreamWriter, answers: Answers, what: str, facts: tuple[Any, ...]
) -> None:
    try:
        found = await answers[what](*facts)
        await _send(writer, ("taken", None))
        async with aclosing(found):
            async for one in found:
                await _send(writer, ("given", one))
        await _send(writer, ("end", None))
    except Exception as exc:
        fault = fault_of(exc)
        told = (fault.status, fault.code, str(fault), fault.param)
        await _send(writer, ("fault", told))
