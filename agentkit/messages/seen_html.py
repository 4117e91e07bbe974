"""What a person reads of an HTML page or mail: tags and what is hidden are dropped."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

# Characters; no page that is read is longer.
_LONGEST = 1_000_000
_HIDDEN = {"script", "style", "head", "title", "template"}
_BREAKS = {"br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "table", "ul", "ol"}


# Elements that have no end.
_EMPTY = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta",
          "source", "track", "wbr"}  # fmt: skip
# What a browser draws nothing for: of no size, no colour, or far off the page.
_UNSEEN_STYLE = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|opacity:0*+(?:\.0*+)?(?:[;!%]|$)|mso-hide:all"
    r"|(?:font-size|max-height|max-width|line-height):0*+(?:\.0*+)?(?:px|pt|em|rem|%)?(?:[;!]|$)"
    r"|(?:^|;)color:transparent|text-indent:-\d{3,}|(?:left|top):-\d{3,}"
    r"|(?:^|;)(?:height|width):0*+(?:\.0*+)?(?:px|pt|em|%)?;?overflow:hidden|clip:rect\(0"
)
# So many tags that never end are no page; Python's reader looks for each end anew.
_MOST_UNENDED = 100


class _Words(HTMLParser):
    """Collects the text that is seen; scripts, comments and what is hidden are dropped."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
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
            hidden = tag in _HIDDEN or _is_hidden(attrs)
            self._open.append((tag, hidden))
            self._often[tag] += 1
            self._hidden += hidden

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


def _is_hidden(attrs: list[tuple[str, str | None]]) -> bool:
    """Whether an element's attributes or style hide it."""
    named = dict(attrs)
    style = "".join((named.get("style") or "").lower().split())
    return "hidden" in named or bool(_UNSEEN_STYLE.search(style))


_UNENDED = re.compile(r"<(?![^<>]*>)")


def text_of_html(html: str) -> str:
    """Return what a person reads of a page."""
    html = html[:_LONGEST]
    if len(_UNENDED.findall(html)) > _MOST_UNENDED:
        html = _UNENDED.sub("&lt;", html)
    words = _Words()
    words.feed(html)
    words.close()
    lines = (" ".join(line.split()) for line in "".join(words.parts).split("\n"))
    return "\n".join(line for line in lines if line)
