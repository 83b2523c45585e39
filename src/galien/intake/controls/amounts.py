"""Amounts and quantities: signs, sums that must agree, and what no pharmacy sells.

Amounts are ten-thousandths of a euro: a cent is 100.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np

from galien.intake.cells import Flags
from galien.intake.controls.base import Control, Severity, Terms
from galien.intake.controls.dates import days_since_epoch
from galien.intake.rows import Rows
from galien.model.feeds import FEEDS

_CENT = 100
_EURO = 10_000
_MOST_SOLD = 10_000
_MOST_MOVED = 1_000_000
_DEAREST_UNIT = 100_000 * _EURO
_SALES, _TRADE = ("sales",), ("sales", "purchases")


def _quantity(rows: Rows) -> str:
    return FEEDS[rows.feed].sums[0]


def _amount(rows: Rows) -> str:
    return {"sales": "gross_incl", "purchases": "list_amount_excl"}[rows.feed]


def _zero_quantity(rows: Rows, terms: Terms) -> Flags | None:
    column = _quantity(rows)
    nothing: Flags = rows.given(column) & (rows.number(column) == 0)
    if rows.feed == "purchases":
        nothing &= rows.number("free_quantity") == 0
    return nothing


def _zero_price(rows: Rows, terms: Terms) -> Flags | None:
    column = _amount(rows)
    free: Flags = rows.given(column) & (rows.number(column) == 0)
    free &= rows.number(_quantity(rows)) != 0
    return free


def _signs(rows: Rows, terms: Terms) -> Flags | None:
    quantity = rows.number(_quantity(rows))
    if rows.feed == "sales":
        most = np.maximum(rows.number("gross_incl"), rows.number("net_incl"))
    else:
        most = np.maximum(rows.number("list_amount_excl"), rows.number("net_amount_excl"))
    return np.less(quantity, 0) & np.greater(most, 0)


def _negative_amount(rows: Rows, terms: Terms) -> Flags | None:
    return (rows.number(_quantity(rows)) > 0) & (rows.number(_amount(rows)) < 0)


def _absurd_quantity(rows: Rows, terms: Terms) -> Flags | None:
    most = _MOST_SOLD if rows.feed == "sales" else _MOST_MOVED
    return np.abs(rows.number(_quantity(rows))) >= most


def _absurd_price(rows: Rows, terms: Terms) -> Flags | None:
    boxes = np.maximum(np.abs(rows.number(_quantity(rows))), 1)
    return np.abs(rows.number(_amount(rows))) > boxes * _DEAREST_UNIT


def _net_is_not_gross_less_discount(rows: Rows, terms: Terms) -> Flags | None:
    expected = rows.number("gross_incl") - rows.number("discount_incl")
    return np.abs(rows.number("net_incl") - expected) > _CENT


def _incl_is_not_excl_and_vat(rows: Rows, terms: Terms) -> Flags | None:
    # Both sides in ten-thousandths of a euro times a million: exact in 64 bits below ten million euros.
    boxes = np.maximum(np.abs(rows.number("quantity")), 1)
    expected = rows.number("net_excl") * (1_000_000 + rows.number("vat_rate"))
    gap = np.abs(rows.number("net_incl") * 1_000_000 - expected)
    return gap > boxes * _CENT * 1_000_000


def _unknown_vat(rows: Rows, terms: Terms) -> Flags | None:
    if not terms.vat_rates:
        return None
    given = rows.given("vat_rate")
    rates, days = rows.number("vat_rate"), rows.days(FEEDS[rows.feed].day_column)
    known = np.zeros(len(rows), np.bool_)
    ends = [since for since, _ in terms.vat_rates[1:]] + [dt.date.max]
    for (since, in_force), until in zip(terms.vat_rates, ends, strict=True):
        then = (days >= days_since_epoch(since)) & (days < days_since_epoch(until))
        if then.any():
            millionths = [int(Decimal(rate).scaleb(6)) for rate in in_force]
            known |= then & np.isin(rates, millionths)
    return given & ~known


def _absurd_margin(rows: Rows, terms: Terms) -> Flags | None:
    # (sales − cost) ÷ sales under −100 % is a cost of more than twice the sales.
    sales, cost = rows.number("net_excl"), rows.number("cost_excl")
    absurd: Flags = rows.given("cost_excl") & (sales != 0)
    absurd &= np.abs(cost) > 2 * np.abs(sales)
    return absurd


def _odd_price(rows: Rows, terms: Terms) -> Flags | None:
    if not terms.prices:
        return None
    names = rows.texts["product_code"].dictionary.to_pylist()
    price = np.array([*(terms.prices.get(name, 0) for name in names), 0], np.int64)[
        rows.codes("product_code")
    ]
    boxes = np.abs(rows.number("quantity"))
    paid = np.abs(rows.number("gross_incl"))
    usual = price * boxes
    return (usual > 0) & (paid > 0) & ((paid > 10 * usual) | (10 * paid < usual))


CONTROLS = (
    Control(
        "ZERO_QUANTITY",
        Severity.WARNING,
        "{place} : la quantité est nulle. La ligne est gardée ; vérifiez-la dans le logiciel.",
        feeds=_TRADE,
        column="quantity",
        check=_zero_quantity,
    ),
    Control(
        "ZERO_PRICE",
        Severity.WARNING,
        "{place} : le prix est nul. La ligne est gardée ; vérifiez que c’est bien un don.",
        feeds=_TRADE,
        column="amount",
        check=_zero_price,
    ),
    Control(
        "NEGATIVE_AMOUNT",
        Severity.WARNING,
        "{place} : le montant est négatif pour une quantité positive. La ligne est gardée ; "
        "vérifiez que c’est bien un avoir.",
        feeds=_TRADE,
        column="amount",
        check=_negative_amount,
    ),
    Control(
        "ODD_PRICE",
        Severity.WARNING,
        "{place} : le prix est plus de dix fois au-dessus ou au-dessous de celui du catalogue. La "
        "ligne est gardée ; vérifiez le prix et la quantité.",
        feeds=_SALES,
        column="gross_incl",
        check=_odd_price,
    ),
    Control(
        "SIGN_MISMATCH",
        Severity.ERROR,
        "{place} : la quantité est négative (un retour) et le montant positif. Corrigez le signe "
        "dans le logiciel ou dans la correspondance.",
        feeds=_TRADE,
        column="amount",
        check=_signs,
    ),
    Control(
        "OUT_OF_RANGE",
        Severity.ERROR,
        "{place} : la valeur est hors de ce qui est plausible pour une pharmacie (quantité, prix, "
        "marge ou taux de TVA à cette date). Corrigez-la, ou confirmez la ligne.",
        column="quantity",
        check=_absurd_quantity,
    ),
    Control("OUT_OF_RANGE", Severity.ERROR, "", _TRADE, "amount", _absurd_price),
    Control("OUT_OF_RANGE", Severity.ERROR, "", _TRADE, "vat_rate", _unknown_vat),
    Control("OUT_OF_RANGE", Severity.ERROR, "", _SALES, "cost_excl", _absurd_margin),
    Control(
        "NET_MISMATCH",
        Severity.ERROR,
        "{place} : le net TTC n’est pas le brut moins la remise, à un centime près. Corrigez la "
        "ligne, ou la colonne choisie dans la correspondance.",
        feeds=_SALES,
        column="net_incl",
        check=_net_is_not_gross_less_discount,
    ),
    Control(
        "VAT_MISMATCH",
        Severity.ERROR,
        "{place} : le TTC n’est pas le HT augmenté de la TVA, à un centime près par unité. Corrigez "
        "la ligne, ou la colonne choisie dans la correspondance.",
        feeds=_SALES,
        column="net_excl",
        check=_incl_is_not_excl_and_vat,
    ),
)
