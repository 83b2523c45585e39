"""What a ledger says of people and is not kept: third parties in account numbers and labels."""

from __future__ import annotations

import re

# Accounts of third parties: their label is that of the chart of accounts, never a name.
THIRD_PARTIES = {
    "108": "Compte de l’exploitant",
    "40": "Fournisseurs",
    "401": "Fournisseurs",
    "403": "Fournisseurs – effets à payer",
    "404": "Fournisseurs d’immobilisations",
    "405": "Fournisseurs d’immobilisations – effets à payer",
    "408": "Fournisseurs – factures non parvenues",
    "409": "Fournisseurs débiteurs",
    "41": "Clients",
    "411": "Clients",
    "413": "Clients – effets à recevoir",
    "416": "Clients douteux ou litigieux",
    "418": "Clients – produits non encore facturés",
    "419": "Clients créditeurs",
    "42": "Personnel",
    "421": "Personnel – rémunérations dues",
    "422": "Comité social et économique",
    "424": "Participation des salariés",
    "425": "Personnel – avances et acomptes",
    "427": "Personnel – oppositions",
    "428": "Personnel – charges à payer et produits à recevoir",
    "45": "Groupe et associés",
    "451": "Groupe",
    "455": "Associés – comptes courants",
    "456": "Associés – opérations sur le capital",
    "457": "Associés – dividendes à payer",
    "458": "Associés – opérations faites en commun",
    "46": "Débiteurs et créditeurs divers",
    "462": "Créances sur cessions d’immobilisations",
    "464": "Dettes sur acquisitions de valeurs mobilières",
    "465": "Créances sur cessions de valeurs mobilières",
    "467": "Autres comptes débiteurs ou créditeurs",
    "468": "Divers – charges à payer et produits à recevoir",
}
_NUMBER = re.compile(r"\d+")
_INSIDE = re.compile(r"(?<=\d)[ .\u00a0\u202f](?=\d)")
_DECIMALS = re.compile(r"(?<=\d{3})[.,]00?$")
NO_NUMBER = "0"


def account_number(written: str) -> str:
    """Return an account as a ledger means it: without spaces, quotes or a spreadsheet's marks.

    >>> account_number(" 603 700 "), account_number('="607021"'), account_number("607021,00")
    ('603700', '607021', '607021')
    """
    bare = written.strip().removeprefix("=").strip("\"' \u00a0")
    return _INSIDE.sub("", _DECIMALS.sub("", bare))


def kept_account(number: str) -> str:
    """Return the number of an account without the third party written after it, 0 when it is all name.

    >>> kept_account("411DUPONT"), kept_account("70700000"), kept_account("DUPONT")
    ('411', '70700000', '0')
    """
    found = _NUMBER.match(number)
    return found[0] if found else NO_NUMBER


def kept_label(number: str, label: str) -> str:
    """Return the label of an account: its own, or the chart's where it could name a person.

    >>> kept_label("4210012", "DUPONT Jeanne"), kept_label("707000", "Ventes")
    ('Personnel – rémunérations dues', 'Ventes')
    """
    if number == NO_NUMBER:
        return "Sans numéro de compte"
    third_party = THIRD_PARTIES.get(number[:3]) or THIRD_PARTIES.get(number[:2])
    return third_party or label[:200]
