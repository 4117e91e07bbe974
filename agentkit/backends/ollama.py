"""The ollama backend: a running Ollama, sent agentkit's own prompt."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import replace
from threading import Event
from typing import Any

from agentkit.backends.base import Reply, Request, Traits
from agentkit.backends.local_prompts import answer_room
from agentkit.backends.ollama_server import Facts, OllamaLine, OllamaServer
from agentkit.backends.replies import ReplyReader, Tell, in_thread
from agentkit.backends.server_bounds import in_cloud, stays
from agentkit.backends.wire_events import finish_of
from agentkit.errors import BackendError, BackendUnavailable, ConfigError
from agentkit.messages import Conversation
from agentkit.privacy.gate import Gate
from agentkit.prompting import (
    Format,
    PromptParts,
    count_tokens,
    join_parts,
    prompt_parts,
)
from agentkit.tools import Toolset

_BEGIN = "<|begin_of_text|>"
# Sent raw, a prompt has no template whose ends Ollama would know.
_STOPS = ["<|eot_id|>", "<|eom_id|>"]
# Characters; a model that repeats itself without end is cut.
_LONGEST = 1_000_000
# Our count is an estimate, mostly within a tenth; a prompt that was cut loses more.
_CUT = 0.7
_PASSED_ON = (
    "does not run in your Ollama: it passes the text on to a cloud; "
    "`--backend ollama-openai:NAME:cloud` asks there, as leaving this device"
)


class OllamaBackend:
    """Answers through a running Ollama.

    The prompt is agentkit's own, sent `raw`: Ollama's stock template asks Llama 3.2
    for JSON, which it was not trained to write. Ollama cuts a prompt that is longer
    than its window without a word: the window is set, the server is told not to
    cut, and a prompt that was cut all the same is an error.

    Attributes:
        name: short name, as in `--backend NAME`.
        model: the model's name in Ollama.
        traits: on the device where what it is sent stays on this machine.
        bytes_sent: request bytes that left the device.
    """

    name = "ollama"

    def __init__(
        self,
        model: str,
        *,
        host: str | None = None,
        window: int = 8192,
        keep_alive: str = "5m",
        timeout: float = 300.0,
        max_new_tokens: int = 512,
        temperature: float = 0.0,
        seed: int | None = None,
        schema: Mapping[str, Any] | None = None,
        format: Format = "llama32",
        on_device: bool | None = None,
    ) -> None:
        """Name the model; nothing is sent before the first reply.

        Args:
            model: its name, as `ollama list` shows it.
            host: address of the server; `OLLAMA_HOST`, else this device, when None.
            window: most tokens of prompt and answer together.
            keep_alive: how long the server keeps the model loaded, as in `5m`.
            timeout: longest silence in seconds; loading a model counts.
            max_new_tokens: longest answer in tokens.
            temperature: 0 takes the likeliest token, always.
            seed: of the dice; the server's own when None.
            schema: a JSON schema that the whole answer must fit. Calls are no JSON,
                so this is for agents without tools.
            format: prompt format.
            on_device: False where what listens on loopback passes the text on; None
                takes loopback for the device.

        Raises:
            ConfigError: no model is named, it is a cloud model, a number or the address
                is unusable, or `on_device` is True for another machine.
        """
        if not model:
            raise ConfigError("name the model: OllamaBackend('llama3.2')")
        # Before a server is asked: its answer would have passed the text on already.
        if in_cloud(model):
            raise ConfigError(f"{model} {_PASSED_ON}")
        if max_new_tokens < 1 or temperature < 0 or window < 256:
            raise ConfigError(
                "max_new_tokens must be 1 or more, temperature not below 0, window 256 "
                "or more"
            )
        self.model = model
        host = os.environ.get("OLLAMA_HOST", "") if host is None else host
        self._server = OllamaServer(host, timeout=timeout)
        self.traits = Traits(
            on_device=stays(
                on_device,
                loopback=self._server.on_device,
                model=model,
                url=self._server.url,
            ),
            destination=self._server.url,
            model=model,
            window=window,
            streams=True,
            completes=True,
        )
        self._options: Facts = {"num_ctx": window, "stop": _STOPS}
        # Ollama's own penalty for repeating makes a model leave out brackets.
        self._options |= {"temperature": temperature, "repeat_penalty": 1.0}
        if seed is not None:
            self._options["seed"] = seed
        self._keep_alive = keep_alive
        self._wanted = max_new_tokens
        self._schema = schema
        self._format: Format = format
        self._window = 0
        self.bytes_sent = 0

    def __repr__(self) -> str:
        return f"OllamaBackend({self.model!r}, host={self._server.url!r})"

    async def reply(self, request: Request) -> Reply:
        """Answer with the next turn, its text streamed; cancelling hangs up.

        Raises:
            BackendUnavailable: it cannot be reached, has no such model, or cut the
                prompt.
            BackendTimeout: it is silent for too long.
            BackendProtocolError: it breaks off, or answers something else.
        """
        reading = ReplyReader(request.toolset, request.on_text, request.on_reasoning)
        line = OllamaLine()

        def work(tell: Tell, stop: Event) -> Facts:
            try:
                return self._answer(request, line, tell, stop)
            finally:
                line.close()

        try:
            counts = await in_thread(work, reading.hear, lambda _: line.hang_up())
        except BackendError as exc:
            exc.bytes_out = line.bytes_out
            raise
        return replace(
            reading.close(finish_of(str(counts.get("done_reason") or "stop"))),
            tokens_in=_count(counts, "prompt_eval_count"),
            tokens_out=_count(counts, "eval_count"),
            bytes_out=line.bytes_out,
        )

    def _answer(
        self, request: Request, line: OllamaLine, tell: Tell, stop: Event
    ) -> Facts:
        """Check the model, send and listen, in a thread."""
        # Once: a model's window does not change while the server runs.
        if not self._window:
            self._release_name(request, line)
            self._window = self._check_model()
            self.traits = replace(self.traits, window=self._window)
        parts = self._parts(request, request.conversation, request.toolset)
        tokens = count_tokens(parts)
        body = self._body(request, parts, tokens)
        told = 0
        if not self.traits.on_device:
            request.release(f"{self._server.url}/api/generate", body)
            self._count_sent(body, line)
        part: Facts = {}
        for part in self._server.generate(body, line):
            if stop.is_set():
                return part
            piece = part.get("response")
            if isinstance(piece, str) and piece:
                told += len(piece)
                tell(piece)
            if told > _LONGEST:
                raise BackendUnavailable(
                    f"{self.model}'s answer is longer than {_LONGEST:,} characters"
                )
        self._check_whole(part, tokens)
        return part

    def _count_sent(self, body: bytes, line: OllamaLine) -> None:
        # By line as well: another request may be under way at the same time.
        line.bytes_out += len(body)
        self.bytes_sent += len(body)

    def _release_name(self, request: Request, line: OllamaLine) -> None:
        """Ask for the question about the model: its name is all that leaves then."""
        if self.traits.on_device:
            return
        # The name of a model says nothing of the user, whatever the conversation's
        # label.
        gate = replace(request.gate or Gate(), label="public")
        body = json.dumps({"model": self.model}).encode()
        gate.release(f"{self._server.url}/api/show", body)
        self._count_sent(body, line)

    def _body(self, request: Request, parts: PromptParts, tokens: int) -> bytes:
        """Write the request.

        Raises:
            BackendUnavailable: the prompt does not fit the window.
        """
        room = answer_room(
            request,
            lambda turns, tools: count_tokens(self._parts(request, turns, tools)),
            tokens=tokens,
            window=self._window,
            wanted=self._wanted,
            model=self.model,
        )
        body: Facts = {
            "model": self.model,
            # The server puts the first token in front by itself.
            "prompt": join_parts(parts).removeprefix(_BEGIN),
            "raw": True,
            "stream": True,
            # Older servers do not know these two, and cut.
            "truncate": False,
            "shift": False,
            "keep_alive": self._keep_alive,
            "options": {**self._options, "num_predict": room},
        }
        schema = self._schema
        # A call is no JSON, so a schema would forbid the tools.
        if schema is None and not len(request.toolset):
            schema = request.schema
        if schema is not None:
            body["format"] = dict(schema)
        return json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")

    def _parts(
        self, request: Request, conversation: Conversation, toolset: Toolset
    ) -> PromptParts:
        if request.prompt:
            return request.prompt
        date = request.context.now.date()
        return prompt_parts(conversation, toolset, format=self._format, date=date)

    def _check_model(self) -> int:
        """Refuse a model that is no Llama 3, or elsewhere; return its window."""
        told = self._server.show(self.model)
        # A local name may stand for a model in the cloud.
        if told.get("remote_host") or told.get("remote_model"):
            raise BackendUnavailable(f"{self.model} {_PASSED_ON}")
        shown: object = told.get("model_info")
        facts: Facts = dict(shown) if isinstance(shown, Mapping) else {}  # pyright: ignore[reportUnknownArgumentType]
        family = facts.get("general.architecture")
        words = facts.get("tokenizer.ggml.pre", "llama-bpe")
        # Llama 2 has the same architecture and another tokenizer; `mllama` sees
        # pictures.
        if family not in (None, "llama", "mllama") or words != "llama-bpe":
            kind = f"a {family} model" if family else "a model of unknown family"
            raise BackendUnavailable(
                f"{self.model} is {kind} with a {words} tokenizer, not a "
                "Llama 3: its prompt and call format are not known here"
            )
        wanted = int(self._options["num_ctx"])
        most = facts.get(f"{family}.context_length")
        return min(wanted, most) if isinstance(most, int) and most > 0 else wanted

    def _check_whole(self, end: Facts, tokens: int) -> None:
        """Refuse an answer to a prompt that the server cut."""
        read = _count(end, "prompt_eval_count")
        if read is None or read >= tokens * _CUT:
            return
        given = [
            entry.get("context_length")
            for entry in self._server.loaded()
            if self.model in (entry.get("name"), entry.get("model"))
        ]
        # Some versions count only what was not read before: their window tells.
        if any(isinstance(one, int) and one >= self._window for one in given):
            return
        raise BackendUnavailable(
            f"{self._server.url} cut the prompt: it read {read:,} of about {tokens:,} "
            "tokens, so the answer was not used; shorten the conversation, or raise "
            "the server's context length"
        )


def _count(facts: Facts, key: str) -> int | None:
    found = facts.get(key)
    return found if isinstance(found, int) and found >= 0 else None
