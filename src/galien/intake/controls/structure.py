"""Faults of structure: what the reader meets line by line, and what stops a whole file."""

from __future__ import annotations

from galien.intake.controls.base import Control, Severity

_ROW = (
    ("RAGGED_ROW", "{place} : cette ligne n’a pas le nombre de colonnes de l’en-tête. Corrigez-la "
     "dans le logiciel (un séparateur en trop ou en moins), puis renvoyez le fichier."),
    ("BAD_QUOTE", "{place} : un guillemet fermant est suivi de texte. Doublez les guillemets qui "
     "sont dans un libellé, puis renvoyez le fichier."),
    ("NUL_BYTE", "{place} : la ligne contient un caractère nul, signe d’un export interrompu. "
     "Refaites l’export."),
    ("FIELD_TOO_LONG", "{place} : un champ est démesurément long. Corrigez la ligne dans le "
     "logiciel, puis renvoyez le fichier."),
    ("ENCODING", "{place} : un octet n’existe pas dans l’encodage annoncé. Refaites l’export dans "
     "l’encodage de la correspondance, ou corrigez ce libellé."),
    ("TRUNCATED_LAST_ROW", "{place} : la dernière ligne n’est pas terminée, le fichier a pu être "
     "coupé. Refaites l’export ; si le fichier est entier, libérez-le."),
    ("MISSING_VALUE", "{place} : la valeur est vide alors qu’elle est obligatoire. Complétez-la "
     "dans le logiciel, puis renvoyez le fichier."),
    ("NOT_A_NUMBER", "{place} : ce n’est pas un nombre écrit comme la correspondance le dit. "
     "Corrigez la valeur ou la correspondance."),
    ("AMBIGUOUS_NUMBER", "{place} : ce nombre peut se lire de deux façons (millier ou décimale). "
     "Précisez le séparateur de milliers dans la correspondance."),
    ("NOT_A_DATE", "{place} : ce n’est pas une date qui existe, écrite comme la correspondance le "
     "dit. Corrigez la date ou le format de la correspondance."),
    ("UNKNOWN_CODE", "{place} : ce code n’est pas dans la liste de la correspondance. Ajoutez-le à "
     "la correspondance, puis rejouez la quarantaine."),
    ("CONFLICTING_ID", "{place} : deux lignes portent le même numéro avec un contenu différent ; "
     "aucune n’est retenue. Corrigez l’une d’elles, puis renvoyez le fichier."),
)  # fmt: skip

_FILE = (
    ("NO_ROWS", "Le fichier n’a que son en-tête. Si la pharmacie était fermée, libérez-le ; sinon "
     "refaites l’export."),
    ("TRUNCATED_TAIL", "Le fichier finit par des octets nuls, signe d’un export interrompu. "
     "Refaites l’export ; si toutes les lignes y sont, libérez-le."),
    ("CONTROL_TOTAL", "La ligne de contrôle en fin de fichier n’annonce pas le nombre de lignes ou le "
     "total trouvés : le fichier est incomplet ou modifié. Refaites l’export."),
    ("DOUBLED_FILE", "Le fichier contient deux fois les mêmes lignes, bout à bout. Refaites "
     "l’export ; libérez-le pour ne garder qu’une fois chaque ligne."),
    ("TOO_MANY_ERRORS", "Trop de lignes sont en quarantaine pour charger le fichier sans le "
     "regarder. Corrigez la correspondance ou l’export, ou libérez-le tel quel."),
)  # fmt: skip

CONTROLS = (
    *(Control(code, Severity.ERROR, message) for code, message in _ROW),
    *(Control(code, Severity.STOP, message) for code, message in _FILE),
)
