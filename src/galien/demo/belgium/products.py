"""The invented products of the Belgian pair: CNK codes of their own, prices from Belgium's law."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from galien.calculators.belgium import belgian_pay
from galien.demo.belgium.law_day import LAW_DAY
from galien.kernel.codes import luhn_ok
from galien.kernel.errors import InternalError
from galien.kernel.money import round_amount
from galien.law import Law

PRESCRIBED: Final = ("Cardifictol", "Lipimagine", "Glucovirtua", "Tensimythe", "Gastrofable",
                     "Antalconte", "Pulmolégende", "Thyrochimère")  # fmt: skip
COUNTER: Final = ("Rhumofable", "Digestimythe", "Allergiconte", "Vitafictive")
CARE: Final = ("Crème Imaginaire", "Lait Chimérique", "Solaire Utopique", "Gel Légendaire",
               "Shampooing Fabuleux", "Dentifrice Mythique")  # fmt: skip
SIZES: Final = (("petit", Decimal(1)), ("moyen", Decimal("1.8")), ("grand", Decimal("3.1")))
LABS: Final = ("Laboratoire Fictif Alpha", "Laboratoire Fictif Bêta", "Laboratoire Fictif Gamma")
# No source establishes the wholesaler's margin nor what a counter product earns: invented.
WHOLESALER, COUNTER_MARGIN, CARE_MARGIN = Decimal("0.131"), Decimal("0.31"), Decimal("0.35")


@dataclass(frozen=True)
class Product:
    """A product: euros, ratios; `pace` weighs how often it is asked.

    `price_incl` is the public price, the indicative one for care products; `list_excl` what the
    wholesaler asks and `net_excl` what is paid. `fee_incl` is the fee of a delivery.
    """

    code: str
    label: str
    universe: str
    lab: str
    vat_rate: Decimal
    prescribed: bool
    price_incl: Decimal
    fee_incl: Decimal
    theoretical_margin: Decimal
    list_excl: Decimal
    net_excl: Decimal
    pace: int

    @property
    def free(self) -> bool:
        """Tell whether the price is free since 1 September 2025."""
        return self.universe == "Parapharmacie (fictive)"


def make_products(law: Law) -> tuple[Product, ...]:
    """Return the products, the same ones always; prices follow the last law that is established."""
    made: list[Product] = []
    for names, make in ((PRESCRIBED, _prescribed), (COUNTER, _counter), (CARE, _care)):
        for place, name in enumerate(names):
            for size, times in SIZES:
                rank = len(made)
                label = f"{name} {size} conditionnement (fictif)"
                base = (Decimal(4) + 3 * Decimal(place)) * times
                made.append(make(law, rank, label, base))
    return tuple(made)


def cnk(rank: int) -> str:
    """Return a code that no product has: 98, the rank, and the Luhn key.

    >>> cnk(0)
    '9800008'
    """
    body = f"98{rank:04d}"
    return next(body + str(key) for key in range(10) if luhn_ok(body + str(key)))


def _prescribed(law: Law, rank: int, label: str, base: Decimal) -> Product:
    """A medicine on prescription: ex-factory price, wholesaler, economic margin; the fee apart."""
    pay = belgian_pay(law, base, on=LAW_DAY)
    if pay.economic_margin is None or pay.basic_fee is None or pay.vat_rate is None:
        raise InternalError("La loi belge du 31/12/2024 n’a plus la marge, l’honoraire ou la TVA.")
    cost = base * (1 + WHOLESALER)
    excl = cost + pay.economic_margin
    return Product(
        code=cnk(rank), label=label, universe="Médicaments (fictifs)", lab=LABS[rank % 3],
        vat_rate=pay.vat_rate, prescribed=True, price_incl=round_amount(excl * (1 + pay.vat_rate)),
        fee_incl=round_amount(pay.basic_fee * (1 + pay.vat_rate)),
        theoretical_margin=round(pay.economic_margin / excl, 4), list_excl=round_amount(cost),
        net_excl=round_amount(cost * Decimal("0.97")), pace=6,
    )  # fmt: skip


def _counter(law: Law, rank: int, label: str, base: Decimal) -> Product:
    vat = law.number("vat_be_medicine", on=LAW_DAY).value
    return _at_margin(rank, label, "Conseil (fictif)", base, vat, COUNTER_MARGIN, pace=4)


def _care(law: Law, rank: int, label: str, base: Decimal) -> Product:
    vat = law.number("vat_be_parapharmacy", on=LAW_DAY).value
    return _at_margin(rank, label, "Parapharmacie (fictive)", base, vat, CARE_MARGIN, pace=2)


def _at_margin(  # noqa: PLR0913, PLR0917  # a product is made of these
    rank: int, label: str, universe: str, base: Decimal, vat: Decimal, margin: Decimal, pace: int
) -> Product:
    return Product(
        code=cnk(rank), label=label, universe=universe, lab=LABS[rank % 3], vat_rate=vat,
        prescribed=False, price_incl=round_amount(base / (1 - margin) * (1 + vat)),
        fee_incl=Decimal(0), theoretical_margin=margin, list_excl=round_amount(base),
        net_excl=round_amount(base * Decimal("0.88")), pace=pace,
    )  # fmt: skip
