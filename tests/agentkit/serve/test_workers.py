"""Several processes serve as one: what one remembers the others find, and none is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.agentkit.serve.client_tool import WEATHER

if TYPE_CHECKING:
    import httpx

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no forks"),
]


class Served:
    """A server of two workers, and clients that each stay with one of them."""

    def __init__(self, program: subprocess.Popen[str], stack: ExitStack) -> None:
        self.program = program
        self._stack = stack
        self.url = self.line()
        self.workers = dict(self.worker() for _ in range(2))

    def line(self) -> str:
        assert self.program.stdout is not None
        return self.program.stdout.readline().strip()

    def worker(self) -> tuple[int, int]:
        """Return the number and the process of the worker that says that it began."""
        words = self.line().split()
        assert (words[0], words[2]) == ("worker", "is"), words
        return int(words[1]), int(words[3])

    def client(self, user: str = "ana", *, beside: int = 0) -> tuple[httpx.Client, int]:
        """Return a client whose connection is kept, and the process that has it.

        Args:
            user: whose token it sends.
            beside: a process that shall not have it: it is stopped meanwhile.
        """
        import httpx

        headers = {"Authorization": f"Bearer a-token-of-{user}-alone"}
        client = httpx.Client(base_url=self.url, headers=headers, timeout=60)
        self._stack.enter_context(client)
        with stopped(beside):
            answer = client.get("/v1/models")
        return client, int(answer.headers["x-process"])


@contextmanager
def stopped(process: int) -> Generator[None]:
    """Keep a process from taking connections meanwhile."""
    if process:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        if process:
            os.kill(process, signal.SIGCONT)


@pytest.fixture
def served(tmp_path: Path) -> Generator[Served]:
    pytest.importorskip("uvicorn")
    words = [sys.executable, "-m", "tests.agentkit.serve.working", str(tmp_path)]
    with (
        subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as program,
        ExitStack() as stack,
    ):
        try:
            yield Served(program, stack)
        finally:
            program.terminate()


def two(served: Served) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Return what asks one worker, and what asks the other."""
    first, process = served.client()
    second, other = served.client(beside=process)
    assert {process, other} == set(served.workers.values())

    def asking(client: httpx.Client) -> Callable[..., Any]:
        def ask(path: str = "chat/completions", **body: Any) -> Any:
            return client.post(
                f"/v1/{path}", json={"model": "assistant", **body}
            ).json()

        return ask

    return asking(first), asking(second)


def said(text: str) -> dict[str, str]:
    return {"role": "user", "content": text}


def test_results_reach_the_worker_whose_run_waits(served: Served) -> None:
    """A client's result goes on with its run, whichever worker takes it."""
    one, other = two(served)
    turns: list[Any] = [said("How is the weather in Paris?")]
    asked = one(messages=turns, tools=[WEATHER])["choices"][0]["message"]
    (call,) = asked["tool_calls"]
    result = {"role": "tool", "tool_call_id": call["id"], "content": "sun"}
    told = other(messages=[*turns, asked, result], tools=[WEATHER])
    assert told["choices"][0]["message"]["content"] == "It is sunny."
    gone = one(messages=[*turns, asked, result], tools=[WEATHER])
    assert gone["error"]["code"] == "run_gone"


def test_a_yes_reaches_the_worker_that_asked(served: Served) -> None:
    """What was shown by one is sent by the other, once."""
    one, other = two(served)
    turns = [said("send a message to bob@example.org: hello there")]
    shown = one(messages=turns)["choices"][0]["message"]
    assert "hello there" in shown["content"]
    turns += [{"role": "assistant", "content": shown["content"]}, said("yes")]
    assert other(messages=turns)["agentkit"]["outcome"] == "done"
    again = one(messages=turns)["choices"][0]["message"]["content"]
    assert again.endswith("yes")  # there is nothing left to agree to


def test_an_answer_is_gone_on_from_elsewhere(served: Served) -> None:
    """An id of the responses API stands for what was said to another worker."""
    one, other = two(served)
    first = one("responses", input="I am Ana.")
    second = other("responses", input="Who am I?", previous_response_id=first["id"])
    assert second["output"][0]["content"][0]["text"] == "I am Ana. Who am I?"


def test_names_of_others_open_nothing(served: Served) -> None:
    """Another user's call and answer are not found, in no worker."""
    one, _ = two(served)
    ben, _ = served.client("ben")
    turns = [said("How is the weather in Paris?")]
    asked = one(messages=turns, tools=[WEATHER])["choices"][0]["message"]
    result = {
        "role": "tool",
        "tool_call_id": asked["tool_calls"][0]["id"],
        "content": "sun",
    }
    body = {"messages": [*turns, asked, result], "tools": [WEATHER]}
    assert ben.post("/v1/chat/completions", json=body).status_code == 409
    first = one("responses", input="I am Ana.")
    later = {"input": "Who?", "previous_response_id": first["id"]}
    assert ben.post("/v1/responses", json=later).status_code == 404


def test_one_session_is_in_one_hand(served: Served) -> None:
    """What is said to two workers at once is refused or in order, and none is lost."""
    one, process = served.client()
    other, _ = served.client(beside=process)
    path = f"/api/sessions/{one.post('/api/sessions').json()['id']}"

    def say(number: int) -> int:
        client = (one, other)[number % 2]
        answer = client.post(f"{path}/say", json={"text": f"number {number}"})
        return answer.status_code

    with ThreadPoolExecutor(2) as pool:
        taken = [n for n, s in enumerate(pool.map(say, range(10))) if s == 200]
    kept = [m["text"] for m in one.get(path).json()["messages"] if m["role"] == "user"]
    assert kept == sorted(kept)
    assert set(kept) == {f"number {n}" for n in taken}


def test_a_worker_that_dies_is_started_anew(served: Served) -> None:
    """What it knew is gone, and told so; the others and its follower serve."""
    one, process = served.client()
    number = next(n for n, pid in served.workers.items() if pid == process)
    turns = [said("How is the weather in Paris?")]
    body: dict[str, Any] = {"model": "assistant", "messages": turns, "tools": [WEATHER]}
    asked = one.post("/v1/chat/completions", json=body).json()["choices"][0]["message"]
    os.kill(process, signal.SIGKILL)
    assert served.line() == f"worker {number} ended (by signal 9)"
    assert served.worker()[0] == number
    other, _ = served.client()
    call = asked["tool_calls"][0]["id"]
    result = {"role": "tool", "tool_call_id": call, "content": "sun"}
    body["messages"] = [*turns, asked, result]
    told = other.post("/v1/chat/completions", json=body)
    assert told.json()["error"]["code"] in ("run_gone", "worker_gone")


def test_it_ends_with_all_its_workers(served: Served) -> None:
    """Nothing is left of it: no process, no socket."""
    served.program.terminate()
    assert served.program.wait(60) == 128 + signal.SIGTERM
    for process in served.workers.values():
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


def test_workers_end_with_their_parent(served: Served) -> None:
    """They do not serve on when the process that sees to them is killed."""
    served.program.kill()
    served.program.wait(60)
    for process in served.workers.values():
        while is_running(process):
            time.sleep(0.05)


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{process}/stat")
    return not state.exists() or state.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def test_what_dies_again_and_again_is_told(tmp_path: Path) -> None:
    """It is not tried for ever."""
    program = (
        "import os\n"
        "from agentkit.serve.workers import Workers\n"
        "place = Workers(2, print).run()\n"
        "place.serves()\n"
        "os._exit(3)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 1
    assert "5 workers ended within 60 s" in ran.stderr
    assert ran.stdout.count("ended (with status 3)") >= 5
