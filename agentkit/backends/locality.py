"""Whether what a server is sent stays on this device.

A server on loopback counts as the device, unless it is said, or its model's name says,
that it passes the text on. Not covered: one that does so in silence. A host that is
loopback only after its name is looked up counts as another machine.
"""

from __future__ import annotations

import re
from ipaddress import ip_address

from agentkit.errors import ConfigError

_CLOUD = re.compile(r"[:-]\s*cloud\s*\Z", re.IGNORECASE)


def stays(said: bool | None, *, loopback: bool, model: str, url: str) -> bool:
    """Tell whether what is sent stays on this device.

    Args:
        said: False where the server passes the text on, as a proxy does; None to go by
            address and name.
        loopback: whether the address is this machine's.
        model: the model's name there.
        url: the address, for the error.

    Raises:
        ConfigError: it is said to stay, and does not.
    """
    here = loopback and not in_cloud(model)
    if said and not here:
        why = f"{model} is a cloud model" if loopback else f"{url} is another machine"
        raise ConfigError(
            f"on_device=True cannot be: {why}; what may go there is said by a rule of "
            "the privacy policy"
        )
    return here if said is None else said


def in_cloud(model: str) -> bool:
    """Tell whether Ollama passes a name on to its cloud: `NAME:cloud`, `NAME:TAG-cloud`.

    Source: internal/modelref of github.com/ollama/ollama, read in November 2026. Names
    that end so without a tag count too, to be safe.
    """
    return _CLOUD.search(model) is not None


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine: 127.0.0.0/8, ::1 or localhost."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
