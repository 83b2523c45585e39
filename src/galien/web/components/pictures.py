"""What charts are fed with: one model for every kind of picture an analysis offers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from markupsafe import Markup

from galien.web.components.models import Figure, Link


class ChartKind(StrEnum):
    """The pictures: each suits a breakdown."""

    BARS = "bars"
    LINE = "line"
    STACK = "stack"
    TREEMAP = "treemap"
    SCATTER = "scatter"
    HEATMAP = "heatmap"
    WATERFALL = "waterfall"


@dataclass(frozen=True)
class Series:
    """Figures in the order of the categories; `role` is `current`, `previous`, `target` or `hidden`."""

    label: str
    values: tuple[Figure, ...]
    role: str = "current"


@dataclass(frozen=True)
class Point:
    """A dot of a scatter chart; `size` weighs it, `href` is where a click leads.

    Dots of a `group` share a colour, named in the legend.
    """

    label: str
    x: Figure
    y: Figure
    size: Figure = None
    href: str = ""
    group: str = ""


@dataclass(frozen=True)
class Node:
    """A tile of a treemap and those inside it; `change` (a ratio) goes in the tooltip."""

    label: str
    value: Figure
    change: Figure = None
    href: str = ""
    children: tuple[Node, ...] = ()


@dataclass(frozen=True)
class ChartModel:
    """A picture of an analysis, always twinned with a table of the same figures.

    `unit` and `decimals` print every figure of the value axis (`y_…` the vertical axis of a scatter
    chart); `hrefs` follow the categories. `bands` are the columns of a heat map, whose rows are the
    categories and whose series are its lines. `step` draws a line that holds until it changes.
    """

    kind: ChartKind
    title: str
    unit: str = "€"
    decimals: int = 0
    categories: tuple[str, ...] = ()
    series: tuple[Series, ...] = ()
    hrefs: tuple[str, ...] = ()
    points: tuple[Point, ...] = ()
    nodes: tuple[Node, ...] = ()
    bands: tuple[str, ...] = ()
    x_label: str = ""
    y_label: str = ""
    y_unit: str = ""
    y_decimals: int = 0
    swap: str = "#analyse"
    step: bool = False


@dataclass(frozen=True)
class ChartCard:
    """A chart in its foldable card: tabs to other pictures, a note, and what shows without scripts.

    `image_href` is the address of the server's drawing; `svg` the drawing itself, when it is at hand.
    """

    chart: ChartModel
    tabs: tuple[Link, ...] = ()
    note: str = ""
    note_link: Link | None = None
    image_href: str = ""
    svg: Markup | None = None
    height: int = 0
    id: str = "chart"
