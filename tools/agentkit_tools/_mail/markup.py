"""The words of an HTML mail, without its markup."""

from __future__ import annotations

from html.parser import HTMLParser

_LONGEST = 1_000_000
_HIDDEN = {"script", "style", "head", "title", "template"}
_BREAKS = {"br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "table", "ul", "ol"}


class _Words(HTMLParser):
    """Collects text; scripts, styles and comments are dropped."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in _HIDDEN
        if tag in _BREAKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden = max(0, self._hidden - (tag in _HIDDEN))
        if tag == "body":
            self._hidden = 0

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(" ".join(data.split()) + " " if data.strip() else " ")


def text_of_html(html: str) -> str:
    """Return what a person reads of a page."""
    words = _Words()
    words.feed(html[:_LONGEST])
    words.close()
    lines = (" ".join(line.split()) for line in "".join(words.parts).split("\n"))
    return "\n".join(line for line in lines if line)
