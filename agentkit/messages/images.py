"""Images that a conversation may hold: what tells of place, time and device is cut out.

A JPEG or PNG is taken apart into its segments and put together again from those that
hold the picture. EXIF, GPS, XMP, comments, colour profiles, thumbnails and what lies
behind the picture's end are left out. Not covered: what can be seen in the picture,
and turning it as its EXIF data said.
"""

from __future__ import annotations

import base64
import struct
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from agentkit.errors import ConfigError

ImageKind = Literal["jpeg", "png"]

# Base64 makes it a third larger on the line.
MOST_BYTES = 4_000_000
# A small file may unpack to more memory than there is.
MOST_PIXELS = 50_000_000
# Thumbnails and films beside a picture can be larger than the picture itself.
_LONGEST_FILE = 64_000_000
_PNG = b"\x89PNG\r\n\x1a\n"
# The longest body of each chunk that is kept: none has room for anything else.
_PNG_KEPT = {
    b"IHDR": 13, b"PLTE": 768, b"IDAT": 2**31, b"tRNS": 256, b"gAMA": 4,
    b"sRGB": 1, b"cHRM": 32, b"sBIT": 4,
}  # fmt: skip
_PNG_END = b"\0\0\0\0IEND\xaeB`\x82"
# Frame headers hold width and height; C4, C8 and CC are tables.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_TABLES = frozenset({0xC4, 0xCC, 0xDB, 0xDD})
_ADOBE, _SCAN, _END = 0xEE, 0xDA, 0xD9
_JFIF = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture without its metadata; make it with `Image.of` or `Image.read`.

    Attributes:
        kind: `jpeg` or `png`.
        width: in pixels.
        height: in pixels.
        data: the file's bytes in base64.
        granted: whether the user allowed that it leaves this device.
    """

    kind: ImageKind
    width: int
    height: int
    data: str = field(repr=False)
    granted: bool = False

    @classmethod
    def of(cls, raw: bytes, *, granted: bool = False) -> Image:
        """Make an image of a file's bytes, without its metadata.

        Args:
            raw: a JPEG or PNG file.
            granted: whether the user allowed that it leaves this device.

        Raises:
            ConfigError: it is neither, is damaged, or is too large.
        """
        if raw.startswith(_PNG):
            kind: ImageKind = "png"
            kept, width, height = _png_without_metadata(raw)
        elif raw.startswith(b"\xff\xd8"):
            kind = "jpeg"
            kept, width, height = _jpeg_without_metadata(raw)
        else:
            raise ConfigError("the image is neither a JPEG nor a PNG file")
        if not width or not height:
            raise ConfigError(f"the {kind} file holds no picture: it has no size")
        if len(kept) > MOST_BYTES or width * height > MOST_PIXELS:
            raise ConfigError(
                f"the image is too large ({len(kept):,} bytes, {width} x {height}): "
                f"at most {MOST_BYTES:,} bytes and {MOST_PIXELS:,} pixels"
            )
        return cls(
            kind=kind,
            width=width,
            height=height,
            data=base64.b64encode(kept).decode("ascii"),
            granted=granted,
        )

    @classmethod
    def read(cls, path: str | Path, *, granted: bool = False) -> Image:
        """Read an image file; see `of`.

        Raises:
            ConfigError: it cannot be read, or is no image that can be used.
        """
        try:
            with Path(path).expanduser().open("rb") as file:
                raw = file.read(_LONGEST_FILE + 1)
            if len(raw) > _LONGEST_FILE:
                raise ConfigError(
                    f"{path} is too large for a picture: more than {_LONGEST_FILE:,} "
                    "bytes"
                )
        except OSError as exc:
            raise ConfigError(f"{path} cannot be read: {exc.strerror}") from exc
        try:
            return cls.of(raw, granted=granted)
        except ConfigError as exc:
            raise ConfigError(f"{path}: {exc}") from exc

    @property
    def url(self) -> str:
        """The picture as a `data:` address."""
        return f"data:image/{self.kind};base64,{self.data}"


def _damaged(kind: str) -> ConfigError:
    return ConfigError(f"the {kind} file is damaged: it ends or changes in the middle")


def _png_without_metadata(raw: bytes) -> tuple[bytes, int, int]:
    kept, at, width, height = bytearray(_PNG), len(_PNG), 0, 0
    while True:
        head = raw[at : at + 8]
        if len(head) < 8:
            raise _damaged("PNG")
        size, kind = struct.unpack(">I4s", head)
        end = at + 12 + size
        chunk = raw[at:end]
        # A chunk: length, kind, body and checksum, twelve bytes beside the body.
        if len(chunk) < 12 + size or not _is_whole(chunk):
            raise _damaged("PNG")
        # Width and height are the first eight bytes of its body (W3C PNG 11.2.2).
        if kind == b"IHDR" and size >= 8:
            width, height = struct.unpack(">II", chunk[8:16])
        if kind == b"IEND":
            # Our own end: what lies behind a picture's end is not kept.
            return bytes(kept + _PNG_END), width, height
        if size <= _PNG_KEPT.get(kind, -1):
            kept += chunk
        at = end


def _is_whole(chunk: bytes) -> bool:
    return zlib.crc32(chunk[4:-4]) == int.from_bytes(chunk[-4:], "big")


def _jpeg_without_metadata(raw: bytes) -> tuple[bytes, int, int]:
    kept, at, width, height = bytearray(b"\xff\xd8" + _JFIF), 2, 0, 0
    while True:
        marker = _marker(raw, at)
        if marker == _END:
            return bytes(kept + b"\xff\xd9"), width, height
        size = int.from_bytes(raw[at + 2 : at + 4], "big")
        segment = raw[at : at + 2 + size]
        if size < 2 or len(segment) < 2 + size:
            raise _damaged("JPEG")
        # Length, precision, height, width (ITU T.81, B.2.2).
        if marker in _FRAMES and size >= 7:
            height, width = struct.unpack(">HH", segment[5:9])
        # Without Adobe's segment programs would take a CMYK picture's colours for
        # others.
        if marker in _FRAMES | _TABLES | {_SCAN} or _is_adobe(marker, segment):
            kept += segment
        at += 2 + size
        if marker == _SCAN:
            end = _scan_end(raw, at)
            kept += raw[at:end]
            at = end


def _is_adobe(marker: int, segment: bytes) -> bool:
    """Tell whether it is Adobe's colour segment, of a size that holds nothing else."""
    return marker == _ADOBE and len(segment) == 16 and segment[4:9] == b"Adobe"


def _marker(raw: bytes, at: int) -> int:
    if at + 2 > len(raw) or raw[at] != 0xFF:
        raise _damaged("JPEG")
    return raw[at + 1]


def _scan_end(raw: bytes, at: int) -> int:
    """Return where the coded picture ends: at a marker that is no part of it."""
    while True:
        at = raw.find(b"\xff", at)
        if at < 0 or at + 1 >= len(raw):
            raise _damaged("JPEG")
        # A zero behind FF stands for a byte FF of the picture, D0 to D7 restart its
        # coding (ITU T.81).
        if raw[at + 1] == 0 or 0xD0 <= raw[at + 1] <= 0xD7:
            at += 2
        # Any number of FF may fill the space before a marker.
        elif raw[at + 1] == 0xFF:
            at += 1
        else:
            return at
