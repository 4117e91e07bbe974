import base64
import struct
import zlib
from pathlib import Path

import pytest

from agentkit.errors import ConfigError
from agentkit.messages.images import Image

GPS = b"GPSLatitude 48.8583 N"
PIXELS = b"\x12\x34\xff\x00\x56\xff\xd0\x78"


def chunk(kind: bytes, body: bytes) -> bytes:
    """Write a PNG chunk."""
    check = struct.pack(">I", zlib.crc32(kind + body))
    return struct.pack(">I", len(body)) + kind + body + check


def png(*extra: bytes, width: int = 2, height: int = 1) -> bytes:
    """Write a PNG with further chunks in its middle."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"\x00\x01\x02"))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(extra) + body + chunk(b"IEND", b"")


def segment(marker: int, body: bytes) -> bytes:
    """Write a JPEG segment."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def jpeg(*extra: bytes, width: int = 2, height: int = 1) -> bytes:
    """Write the segments of a JPEG, in two scans, with further ones in its middle."""
    frame = segment(0xC2, struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00")
    tables = segment(0xDB, bytes(65)) + segment(0xC4, bytes(20))
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + PIXELS
    return b"\xff\xd8" + b"".join(extra) + tables + frame + scan + scan + b"\xff\xd9"


def raw(image: Image) -> bytes:
    return base64.b64decode(image.data)


def test_a_png_stays_what_it_is() -> None:
    """A PNG without metadata comes out byte for byte."""
    image = Image.of(png())
    assert (raw(image), image.kind, image.width, image.height) == (png(), "png", 2, 1)


@pytest.mark.parametrize("kind", [b"tEXt", b"iTXt", b"zTXt", b"eXIf", b"tIME", b"iCCP"])
def test_chunks_of_a_png_that_tell_are_cut_out(kind: bytes) -> None:
    """Texts, EXIF, the time and profiles of a PNG are not kept."""
    assert raw(Image.of(png(chunk(kind, GPS)))) == png()


@pytest.mark.parametrize(
    "marker",
    [0xE0, 0xE1, 0xE2, 0xED, 0xFE],
    ids=["JFIF", "EXIF", "ICC", "IPTC", "text"],
)
def test_segments_of_a_jpeg_that_tell_are_cut_out(marker: int) -> None:
    """EXIF, XMP, profiles, thumbnails and comments of a JPEG are not kept."""
    image = Image.of(jpeg(segment(marker, GPS)))
    assert (raw(image), image.width) == (raw(Image.of(jpeg())), 2)
    assert GPS not in raw(image)


def test_the_picture_of_a_jpeg_is_whole() -> None:
    """Tables, frame and every scan are kept, in order."""
    kept = raw(Image.of(jpeg()))
    assert kept[20:] == jpeg()[2:]
    assert kept.count(PIXELS) == 2


@pytest.mark.parametrize("file", [png(), jpeg()], ids=["PNG", "JPEG"])
def test_what_lies_behind_the_end_is_cut_off(file: bytes) -> None:
    """A film or a second picture behind the first one does not leave."""
    assert raw(Image.of(file + GPS)) == raw(Image.of(file))


@pytest.mark.parametrize("file", [png(), jpeg()], ids=["PNG", "JPEG"])
def test_a_cut_off_file_is_refused_at_every_length(file: bytes) -> None:
    """A damaged file is an error in words, wherever it ends."""
    for length in range(len(file)):
        with pytest.raises(ConfigError):
            Image.of(file[:length])


def test_a_changed_png_is_refused() -> None:
    """A chunk whose check sum is wrong is damage."""
    with pytest.raises(ConfigError, match="damaged"):
        Image.of(png().replace(b"IHDR\x00", b"IHDR\x01"))


@pytest.mark.parametrize("file", [b"GIF89a", b"", b"RIFF1234WEBP"])
def test_other_files_are_refused(file: bytes) -> None:
    """Only what can be taken apart may be sent."""
    with pytest.raises(ConfigError, match="neither a JPEG nor a PNG"):
        Image.of(file)


@pytest.mark.parametrize(
    "file",
    [
        png(width=60_000, height=60_000),
        png(chunk(b"IDAT", bytes(4_100_000))),
    ],
    ids=["pixels", "bytes"],
)
def test_a_large_image_is_refused(file: bytes) -> None:
    """Size is bounded, in pixels and in bytes."""
    with pytest.raises(ConfigError, match="too large"):
        Image.of(file)


def test_reading_a_file(tmp_path: Path) -> None:
    """A file is read by its path; a path without one is told."""
    (tmp_path / "a.png").write_bytes(png())
    image = Image.read(tmp_path / "a.png", granted=True)
    assert (image.granted, image.url[:22]) == (True, "data:image/png;base64,")
    with pytest.raises(ConfigError, match=r"b\.png cannot be read"):
        Image.read(tmp_path / "b.png")


def test_repr_shows_no_picture() -> None:
    """A log line of an image holds no pixels."""
    assert Image.of(png()).data not in repr(Image.of(png()))


@pytest.mark.parametrize("kind", [b"gAMA", b"sRGB", b"cHRM", b"sBIT", b"tRNS"])
def test_a_chunk_that_is_longer_than_it_may_be(kind: bytes) -> None:
    """A chunk of a kind that is kept hides nothing behind its few bytes."""
    assert raw(Image.of(png(chunk(kind, GPS * 20)))) == png()


def test_nothing_hides_in_the_end_of_a_png() -> None:
    """The last chunk is written anew."""
    assert raw(Image.of(png()[:-12] + chunk(b"IEND", GPS))) == png()


def test_how_colours_are_stored_is_kept() -> None:
    """Adobe's marker stays, without what somebody put behind it."""
    adobe = segment(0xEE, b"Adobe\x00\x64" + bytes(5))
    assert adobe in raw(Image.of(jpeg(adobe)))
    assert GPS not in raw(Image.of(jpeg(segment(0xEE, b"Adobe" + GPS))))


@pytest.mark.parametrize("file", [png(width=0), jpeg(height=0)], ids=["png", "jpeg"])
def test_a_picture_without_a_size(file: bytes) -> None:
    """A file that shows nothing is refused."""
    with pytest.raises(ConfigError, match="no size"):
        Image.of(file)


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    """A film that is named like a picture is refused, without being held in memory."""
    path = tmp_path / "film.png"
    with path.open("wb") as file:
        file.truncate(64_000_001)
    with pytest.raises(ConfigError, match="too large for a picture"):
        Image.read(path)
