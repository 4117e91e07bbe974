"""What a person reads of an HTML page or mail: tags and what is hidden are dropped."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

from agentkit.messages.hidden_style import (
    StyleSheets,
    is_same_colour,
    is_shown,
    is_unseen,
    plain_style,
)

# Characters; no page that is read is longer.
_LONGEST = 1_000_000
# What is drawn for nobody who reads, or instead of what is drawn.
_HIDDEN = {"script", "style", "head", "title", "template", "iframe", "noframes", "noembed",
           "datalist", "audio", "video", "canvas", "rp", "desc", "metadata"}  # fmt: skip
_BREAKS = {"br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "table", "ul", "ol"}


# Elements that have no end.
_EMPTY = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta",
          "source", "track", "wbr"}  # fmt: skip
# So many tags that never end are no page; Python's reader looks for each end anew.
_MOST_UNENDED = 100


class _Words(HTMLParser):
    """Collects the text that is seen; scripts, comments and what is hidden are dropped."""

    def __init__(self, sheets: StyleSheets) -> None:
        super().__init__(convert_charrefs=True)
        self._sheets = sheets
        self.parts: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self._often = Counter[str]()
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BREAKS:
            self.parts.append("\n")
        # As browsers have it, these end what is before them.
        if tag == "body" or (
            tag == "p" and self._open[-1:] and self._open[-1][0] == "p"
        ):
            self.handle_endtag("head" if tag == "body" else "p")
        if tag not in _EMPTY:
            hidden = tag in _HIDDEN or self._is_hidden(tag, attrs)
            self._open.append((tag, hidden))
            self._often[tag] += 1
            self._hidden += hidden

    def _is_hidden(self, tag: str, attrs: list[tuple[str, str | None]]) -> bool:
        """Tell whether attributes, a style or a style sheet hide an element."""
        named = dict(reversed(attrs))  # of two alike the first counts
        # A dialog is opened by a script; SVG has its styles as attributes.
        if "hidden" in named or (tag == "dialog" and "open" not in named):
            return True
        style = plain_style(named.get("style") or "")
        return (
            is_unseen(style)
            or is_unseen(f"opacity:{named.get('opacity') or 1}")
            or is_same_colour(style, named)
            or (self._sheets.hides(tag, named) and not is_shown(style))
        )

    def handle_endtag(self, tag: str) -> None:
        # An end tag without its beginning closes nothing; one closes what is open
        # inside, as browsers do.
        while self._often[tag]:
            name, hidden = self._open.pop()
            self._hidden -= hidden
            self._often[name] -= 1
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(" ".join(data.split()) + " " if data.strip() else " ")


_UNENDED = re.compile(r"<(?![^<>]*>)")


def text_of_html(html: str) -> str:
    """Return what a person reads of a page."""
    html = html[:_LONGEST]
    if len(_UNENDED.findall(html)) > _MOST_UNENDED:
        html = _UNENDED.sub("&lt;", html)
    words = _Words(StyleSheets.of(html))
    words.feed(html)
    words.close()
    lines = (" ".join(line.split()) for line in "".join(words.parts).split("\n"))
    return "\n".join(line for line in lines if line)
