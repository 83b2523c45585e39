"""What the law says of a price: free or not, its maximum, and the sale under purchase cost."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from galien.kernel import french
from galien.law import Cited, Law, LawValue

BE_FREE_SINCE: Final = "be_indicative_public_price"
BE_MAXIMUM: Final = "be_public_price_is_maximum"
FR_LPP: Final = "fr_lpp_price_is_maximum"


class Nature(StrEnum):
    """What a product is, for the law of its price."""

    MEDICINE = "medicine"
    HOMEOPATHY = "homeopathy"
    DEVICE = "device"
    OTHER = "other"


class Standing(StrEnum):
    """Whether a finding forbids the price or only tells something of it."""

    REFUSED = "refused"
    TOLD = "told"


@dataclass(frozen=True)
class Regulated:
    """What the law looks at. `reimbursable` is None when unknown; euros, maxima incl. tax.

    `maximum_incl` is a maximum public price, `lpp_incl` the price limit of the LPP (France).

    `effective_cost` is the effective purchase price of a unit: the invoice's net price, plus tax on
    turnover and transport, excl. VAT here.
    """

    nature: Nature
    reimbursable: bool | None = None
    vat_rate: Decimal | None = None
    effective_cost: Decimal | None = None
    maximum_incl: Decimal | None = None
    country: str = "FR"
    lpp_incl: Decimal | None = None


@dataclass(frozen=True)
class Legal:
    """A finding: a code, whether it forbids, a French sentence, and the value of the law used."""

    code: str
    standing: Standing
    sentence: str
    cited: Cited[LawValue] | None = None


def is_free(product: Regulated) -> bool:
    """Tell whether the law leaves a product's price to the pharmacy.

    France: what is not reimbursed; a reimbursable device is free under its LPP limit. Belgium since
    2025-09-01: all but medicines and homeopathy for human use and reimbursable products; before,
    unregulated products had an indicative price, which bound nobody.
    Source: handbook of prices; law values of topic belgian_prices.

    >>> is_free(Regulated(Nature.OTHER))
    True
    >>> is_free(Regulated(Nature.MEDICINE, reimbursable=True))
    False
    >>> is_free(Regulated(Nature.MEDICINE, reimbursable=False, country="BE"))
    False
    """
    if product.country == "BE":
        human = product.nature in {Nature.MEDICINE, Nature.HOMEOPATHY}
        return not human and product.reimbursable is not True
    if product.nature is Nature.DEVICE:
        limited = product.maximum_incl is not None or product.lpp_incl is not None
        return product.reimbursable is not True or limited
    return product.reimbursable is not True


def check(product: Regulated, price_incl: Decimal, law: Law, *, on: dt.date) -> tuple[Legal, ...]:
    """Look at a price incl. tax, in euros, on a day; what is refused comes first.

    Refused: above the maximum (LPP limit, maximum public price, Belgian medicines keep one); under
    the effective purchase cost; another price than the regulated one. A Belgian medicine may be
    sold under its maximum.
    """
    found: list[Legal] = []
    most = product.maximum_incl
    if most is not None and price_incl > most:
        found.append(_above(product, price_incl, most, law, on))
    if product.lpp_incl is not None and price_incl > product.lpp_incl:
        found.append(_above_lpp(price_incl, product.lpp_incl, law, on))
    if product.effective_cost is not None and product.vat_rate is not None:
        least = product.effective_cost * (1 + product.vat_rate)
        if price_incl < least:
            found.append(
                Legal(
                    "under_cost",
                    Standing.REFUSED,
                    f"{french.amount(price_incl)} est sous le prix d’achat effectif, "
                    f"{french.amount(least)} TTC : la revente à perte est interdite. Relevez le prix.",
                )
            )
    if not is_free(product):
        found.append(_not_free(product, price_incl, law, on))
    elif product.country == "BE":
        cited = law.find(BE_FREE_SINCE, on=on)
        if cited is not None and cited.value is True:
            sentence = "Un prix public indicatif existe encore pour ce produit : il n’oblige pas."
            found.append(Legal("indicative", Standing.TOLD, sentence, cited))
    return tuple(sorted(found, key=lambda each: each.standing is Standing.TOLD))


def _above(product: Regulated, price: Decimal, most: Decimal, law: Law, on: dt.date) -> Legal:
    cited = law.find(BE_MAXIMUM, on=on) if product.country == "BE" else None
    return Legal(
        "above_maximum",
        Standing.REFUSED,
        f"{french.amount(price)} dépasse le prix maximum, {french.amount(most)} TTC. Baissez le prix.",
        cited,
    )


def _above_lpp(price: Decimal, most: Decimal, law: Law, on: dt.date) -> Legal:
    cited = law.find(FR_LPP, on=on)
    text = f" ({cited.source.title})" if cited is not None else ""
    return Legal(
        "above_lpp",
        Standing.REFUSED,
        f"{french.amount(price)} dépasse le prix limite de vente de la LPP, {french.amount(most)} TTC : "
        f"c’est un maximum{text}. Baissez le prix.",
        cited,
    )


def _not_free(product: Regulated, price: Decimal, law: Law, on: dt.date) -> Legal:
    if product.country == "BE":
        cited = law.find(BE_MAXIMUM, on=on)
        if product.maximum_incl is not None:
            sentence = "Le prix public est un maximum : un prix plus bas est permis."
            return Legal("maximum", Standing.TOLD, sentence, cited)
        sentence = "Prix réglementé dont le maximum n’est pas connu ici : gardez le prix public."
        return Legal("regulated", Standing.REFUSED, sentence, cited)
    known = product.maximum_incl
    if known is not None and price == known:
        return Legal("regulated", Standing.TOLD, "Prix réglementé, tel que publié.")
    sentence = "Prix réglementé (produit remboursable) : gardez le prix publié."
    return Legal("regulated", Standing.REFUSED, sentence)
