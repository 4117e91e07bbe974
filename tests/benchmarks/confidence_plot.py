"""Draws accuracy against the share sent to a large model, as an SVG of our own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_WIDE, _HIGH, _EDGE = 330, 240, 46
_LOW, _TOP = 0.70, 1.0
_STYLE = (
    "text{font:11px sans-serif;fill:#333}.axis{stroke:#999}.told{stroke:#0b61a4;"
    "fill:none;stroke-width:2}.chance{stroke:#999;stroke-dasharray:4 3}"
    ".end{stroke:#c33;stroke-dasharray:1 3}rect{fill:#fff}"
)


@dataclass(frozen=True, slots=True)
class Curve:
    """Accuracy with none, one, two ... of the answers sent to the large model."""

    small: str
    large: str
    points: tuple[float, ...]

    def at_random(self, share: float) -> float:
        """Return the accuracy when so many answers are sent by chance."""
        return self.points[0] + share * (self.points[-1] - self.points[0])


def draw(curves: Sequence[Curve]) -> str:
    """Draw one panel for each pair of models, two in a line."""
    lines = (len(curves) + 1) // 2
    wide, high = 2 * (_WIDE + _EDGE) + 20, lines * (_HIGH + 2 * _EDGE)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}">',
        f"<style>{_STYLE}</style>",
        f'<rect width="{wide}" height="{high}"/>',
    ]
    for number, one in enumerate(curves):
        x, y = (
            (number % 2) * (_WIDE + _EDGE) + _EDGE,
            (number // 2) * (_HIGH + 2 * _EDGE),
        )
        parts.append(f'<g transform="translate({x} {y + _EDGE})">')
        parts += _panel(one)
        parts.append("</g>")
    return "\n".join([*parts, "</svg>", ""])


def _panel(one: Curve) -> Iterator[str]:
    yield f'<text x="0" y="-14">{one.small}, steps up to {one.large}</text>'
    for level in range(70, 101, 5):
        y = _y(level / 100)
        yield f'<line class="axis" x1="-4" x2="0" y1="{y}" y2="{y}"/>'
        yield f'<text x="-8" y="{y + 4}" text-anchor="end">{level}</text>'
    for share in range(0, 101, 20):
        x = _WIDE * 0.92 * share / 100
        yield f'<text x="{x:.1f}" y="{_HIGH + 16}" text-anchor="middle">{share}</text>'
    yield f'<text x="{_WIDE * 0.46}" y="{_HIGH + 32}" text-anchor="middle">sent, %</text>'
    yield f'<path class="axis" fill="none" d="M0 0V{_HIGH}H{_WIDE * 0.92}"/>'
    small, large = _y(one.points[0]), _y(one.points[-1])
    for end, name in ((small, "always small"), (large, "always large")):
        yield f'<line class="end" x1="0" x2="{_WIDE * 0.92}" y1="{end}" y2="{end}"/>'
        yield f'<text x="4" y="{end - 4}">{name}</text>'
    yield (
        f'<line class="chance" x1="0" x2="{_WIDE * 0.92}" y1="{small}" y2="{large}"/>'
    )
    count = len(one.points) - 1
    places = range(0, count + 1, max(1, count // 100))
    path = " ".join(
        f"{_WIDE * 0.92 * place / count:.1f},{_y(one.points[place])}"
        for place in places
    )
    yield f'<polyline class="told" points="{path}"/>'


def _y(level: float) -> float:
    return round(_HIGH * (_TOP - level) / (_TOP - _LOW), 1)
