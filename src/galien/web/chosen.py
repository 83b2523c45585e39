"""A period, a pharmacy and a breakdown kept in the address of a page that computes on facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from markupsafe import Markup

from galien.analytics.answer import Answer
from galien.kernel import french
from galien.kernel.errors import InvalidInput
from galien.kernel.period import Period, parse_period
from galien.kernel.units import Unit
from galien.law import Cited, LawValue, Scale, Source
from galien.usecases import access_log
from galien.usecases.export import download
from galien.usecases.services import current
from galien.usecases.values import values
from galien.web.analysis.columns import column_model
from galien.web.analysis.filters import PERIODS
from galien.web.components.models import (
    CellKind,
    Column,
    Field,
    FilterBar,
    Link,
    Option,
    PeriodForm,
    Row,
    TableModel,
)
from galien.web.lists import day, link, plain_table, text
from galien.web.shell.context import viewer
from galien.web.shell.downloads import attached

PERIOD, FIRST, LAST, PHARMACY, BY = "period", "from", "to", "pharmacie", "par"
ALL = "toutes"
DEFAULT_PERIOD = "last-12-months"
EXPORTS = (("csv", "CSV"), ("xlsx", "Excel"), ("parquet", "Parquet"))
MOST = 2000


@dataclass(frozen=True)
class Chosen:
    """What the address says. `pharmacies` is the name by FINESS; `pharmacy` is empty for all of them.

    `kept` is the rest of the address, in its order.
    """

    path: str
    period: str
    pharmacy: str
    by: str
    pharmacies: Mapping[str, str]
    kept: tuple[tuple[str, str], ...] = ()

    @property
    def days(self) -> Period:
        """Return the period in days."""
        return parse_period(self.period, current().clock.today())

    @property
    def only(self) -> tuple[str, ...]:
        """Return the pharmacy as a filter: nothing for all of them."""
        return (self.pharmacy,) if self.pharmacy else ()

    def pairs(self, **changes: str) -> list[tuple[str, str]]:
        """Return the address parameters with some changed, empty ones left out."""
        now = {PERIOD: self.period, PHARMACY: self.pharmacy, BY: self.by, **changes}
        return [(name, value) for name, value in (*now.items(), *self.kept) if value]

    def href(self, **changes: str) -> str:
        """Return the address of the page with some parameters changed."""
        return f"{self.path}?{urlencode(self.pairs(**changes))}"

    def bar(self) -> FilterBar:
        """Return the choice of the period."""
        days = self.days
        return FilterBar(
            periods=tuple(
                Link(label, self.href(period=key), current=self.period == key)
                for key, label in PERIODS
            ),
            period_form=PeriodForm(
                self.path, days.first, days.last, tuple(self.pairs(**{PERIOD: ""}))
            ),
            swap="",
        )

    def segments(self, choices: Mapping[str, str]) -> tuple[Link, ...]:
        """Return the choice of the breakdown."""
        return tuple(
            Link(label, self.href(**{BY: key}), current=key == self.by)
            for key, label in choices.items()
        )

    def pharmacy_field(self) -> Field:
        """Return the select of the pharmacy."""
        every = Option(ALL, "Toutes mes pharmacies", chosen=not self.pharmacy)
        return Field(
            PHARMACY,
            "Pharmacie",
            kind="select",
            required=True,
            options=(
                every,
                *(
                    Option(k, name, chosen=k == self.pharmacy)
                    for k, name in self.pharmacies.items()
                ),
            ),
        )

    def exports(self) -> tuple[Link, ...]:
        """Return the links to the exports."""
        return tuple(
            Link(label, self.href(format=style), download=True) for style, label in EXPORTS
        )


def chosen(request: HttpRequest, breakdowns: Mapping[str, str], *, kept: bool = False) -> Chosen:
    """Read the address. `breakdowns` are those the page offers, the first one by default.

    The rest of the address is kept when `kept`. Raises InvalidInput for what is no choice of the page.
    """
    given = {
        name: request.GET.get(name, "").strip() for name in (PERIOD, FIRST, LAST, PHARMACY, BY)
    }
    given[PHARMACY] = given[PHARMACY].replace(ALL, "")
    period = given[PERIOD] or DEFAULT_PERIOD
    if given[FIRST] and given[LAST]:
        period = f"{given[FIRST]}..{given[LAST]}"
    every = {
        each.key: each.label
        for each in values("sales", "pharmacy", "", viewer(request), services=current(), limit=MOST)
    }
    by = given[BY] or next(iter(breakdowns))
    known = not given[PHARMACY] or given[PHARMACY] in every
    if by not in breakdowns or not known:
        raise InvalidInput(
            "L’adresse demande une pharmacie ou une ventilation qui n’est pas un choix de cette "
            "page : reprenez-la par le menu."
        )
    rest = [
        (str(name), str(value))
        for name in request.GET
        if name not in {*given, "format"}
        for value in request.GET.getlist(name)
    ]
    return Chosen(
        request.path, period[:40], given[PHARMACY], by, every, tuple(rest if kept else ())
    )


def log_view(request: HttpRequest, subject: str, answer: Answer) -> None:
    """Note that somebody looked at the figures of these pharmacies."""
    access_log.note(
        access_log.VIEW, subject, viewer(request), services=current(),
        pharmacies=answer.meta.scope, release=answer.meta.release,
    )  # fmt: skip


def exported(request: HttpRequest, subject: str, answer: Answer, style: str) -> HttpResponse:
    """Answer an export of the figures, and note it; InvalidInput for an unknown style."""
    made = download(answer, style)
    access_log.note(
        access_log.EXPORT, f"{subject} ({style})", viewer(request), services=current(),
        pharmacies=answer.meta.scope, release=answer.meta.release,
    )  # fmt: skip
    return attached(made.content, made.media_type, made.filename)


def figures_table(
    answer: Answer, names: tuple[str, ...], *, caption: str, exports: tuple[Link, ...] = ()
) -> TableModel:
    """Return computed figures as a table: the label of each row, then the named columns."""
    key = answer.columns[0]
    columns = (
        Column(key.name, key.label, kind=CellKind.TEXT),
        *(column_model(name, answer) for name in names),
    )
    rows = tuple(
        Row(
            cells=(row[f"{key.name}_label"], *(row[name] for name in names)),
            key=row[key.name],
        )
        for row in answer.table.to_pylist()
    )
    total = Row(cells=("Total", *(answer.totals[name] for name in names)))
    noun = f"{len(rows)} ligne{'s' if len(rows) > 1 else ''}"
    return TableModel(
        caption=caption, columns=columns, rows=rows, total=total, count=noun, exports=exports, swap="",
        meta=f"Publication {answer.meta.release}",
    )  # fmt: skip


def law_used(cited: Iterable[Cited[LawValue]]) -> TableModel:
    """Return the regulated values a page used: what, how much, since when, who says so."""
    columns = (
        text("label", "Paramètre"), text("value", "Valeur"), day("since", "Depuis le"),
        text("source", "Source"),
    )  # fmt: skip
    rows = [
        Row(cells=(each.label, law_value(each.value, each.unit), each.since, _source(each.source)))
        for each in sorted(cited, key=lambda one: (one.label, one.since))
    ]
    return plain_table(
        "Valeurs du droit utilisées", columns, rows, noun=("valeur", "valeurs"), identity="droit"
    )


def law_value(value: object, unit: Unit) -> str:
    r"""Write a value of the law in one line.

    >>> law_value(Decimal("0.021"), Unit.RATIO), law_value(Decimal("1.02"), Unit.EUR_INCL)
    ('2,10\u202f%', '1,02\u202f€ TTC')
    """
    if isinstance(value, Scale):
        return " ; ".join(
            f"{french.percent(bracket.rate, 2)} dès {french.amount(bracket.start)}"
            for bracket in value.brackets
            if bracket.rate is not None
        )
    if isinstance(value, bool):
        return "oui" if value else "non"
    if not isinstance(value, Decimal):
        return str(value)
    if unit is Unit.RATIO:
        return french.percent(value, 2)
    if unit.is_money:
        return f"{french.number(value, 2)}\u202f{unit.sign}"
    return french.number(value)


def _source(source: Source) -> Markup | str:
    return link(source.title, source.link) if source.link else source.title
