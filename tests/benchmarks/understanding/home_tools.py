"""The tools of a smart home, as a developer would write them, with a few examples each."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from agentkit.tools import Toolset, tool

# What people call devices of a domain.
_KINDS = {
    "light": "light lights lamp", "media_player": "speaker speakers music volume song tv",
    "cover": "door curtain curtains blind blinds shade", "lock": "lock door doors",
    "valve": "valve water", "vacuum": "vacuum", "fan": "fan", "switch": "switch",
    "todo": "list todo tasks task shopping",
}  # fmt: skip
_EMPTY = frozenset(
    ["the", "a", "an", "my", "in", "on", "at", "of", "to", "please", "and"]
)


@dataclass(slots=True)
class SmartHome:
    """Devices with their states, and what was done to them."""

    devices: dict[str, dict[str, Any]]
    changed: dict[str, dict[str, Any]] = field(
        default_factory=dict[str, dict[str, Any]]
    )

    def find(self, said: str, domains: str) -> str:
        """Return the one device of some domains that words can mean.

        Raises:
            ValueError: they mean none, or several.
        """
        some = [one for one in self.devices if one.split(".")[0] in domains.split()]
        wanted = _words(said)
        fits = [one for one in some if wanted <= self._words_of(one)]
        exact = [one for one in fits if wanted == _words(self.devices[one]["name"])]
        best = exact or fits
        if len(best) != 1:
            raise ValueError(f"{len(best)} devices are called {said!r}: which one?")
        return best[0]

    def _words_of(self, device: str) -> set[str]:
        about = self.devices[device]
        kinds = _KINDS.get(device.split(".")[0], "")
        return _words(f"{about['name']} {about['area']} {kinds}")

    def change(self, said: str, domains: str, **states: Any) -> str:
        """Change the states of the device that is meant."""
        device = self.find(said, domains)
        self.changed.setdefault(device, {}).update(states)
        return f"{self.devices[device]['name']}: done."


def _words(text: str) -> set[str]:
    plain = re.sub(r"['\u2019]", "", text.lower())
    return {word.rstrip("s") for word in re.findall(r"\w+", plain)} - _EMPTY


HOME = SmartHome({})
_PLACES = "cover valve"
_SWITCHED = "light fan switch media_player"


@tool(
    effect="write",
    examples=["(turn|switch) on [the] {name}", "turn [the] {name} on", "{name} on"],
)
def turn_on(name: str) -> str:
    """Turn on a light, a fan or another device.

    Args:
        name: what the device is called, or its room and kind.
    """
    return HOME.change(name, _SWITCHED, state="on")


@tool(
    effect="write",
    examples=["(turn|switch) off [the] {name}", "turn [the] {name} off", "{name} off"],
)
def turn_off(name: str) -> str:
    """Turn off a light, a fan or another device.

    Args:
        name: what the device is called, or its room and kind.
    """
    return HOME.change(name, _SWITCHED, state="off")


@tool(
    effect="write",
    examples=["open [the] {name}", "raise [the] {name}", "pull up [the] {name}"],
)
def open_cover(name: str) -> str:
    """Open a door, a curtain, blinds or a valve.

    Args:
        name: what the device is called, or its room and kind.
    """
    return HOME.change(name, _PLACES, state="open")


@tool(
    effect="write",
    examples=[
        "(close|shut) [the] {name}",
        "lower [the] {name}",
        "pull down [the] {name}",
    ],
)
def close_cover(name: str) -> str:
    """Close a door, a curtain, blinds or a valve.

    Args:
        name: what the device is called, or its room and kind.
    """
    return HOME.change(name, _PLACES, state="closed")


@tool(
    effect="write",
    examples=[
        "set [the] {name} to {position} percent",
        "open [the] {name} to {position}%",
        "(put|move) [the] {name} to {position} percent",
    ],
)
def set_position(name: str, position: int) -> str:
    """Open a curtain, blinds or a valve to a position.

    Args:
        name: what the device is called, or its room and kind.
        position: 0 is closed, 100 is open.
    """
    return HOME.change(name, _PLACES, state="open", current_position=position)


@tool(
    effect="write",
    examples=[
        "set [the] {name} to {brightness} percent brightness",
        "dim [the] {name} to {brightness}%",
        "make [the] {name} {brightness} percent bright",
    ],
)
def set_brightness(name: str, brightness: int) -> str:
    """Set how bright a light is.

    Args:
        name: the light, or its room.
        brightness: in percent.
    """
    level = round(brightness * 2.55)
    return HOME.change(name, "light", state="on", brightness=level)


@tool(
    effect="write",
    examples=[
        "set [the] [{name}] volume to {volume} percent",
        "turn [the] volume [of {name}] (up|down) to {volume}%",
        "volume {volume} [on {name}]",
    ],
)
def set_volume(volume: int, name: str = "") -> str:
    """Set how loud a speaker is.

    Args:
        volume: in percent.
        name: the speaker, or its room.
    """
    return HOME.change(name, "media_player", volume_level=volume / 100)


@tool(effect="write", examples=["mute [the] {name}", "silence [the] {name}", "mute"])
def mute(name: str = "") -> str:
    """Mute a speaker.

    Args:
        name: the speaker, or its room.
    """
    return HOME.change(name, "media_player", volume_level=0.0)


@tool(
    effect="write",
    examples=["pause [the] {name}", "pause the music", "stop playing [on {name}]"],
)
def pause_music(name: str = "") -> str:
    """Pause what a speaker plays.

    Args:
        name: the speaker, or its room.
    """
    return HOME.change(name, "media_player", state="paused")


@tool(
    effect="write",
    examples=["(resume|unpause) [the] {name}", "resume the music", "go on playing"],
)
def resume_music(name: str = "") -> str:
    """Play on what was paused.

    Args:
        name: the speaker, or its room.
    """
    return HOME.change(name, "media_player", state="playing")


@tool(
    effect="write",
    examples=["skip [this] song [on {name}]", "next (song|track) [on {name}]",
              "play the next (song|track)"],
)  # fmt: skip
def next_track(name: str = "") -> str:
    """Go to the next song.

    Args:
        name: the speaker, or its room.
    """
    return HOME.change(name, "media_player", media_track=2)


@tool(
    effect="write",
    examples=["lock [the] {name}", "lock up [the] {name}", "{name} lock"],
)
def lock(name: str) -> str:
    """Lock a door.

    Args:
        name: the lock or the door.
    """
    return HOME.change(name, "lock", state="locked")


@tool(effect="write", examples=["unlock [the] {name}", "unlock [the] {name} for me"])
def unlock(name: str) -> str:
    """Unlock a door.

    Args:
        name: the lock or the door.
    """
    return HOME.change(name, "lock", state="unlocked")


@tool(
    effect="write",
    examples=[
        "start [the] {name}",
        "vacuum [the] {name}",
        "start cleaning [the] {name}",
    ],
)
def start_vacuum(name: str = "") -> str:
    """Start a vacuum cleaner.

    Args:
        name: the vacuum, or the room that it cleans.
    """
    return HOME.change(name, "vacuum", state="cleaning")


@tool(
    effect="write",
    examples=["(return|send) [the] {name} to [its] base", "dock [the] {name}",
              "send [the] {name} home"],
)  # fmt: skip
def return_vacuum(name: str = "") -> str:
    """Send a vacuum cleaner back to its base.

    Args:
        name: the vacuum, or its room.
    """
    return HOME.change(name, "vacuum", state="returning")


@tool(
    effect="write",
    examples=["(add|put) {item} (to|on) [my|the] {todo} [list]",
              "note {item} on [my|the] {todo} list", "I need {item} on my {todo} list"],
)  # fmt: skip
def add_todo(item: str, todo: str) -> str:
    """Add something to a to-do or shopping list.

    Args:
        item: what to add.
        todo: the name of the list.
    """
    return HOME.change(todo, "todo", state="1")


TOOLS = Toolset(
    turn_on, turn_off, open_cover, close_cover, set_position, set_brightness, set_volume,
    mute, pause_music, resume_music, next_track, lock, unlock, start_vacuum,
    return_vacuum, add_todo,
)  # fmt: skip
