"""A year of accounts typed by hand: the lines asked, and the accounts they become."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from galien.kernel.errors import InvalidInput
from galien.model.accounts import ZERO, AccountTotal, Ledger

_BLANKS = str.maketrans("", "", " \u00a0\u202f€")
DEBIT, CREDIT = 1, -1


@dataclass(frozen=True)
class Asked:
    """A figure asked: the account it becomes, its label, the side of a positive amount."""

    account: str
    label: str
    side: int
    help: str = ""

    @property
    def name(self) -> str:
        """Return the name of the field."""
        return f"c{self.account}"


SECTIONS: dict[str, tuple[Asked, ...]] = {
    "Ventes et services": (
        Asked("707021", "Ventes de marchandises à 2,1 %", CREDIT),
        Asked("707055", "Ventes de marchandises à 5,5 %", CREDIT),
        Asked("707010", "Ventes de marchandises à 10 %", CREDIT),
        Asked("707020", "Ventes de marchandises à 20 %", CREDIT),
        Asked("707000", "Ventes de marchandises, taux non précisé", CREDIT,
              "Le total, si les taux ne sont pas connus."),
        Asked("706000", "Honoraires et prestations de services", CREDIT),
        Asked("706500", "Vaccination, entretiens, bilans", CREDIT),
        Asked("708300", "Locations de matériel", CREDIT),
        Asked("708500", "Coopération commerciale des laboratoires", CREDIT),
        Asked("708800", "Rétrocessions à des confrères", CREDIT),
        Asked("708000", "Autres activités annexes", CREDIT),
        Asked("740100", "Rémunération sur objectifs (ROSP)", CREDIT),
        Asked("740200", "Gardes et astreintes", CREDIT),
        Asked("740000", "Autres subventions d’exploitation", CREDIT),
    ),
    "Achats et charges": (
        Asked("607021", "Achats de marchandises à 2,1 %", DEBIT),
        Asked("607055", "Achats de marchandises à 5,5 %", DEBIT),
        Asked("607010", "Achats de marchandises à 10 %", DEBIT),
        Asked("607020", "Achats de marchandises à 20 %", DEBIT),
        Asked("607000", "Achats de marchandises, taux non précisé", DEBIT),
        Asked("609700", "Rabais et remises obtenus", CREDIT, "En moins des achats."),
        Asked("603700", "Variation de stock", DEBIT,
              "Stock d’ouverture moins stock de clôture : négative quand le stock monte."),
        Asked("610000", "Autres achats et charges externes", DEBIT),
        Asked("630000", "Impôts et taxes", DEBIT),
        Asked("641000", "Salaires", DEBIT, "Sans la rémunération des titulaires."),
        Asked("645000", "Charges sociales des salariés", DEBIT),
        Asked("644000", "Rémunération des titulaires", DEBIT),
        Asked("646000", "Cotisations des titulaires", DEBIT),
        Asked("650000", "Autres charges de gestion", DEBIT),
        Asked("681000", "Dotations aux amortissements et provisions", DEBIT),
    ),
    "Résultats": (
        Asked("750000", "Autres produits de gestion", CREDIT),
        Asked("781000", "Reprises d’exploitation", CREDIT),
        Asked("760000", "Produits financiers", CREDIT),
        Asked("660000", "Charges financières", DEBIT),
        Asked("770000", "Produits exceptionnels", CREDIT),
        Asked("670000", "Charges exceptionnelles", DEBIT),
        Asked("690000", "Participation et impôt sur les bénéfices", DEBIT),
    ),
    "Bilan à la clôture": (
        Asked("207000", "Fonds commercial", DEBIT),
        Asked("210000", "Autres immobilisations nettes", DEBIT),
        Asked("370000", "Stock de marchandises", DEBIT),
        Asked("411000", "Clients et tiers payant", DEBIT),
        Asked("467000", "Autres créances", DEBIT),
        Asked("512000", "Trésorerie", DEBIT),
        Asked("101000", "Capitaux propres, résultat à part", CREDIT),
        Asked("164000", "Emprunts", CREDIT),
        Asked("455000", "Comptes courants d’associés", CREDIT),
        Asked("401000", "Fournisseurs", CREDIT),
        Asked("430000", "Dettes fiscales et sociales", CREDIT),
        Asked("462000", "Autres dettes", CREDIT),
    ),
}  # fmt: skip
EVERY = tuple(asked for section in SECTIONS.values() for asked in section)
OPENING_STOCK = "stock_ouverture"
STOCK = "370000"


def typed_ledger(given: Mapping[str, str], first_day: dt.date, last_day: dt.date) -> Ledger:
    """Return the ledger of the figures typed, by field name; empty ones make no account.

    Raises InvalidInput naming the first figure that is no amount, or when nothing was typed.
    """
    opening = amount(given.get(OPENING_STOCK, ""), "Stock d’ouverture")
    found = []
    for asked in EVERY:
        typed = amount(given.get(asked.name, ""), asked.label)
        brought = opening if asked.account == STOCK else ZERO
        if typed or brought:
            found.append(_total(asked, typed, brought))
    if not any(each.account[0] in "67" for each in found):
        raise InvalidInput("Saisissez au moins un produit ou une charge.")
    ordered = tuple(sorted(found, key=lambda each: each.account))
    return Ledger("", first_day, last_day, ordered)


def typed_before(ledger: Ledger) -> dict[str, str]:
    """Return the figures of a ledger as they are typed, for a form to correct them."""
    by_account = {each.account: each for each in ledger.accounts}
    found = {}
    for asked in EVERY:
        if asked.account in by_account:
            found[asked.name] = _written(by_account[asked.account].balance * asked.side)
    if STOCK in by_account and by_account[STOCK].opening:
        found[OPENING_STOCK] = _written(by_account[STOCK].opening)
    return found


def amount(text: str, label: str) -> Decimal:
    """Read an amount in euros as a person types it; nothing is 0, InvalidInput for a word.

    >>> amount("1 995 017,11", "Ventes"), amount("", "Ventes")
    (Decimal('1995017.11'), Decimal('0'))
    """
    bare = text.translate(_BLANKS).replace("−", "-").replace(",", ".")
    if not bare:
        return ZERO
    try:
        read = Decimal(bare)
    except InvalidOperation:
        read = Decimal("NaN")
    if not read.is_finite() or abs(read) >= Decimal(10) ** 12:
        raise InvalidInput(f"{label} : « {text[:30]} » n’est pas un montant en euros.")
    return read.quantize(Decimal("0.01"))


def _total(asked: Asked, typed: Decimal, brought: Decimal) -> AccountTotal:
    """Return the account of a figure; a stock brought forward is part of its debits."""
    signed = typed * asked.side
    if brought:
        return AccountTotal(
            asked.account, asked.label, max(signed, brought), max(brought - signed, ZERO),
            opening_debit=brought,
        )  # fmt: skip
    return AccountTotal(asked.account, asked.label, max(signed, ZERO), max(-signed, ZERO))


def _written(value: Decimal) -> str:
    return f"{value:.2f}".replace(".", ",")
