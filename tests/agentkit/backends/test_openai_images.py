from __future__ import annotations

import asyncio
import base64
import struct
import zlib
from importlib.util import find_spec

import pytest

from agentkit import Agent, Stopped
from agentkit.backends import OpenAIBackend, ScriptedBackend, Traits
from agentkit.errors import BackendUnavailable, EgressDenied
from agentkit.messages import user
from agentkit.messages.images import Image
from tests.agentkit.backends.conftest import Asking
from tests.agentkit.backends.fake_endpoint import FakeEndpoint, text

pytestmark = pytest.mark.skipif(
    find_spec("openai") is None, reason="pip install -e '.[openai]'"
)


def picture(*, granted: bool) -> Image:
    def chunk(kind: bytes, body: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + check

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"\x00\x01")) + chunk(b"IEND", b"")
    return Image.of(b"\x89PNG\r\n\x1a\n" + head + body, granted=granted)


def test_an_image_goes_before_its_text(endpoint: FakeEndpoint, asking: Asking) -> None:
    """A turn with a picture is sent in parts, the picture first."""
    endpoint.script(text("A dot."))
    image = picture(granted=False)
    said = (user("What is it?", images=(image,)),)
    backend = OpenAIBackend("tiny", base_url=endpoint.url)
    asyncio.run(backend.reply(asking.request(said)))
    assert endpoint.received[0].body["messages"][-1]["content"] == [
        {"type": "image_url", "image_url": {"url": image.url}},
        {"type": "text", "text": "What is it?"},
    ]


def test_an_image_that_was_not_granted_stays(asking: Asking) -> None:
    """Off the device a picture goes only where somebody allowed it for this one."""
    away = OpenAIBackend("tiny", base_url="https://cloud.example/v1", api_key="k")
    images = (picture(granted=True), picture(granted=False))
    said = (user("What is it?", images=images),)
    with pytest.raises(EgressDenied, match="1 of 2 images may not leave"):
        asyncio.run(away.reply(asking.request(said)))
    assert away.bytes_sent == 0


def test_raw_completions_have_no_place_for_images(
    endpoint: FakeEndpoint, asking: Asking
) -> None:
    """A picture is not dropped without a word."""
    backend = OpenAIBackend("tiny", base_url=endpoint.url, mode="completions")
    said = (user("What is it?", images=(picture(granted=True),)),)
    with pytest.raises(BackendUnavailable, match="chat mode only"):
        asyncio.run(backend.reply(asking.request(said)))


def test_the_router_asks_who_can_see(endpoint: FakeEndpoint) -> None:
    """A model without eyes leaves a picture to one that has them."""
    endpoint.script(text("A dot."))
    sees = OpenAIBackend("tiny", base_url=endpoint.url, sees_images=True)
    agent = Agent(backend=[ScriptedBackend(["Text."]), sees])
    shown = (user("Look.", images=(picture(granted=True),)),)
    outcome = agent.run("What is it?", conversation=shown)
    assert (outcome.text, outcome.route.backend) == ("A dot.", "openai")
    assert "it cannot see images" in outcome.route.reason


def test_nobody_can_see() -> None:
    """Where no backend takes pictures the run says so."""
    shown = (user("Look.", images=(picture(granted=True),)),)
    outcome = Agent(backend=ScriptedBackend(["Text."])).run("?", conversation=shown)
    assert isinstance(outcome, Stopped)
    assert "it cannot see images" in outcome.text


def test_a_picture_with_the_request(endpoint: FakeEndpoint) -> None:
    """`Agent.run(images=)` sends one turn: the pictures first, then the text."""
    endpoint.script(text("A dot."))
    sees = OpenAIBackend("tiny", base_url=endpoint.url, sees_images=True)
    outcome = Agent(backend=sees).run("What is it?", images=[picture(granted=False)])
    parts = endpoint.received[0].body["messages"][-1]["content"]
    assert (outcome.text, [part["type"] for part in parts]) == (
        "A dot.",
        ["image_url", "text"],
    )


def seeing(script: list[str], name: str, *, on_device: bool) -> ScriptedBackend:
    """Make a model with eyes."""
    traits = Traits(on_device=on_device, sees_images=True)
    return ScriptedBackend(script, name=name, traits=traits)


def test_a_picture_stays_on_the_device() -> None:
    """Where only a cloud sees, a picture that was not granted ends the run by name."""
    cloud = seeing(["A dot."], "cloud", on_device=False)
    agent = Agent(backend=cloud, egress="allow")
    outcome = agent.run("What is it?", images=[picture(granted=False)])
    assert isinstance(outcome, Stopped)
    assert (outcome.reason, cloud.requests) == ("privacy", [])
    assert "1 of 1 pictures may not leave this device" in outcome.text
    assert "granted=True" in outcome.text


def test_a_local_model_sees_what_may_not_leave() -> None:
    """A picture that was not granted goes to the rung on the device that can see."""
    cloud = seeing(["Cloud."], "cloud", on_device=False)
    local = seeing(["Local."], "local", on_device=True)
    agent = Agent(backend=[cloud, local], egress="allow")
    outcome = agent.run("What is it?", images=[picture(granted=False)])
    assert (outcome.text, cloud.requests) == ("Local.", [])
    granted = agent.run("What is it?", images=[picture(granted=True)])
    assert granted.text == "Cloud."


def test_what_a_camera_wrote_stays(endpoint: FakeEndpoint) -> None:
    """Place and comments of a picture are in no byte that is sent."""
    endpoint.script(text("A dot."))
    whole = base64.b64decode(picture(granted=True).data)
    note = b"tEXtGPS\x0048.8584 N 2.2945 E"
    size, check = struct.pack(">I", len(note) - 4), struct.pack(">I", zlib.crc32(note))
    end = whole.index(b"IEND") - 4
    shot = Image.of(whole[:end] + size + note + check + whole[end:], granted=True)
    sees = OpenAIBackend("tiny", base_url=endpoint.url, sees_images=True)
    Agent(backend=sees).run("What is it?", images=[shot])
    sent = endpoint.received[0].body["messages"][-1]["content"][0]["image_url"]["url"]
    assert b"48.8584" not in base64.b64decode(sent.partition(",")[2])
    assert base64.b64decode(sent.partition(",")[2]) == whole
