"""The picture of a position: a band, the mark of the reference, the point of the pharmacy."""

from __future__ import annotations

from markupsafe import Markup

from galien.calculators.accounting.benchmarks import Position

WIDTH, HEIGHT, MARGIN = 340, 26, 10
TRACK, BAND = 4, 12


def strip(position: Position) -> Markup:
    """Draw a figure among its references; nothing when there is no figure or no reference.

    The picture repeats figures that the row gives as text, so screen readers pass over it.
    """
    if position.value is None or not position.references:
        return Markup("")
    value = float(position.value)
    known = [float(each.value) for each in position.references]
    quartiles = [float(position.peers.low), float(position.peers.high)] if position.peers else []
    low, high = min(known + quartiles), max(known + quartiles)
    room = max(high - low, abs(high) * 0.25, 1e-9)
    first, last = min(low - room / 2, value), max(high + room / 2, value)

    def across(figure: float) -> float:
        return MARGIN + (figure - first) / (last - first) * (WIDTH - 2 * MARGIN)

    left, right = across(min(known)), across(max(known))
    width = max(right - left, 3.0)
    mark = across(known[0])
    tone = " bad" if position.good is False else ""
    middle = HEIGHT / 2
    return Markup(  # noqa: S704  # numbers only
        f'<svg class="strip" viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true" focusable="false">'
        f'<rect class="track" x="{MARGIN}" y="{middle - TRACK / 2}" width="{WIDTH - 2 * MARGIN}" '
        f'height="{TRACK}" rx="2"/>'
        f'<rect class="band" x="{left:.1f}" y="{middle - BAND / 2}" width="{width:.1f}" '
        f'height="{BAND}" rx="3"/>'
        f'<line class="tick" x1="{mark:.1f}" x2="{mark:.1f}" y1="3" y2="{HEIGHT - 3}"/>'
        f'<circle class="dot{tone}" cx="{across(value):.1f}" cy="{middle}" r="5"/></svg>'
    )
