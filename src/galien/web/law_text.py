"""How values of the law are written in French, and how the ones a figure used are cited."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from decimal import Decimal

from markupsafe import Markup

from galien.kernel import french
from galien.kernel.units import Unit
from galien.law import Banded, Cited, LawValue, Scale
from galien.law.parameters import DatedValue
from galien.web.components.models import Row, TableModel
from galien.web.lists import link, plain_table, text, wrapped

UNKNOWN = "Inconnue"
SHORT = 30
_KEPT_TOGETHER = re.compile(r" (?=[:;?!])|(?<=\d) (?=h\b|€|%)|(?<=n°) ")
_WHOLE_FROM = Decimal(1000)


def value_text(value: LawValue | None, unit: Unit) -> str:
    r"""Write a value with its unit; a scale or bands on one line.

    >>> value_text(Decimal("0.021"), Unit.RATIO), value_text(Decimal("1.02"), Unit.EUR_INCL)
    ('2,1\u202f%', '1,02\u202f€ TTC')
    """
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return "Oui" if value else "Non"
    if isinstance(value, str):
        return _words(value)
    if isinstance(value, Scale):
        return " · ".join(f"{size}\u00a0: {rate}" for size, rate in slices(value, unit))
    if isinstance(value, Banded):
        return " · ".join(f"{size}\u00a0: {figure}" for size, figure in bands(value, unit))
    return figure_text(value, unit)


def _words(rule: str) -> str:
    """Write a rule in words: a day in full, columns apart."""
    try:
        return french.day(dt.date.fromisoformat(rule))
    except ValueError:
        return rule.replace("|", " | ")


def value_cell(value: LawValue | None, unit: Unit) -> Markup | str:
    """Return a value for a cell: a scale or bands one line each, long words on several lines."""
    if isinstance(value, Scale):
        return _lines(slices(value, unit))
    if isinstance(value, Banded):
        return _lines(bands(value, unit))
    written = value_text(value, unit)
    return written if len(written) <= SHORT else wrapped(written)


def _lines(pairs: Iterable[tuple[str, str]]) -> Markup:
    lines = (Markup("{}{}: {}").format(size, french.FIXED, figure) for size, figure in pairs)
    return Markup('<div class="lines">{}</div>').format(Markup("<br>").join(lines))


def spaced(words: str) -> str:
    r"""Keep together what French typography never parts: a colon and its word, an hour, a number.

    >>> spaced("Garde : 20 h, n° 12")
    'Garde\xa0: 20\xa0h, n°\xa012'
    """
    return _KEPT_TOGETHER.sub(french.FIXED, words)


def figure_text(figure: Decimal | None, unit: Unit) -> str:
    r"""Write a figure with its unit, as many decimals as it has, cents for prices.

    >>> figure_text(Decimal("1300000"), Unit.EUR_EXCL)
    '1\u202f300\u202f000\u202f€ HT'
    """
    if figure is None:
        return UNKNOWN
    if unit is Unit.RATIO:
        return french.percent(figure, _decimals(figure * 100))
    if unit.is_money:
        whole = figure == figure.to_integral_value() and abs(figure) >= _WHOLE_FROM
        return f"{french.number(figure, 0 if whole else 2)}{french.NARROW}{unit.sign}"
    written = french.number(figure, _decimals(figure))
    return f"{written}{french.NARROW}{unit.sign}" if unit.sign else written


def slices(scale: Scale, unit: Unit) -> list[tuple[str, str]]:
    """Write each slice of a scale: from where to where, and its rate."""
    ends = [bracket.start for bracket in scale.brackets[1:]]
    return [
        (between(bracket.start, end), figure_text(bracket.rate, unit))
        for bracket, end in zip(scale.brackets, [*ends, None], strict=True)
    ]


def bands(banded: Banded, unit: Unit) -> list[tuple[str, str]]:
    """Write each size band: from where to where, and its value."""
    bounds = [band.up_to for band in banded.bands]
    return [
        (between(start, band.up_to), figure_text(band.value, unit))
        for band, start in zip(banded.bands, [None, *bounds], strict=False)
    ]


def source_cell(entry: DatedValue | Cited[LawValue]) -> Markup | str:
    """Return where a value was read, as a link when it has an address."""
    if not entry.source.link:
        return wrapped(spaced(entry.source.title))
    return wrapped(link(spaced(entry.source.title), entry.source.link))


def citations(cited: Iterable[Cited[LawValue]], *, identity: str = "droit") -> TableModel:
    """Return the table of the values of the law that a figure used."""
    columns = (
        text("label", "Valeur du droit"), text("value", "Valeur"), text("since", "Depuis"),
        text("source", "Source"), text("checked", "Vérifiée le"),
    )  # fmt: skip
    rows = (
        Row(
            cells=(
                spaced(each.label),
                value_cell(each.value, each.unit),
                since_text(each),
                source_cell(each),
                f"{each.checked_on:%d/%m/%Y}",
            ),
            href=f"/gestion/loi/{each.name}",
        )
        for each in cited
    )
    return plain_table(
        "Valeurs du droit utilisées", columns, rows, noun=("valeur", "valeurs"), identity=identity
    )


def since_text(cited: Cited[LawValue]) -> str:
    """Write the day a value begins, or that no source gives it."""
    return f"{cited.begun_on:%d/%m/%Y}" if cited.begun_on else "début non établi"


def between(start: Decimal | None, end: Decimal | None) -> str:
    r"""Write a slice of euros.

    >>> between(None, Decimal(150)) == "jusqu’à 150,00\u202f€"
    True
    """
    low = "" if not start else figure_text(start, Unit.EUR)
    if end is None:
        return f"au-delà de {low}" if low else "tout montant"
    high = figure_text(end, Unit.EUR)
    return f"de {low} à {high}" if low else f"jusqu’à {high}"


def _decimals(figure: Decimal) -> int:
    exponent = figure.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
