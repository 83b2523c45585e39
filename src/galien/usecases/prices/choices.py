"""What a category of products may be made of: the values that the catalogue's free-price products bear."""

from __future__ import annotations

from collections.abc import Mapping

from galien.analytics.question import UNKNOWN
from galien.kernel import french
from galien.kernel.errors import NotAvailable
from galien.model.viewer import Viewer
from galien.usecases.detail import read_products
from galien.usecases.prices.policy_file import ATTRIBUTES
from galien.usecases.services import Services
from galien.usecases.values import values

VAT = "vat_rate"
NAMES = {
    "universe_1": "Univers",
    "universe_2": "Sous-univers",
    "family_1": "Famille",
    "family_2": "Sous-famille",
    "segment_1": "Segment",
    "lab": "Laboratoire",
    "brand": "Marque",
    "range": "Gamme",
    "product_type": "Type de produit",
    VAT: "Taux de TVA",
}
_COLUMNS = tuple(name for name in ATTRIBUTES if name != VAT)
_VALUES = " union all ".join(
    f"""select distinct '{name}' as attribute, cast("{name}" as varchar) as value from product
    where reimbursable is distinct from true and "{name}" is not null"""  # noqa: S608 - constants
    for name in _COLUMNS
)


def choices(viewer: Viewer, *, services: Services) -> Mapping[str, tuple[str, ...]]:
    """Return the values that exist of each attribute, in order; none before a first publication.

    Products of no free price lend none. VAT rates are ratios, as the viewer's sales bear them.
    """
    found: dict[str, set[str]] = {name: set() for name in NAMES}
    try:
        for row in read_products(_VALUES, services=services).to_pylist():
            found[row["attribute"]].add(row["value"])
        rates = values("sales", VAT, "", viewer, services=services)
    except NotAvailable:
        return dict.fromkeys(NAMES, ())
    told = {name: tuple(sorted(each, key=french.fold)) for name, each in found.items()}
    return told | {VAT: tuple(each.key for each in rates if each.key != UNKNOWN)}
