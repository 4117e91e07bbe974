"""Files that a user shows with a request: their text, as text that somebody else wrote.

Text, HTML, mails (`.eml`) and PDF files are read. Not covered: pictures of text, what a
PDF draws in white or behind something else, and attachments of a mail.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message as Mail
from io import BytesIO
from logging import CRITICAL, getLogger
from pathlib import Path
from typing import Literal

from agentkit.errors import ConfigError, MissingPackage
from agentkit.messages.conversation import (
    Label,
    Message,
    ToolCall,
    ToolResult,
    assistant,
    tool_result,
)
from agentkit.messages.seen_html import text_of_html

DocumentKind = Literal["text", "html", "mail", "pdf"]

# A book of pictures is as large; what is larger is no letter and no bill.
MOST_BYTES = 50_000_000
# About 25,000 tokens: more than small models read, and less than larger ones do.
MOST_CHARACTERS = 100_000
_CALL = "read_file"
# A PDF's mark may stand behind a few bytes that are not its own.
_PDF, _PDF_WITHIN = b"%PDF-", 1024
_HTML = (b"<!doctype html", b"<html")
_ENDINGS: dict[str, DocumentKind] = {".eml": "mail", ".html": "html", ".htm": "html"}
_HEADERS = ("From", "To", "Date", "Subject")
# Signs that no text has: most files that are no text hold them.
_NO_TEXT = frozenset(range(32)) - {9, 10, 12, 13, 27}


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The text of a file; make it with `Document.of` or `Document.read`.

    Attributes:
        name: the file's, without its folder.
        kind: what it was.
        text: what a person reads of it, at most 100,000 characters.
        is_cut: whether it went on.
    """

    name: str
    kind: DocumentKind
    text: str
    is_cut: bool = False

    @classmethod
    def of(cls, raw: bytes, name: str) -> Document:
        """Read the text of a file's bytes.

        Args:
            raw: what the file holds.
            name: its name, whose ending tells what is no PDF apart.

        Raises:
            ConfigError: it is empty, damaged, encrypted, too large, or holds no text.
            MissingPackage: it is a PDF, and the extra `files` is not installed.
        """
        if not raw.strip():
            raise ConfigError(f"{name} is empty")
        kind = _kind(raw, name)
        text = "".join(_read(raw, name, kind)).strip()
        if not text:
            raise ConfigError(f"{name} holds no text{_WHY_NONE.get(kind, '')}")
        is_cut = len(text) > MOST_CHARACTERS
        return cls(name=name, kind=kind, text=text[:MOST_CHARACTERS], is_cut=is_cut)

    @classmethod
    def read(cls, path: str | Path) -> Document:
        """Read the text of a file; see `of`.

        Raises:
            ConfigError: it cannot be read, or is no file that can be used.
            MissingPackage: it is a PDF, and the extra `files` is not installed.
        """
        found = Path(path).expanduser()
        try:
            with found.open("rb") as file:
                # One byte more shows that it is too large, and a file that grows
                # meanwhile cannot fill memory.
                raw = file.read(MOST_BYTES + 1)
        except OSError as exc:
            raise ConfigError(f"{path} cannot be read: {exc.strerror}") from exc
        if len(raw) > MOST_BYTES:
            raise ConfigError(f"{path} is too large: more than {MOST_BYTES:,} bytes")
        return cls.of(raw, found.name)

    @property
    def messages(self) -> tuple[Message, Message]:
        """The turns that show it to a model: as if it had been asked for and read.

        Like any result, it is no word of the user's: what it says is data.
        """
        call = ToolCall(_CALL, {"name": self.name})
        value = {"name": self.name, "kind": self.kind, "text": self.text}
        if self.is_cut:
            value["note"] = f"only the first {MOST_CHARACTERS:,} characters"
        label = Label("file", "personal", "untrusted")
        return (
            assistant(calls=(call,)),
            tool_result(ToolResult(call, "done", value), label),
        )


_WHY_NONE = {"pdf": ": it may be pictures of pages, for --image"}


def _kind(raw: bytes, name: str) -> DocumentKind:
    # By what it holds first: names are often wrong, and always the sender's choice.
    if _PDF in raw[:_PDF_WITHIN]:
        return "pdf"
    if raw.lstrip()[:20].lower().startswith(_HTML):
        return "html"
    return _ENDINGS.get(Path(name).suffix.lower(), "text")


def _read(raw: bytes, name: str, kind: DocumentKind) -> Iterator[str]:
    if kind == "pdf":
        yield from _pages(raw, name)
    elif kind == "mail":
        yield _mail(raw)
    else:
        text = _decoded(raw, name)
        yield text_of_html(text) if kind == "html" else text


def _decoded(raw: bytes, name: str) -> str:
    """Decode text as UTF-8, as UTF-16 where it says so, else as Windows writes it.

    Raises:
        ConfigError: it is no text.
    """
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    if _NO_TEXT & frozenset(raw):
        raise ConfigError(
            f"{name} is neither text nor HTML, a mail (.eml) or a PDF file"
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Every byte is some letter there, so this comes last.
        return raw.decode("cp1252", "replace")


def _mail(raw: bytes) -> str:
    """Return a mail's main headers and its text; HTML where there is no other."""
    mail = message_from_bytes(raw)
    found = {"text/plain": "", "text/html": ""}
    for part in mail.walk():
        kind = part.get_content_type()
        is_aside = part.get_content_disposition() == "attachment"
        if kind in found and not found[kind] and not is_aside:
            found[kind] = _body(part)
    text = found["text/plain"].strip() or text_of_html(found["text/html"])
    heads = (f"{name}: {_header(mail, name)}" for name in _HEADERS if name in mail)
    return "\n".join((*heads, "", text))


def _body(part: Mail) -> str:
    content = part.get_payload(decode=True)
    raw = content if isinstance(content, bytes) else b""
    try:
        return raw.decode(part.get_content_charset("utf-8"))
    # An encoding that Python does not know, or bytes that are none of it.
    except (LookupError, ValueError):
        return raw.decode("utf-8", "replace")


def _header(mail: Mail, name: str) -> str:
    from email.header import decode_header, make_header

    raw = " ".join(str(mail.get(name, "")).split())
    try:
        return str(make_header(decode_header(raw)))
    except (LookupError, ValueError):
        return raw


def _pages(raw: bytes, name: str) -> Iterator[str]:
    """Yield the text of a PDF's pages, as many as are shown.

    Raises:
        ConfigError: it is damaged, or needs a password.
        MissingPackage: pypdf is not installed.
    """
    try:
        from pypdf import PdfReader
        from pypdf.errors import DependencyError, PyPdfError
    except ImportError as exc:
        raise MissingPackage("pypdf", "files", f"Reading {name}") from exc
    # What it notes of a file's faults is told in one sentence of ours.
    getLogger("pypdf").setLevel(CRITICAL)
    length = 0
    try:
        reader = PdfReader(BytesIO(raw))
        # Many are encrypted without a password, only to forbid printing.
        if reader.is_encrypted and not reader.decrypt(""):
            raise ConfigError(f"{name} needs a password: save it without one")
        for page in reader.pages:
            text = page.extract_text()
            yield f"{text}\n\n"
            # A book of a thousand pages is read only as far as it is shown.
            length += len(text)
            if length > MOST_CHARACTERS:
                return
    except DependencyError as exc:
        raise ConfigError(f"{name} is encrypted: save it without a password") from exc
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError,
            RecursionError, OverflowError, AssertionError) as exc:  # fmt: skip
        # What pypdf stumbles over in a file that is damaged is not always its own.
        raise ConfigError(f"{name} is damaged: it cannot be read as a PDF") from exc
