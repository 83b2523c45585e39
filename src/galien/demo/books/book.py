"""A book of entries: balanced to the cent, with the running balance of every account."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from galien.kernel.money import round_amount
from galien.model.accounts import ZERO

LABELS = {
    "101000": "Capital",
    "106800": "Autres réserves",
    "108000": "Compte de l'exploitant",
    "120000": "Résultat de l'exercice",
    "164000": "Emprunts auprès des établissements de crédit",
    "207000": "Fonds commercial",
    "215400": "Matériel et agencements",
    "281540": "Amortissements du matériel et des agencements",
    "370000": "Stock de marchandises",
    "401000": "Fournisseurs",
    "409800": "Fournisseurs - remises de fin d'année à recevoir",
    "411000": "Clients et organismes de tiers payant",
    "418100": "Laboratoires - factures à établir",
    "421000": "Personnel - rémunérations dues",
    "431000": "Sécurité sociale et autres organismes sociaux",
    "444000": "État - impôt sur les bénéfices",
    "445660": "TVA déductible sur biens et services",
    "445710": "TVA collectée",
    "457000": "Associés - dividendes à payer",
    "512000": "Banque",
    "530000": "Caisse",
    "603700": "Variation du stock de marchandises",
    "606100": "Eau, énergie",
    "606400": "Fournitures administratives et emballages",
    "607021": "Achats de marchandises 2,1 %",
    "607055": "Achats de marchandises 5,5 %",
    "607100": "Achats de marchandises 10 %",
    "607200": "Achats de marchandises 20 %",
    "609700": "Remises de fin d'année sur achats",
    "613200": "Loyer et charges locatives",
    "615600": "Maintenance informatique et robot",
    "616000": "Assurances",
    "622600": "Honoraires comptables et juridiques",
    "623000": "Publicité et vitrines",
    "626000": "Téléphone et affranchissement",
    "627000": "Frais bancaires et de carte",
    "628100": "Cotisations au groupement et à l'ordre",
    "633300": "Formation professionnelle",
    "635110": "Contribution économique territoriale",
    "641100": "Salaires bruts",
    "641180": "Rémunération du gérant titulaire",
    "644000": "Rémunération du travail de l'exploitant",
    "645100": "Cotisations URSSAF",
    "645300": "Cotisations retraite et prévoyance",
    "646000": "Cotisations sociales personnelles de l'exploitant",
    "654000": "Créances irrécouvrables",
    "658000": "Charges diverses de gestion",
    "661100": "Intérêts des emprunts",
    "681120": "Dotations aux amortissements",
    "695000": "Impôt sur les bénéfices",
    "706100": "Honoraires de dispensation",
    "706200": "Vaccination, entretiens et tests",
    "707021": "Ventes de marchandises 2,1 %",
    "707055": "Ventes de marchandises 5,5 %",
    "707100": "Ventes de marchandises 10 %",
    "707200": "Ventes de marchandises 20 %",
    "708300": "Locations de matériel médical",
    "708500": "Coopération commerciale des laboratoires",
    "708800": "Rétrocessions à des confrères",
    "740100": "Rémunération sur objectifs de santé publique (ROSP)",
    "740200": "Indemnités d'astreinte et de garde",
    "768000": "Autres produits financiers",
}

JOURNALS = {
    "AN": "À nouveaux",
    "VE": "Ventes",
    "AC": "Achats",
    "BQ": "Banque",
    "OD": "Opérations diverses",
}


@dataclass(frozen=True)
class Entry:
    """A balanced entry: euros by account, debits positive."""

    journal: str
    day: dt.date
    label: str
    amounts: tuple[tuple[str, Decimal], ...]


class Book:
    """The entries of a year, in the order they were written."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.balances: dict[str, Decimal] = defaultdict(lambda: ZERO)

    def write(
        self, journal: str, day: dt.date, label: str, against: str, amounts: Mapping[str, Decimal]
    ) -> None:
        """Write amounts (euros, debits positive), the account `against` taking what balances them."""
        kept = {account: round_amount(each) for account, each in amounts.items()}
        kept = {account: each for account, each in kept.items() if each}
        rest = -sum(kept.values(), ZERO)
        if rest:
            kept[against] = kept.get(against, ZERO) + rest
        if not kept:
            return
        self.entries.append(Entry(journal, day, label, tuple(kept.items())))
        for account, amount in kept.items():
            self.balances[account] += amount

    def balance(self, *prefixes: str) -> Decimal:
        """Sum the balances (debits less credits) of the accounts under the prefixes."""
        found = (each for account, each in self.balances.items() if account.startswith(prefixes))
        return sum(found, ZERO)

    def closing(self) -> dict[str, Decimal]:
        """Return what the next year opens with: the balance sheet, the result in its account."""
        kept = {a: each for a, each in sorted(self.balances.items()) if a[0] in "12345" and each}
        return {**kept, "120000": kept.get("120000", ZERO) + self.balance("6", "7")}
