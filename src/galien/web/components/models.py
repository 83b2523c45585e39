"""What components are fed with: plain values that pages build and templates print."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from galien.kernel import french

Figure = int | float | Decimal | None
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Link:
    """A choice that is an address: crumb, tab, period, menu entry, export."""

    label: str
    href: str
    current: bool = False
    hint: str = ""
    icon: str = ""
    download: bool = False


@dataclass(frozen=True)
class LawUse:
    """A regulated value used by a figure, with the day it applies from and who says so."""

    label: str
    value: str
    since: str
    source: str


@dataclass(frozen=True)
class Definition:
    """What a figure means: sentence, formula, unit, source, regulated values used."""

    label: str
    text: str
    formula: str = ""
    unit: str = ""
    source: str = ""
    law: tuple[LawUse, ...] = ()
    href: str = ""


class Better(StrEnum):
    """Which way is good news, hence the colour of a change."""

    UP = "up"
    DOWN = "down"
    NEUTRAL = "neutral"


@dataclass(frozen=True)
class Change:
    """A change: a ratio (0.033 prints +3,3 %), or a difference of rates when `points`.

    None is an undefined change and prints "n. s.".
    """

    value: Figure
    points: bool = False
    better: Better = Better.UP


@dataclass(frozen=True)
class Headline:
    """A figure on top of a page; `value` is printed as given, `exact` on hover and in print."""

    label: str
    value: str
    exact: str = ""
    change: Change | None = None
    against: str = ""
    trend: tuple[Figure, ...] = ()
    definition: Definition | None = None
    href: str = ""
    target: str = ""
    reference: str = ""
    partial: str = ""

    @classmethod
    def euros(cls, label: str, value: Decimal, against: str) -> Headline:
        """Return an amount written to the cent, and what to read beside it."""
        exact = french.amount(value)
        return cls(label, exact, exact=exact, against=against)


@dataclass(frozen=True)
class Chip:
    """A filter in force, with the address of the page without it."""

    label: str
    value: str
    remove_href: str
    exclude: bool = False


@dataclass(frozen=True)
class Option:
    """A value that a form offers."""

    value: str
    label: str
    chosen: bool = False
    note: str = ""


@dataclass(frozen=True)
class FilterField:
    """A dimension to filter on: its values as boxes, or a search when there are too many.

    Boxes are sent as `name`; `search_href` answers the boxes of what is typed (`q`), `list_href` is the
    page where they are all chosen, with or without scripts.
    """

    label: str
    options: tuple[Option, ...] = ()
    name: str = "where"
    search_href: str = ""
    list_href: str = ""


@dataclass(frozen=True)
class PeriodForm:
    """The two dates of a period of one's own; `fields` keeps the rest of the state."""

    action: str
    first: dt.date | None = None
    last: dt.date | None = None
    fields: Pairs = ()
    note: str = ""


@dataclass(frozen=True)
class Toggle:
    """A yes or no kept in the address: `href` is the address of the other answer."""

    label: str
    href: str
    on: bool = False
    hint: str = ""


@dataclass(frozen=True)
class FilterBar:
    """Everything that narrows an analysis.

    `links` are what can be done with the filters in force; `swap` is the selector of the part that is
    replaced.
    """

    periods: tuple[Link, ...]
    period_form: PeriodForm | None = None
    comparisons: tuple[Link, ...] = ()
    levels: tuple[Link, ...] = ()
    toggles: tuple[Toggle, ...] = ()
    fields: tuple[FilterField, ...] = ()
    action: str = ""
    hidden: Pairs = ()
    chips: tuple[Chip, ...] = ()
    clear_href: str = ""
    links: tuple[Link, ...] = ()
    swap: str = "#analyse"


class CellKind(StrEnum):
    """How the cells of a column are printed."""

    TEXT = "text"
    NUMBER = "number"
    """Quantity or amount; the unit is in the header."""
    RATIO = "ratio"
    """0.0533 prints 5,33, with % in the header."""
    CHANGE = "change"
    """A ratio with sign, arrow, colour."""
    POINTS = "points"
    """A difference of ratios, in points."""
    WEIGHT = "weight"
    """A ratio with a bar under it."""
    DAY = "day"
    MARKUP = "markup"


@dataclass(frozen=True)
class Column:
    """A column of a table: `sort_href` makes its header a link, `sorted` tells the order in force."""

    name: str
    label: str
    kind: CellKind = CellKind.NUMBER
    unit: str = ""
    decimals: int = 0
    definition: Definition | None = None
    sort_href: str = ""
    sorted: str = ""
    better: Better = Better.UP
    hint: str = ""


@dataclass(frozen=True)
class Masked:
    """A cell that statistical secrecy hides, and the sentence that says why."""

    reason: str = "Masqué : trop peu de pharmacies pour publier ce chiffre."


class Row(NamedTuple):
    """A row: cells in column order, the first one naming it. A named tuple: a table makes thousands.

    `href` goes down into the row, `key` is what row actions put in their address, `tone` is
    `unknown` (Non renseigné), `rest` (Autres), `partial` or empty.
    """

    cells: tuple[object, ...]
    key: str = ""
    href: str = ""
    tone: str = ""
    note: str = ""


@dataclass(frozen=True)
class RowAction:
    """An entry of the menu of a row: `{key}` in the address becomes the key of the row."""

    label: str
    href: str


@dataclass(frozen=True)
class Pages:
    """Where the reader is in a long list."""

    page: int
    count: int
    previous_href: str = ""
    next_href: str = ""
    all_href: str = ""
    text: str = ""


@dataclass(frozen=True)
class ColumnForm:
    """The choice of columns: a box each, sent as `name` to `action` with the rest of the state."""

    action: str
    options: tuple[Option, ...]
    name: str = "columns"
    fields: Pairs = ()


@dataclass(frozen=True)
class TableModel:
    """An analysis table: header, totals on top, rows, and what its footer offers."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Row | None = None
    count: str = ""
    hidden: Toggle | None = None
    choice: ColumnForm | None = None
    exports: tuple[Link, ...] = ()
    actions: tuple[RowAction, ...] = ()
    pages: Pages | None = None
    meta: str = ""
    swap: str = "#analyse"
    id: str = "table"

    @property
    def definitions(self) -> tuple[Definition, ...]:
        """Return the definitions of the columns, each once, in order."""
        found = (column.definition for column in self.columns)
        return tuple(dict.fromkeys(each for each in found if each))


class Tone(StrEnum):
    """What a notice or a badge means."""

    INFO = "info"
    GOOD = "good"
    WARNING = "warning"
    ERROR = "error"
    NEUTRAL = "neutral"


@dataclass(frozen=True)
class Notice:
    """A sentence to the reader: what, where, why, what to do; `reference` to quote to support."""

    title: str
    text: str = ""
    tone: Tone = Tone.INFO
    links: tuple[Link, ...] = ()
    reference: str = ""


@dataclass(frozen=True)
class Empty:
    """Why there is nothing to show, and what to do about it."""

    title: str
    text: str = ""
    links: tuple[Link, ...] = ()
    icon: str = "search"


@dataclass(frozen=True)
class Badge:
    """A word about a state."""

    label: str
    tone: Tone = Tone.NEUTRAL


@dataclass(frozen=True)
class Action:
    """A button of a page: a link (`href`), a menu (`items`), or a button a script listens to (`does`)."""

    label: str
    href: str = ""
    primary: bool = False
    icon: str = ""
    items: tuple[Link, ...] = ()
    does: str = ""
    hint: str = ""


@dataclass(frozen=True)
class PageHead:
    """The top of a page: where one is, its question, the period in words, what can be done."""

    title: str
    when: str = ""
    note: str = ""
    crumbs: tuple[Link, ...] = ()
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True)
class Progress:
    """Long work under way; `poll_href` answers this component again, `cancel_href` takes a POST."""

    label: str
    done: int = 0
    total: int = 0
    text: str = ""
    cancel_href: str = ""
    poll_href: str = ""
    id: str = "progress"


@dataclass(frozen=True)
class Field:
    """A field of a form. `kind`: text, search, email, password, number, date, select, area, check, file."""

    name: str
    label: str
    kind: str = "text"
    value: str = ""
    help: str = ""
    error: str = ""
    options: tuple[Option, ...] = ()
    required: bool = False
    autocomplete: str = ""
    accept: str = ""
    suffix: str = ""
    checked: bool = False
