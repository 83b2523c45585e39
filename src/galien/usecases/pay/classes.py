"""Classes of medicines a reform is read by: place in the registers, slice of price, reimbursement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from galien.calculators.pay.tariff import Tariff
from galien.kernel import french
from galien.usecases.pay.book import Priced

PRESCRIPTIONS = "prescription"
CLASS_LABELS = {
    "generic": "Génériques",
    "originator": "Princeps",
    "other": "Autres médicaments",
    PRESCRIPTIONS: "Honoraires d’ordonnance",
}
_STATUS = {"generic": "generic", "substitutable": "generic", "originator": "originator"}


@dataclass
class Classes:
    """Numbers the classes as products are met; `of` gives the key of a product's class."""

    of: Callable[[Priced], str]
    numbers: dict[str, int] = field(default_factory=dict)

    def number(self, priced: Priced) -> int:
        """Return the number of a product's class."""
        return self.numbers.setdefault(self.of(priced), len(self.numbers))


def classes(name: str, tariff: Tariff) -> Classes:
    """Return the classes of a name under the law in force: product_class, price_slice, reimbursement_rate."""
    if name == "product_class":
        return Classes(lambda each: _STATUS.get(each.medicine.status, "other"))
    if name == "reimbursement_rate":
        return Classes(lambda each: f"{each.reimbursement_rate:f}")
    starts = [bracket.start for bracket in tariff.structure.mdl.brackets]

    def slice_of(each: Priced) -> str:
        price = each.medicine.ex_factory_price
        place = sum(1 for start in starts if start < price) or 1
        end = f"{starts[place]:f}" if place < len(starts) else ""
        return f"{starts[place - 1]:f}-{end}"

    return Classes(slice_of)


def class_label(name: str, key: str) -> str:
    r"""Write the class of a key.

    >>> class_label("product_class", "generic"), class_label("reimbursement_rate", "0.65")
    ('Génériques', '65\u202f%')
    """
    if key in CLASS_LABELS:
        return CLASS_LABELS[key]
    if name == "reimbursement_rate":
        return french.percent(Decimal(key), 0)
    start, _, end = key.partition("-")
    if not end:
        return f"Plus de {french.amount(Decimal(start))}"
    if Decimal(start) == 0:
        return f"Jusqu’à {french.amount(Decimal(end))}"
    return f"De {french.amount(Decimal(start))} à {french.amount(Decimal(end))}"


def class_order(key: str) -> tuple[int, Decimal, str]:
    """Sort classes: rates and slices by size, the others as they are listed, prescriptions last."""
    if key in CLASS_LABELS:
        return (1, Decimal(list(CLASS_LABELS).index(key)), key)
    return (0, Decimal(key.partition("-")[0]), key)
