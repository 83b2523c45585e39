"""A supplier's invoice or credit note as its electronic form says it: parties, lines, discounts, totals."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

ZERO = Decimal(0)


class InvoiceKind(StrEnum):
    """What the document is."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


class InvoiceForm(StrEnum):
    """How it came: XML in a PDF, or one of the two XML forms of the European standard."""

    FACTURX = "factur-x"
    CII = "cii"
    UBL = "ubl"


@dataclass(frozen=True)
class Firm:
    """A party of the invoice: its name and its identifiers; empty when not said."""

    name: str
    siren: str = ""
    vat: str = ""


@dataclass(frozen=True)
class Adjustment:
    """An allowance, or a charge when `charge`, in positive euros excl. tax.

    `code` is that of the European lists (UNTDID 5189 for an allowance, 7161 for a charge).
    """

    amount: Decimal
    charge: bool = False
    code: str = ""
    reason: str = ""
    vat_rate: Decimal | None = None

    @property
    def signed(self) -> Decimal:
        """Return what it adds to the total: negative for an allowance."""
        return self.amount if self.charge else -self.amount


@dataclass(frozen=True)
class InvoiceLine:
    """A line. Prices are euros excl. tax of `base_quantity` units; `gross_price` before discount.

    `product_code` is a code with its check digit, empty when the line gives none; `net_amount` is
    the line's total after its own allowances and charges; `free_quantity` are units given beside
    those billed; `delivery` names the delivery note.
    """

    number: str
    name: str
    quantity: Decimal
    net_price: Decimal
    net_amount: Decimal
    product_code: str = ""
    seller_code: str = ""
    unit: str = ""
    gross_price: Decimal | None = None
    base_quantity: Decimal = Decimal(1)
    adjustments: tuple[Adjustment, ...] = ()
    vat_rate: Decimal | None = None
    free_quantity: Decimal = ZERO
    delivery: str = ""

    @property
    def unit_gross(self) -> Decimal:
        """Return the price of one unit before discount: the net price when only that is given."""
        return (self.net_price if self.gross_price is None else self.gross_price) / (
            self.base_quantity
        )

    @property
    def unit_net(self) -> Decimal:
        """Return the net price of one unit, before the line's own allowances and charges."""
        return self.net_price / self.base_quantity

    @property
    def is_free(self) -> bool:
        """Tell whether its units are given: a price or an amount of nothing."""
        return self.quantity > 0 and self.net_amount == 0


@dataclass(frozen=True)
class CashDiscount:
    """A discount offered for paying early: a ratio of the total, within days or until a day."""

    rate: Decimal
    days: int | None = None


@dataclass(frozen=True)
class TaxLine:
    """The VAT of a rate: what it bears on and its amount; the rate is a ratio, None when not said."""

    rate: Decimal | None
    basis: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Totals:
    """The totals as printed, in euros; None where the form does not carry them."""

    lines: Decimal | None = None
    allowances: Decimal | None = None
    charges: Decimal | None = None
    excl: Decimal | None = None
    tax: Decimal | None = None
    incl: Decimal | None = None
    prepaid: Decimal | None = None
    rounding: Decimal | None = None
    due: Decimal | None = None


@dataclass(frozen=True)
class Invoice:
    """A supplier's invoice or credit note; the amounts of a credit note are positive, as printed.

    `profile` is the level of the form (MINIMUM and BASIC WL carry no lines); `preceding` are the
    invoices it corrects; `references` the orders, contracts and delivery notes it names.
    """

    form: InvoiceForm
    kind: InvoiceKind
    number: str
    issued_on: dt.date
    seller: Firm
    buyer: Firm
    currency: str = "EUR"
    profile: str = ""
    due_on: dt.date | None = None
    delivered_on: dt.date | None = None
    lines: tuple[InvoiceLine, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    cash_discounts: tuple[CashDiscount, ...] = ()
    taxes: tuple[TaxLine, ...] = ()
    totals: Totals = field(default_factory=Totals)
    preceding: tuple[str, ...] = ()
    references: tuple[str, ...] = ()

    @property
    def sign(self) -> int:
        """Return 1, or −1 for a credit note, whose amounts come back to the buyer."""
        return -1 if self.kind is InvoiceKind.CREDIT_NOTE else 1

    @property
    def total_excl(self) -> Decimal:
        """Return the total excl. tax, from its lines when the form does not carry it."""
        if self.totals.excl is not None:
            return self.totals.excl
        lines = sum((each.net_amount for each in self.lines), ZERO)
        return lines + sum((each.signed for each in self.adjustments), ZERO)

    @property
    def total_incl(self) -> Decimal:
        """Return the total incl. tax, as the form gives it or adds it up."""
        if self.totals.incl is not None:
            return self.totals.incl
        tax = self.totals.tax
        return self.total_excl + (
            sum((each.amount for each in self.taxes), ZERO) if tax is None else tax
        )
