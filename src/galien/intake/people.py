"""Words that tell a person: given names in use in France, civilities, and headers of patient columns."""

from __future__ import annotations

import re
from pathlib import Path

from galien.kernel import french

# Given names common in France, folded; names that are also common words of a shelf are left out.
GIVEN_NAMES = frozenset((Path(__file__).parent / "given_names.txt").read_text("utf-8").split())
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*\.?")

# Columns that only a patient or a prescriber can fill, by their folded header.
FORBIDDEN_HEADER = re.compile(
    r"\b(?:nir|n(?:o|umero|°)?\s*(?:de\s*)?secu\w*|securite\s+sociale|num(?:ero)?\s*ss|nss"
    r"|(?:date\s+(?:de\s+)?)?naissance|dat(?:e)?\s*nais\w*|ddn|ne\(?e?\)?\s+le|birth\s*(?:date|day)|date\s+of\s+birth"
    r"|prenoms?|first\s*name|last\s*name|nom\s+(?:de\s+)?(?:naissance|famille|jeune\s+fille|usage)"
    r"|nom\s+(?:(?:du|de|de la|de l)\s*)?(?:patient|client|assure|beneficiaire|malade|medecin|prescripteur)e?"
    r"|(?:patient|client|assure|beneficiaire)e?\s+nom"
    r"|e\s*mails?|mails?|courriels?|adresse\s+(?:mail|electronique|patient|client|du\s+patient|du\s+client)"
    r"|telephones?|tel|portable|phone|gsm|rpps|adeli|medecins?|prescripteurs?|prescribers?|iban|rib)\b"
)
# Columns about a client that may hold a mere number: refused once they hold a name.
PERSON_HEADER = re.compile(
    r"\b(?:patients?|clients?|assures?|beneficiaires?|malades?|adherents?)\b"
)


def header_words(header: str) -> str:
    """Fold a header into words: `DateNaissance`, `DATE_NAISSANCE` and « Date de naissance » agree.

    >>> header_words("DateNaissance"), header_words("TÉL._PORTABLE")
    ('date naissance', 'tel portable')
    """
    spaced = re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z])", " ", header)
    return re.sub(r"[\s_.\-'’/:]+", " ", french.fold(spaced)).strip()


def looks_like_name(text: str) -> bool:
    """Say whether a text is two to four words of which one is a given name.

    >>> looks_like_name("DUPONT Jean-Marie"), looks_like_name("Doliprane 500 mg")
    (True, False)
    """
    words = text.replace(",", " ").split()
    if not 2 <= len(words) <= 4 or not all(_WORD.fullmatch(word) for word in words):
        return False
    return given_name(text) != ""


_TRADE_WORDS = re.compile(
    r"\b(?:achat|achats|aout|avenue|avril|boulevard|centre|commande|decembre|demo|export|"
    r"exports|facture|factures|fevrier|galien|gare|grande|groupement|janvier|jour|juillet|"
    r"juin|mai|mars|mois|nouvelle|novembre|octobre|officine|pharma|pharmacie|phie|place|"
    r"purchases|rue|saint|sainte|sales|septembre|st|ste|stock|stocks|vente|ventes)\b"
)


def named_after_person(text: str) -> bool:
    """Say whether the name of a file is a person's: shops and streets carry given names too.

    >>> named_after_person("DUPONT Jean"), named_after_person("pharmacie saint martin")
    (True, False)
    """
    return looks_like_name(text) and _TRADE_WORDS.search(french.fold(text)) is None


def given_name(text: str) -> str:
    """Return the first given name found among the words, folded, or nothing."""
    for word in re.split(r"[\s,\-]+", french.fold(text)):
        if word in GIVEN_NAMES:
            return word
    return ""
