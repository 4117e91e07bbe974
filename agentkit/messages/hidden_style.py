"""What styles and style sheets hide from a person who reads a page.

Not covered: selectors of several elements (`.a .b`), rules within `@media`, and colours
that a style sheet gives to what lies behind a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

# Without spaces, in small letters. What a browser draws nothing for: of no size, no
# colour, or far off the page.
_UNSEEN = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|content-visibility:hidden|mso-hide:all"
    r"|opacity:0*+(?:\.0\d*+)?(?:[;!%]|$)|filter:opacity\(0%?\)"
    r"|(?:font-size|max-height|max-width|line-height):0*+(?:\.\d*+)?(?:px|pt|em|rem|%)?(?:[;!]|$)"
    r"|font-size:0*+1(?:px|pt|%)|(?:^|;)font:0[/p]"
    r"|(?:^|;)color:(?:transparent|(?:rgb|hsl)a?\([^)]*,0?\.?0\)|#\w{6}00(?!\w)|#\w{3}0(?!\w))"
    r"|(?:text-indent|left|top|margin-left|margin-top|translate[xy]?\(?):?-\d{3,}"
    r"|(?:^|;)(?:height|width):0*+(?:\.0*+)?(?:px|pt|em|%)?;?overflow:hidden|clip:rect\(0"
    r"|(?:^|;)height:1px;width:1px;|(?:^|;)width:1px;height:1px;"
    r"|scale[xy]?\(0(?:,0)?\)|clip-path:(?:inset\((?:50|100)%|circle\(0)"
)
# Em and percent below one are small, and no zero.
_SMALL = re.compile(
    r"(?:font-size|max-height|max-width|line-height):0*+\.\d*[1-9]\d*+(?:em|rem|%)?(?:[;!]|$)"
)
_SHOWN = re.compile(r"(?:^|;)display:(?!none)|(?:^|;)visibility:visible")
_COMMENT = re.compile(r"/\*[^*]*+(?:\*(?!/)[^*]*+)*+(?:\*/|$)")
_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?|\\([^\n])")
_SIMPLE = re.compile(r"[a-z0-9]*(?:[.#][\w-]+)*")
_PART = re.compile(r"[.#]?[\w-]+")
# A page with more rules, for one name or in all, is not looked at further.
_MOST, _MOST_OF_ONE = 5_000, 20


def plain_style(style: str) -> str:
    """Write declarations without comments, escapes, spaces and capitals."""
    style = _ESCAPE.sub(_escaped, _COMMENT.sub("", style))
    return "".join(style.lower().split())


def is_unseen(style: str) -> bool:
    """Tell whether declarations, written plainly, draw nothing."""
    return bool(_UNSEEN.search(_SMALL.sub("", style)))


def is_shown(style: str) -> bool:
    """Tell whether an element's own declarations show what a style sheet hides."""
    return bool(_SHOWN.search(style))


def is_same_colour(style: str, attributes: Mapping[str, str | None]) -> bool:
    """Tell whether a text has the colour of what lies behind it, as its element says."""
    parts = (part.partition(":") for part in style.split(";"))
    told = {name: value for name, _, value in parts}
    text = told.get("color") or attributes.get("color")
    behind = (
        told.get("background-color")
        or told.get("background")
        or attributes.get("bgcolor")
    )
    return bool(text and behind) and _colour(text or "") == _colour(behind or "")


_COLOURS = {"white": "ffffff", "black": "000000"}
_RGB = re.compile(r"rgb\((\d{1,3}),(\d{1,3}),(\d{1,3})\)")


def _colour(text: str) -> str:
    """Write a colour as six digits; what is no plain colour as it stands."""
    text = text.lower().removesuffix("!important")
    if found := _RGB.fullmatch(text):
        return "".join(f"{min(int(one), 255):02x}" for one in found.groups())
    bare = text.removeprefix("#")
    if len(bare) == 3 and text.startswith("#"):
        bare = "".join(sign * 2 for sign in bare)
    return _COLOURS.get(bare, bare)


def _escaped(found: re.Match[str]) -> str:
    if not found[1]:
        return found[2]
    code = int(found[1], 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else ""


@dataclass(frozen=True, slots=True)
class StyleRule:
    """One selector of one element: what it needs, and whether it hides.

    Attributes:
        needs: a tag, classes with a dot, an id with its sign.
        hides: or shows again, where another rule hides.
    """

    needs: frozenset[str]
    hides: bool


@dataclass(slots=True)
class StyleSheets:
    """The rules of a page's style sheets that hide or show."""

    rules: dict[str, list[StyleRule]] = field(
        default_factory=dict[str, list[StyleRule]]
    )

    @classmethod
    def of(cls, html: str) -> StyleSheets:
        """Read the style sheets that stand in a page."""
        found = cls()
        count = 0
        for sheet in _sheets(html):
            for selectors, style in _rules(sheet):
                if not (is_unseen(style) or _SHOWN.search(style)):
                    continue
                for selector in selectors.split(",")[:_MOST_OF_ONE]:
                    found._add(selector.strip(), hides=is_unseen(style))
                count += 1
                if count > _MOST:
                    return found
        return found

    def _add(self, selector: str, *, hides: bool) -> None:
        if not selector or not _SIMPLE.fullmatch(selector):
            return
        parts = _PART.findall(selector)
        rules = self.rules.setdefault(parts[-1], [])
        if len(rules) < _MOST_OF_ONE:
            rules.append(StyleRule(frozenset(parts), hides))

    def hides(self, tag: str, attributes: Mapping[str, str | None]) -> bool:
        """Tell whether the rules hide an element; the one that needs most counts."""
        if not self.rules:
            return False
        names = [tag, *(f".{one}" for one in (attributes.get("class") or "").split())]
        names.append(f"#{attributes.get('id') or ''}")
        has = frozenset(names)
        fits = [
            rule
            for name in has
            for rule in self.rules.get(name, ())
            if rule.needs <= has
        ]
        # An id counts for more than classes, and of two alike the one that hides.
        return bool(fits) and max(fits, key=_weight).hides


def _weight(rule: StyleRule) -> tuple[int, int, bool]:
    ids = sum(one.startswith("#") for one in rule.needs)
    return ids, sum(one.startswith(".") for one in rule.needs), rule.hides


def _sheets(html: str) -> Iterator[str]:
    low, place = html.lower(), 0
    while (start := low.find("<style", place)) >= 0:
        begin = low.find(">", start)
        end = low.find("</style", begin)
        if begin < 0 or end < 0:
            return
        yield html[begin + 1 : end]
        place = end


def _rules(sheet: str) -> Iterator[tuple[str, str]]:
    """Yield the selectors and plain declarations of the rules that stand in no other."""
    pieces: Sequence[str] = re.split(r"([{}])", _COMMENT.sub("", sheet))
    depth, selector = 0, ""
    for text, sign in zip(pieces[::2], (*pieces[1::2], ""), strict=True):
        if sign == "{":
            selector = text.strip() if depth == 0 else "@"
            depth += 1
        elif sign == "}":
            if depth == 1 and not selector.startswith("@"):
                yield selector, plain_style(text)
            depth = max(0, depth - 1)
