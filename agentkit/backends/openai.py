"""The openai backend: any OpenAI-compatible endpoint, on the device or elsewhere."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from agentkit.backends.base import Price, Reply, Request, Traits
from agentkit.backends.chunks import WireAnswer
from agentkit.backends.endpoint import (
    NO_KEY,
    MakeClient,
    read_endpoint,
    require_openai,
)
from agentkit.backends.endpoint_faults import is_about_schemas, told
from agentkit.backends.http_exchange import EndpointLine, Exchange, Patience
from agentkit.backends.providers import Provider
from agentkit.backends.replies import ReplyReader, without_key
from agentkit.backends.vanished_tools import Heard, held_back, tools_size, vanished_note
from agentkit.backends.wire import ServerGrammar, documents_of, encode, names_of
from agentkit.backends.wire_bodies import Bodies, check_images
from agentkit.errors import BackendError, BackendUnavailable, ConfigError
from agentkit.prompting import Format
from agentkit.prompting.told_tools import told_conversation
from agentkit.tools import Toolset

Mode = Literal["auto", "chat", "completions"]

# A server without /chat/completions answers so; it is sent a prompt instead.
_NO_CHAT = {404, 405, 501}
_CHAT = "/chat/completions"


class OpenAIBackend:
    """Answers through an endpoint that speaks OpenAI's protocol.

    Chat mode sends messages and tools; completions mode sends agentkit's own
    prompt as one text, for servers that complete text as it is. Nothing is
    followed elsewhere: redirects are refused, and a server on this device is
    asked without any proxy.

    Attributes:
        name: short name, as in `--backend NAME`.
        model: the model's name at the endpoint.
        bytes_sent: request bytes that left the device, failed tries included.
    """

    def __init__(
        self,
        model: str = "",
        *,
        base_url: str | None = None,
        api_key: str | None = None,
        name: str = "openai",
        timeout: float = 60.0,
        longest: float = 900.0,
        mode: Mode = "auto",
        max_new_tokens: int | None = None,
        temperature: float | None = None,
        retries: int = 2,
        retry_wait: float = 0.5,
        window: int = 0,
        sees_images: bool = False,
        price: Price | None = None,
        format: Format = "llama32",
        grammar: ServerGrammar = "off",
        on_device: bool | None = None,
        tool_choice: str = "",
        response_format: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        extra_headers: Mapping[str, str] | None = None,
        http_client: MakeClient | None = None,
    ) -> None:
        """Take the address; nothing is sent before the first reply.

        Args:
            model: the model's name at the endpoint; `AGENTKIT_MODEL` when empty.
            base_url: the address; `OPENAI_BASE_URL`, else OpenAI's, when None.
            api_key: the key; `OPENAI_API_KEY` of the environment or the keyring when
                None. Loopback needs none.
            name: what it is called in routes; two of a ladder need two names.
            timeout: seconds of silence, tries included, before giving up.
            longest: seconds for a whole answer before giving up.
            mode: `auto` is chat, or completions where there is no chat.
            max_new_tokens: longest answer; the server's own limit when None.
            temperature: the server's own when None.
            retries: further tries when busy or broken, before the first word.
            retry_wait: seconds before the first of them; doubled each time. What the
                server asks for in `Retry-After` is waited for, within the timeout.
            window: most tokens of prompt and answer together, for the router; 0 when
                not known.
            sees_images: whether the model takes pictures; only in chat mode.
            price: what its tokens cost, for the router's limits; no cost is counted
                when None.
            format: prompt format, for completions.
            grammar: what holds calls to the tools, for completions, where the
                server takes one: `gbnf` (llama.cpp), `structural_tag` (vLLM,
                SGLang).
            on_device: False for a server on loopback that passes the text on, such as
                a proxy to a cloud: policy, placeholders and ledger hold then. None
                takes loopback for the device, but for a cloud model of Ollama's.
            tool_choice: `auto`, `none`, `required` or the name of a tool, in chat mode.
                What forces a call holds until one was made: an answer would never come.
            response_format: the form of an answer, in chat mode, where the agent has no
                `output`.
            extra_body: further fields of each request, such as `seed`.
            extra_headers: further headers of each request. They are sent, so
                the gate looks at them, and the ledger lists them, keys hidden.
            http_client: makes the client of one exchange, such as
                `lambda: openai.DefaultAsyncHttpx2Client(proxy=...)`. Its own headers
                are sent, too, and released. It follows no redirect; what its hooks and
                its `auth` add, nobody sees.

        Raises:
            MissingPackage: the package `openai` is not installed.
            ConfigError: no model is named, address or key cannot be used, a further
                header or field cannot be, or `on_device` is True for another machine.
        """
        require_openai()
        self.model = model or os.environ.get("AGENTKIT_MODEL", "")
        if not self.model:
            raise ConfigError("name the endpoint's model: OpenAIBackend('NAME')")
        self._endpoint = read_endpoint(
            base_url, api_key, os.environ, model=self.model, on_device=on_device
        ).with_headers(extra_headers or {})
        self.name = name
        self._traits = Traits(
            on_device=self._endpoint.on_device,
            destination=self._endpoint.url,
            model=self.model,
            window=window,
            price=price,
            sees_images=sees_images,
            holds_calls=grammar != "off",
            streams=True,
        )
        self._line = EndpointLine(
            self._endpoint,
            Patience(
                timeout=timeout, longest=longest, retries=retries, retry_wait=retry_wait
            ),
            make_client=http_client,
        )
        self._mode: Mode = mode
        self._bodies = Bodies(
            self.model,
            max_new_tokens=max_new_tokens,
            temperature=temperature,
            format=format,
            grammar=grammar,
            tool_choice=tool_choice,
            response_format=response_format,
            extra=extra_body,
        )
        self._takes_schemas = True
        self._tells_tools = self._shows_tools = False
        self.bytes_sent = 0

    @classmethod
    def at(
        cls,
        provider: Provider,
        model: str = "",
        env: Mapping[str, str] | None = None,
        *,
        mode: Mode = "chat",
        on_device: bool | None = None,
    ) -> OpenAIBackend:
        """Make the backend for a model at a provider.

        Its window is the provider's; a model with "vision" in its name takes pictures.

        Args:
            provider: one of `agentkit.backends.providers`.
            model: the model's name there; the provider's first when empty.
            env: the environment; the process's own when None.
            mode: `completions` sends agentkit's own prompt, where the provider
                completes a text as it is.
            on_device: as for the backend itself.

        Raises:
            MissingPackage: the package `openai` is not installed.
            ConfigError: its key, or a variable of its address, is missing, or it
                takes no raw text.
        """
        require_openai()
        url, key = provider.access(env)
        if mode == "completions" and not provider.completes:
            raise ConfigError(f"{provider.title} takes messages only: use mode='chat'")
        named = model or provider.models[0]
        made = cls(
            named,
            base_url=url,
            api_key=key or NO_KEY,
            name=provider.name,
            mode=mode,
            window=provider.window_of(named),
            sees_images="vision" in named.lower(),
            on_device=on_device,
        )
        made._endpoint = replace(made._endpoint, key_name=provider.key)
        return made

    def __repr__(self) -> str:
        return f"OpenAIBackend({self.model!r}, base_url={self._endpoint.url!r})"

    @property
    def traits(self) -> Traits:
        """What it is and can do; after many failures `down` says so, until the next try.

        It goes on with a ready-made prompt in every mode but `chat`.
        """
        chats = self._mode != "completions"
        return replace(
            self._traits,
            down=self._line.down,
            native_tools=chats and not self._tells_tools,
            holds_calls=not chats and self._traits.holds_calls,
            completes=self._mode != "chat",
        )

    async def reply(self, request: Request) -> Reply:
        """Answer with the next turn, its text streamed.

        Raises:
            BackendUnavailable: it cannot be reached, or refuses.
            BackendTimeout: it is silent for too long.
            BackendProtocolError: it answers something else.
        """
        if not self._takes_schemas:
            request = replace(request, schema=None)
        names = names_of(request.toolset)
        chats = self._mode != "completions" and not request.prompt
        if chats and self._tells_tools and len(request.toolset):
            return await self._told(request)
        unsure = chats and self._may_drop_tools(request)
        heard: Heard = []
        # Held back until it is clear that the answer stands: it may be asked for again.
        asked = held_back(request, heard) if unsure else request
        exchange = self._exchange(asked, "chat" if chats else "completions")
        try:
            await self._ask(exchange)
        except BackendUnavailable as exc:
            if request.schema is not None and is_about_schemas(exc):
                # The instructions say the form all the same.
                self._takes_schemas = False
                again = await self.reply(request)
                return replace(again, bytes_out=again.bytes_out + exchange.bytes_out)
            status = getattr(exc.__cause__, "status_code", 0)
            # Only an address without chat; a refused request says nothing of that.
            if not chats or self._mode != "auto" or status not in _NO_CHAT:
                raise
            exchange = await self._without_chat(request, exchange, exc)
        reply = without_key(exchange.answer.reply(names), self._endpoint.hide)
        reply = replace(reply, bytes_out=exchange.bytes_out)
        if unsure:
            return await self._unless_vanished(request, exchange, reply, heard)
        return reply

    def _may_drop_tools(self, request: Request) -> bool:
        """Whether a server here was not yet seen to show its model so many tools."""
        here = self._endpoint.on_device and not self._shows_tools
        return here and tools_size({"tools": documents_of(request.toolset)}) > 0

    async def _unless_vanished(
        self, request: Request, exchange: Exchange, reply: Reply, heard: Heard
    ) -> Reply:
        """Ask again with the tools in the instructions, where the server dropped them."""
        body = json.loads(exchange.content)
        note = vanished_note(body, reply.tokens_in)
        if reply.calls or not note:
            self._shows_tools = bool(reply.calls or reply.tokens_in)
            for tell in heard:
                tell()
            return reply
        self._tells_tools = True
        again = await self._told(request)
        return replace(again, reason=note, bytes_out=reply.bytes_out + again.bytes_out)

    async def _told(self, request: Request) -> Reply:
        """Ask with the tools in the instructions, and read calls out of the text."""
        reading = ReplyReader(request.toolset, request.on_text, request.on_reasoning)
        said = told_conversation(request.conversation, request.toolset)
        told = replace(request, conversation=said, toolset=Toolset())
        names = names_of(request.toolset)
        body = encode(self._bodies.chat(told, names))
        exchange = Exchange(_CHAT, body, WireAnswer(reading), request.release)
        await self._ask(exchange)
        reply = without_key(exchange.answer.reply(names), self._endpoint.hide)
        return replace(reply, bytes_out=exchange.bytes_out)

    async def _without_chat(
        self, request: Request, refused: Exchange, refusal: BackendUnavailable
    ) -> Exchange:
        """Ask a server that refused to chat for a completion, from now on."""
        exchange = self._exchange(request, "completions")
        try:
            await self._ask(exchange)
        except BackendUnavailable:
            # Neither way works: the first refusal says more of what is wrong.
            raise refusal from refusal.__cause__
        self._mode = "completions"
        exchange.bytes_out += refused.bytes_out
        return exchange

    def _exchange(self, request: Request, mode: Mode) -> Exchange:
        chats = mode == "chat"
        check_images(request, chats=chats, here=self._traits.on_device)
        path = _CHAT if chats else "/completions"
        bodies = self._bodies
        names = names_of(request.toolset)
        body = bodies.chat(request, names) if chats else bodies.completion(request)
        reading = ReplyReader(
            request.toolset, request.on_text, request.on_reasoning, is_native=chats
        )
        return Exchange(path, encode(body), WireAnswer(reading), request.release)

    async def _ask(self, exchange: Exchange) -> None:
        try:
            with told(self._endpoint, self.model, self._line.patience.timeout):
                await self._line.carry(exchange)
        except BackendError as exc:
            exc.bytes_out = exchange.bytes_out
            raise
        finally:
            self.bytes_sent += exchange.bytes_out
