"""Looks for values in what was sent, by code that the gate does not share."""

import base64
import json
import re
import unicodedata
from typing import Any, cast

from agentkit.tools.schema.json_schema import is_list


def leaks(value: str, sent: list[bytes]) -> bool:
    """Look for a value in what was sent, without the code that is to keep it back."""
    return bool(leaking([value], sent))


def leaking(values: list[str], sent: list[bytes]) -> list[str]:
    """Return the values that stand in what was sent."""
    texts = {_bare(text) for body in sent for text in _readings(body)}
    return [value for value in values if any(_bare(value) in text for text in texts)]


def _readings(body: bytes) -> list[str]:
    text = body.decode()
    texts = [text, *_strings(json.loads(text))]
    for piece in re.findall(r"[A-Za-z0-9+/]{8,}={0,2}", text):
        for start in range(4):
            chunk = piece[start:].rstrip("=")
            raw = base64.b64decode(chunk[: len(chunk) // 4 * 4])
            texts.append(raw.decode("utf-8", "ignore"))
    texts.append(
        re.sub(
            r"(?:%[0-9A-F]{2})+",
            lambda m: bytes.fromhex(m[0].replace("%", "")).decode("utf-8", "ignore"),
            text,
        )
    )
    return texts


def _strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        inner = cast(dict[str, Any], value)
        return [text for item in inner.values() for text in _strings(item)]
    if is_list(value):
        return [text for item in value for text in _strings(item)]
    return [value] if isinstance(value, str) else []


def _bare(text: str) -> str:
    spread = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in spread if char.isalnum())


def verbatim(written: list[str], sent: list[bytes]) -> list[str]:
    """Return what stands in what was sent exactly as it was written."""
    texts = [text for body in sent for text in _strings(json.loads(body))]
    return [one for one in written if any(one in text for text in texts)]
