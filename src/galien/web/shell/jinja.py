"""The Jinja2 environment of Galien's pages: addresses, French figures, components at hand."""

from __future__ import annotations

import json
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from galien.kernel import french
from galien.web.components import cells, charts, rows, sparkline

FILTERS = ("number", "amount", "percent", "evolution", "compact_amount", "day")


def environment(**options: Any) -> Environment:
    """Return the environment for Django's Jinja2 backend: undefined names fail loudly."""
    from django.templatetags.static import static
    from django.urls import reverse

    made = bare_environment(**options)
    made.globals.update(static=static, url=reverse)
    return made


def bare_environment(**options: Any) -> Environment:
    """Return the environment without Django's addresses, for e-mails, reports and the gallery."""
    options.setdefault("autoescape", True)
    options.update(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made = Environment(**options)  # noqa: S701  # autoescape is asked for above
    made.filters.update({name: getattr(french, name) for name in FILTERS})
    made.filters.update(
        cell=cells.cell,
        change=cells.change,
        rows=rows.rows_html,
        sparkline=sparkline.sparkline,
        chart_option=charts.chart_option,
        chart_text=charts.chart_text,
        chart_height=charts.chart_height,
        data=data,
    )
    made.globals["bar"] = cells.bar
    return made


def data(value: Any) -> Markup:
    r"""Write a value as JSON for a `script type="application/json"` or an attribute's inside.

    >>> data({"a": "</script>"})
    Markup('{"a":"\\u003c/script\\u003e"}')
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=float)
    for character in "<>&'\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704  # escaped above
