"""A client's messages and tools, as OpenAI's APIs write them, read into a conversation.

All of it is data: a picture is taken from the request alone and never fetched.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from agentkit.errors import ConfigError
from agentkit.messages import (
    Conversation,
    Label,
    Message,
    ToolCall,
    ToolResult,
    assistant,
    system,
    tool_result,
    user,
)
from agentkit.messages.images import Image
from agentkit.serve.api_errors import ApiError
from agentkit.serve.assistant_runs import value_of

Document: TypeAlias = dict[str, JsonValue]

# Text of a message, in characters, and messages of a request. A window holds less; what
# is longer is a fault of the client.
MOST_TEXT = 1_000_000
MOST_MESSAGES = 2_000
MOST_TOOLS = 512


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore")


class TextPart(_Part):
    """Text, under any of the names that the two APIs have for it."""

    type: Literal["text", "input_text", "output_text", "refusal"]
    text: str = Field(default="", max_length=MOST_TEXT)
    refusal: str = ""


class ImageUrl(_Part):
    """Where a picture is; only `data:` is taken."""

    url: str


class ImagePart(_Part):
    """A picture, in either API's form."""

    type: Literal["image_url", "input_image"]
    image_url: ImageUrl | str


Part: TypeAlias = Annotated[TextPart | ImagePart, Field(discriminator="type")]
Content: TypeAlias = Annotated[str, Field(max_length=MOST_TEXT)] | list[Part] | None


class FunctionCall(_Part):
    """An earlier call, with its arguments as JSON text."""

    name: str
    arguments: str = "{}"


class CallDocument(_Part):
    """A call of an earlier turn."""

    id: str = ""
    type: Literal["function"] = "function"
    function: FunctionCall


class ChatMessage(_Part):
    """One message."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Content = None
    tool_calls: list[CallDocument] | None = None
    tool_call_id: str = ""
    name: str = ""


class _Name(_Part):
    name: str


class NamedTool(_Part):
    """The tool that has to be called, in either API's form."""

    type: Literal["function"]
    function: _Name | None = None
    name: str = ""


ToolChoice: TypeAlias = Literal["auto", "none", "required"] | NamedTool | None


def conversation_of(messages: Sequence[ChatMessage]) -> Conversation:
    """Read messages into a conversation.

    Raises:
        ApiError: a message holds what cannot be read.
    """
    calls: dict[str, ToolCall] = {}
    return tuple(_message(one, calls, place) for place, one in enumerate(messages))


def _message(one: ChatMessage, calls: dict[str, ToolCall], place: int) -> Message:
    where = f"messages[{place}]"
    text = text_of(one.content)
    match one.role:
        case "system" | "developer":
            return system(text)
        case "user":
            return user(text, images=images_of(one.content, where))
        case "assistant":
            asked = tuple(read_call(c, where) for c in one.tool_calls or ())
            calls.update(
                (c.id, call)
                for c, call in zip(one.tool_calls or (), asked, strict=True)
            )
            return assistant(text, asked)
        case "tool" | "function":
            # A client that cut its history sends results without their calls.
            call = calls.get(one.tool_call_id) or ToolCall(one.name)
            return client_result(call, value_of(text))


def client_result(call: ToolCall, value: Any) -> Message:
    """Make the message with a client's result, labelled as possibly others' text."""
    # The API has no word for a result that failed: the text says it.
    result = ToolResult(call, "done", value)
    return tool_result(result, Label("tool", "public", "untrusted"))


def read_call(document: CallDocument, where: str) -> ToolCall:
    """Read a call of an earlier turn.

    Raises:
        ApiError: its arguments are no JSON object.
    """
    arguments: Any = value_of(document.function.arguments or "{}")
    if not isinstance(arguments, Mapping):
        raise ApiError(
            400,
            "invalid_request",
            f"the arguments of {document.function.name!r} are no JSON object",
            where,
        )
    return ToolCall(document.function.name, dict(arguments))  # pyright: ignore[reportUnknownArgumentType]


def text_of(content: Content) -> str:
    """Return the text of a message: its text parts, joined."""
    if content is None or isinstance(content, str):
        return content or ""
    texts = (p.text or p.refusal for p in content if isinstance(p, TextPart))
    return "\n".join(texts)


def images_of(content: Content, where: str) -> tuple[Image, ...]:
    """Return the pictures of a message.

    Raises:
        ApiError: one is not in the request itself, or cannot be read.
    """
    if content is None or isinstance(content, str):
        return ()
    parts = (p for p in content if isinstance(p, ImagePart))
    return tuple(_image(p, where) for p in parts)


def _image(part: ImagePart, where: str) -> Image:
    given = part.image_url
    url = given if isinstance(given, str) else given.url
    head, comma, body = url.partition(",")
    if not comma or not head.startswith("data:image/") or ";base64" not in head:
        raise ApiError(
            400,
            "invalid_image",
            "a picture must be in the request, as data:image/...;base64,... Nothing "
            "is fetched from an address.",
            where,
        )
    try:
        return Image.of(base64.b64decode(body, validate=True))
    except (binascii.Error, ConfigError) as exc:
        raise ApiError(400, "invalid_image", f"the picture: {exc}", where) from exc


def results_of(messages: Sequence[ChatMessage]) -> dict[str, Any]:
    """Return the results that end a request, by the ids of their calls."""
    found: dict[str, Any] = {}
    # From the end: only results behind the last answer are new.
    for one in reversed(messages):
        if one.role != "tool":
            break
        found[one.tool_call_id] = value_of(text_of(one.content))
    return found


def tool_documents(tools: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the documents of function tools.

    Raises:
        ApiError: one is a tool of another kind, such as a search of the vendor's own.
    """
    found: list[Mapping[str, Any]] = []
    for place, one in enumerate(tools):
        if one.get("type", "function") != "function":
            raise ApiError(
                400,
                "unsupported_tool",
                f"tools of type {str(one.get('type'))!r:.40} are not here: only functions",
                f"tools[{place}]",
            )
        found.append(one)
    return found


def chosen_tools(
    documents: list[Mapping[str, Any]], choice: ToolChoice
) -> list[Mapping[str, Any]]:
    """Return the tools that `tool_choice` allows.

    Raises:
        ApiError: it wants a tool that is not there.
    """
    if choice is None or choice == "auto":
        return documents
    if choice == "none":
        return []
    name = ""
    if isinstance(choice, NamedTool):
        name = choice.function.name if choice.function else choice.name
        documents = [d for d in documents if d.get("function", d).get("name") == name]
    if not documents:
        raise ApiError(
            400,
            "invalid_tool_choice",
            f"tool_choice wants a call, and there is no tool {name}".rstrip(),
            "tool_choice",
        )
    return documents
