"""Charts drawn on the server as SVG, for pages without scripts, e-mails and paper.

The browser's own library runs in an embedded interpreter, one per thread, with the same option and
the same script as on the page, so that both draw the same picture.
"""

from __future__ import annotations

import json
import re
import threading
from html import escape, unescape
from pathlib import Path

import quickjs
from markupsafe import Markup

from galien.kernel.errors import InternalError
from galien.web.components.charts import chart_height, chart_option, chart_text
from galien.web.components.pictures import ChartModel
from galien.web.components.tokens import tokens

STATIC = Path(__file__).resolve().parent.parent / "static"
SCRIPTS = (STATIC / "vendor" / "echarts.min.js", STATIC / "galien" / "chart-option.js")
DRAW = """
function draw(option, tokens, width, height) {
  const chart = echarts.init(null, null, {renderer: "svg", ssr: true, width, height});
  chart.setOption(galienChart.prepare(JSON.parse(option), JSON.parse(tokens)));
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg.normalize();
}
"""
# The library writes sheets and style attributes that a strict content policy refuses.
_SHEETS = re.compile(r"<style\b.*?</style>", re.DOTALL)
_STYLES = re.compile(r'\sstyle="([^"]*)"')
_CLASSES = re.compile(r'\s(?:class="zr[^"]*"|ecmeta_[\w-]+="[^"]*"|xml:space="preserve")')
_KEPT = frozenset({"font-size", "font-family", "font-weight", "font-style", "opacity"})
_room = threading.local()


def chart_svg(
    model: ChartModel,
    *,
    width: int = 640,
    height: int = 0,
    theme: str = "light",
    live: bool = False,
) -> Markup:
    """Return the SVG of a chart, `width` by `height` pixels (the model's own height when 0).

    `theme` chooses the colours; `live` writes them as CSS variables instead, for a drawing put inside
    a page, which then follows the reader's theme. Raises InternalError when the library is missing.
    """
    size = height or chart_height(model)
    colours = tokens(theme)
    option = json.dumps(chart_option(model), default=float)
    drawn = str(_drawer()(option, json.dumps(colours), width, size))
    clean = _CLASSES.sub("", _STYLES.sub(_attributes, _SHEETS.sub("", drawn)))
    if live:
        clean = _variables(clean, colours)
    title = str(Markup("<title>{}</title>").format(chart_text(model)))
    opening, rest = clean.split(">", 1)
    return Markup(f"{opening}>{title}{rest}")  # noqa: S704  # made by the library from escaped JSON


def _drawer() -> quickjs.Function:
    """Return this thread's drawing function: an interpreter belongs to the thread that made it."""
    found = getattr(_room, "draw", None)
    if found is None:
        missing = next((script for script in SCRIPTS if not script.exists()), None)
        if missing:
            raise InternalError(
                f"Le fichier {missing.name} manque à l’installation : les graphiques ne peuvent être "
                "dessinés. Lancez « make install »."
            )
        context = quickjs.Context()
        context.eval("var setTimeout = () => 0, clearTimeout = () => {};")
        for script in SCRIPTS:
            context.eval(script.read_text(encoding="utf-8"))
        context.eval(DRAW)
        _room.context = context
        found = _room.draw = context.get("draw")
    return found


def _attributes(style: re.Match[str]) -> str:
    """Turn a style attribute into the presentation attributes that mean the same."""
    pairs = (part.split(":", 1) for part in unescape(style[1]).split(";") if ":" in part)
    kept = {name.strip(): value.strip() for name, value in pairs if name.strip() in _KEPT}
    return "".join(f' {name}="{escape(value)}"' for name, value in kept.items())


def _variables(svg: str, colours: dict[str, str]) -> str:
    names = {value.lower(): name for name, value in reversed(colours.items()) if value[0] == "#"}
    return re.sub(
        r'"(#[0-9a-fA-F]{6})"',
        lambda m: f'"var({names[m[1].lower()]})"' if m[1].lower() in names else m[0],
        svg,
    )
