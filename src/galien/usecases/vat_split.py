"""Sales, purchases and stock of a pharmacy by VAT rate, as the published data say them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from galien.analytics.answer import Answer
from galien.analytics.question import UNKNOWN, Filter, Question
from galien.kernel.errors import NotAllowed, NotAvailable
from galien.kernel.period import Period
from galien.model.viewer import Viewer
from galien.usecases.ask import ask
from galien.usecases.services import Services

ZERO = Decimal(0)
THIRD_PARTY = ("prescription_third_party", "rental_third_party")
Column = Mapping[Decimal | None, Decimal]


@dataclass(frozen=True)
class RateLine:
    """A rate: sales with the fees of its medicines, purchases, stock, in euros; None: not received.

    `purchases_incl` is purchases with their tax; `third_party_incl` is the part of sales incl. tax
    that health insurers pay, due on delivery all the same.
    """

    rate: Decimal | None
    sales_incl: Decimal
    sales_excl: Decimal
    third_party_incl: Decimal
    purchases_excl: Decimal | None
    stock: Decimal | None

    @property
    def collected(self) -> Decimal:
        """Return the tax on sales."""
        return self.sales_incl - self.sales_excl

    @property
    def deductible(self) -> Decimal | None:
        """Return the tax on purchases; None without purchases or rate."""
        if self.purchases_excl is None or self.rate is None:
            return None
        return self.purchases_excl * self.rate

    @property
    def purchases_incl(self) -> Decimal | None:
        """Return purchases with their tax."""
        if self.deductible is None or self.purchases_excl is None:
            return None
        return self.purchases_excl + self.deductible


@dataclass(frozen=True)
class VatSplit:
    """The split of a period: lines by rate, and what the data do not hold, in sentences."""

    period: Period
    lines: tuple[RateLine, ...]
    notes: tuple[str, ...]


def vat_split(viewer: Viewer, pharmacy: str, period: str, *, services: Services) -> VatSplit:
    """Split a period by rate; raises what `ask` raises when sales are not open to the viewer.

    A fee takes the rate of its medicine, hence its line. Means of payment are in no feed: what is
    not yet collected is not told, and the page says it.
    """
    where = (Filter("pharmacy", (pharmacy,)),)
    measures = ("sales_incl", "sales_excl", "fee_incl", "fee_excl")
    asked = Question("sales", measures, ("vat_rate", "sale_type"), period, "none", where)
    sales = ask(asked, viewer, services=services)
    purchases = _purchases(period, where, viewer, services)
    stock = _stock(period, where, viewer, services)
    return VatSplit(sales.meta.period, _lines(sales, purchases, stock), _notes(purchases, stock))


def _lines(sales: Answer, purchases: Column | None, stock: Column | None) -> tuple[RateLine, ...]:
    incl: dict[Decimal | None, Decimal] = {}
    excl: dict[Decimal | None, Decimal] = {}
    third: dict[Decimal | None, Decimal] = {}
    for row in sales.table.to_pylist():
        rate = _rate(row["vat_rate"])
        whole = row["sales_incl"] + row["fee_incl"]
        incl[rate] = incl.get(rate, ZERO) + whole
        excl[rate] = excl.get(rate, ZERO) + row["sales_excl"] + row["fee_excl"]
        if row["sale_type"] in THIRD_PARTY:
            third[rate] = third.get(rate, ZERO) + whole
    rates = {*incl, *(purchases or {}), *(stock or {})}
    ordered = sorted(rates, key=lambda rate: (rate is None, rate or ZERO))
    return tuple(
        RateLine(
            rate=rate,
            sales_incl=incl.get(rate, ZERO),
            sales_excl=excl.get(rate, ZERO),
            third_party_incl=third.get(rate, ZERO),
            purchases_excl=None if purchases is None else purchases.get(rate, ZERO),
            stock=None if stock is None else stock.get(rate, ZERO),
        )
        for rate in ordered
    )


def _stock(
    period: str, where: tuple[Filter, ...], viewer: Viewer, services: Services
) -> Column | None:
    """Return the stock at the last count by rate: a stock file has none, its products' sales do."""
    held = _rows(
        Question("stock", ("stock_value",), ("product",), period, "none", where), viewer, services
    )
    if held is None:
        return None
    sold = _rows(
        Question("sales", ("quantity",), ("product", "vat_rate"), period, "none", where),
        viewer,
        services,
    )
    rates = {row["product"]: _rate(row["vat_rate"]) for row in sold or ()}
    found: dict[Decimal | None, Decimal] = {}
    for row in held:
        rate = rates.get(row["product"])
        found[rate] = found.get(rate, ZERO) + (row["stock_value"] or ZERO)
    return found or None


def _purchases(
    period: str, where: tuple[Filter, ...], viewer: Viewer, services: Services
) -> Column | None:
    asked = Question("purchases", ("net_amount",), ("vat_rate",), period, "none", where)
    rows = _rows(asked, viewer, services) or ()
    return {_rate(row["vat_rate"]): row["net_amount"] or ZERO for row in rows} or None


def _rows(asked: Question, viewer: Viewer, services: Services) -> list[dict[str, Any]] | None:
    """Return the rows of a question; None when the feed is not there or not open."""
    try:
        return ask(asked, viewer, services=services).table.to_pylist()
    except (NotAllowed, NotAvailable):
        return None


def _rate(key: object) -> Decimal | None:
    return None if key in {None, UNKNOWN} else Decimal(str(key)).normalize()


def _notes(purchases: Column | None, stock: Column | None) -> tuple[str, ...]:
    notes = [
        "Les ventes au tiers payant sont dues à la délivrance, encaissées ou non.",
        "Les encaissements par moyen de paiement ne sont dans aucun fichier reçu : ce qui reste à "
        "encaisser n’est pas dit ici.",
    ]
    if purchases is None:
        notes.append("Aucun achat reçu pour cette période : la TVA déductible n’est pas dite.")
    if stock is not None:
        notes.append(
            "Un fichier de stock ne porte pas de taux : chaque produit prend celui de ses ventes "
            "de la période, et "
            "ce qui ne s’est pas vendu est à part."
        )
    else:
        notes.append("Aucun inventaire reçu pour cette période : le stock par taux n’est pas dit.")
    return tuple(notes)
