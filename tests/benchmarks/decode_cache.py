"""Times the first token with the prompt's cache, and without.

    python tests/benchmarks/decode_cache.py --folder FOLDER [--shape 1b]

Prompt: bundled tools in about 1,500 tokens. Cold reads all of it; the second turn
goes on from the first; the new process has only the snapshot on disk, and its weights
loaded. Times are the processor's, on one thread, so that a busy machine matters less.
Targets: 1/10 and 1/5 of cold.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[2]))

from agentkit.backends import Reply, Request, TransformersBackend
from agentkit.discovery import installed_tools
from agentkit.messages import Conversation, assistant, user
from agentkit.tools import Toolset
from tests.benchmarks.llama_shapes import shape_folder

_ASKED = "What is on my calendar tomorrow?"


def tools(count: int) -> Toolset:
    """Return the first bundled tools."""
    return Toolset(list(installed_tools())[:count])


async def first_token(
    backend: TransformersBackend, turns: Conversation, toolset: Toolset
) -> tuple[float, Reply]:
    """Time one token, in the processor's seconds."""
    started = time.process_time()
    reply = await backend.reply(Request(conversation=turns, toolset=toolset))
    return time.process_time() - started, reply


def told(name: str, seconds: float, reply: Reply, cold: float) -> None:
    """Print a line."""
    read = (reply.tokens_in or 0) - (reply.tokens_cached or 0)
    part = f" ({seconds / cold:.1%} of cold)" if cold else ""
    print(
        f"{name}: {seconds:.2f} s{part}, {read} tokens read anew, "
        f"{reply.tokens_cached} from the cache",
        flush=True,
    )


async def measure(place: Path, kept: Path, count: int, cold: float) -> float:
    """Time the turns, or, where cold is known, the first one of a new process."""
    toolset = tools(count)
    backend = TransformersBackend(place, max_new_tokens=1, snapshots=kept)
    await first_token(backend, (user("Hi."),), Toolset())
    turns: Conversation = (user(_ASKED),)
    first, reply = await first_token(backend, turns, toolset)
    told("from disk, new process" if cold else "cold", first, reply, cold)
    if not cold:
        turns = (*turns, assistant("Nothing."), user("And on Friday?"))
        told("second turn", *await first_token(backend, turns, toolset), first)
        await backend.warm(toolset)
    return first


def main() -> None:
    """Measure here, and in a new process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--shape", choices=("small", "1b"), default="1b")
    parser.add_argument("--tools", type=int, default=6)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--kept", type=Path)
    parser.add_argument("--cold", type=float, default=0.0)
    given = parser.parse_args()
    import_module("transformers").utils.logging.disable_progress_bar()
    import_module("torch").set_num_threads(given.threads)
    place = shape_folder(given.folder, given.shape)
    if given.kept:
        asyncio.run(measure(place, given.kept, given.tools, given.cold))
        return
    with TemporaryDirectory() as kept:
        cold = asyncio.run(measure(place, Path(kept), given.tools, 0.0))
        more = ["--kept", kept, "--cold", str(cold)]
        subprocess.run([sys.executable, *sys.argv, *more], check=True)


if __name__ == "__main__":
    main()
