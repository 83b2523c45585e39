"""The values a filter may take, as one types: what a viewer's rights open, named in French."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from galien.analytics.dimensions import MARKET, find_filter
from galien.analytics.dimensions.kinds import (
    Dimension,
    FactKey,
    PharmacyAttribute,
    PharmacyState,
    ProductAttribute,
    ProductCode,
    SaleClass,
)
from galien.analytics.dimensions.products import price_band
from galien.analytics.measures import find_measures
from galien.analytics.naming import UNKNOWN_LABEL
from galien.analytics.question import UNKNOWN
from galien.analytics.release import ReleaseView
from galien.kernel import french
from galien.kernel.errors import NotAllowed
from galien.model.viewer import Viewer
from galien.usecases.scope import FEED_OF_SUBJECT
from galien.usecases.services import Services

LIMIT = 20
_TABLE = {"purchases": "purchases_month", "sales": "sales_month_type"}


@dataclass(frozen=True)
class Value:
    """A key of a dimension and its French label."""

    key: str
    label: str


def values(
    subject: str,
    dimension: str,
    text: str,
    viewer: Viewer,
    *,
    services: Services,
    limit: int = LIMIT,
) -> list[Value]:
    """Return the values of a dimension that hold what was typed, accents and case aside.

    Those that begin with it come first. Pharmacies and product lists are those of the viewer;
    suppliers and operators those of their pharmacies. Raises InvalidInput for an unknown dimension,
    NotAllowed for operators of pharmacies that are not the viewer's own.
    """
    find_measures(subject)
    if dimension == MARKET:
        return [each for each in _markets(viewer) if _place(each, french.fold(text.strip())) >= 0][
            :limit
        ]
    found = find_filter(subject, dimension)
    with services.reader.hold() as held:
        known = _known(subject, found, viewer, services.reading.view(held))
    typed = french.fold(text.strip())
    near = [(each, place) for each in known if (place := _place(each, typed)) >= 0]
    near.sort(key=lambda pair: (pair[1] > 0, _rank(found, pair[0])))
    return [each for each, _ in near[:limit]]


def names(
    subject: str, dimension: str, keys: Iterable[str], viewer: Viewer, *, services: Services
) -> dict[str, str]:
    """Return the label of each key, for chips; a pharmacy out of the rights keeps its code."""
    if dimension == MARKET:
        return _market_names(keys, viewer)
    found = find_filter(subject, dimension)
    with services.reader.hold() as held:
        view = services.reading.view(held)
        named = view.names(found)
    if dimension == "pharmacy" and not viewer.everything:
        mine = viewer.all_pharmacies()
        named = {key: label for key, label in named.items() if key in mine}
    return {key: _label(found, key, named.get(key)) for key in keys}


def _markets(viewer: Viewer) -> list[Value]:
    from galien.usecases.markets import listed

    return [Value(str(each.pk), each.name) for each in listed(viewer)]


def _market_names(keys: Iterable[str], viewer: Viewer) -> dict[str, str]:
    from galien.usecases.markets import names as market_names

    return market_names(keys, viewer)


def _label(dimension: Dimension, key: str, named: str | None) -> str:
    if key == UNKNOWN:
        return UNKNOWN_LABEL
    try:
        return named or dimension.name_key(key)
    except (ValueError, ArithmeticError, LookupError):
        return key


def _rank(dimension: Dimension, value: Value) -> str:
    """Order values by name; bands, whose keys sort as what they are bands of, by key."""
    return value.key if dimension is price_band else french.fold(value.label)


def _place(value: Value, typed: str) -> int:
    label = french.fold(value.label).find(typed)
    key = french.fold(value.key).find(typed)
    return min((place for place in (label, key) if place >= 0), default=-1)


def _known(subject: str, dimension: Dimension, viewer: Viewer, view: ReleaseView) -> list[Value]:
    if isinstance(dimension, PharmacyState):
        return [Value(key, label) for key, label in (dimension.labels or {}).items()]
    if isinstance(dimension, PharmacyAttribute):
        mine = viewer.all_pharmacies()
        rows = [r for r in view.pharmacies if viewer.everything or r.pharmacy in mine]
        keys = {str(r.attributes[dimension.column]) for r in rows if r.attributes[dimension.column]}
    elif isinstance(dimension, SaleClass):
        keys = set(dimension.classes)
    elif isinstance(dimension, ProductAttribute):
        keys = set(view.keys("product", dimension.column))
    elif isinstance(dimension, FactKey):
        keys = _of_facts(subject, dimension, viewer, view)
    else:
        return []
    labels = view.names(dimension)
    known = [Value(key, _label(dimension, key, labels.get(key))) for key in sorted(keys)]
    if isinstance(dimension, (ProductCode, SaleClass)) or dimension.name == "pharmacy":
        return known
    return [*known, Value(UNKNOWN, UNKNOWN_LABEL)]


def _of_facts(subject: str, dimension: FactKey, viewer: Viewer, view: ReleaseView) -> set[str]:
    ids = _ids(subject, dimension, viewer, view)
    if dimension.numeric and dimension.column == "band":
        return {str(band) for band in range(12)}
    operator = dimension.column == "operator"
    table = "operator_month" if operator else _TABLE[subject]
    found = view.keys(table, dimension.column, ids)
    return {dimension.text(key) for key in found}


def _ids(
    subject: str, dimension: FactKey, viewer: Viewer, view: ReleaseView
) -> tuple[int, ...] | None:
    if viewer.everything:
        return None
    feed = FEED_OF_SUBJECT[subject]
    grants = [grant for grant in viewer.grants if feed in grant.feeds]
    if dimension.column == "operator":
        grants = [grant for grant in grants if grant.own]
        if not grants:
            raise NotAllowed("Les opérateurs ne sont montrés qu’au titulaire, pour sa pharmacie.")
    codes = {grant.pharmacy for grant in grants}
    return tuple(row.pharmacy_id for row in view.pharmacies if row.pharmacy in codes)
