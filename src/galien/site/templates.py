"""The Jinja2 environment of Galien's pages: addresses, and numbers printed in French."""

from __future__ import annotations

from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from jinja2 import Environment, StrictUndefined

from galien.kernel import french

FILTERS = ("number", "amount", "percent", "evolution", "compact_amount", "day")


def environment(**options: Any) -> Environment:
    """Return the environment: undefined names fail loudly, numbers are printed in French."""
    options.update(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made = Environment(**options)  # noqa: S701  # Django's backend asks for autoescape
    made.globals.update(static=static, url=reverse)
    made.filters.update({name: getattr(french, name) for name in FILTERS})
    return made
