"""The law of a day as one box of medicine meets it: margins, public price, fees."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from galien.kernel.money import round_amount
from galien.law import Cited, Law, LawValue, PriceStructure
from galien.law.price_structure import STRUCTURE_PARAMETERS

LARGE_PACK_FACTOR = "fee_hg_factor"
FEE_VAT = "vat_dispensing_fee"
OLD_BOX_FEE = "mdl_box_fee"
FEES = ("fee_hd", "fee_hg", "fee_hdr")
BORROWED_MARGIN = {
    "generic": "mdl_generic_as_originator",
    "substitutable": "mdl_generic_as_originator",
    "hybrid": "mdl_hybrid_as_reference",
}
PARAMETERS = (
    *STRUCTURE_PARAMETERS,
    *dict.fromkeys(BORROWED_MARGIN.values()),
    *(f"{fee}_{tax}" for fee in FEES for tax in ("excl", "incl")),
    LARGE_PACK_FACTOR,
    FEE_VAT,
    OLD_BOX_FEE,
)
_NOTHING = Decimal(0)


class Pack(StrEnum):
    """Which fee a box bears: the common one, that of a three-month pack, or none."""

    COMMON = "common"
    LARGE = "large"
    NO_FEE = "no_fee"


@dataclass(frozen=True)
class Medicine:
    """What the law asks of a medicine on a day, in euros excl. tax.

    `reference_price` is the ex-factory price of its group's originator of the same pack size, None
    when there is none; `status` its place in the registers.
    """

    ex_factory_price: Decimal
    reference_price: Decimal | None = None
    status: str = "outside"
    pack: Pack = Pack.COMMON


@dataclass(frozen=True)
class Box:
    """What one box brings and costs on a day: euros, unrounded, fees apart from the public price."""

    margin: Decimal
    wholesaler_margin: Decimal
    public_price_excl: Decimal
    public_price_incl: Decimal
    fee_excl: Decimal
    fee_incl: Decimal


@dataclass(frozen=True)
class Fee:
    """A dispensing fee of a day, in euros without and with tax."""

    excl: Decimal
    incl: Decimal


@dataclass(frozen=True)
class Tariff:
    """The rules of a day. `borrowing` are the statuses that earn their reference's margin in value."""

    structure: PriceStructure
    borrowing: frozenset[str]
    box_fee: Fee
    large_pack_fee: Fee
    prescription_fee: Fee
    cited: tuple[Cited[LawValue], ...]

    @classmethod
    def on(cls, law: Law, on: dt.date) -> Tariff:
        """Read the rules of a day; a fee that the day does not know is nothing.

        Raises `NotAvailable` when the scales or the VAT of that day are unknown.
        """
        found = {name: law.find(name, on=on) for name in PARAMETERS}
        box = _fee(found, "fee_hd") or _old_box_fee(found)
        return cls(
            structure=PriceStructure.on(law, on),
            borrowing=frozenset(s for s, name in BORROWED_MARGIN.items() if _flag(found[name])),
            box_fee=box,
            large_pack_fee=_large_pack_fee(found, box),
            prescription_fee=_fee(found, "fee_hdr") or Fee(_NOTHING, _NOTHING),
            cited=tuple(cited for cited in found.values() if cited is not None),
        )

    def same_rules(self, other: Tariff) -> bool:
        """Tell whether another day's or law's rules price every box alike."""
        return replace(self, cited=()) == replace(other, cited=())

    def box(self, medicine: Medicine) -> Box:
        """Price one box of a medicine.

        Purpose: what the pharmacist, the wholesaler and the buyer get and give for a box.
        Inputs: ex-factory prices in euros excl. tax. Equation: public price = (ex-factory price +
        wholesaler's margin + margin) × (1 + VAT); the margin is that of the reference, in value, for a
        generic that has one. Source: the margin orders and the national agreement cited by the law
        values.

        >>> tariff = Tariff.on(Law.load(), dt.date(2020, 1, 1))
        >>> box = tariff.box(Medicine(Decimal(4), Decimal(10), "generic"))
        >>> box.margin, box.fee_excl
        (Decimal('0.7573'), Decimal('1'))
        """
        price = medicine.ex_factory_price
        earning = price
        if medicine.reference_price is not None and medicine.status in self.borrowing:
            earning = medicine.reference_price
        margin = self.structure.margin(earning)
        excl = self.structure.public_price_excl(price, margin=margin)
        fee = {Pack.COMMON: self.box_fee, Pack.LARGE: self.large_pack_fee}.get(
            medicine.pack, Fee(_NOTHING, _NOTHING)
        )
        return Box(
            margin=margin,
            wholesaler_margin=self.structure.wholesaler.amount(price),
            public_price_excl=excl,
            public_price_incl=excl * (1 + self.structure.vat),
            fee_excl=fee.excl,
            fee_incl=fee.incl,
        )


_Found = dict[str, Cited[LawValue] | None]


def _fee(found: _Found, name: str) -> Fee | None:
    """Read a fee; where one of its two amounts was set later, the other follows it with the VAT."""
    excl, incl = found[f"{name}_excl"], found[f"{name}_incl"]
    if excl is None and incl is None:
        return None
    vat = 1 + _number(found[FEE_VAT])
    if incl is None or (excl is not None and excl.since > incl.since):
        return Fee(_number(excl), round_amount(_number(excl) * vat))
    if excl is None or incl.since > excl.since:
        return Fee(round_amount(_number(incl) / vat), _number(incl))
    return Fee(_number(excl), _number(incl))


def _old_box_fee(found: _Found) -> Fee:
    """Read the amount per box that came with the margin until 2014."""
    excl = _number(found[OLD_BOX_FEE])
    return Fee(excl, round_amount(excl * (1 + _number(found[FEE_VAT]))))


def _large_pack_fee(found: _Found, box: Fee) -> Fee:
    """Read the fee of three-month packs, three boxes' fees × the factor when those changed after it."""
    fee, factor = _fee(found, "fee_hg"), found[LARGE_PACK_FACTOR]
    if fee is None or factor is None:
        return fee or box
    if _since(found, "fee_hg") >= _since(found, "fee_hd"):
        return fee
    excl = 3 * box.excl * _number(factor)
    return Fee(excl, round_amount(excl * (1 + _number(found[FEE_VAT]))))


def _since(found: _Found, name: str) -> dt.date:
    both = (found[f"{name}_excl"], found[f"{name}_incl"])
    return max(cited.since for cited in both if cited is not None)


def _number(cited: Cited[LawValue] | None) -> Decimal:
    return cited.value if cited is not None and isinstance(cited.value, Decimal) else _NOTHING


def _flag(cited: Cited[LawValue] | None) -> bool:
    return cited is not None and cited.value is True
