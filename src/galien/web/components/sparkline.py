"""The small trend beside a headline figure, drawn as SVG without any library."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from galien.web.components.models import Figure

WIDTH, HEIGHT, MARGIN = 96, 30, 3


def sparkline(values: Sequence[Figure]) -> Markup:
    """Return the trend from the first to the last figure of `values` (None is a hole).

    Nothing for fewer than two figures.

    The picture repeats figures that the page gives as text, so screen readers pass over it.
    """
    known = [(index, float(value)) for index, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return Markup("")
    first, length = known[0][0], known[-1][0] - known[0][0]
    low, high = min(y for _, y in known), max(y for _, y in known)
    across = (WIDTH - 2 * MARGIN) / length
    down = (HEIGHT - 2 * MARGIN) / ((high - low) or 1)
    dots = [(MARGIN + (x - first) * across, HEIGHT - MARGIN - (y - low) * down) for x, y in known]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in dots)
    area = f"{dots[0][0]:.1f},{HEIGHT} {line} {dots[-1][0]:.1f},{HEIGHT}"
    last_x, last_y = dots[-1]
    return Markup(  # noqa: S704  # numbers only
        f'<svg class="spark" viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true" focusable="false">'
        f'<polygon points="{area}"/><polyline points="{line}"/>'
        f'<circle cx="{last_x:.1f}" cy="{last_y:.1f}" r="2.2"/></svg>'
    )
