"""Words that tell a person: given names in use in France, civilities, and headers of patient columns."""

from __future__ import annotations

import re

from galien.kernel import french

GIVEN_NAMES = frozenset(
    ["adele", "adrien", "agathe", "agnes", "aicha", "alain", "albert", "alexandra", "alexandre", "alexis", "alice", "aline", "alix", "amandine", "amelie", "ana", "anais", "andre", "andrea", "angele", "angelique", "anita", "anna", "anne", "annick", "annie", "anthony", "antoine", "antoinette", "antonio", "ariane", "arlette", "armand", "arnaud", "arthur", "astrid", "aude", "audrey", "augustin", "aurelie", "aurelien", "aurore", "axel", "ayoub", "baptiste", "barbara", "bastien", "beatrice", "benedicte", "benjamin", "benoit", "bernadette", "bernard", "bertrand", "blandine", "brahim", "brigitte", "bruno", "camille", "carine", "carole", "caroline", "catherine", "cecile", "cedric", "celia", "celine", "chantal", "charlene", "charles", "charlotte", "chloe", "christelle", "christian", "christiane", "christine", "christophe", "claire", "claude", "claudette", "claudine", "clement", "clementine", "colette", "coralie", "corinne", "cyril", "cyrille", "damien", "daniel", "daniele", "danielle", "david", "deborah", "delphine", "denis", "denise", "didier", "dimitri", "dominique", "dylan", "edith", "edouard", "elena", "eliane", "elise", "elisabeth", "elodie", "eloise", "emeline", "emile", "emilie", "emma", "emmanuel", "emmanuelle", "enzo", "eric", "estelle", "esther", "etienne", "eugenie", "evelyne", "fabien", "fabienne", "fabrice", "farid", "fatiha", "fatima", "fatou", "fernand", "fernande", "flavie", "florence", "florent", "florian", "franck", "francine", "francis", "francois", "francoise", "frederic", "frederique", "gabriel", "gabrielle", "gael", "gaelle", "genevieve", "georges", "georgette", "gerald", "gerard", "germaine", "ghislaine", "gilbert", "gilberte", "gilles", "ginette", "gisele", "gregory", "guillaume", "gustave", "guy", "hamid", "hassan", "helene", "henri", "henriette", "herve", "hugo", "hugues", "ines", "irene", "isabelle", "jacqueline", "jacques", "jamila", "jean", "jeanne", "jeannine", "jennifer", "jeremy", "jerome", "jessica", "joel", "joelle", "johanna", "jonathan", "jose", "joseph", "josephine", "josette", "josiane", "julia", "julie", "julien", "juliette", "justine", "karim", "karine", "katia", "kevin", "khadija", "laetitia", "lara", "laura", "laurence", "laurent", "lea", "leila", "leo", "leonie", "liliane", "lionel", "lise", "loic", "lola", "louis", "louise", "luc", "lucas", "lucette", "lucie", "lucien", "lucienne", "ludovic", "lydie", "maeva", "magali", "malika", "manon", "marc", "marcel", "marcelle", "margaux", "margot", "marguerite", "maria", "marie", "marina", "marine", "marion", "marius", "martin", "martine", "maryse", "mathieu", "mathilde", "matthieu", "maurice", "maxime", "mehdi", "melanie", "melissa", "michel", "michele", "micheline", "mickael", "mireille", "mohamed", "mohammed", "monique", "morgane", "mounir", "muriel", "mustapha", "myriam", "nadege", "nadia", "nadine", "natacha", "nathalie", "nathan", "nicolas", "nicole", "noah", "noelle", "noemie", "odette", "odile", "olivier", "olivia", "omar", "oceane", "oscar", "pascal", "pascale", "patrice", "patricia", "patrick", "paul", "paule", "paulette", "pauline", "perrine", "philippe", "pierre", "pierrette", "quentin", "rachel", "rachid", "raphael", "raymond", "raymonde", "regine", "regis", "remi", "rene", "renee", "richard", "robert", "roger", "roland", "rolande", "romain", "romane", "rosalie", "roxane", "sabine", "sabrina", "said", "salome", "samia", "samir", "samuel", "sandra", "sandrine", "sara", "sarah", "sebastien", "serge", "severine", "simon", "simone", "sofia", "sonia", "sophie", "stephane", "stephanie", "suzanne", "sylvain", "sylvie", "tatiana", "theo", "therese", "thibault", "thierry", "thomas", "tom", "valentin", "valerie", "vanessa", "veronique", "victor", "vincent", "virginie", "viviane", "william", "xavier", "yann", "yannick", "yasmine", "yolande", "youssef", "yves", "yvette", "yvonne", "zineb", "zoe"]
)
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


_TRADE_WORDS = frozenset(
    ["pharmacie", "pharma", "phie", "officine", "grande", "nouvelle", "saint", "sainte", "st", "ste", "place", "rue", "avenue", "boulevard", "vente", "ventes", "achat", "achats", "stock", "stocks", "export", "exports", "sales", "purchases", "jour", "mois", "janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre", "decembre", "facture", "factures", "commande", "groupement", "centre", "gare", "galien", "demo"]
)


def named_after_person(text: str) -> bool:
    """Say whether the name of a file is a person's: shops and streets carry given names too.

    >>> named_after_person("DUPONT Jean"), named_after_person("pharmacie saint martin")
    (True, False)
    """
    words = french.fold(text).split()
    return looks_like_name(text) and not _TRADE_WORDS & set(words)


def given_name(text: str) -> str:
    """Return the first given name found among the words, folded, or nothing."""
    for word in re.split(r"[\s,\-]+", french.fold(text)):
        if word in GIVEN_NAMES:
            return word
    return ""
