"""Codes printed on packs and given to pharmacies: their form, and the key that proves them."""

from __future__ import annotations

import re
from typing import Literal, get_args

ProductCodeKind = Literal["cip13", "acl13", "ean13", "gtin14", "cip7", "unknown"]
PRODUCT_CODE_KINDS: tuple[ProductCodeKind, ...] = get_args(ProductCodeKind)

_FRENCH = "34009"
CIP7_DIGITS, GTIN_DIGITS = 7, 14
_NIR_KEYED = re.compile(
    r"[123478]\d{2}(?:0[1-9]|1[0-2]|[2-3]\d|4[0-2]|[5-9]\d)(?:\d{2}|2[AB])\d{8}", re.ASCII
)
# Without its key a NIR is read strictly: the two usual sexes and a true month, so that a
# product code (every CIP13 begins with 3) is not taken for a person.
_NIR_BODY = re.compile(r"[12]\d{2}(?:0[1-9]|1[0-2])(?:\d{2}|2[AB])\d{6}", re.ASCII)
_CORSICA = {"2A": "19", "2B": "18"}
_FINESS = re.compile(r"(?:0[1-9]|[1-8]\d|9[0-8]|2[AB])\d{7}", re.ASCII)


def _digits(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isdigit()


def luhn_ok(text: str) -> bool:
    """Say whether the last digit is the Luhn key of the others (SIREN, SIRET, FINESS, CNK).

    >>> luhn_ok("732829320"), luhn_ok("732829321")
    (True, False)
    """
    if not (text.isascii() and text.isdigit()):
        return False
    doubled = (sum(divmod(2 * int(d), 10)) for d in text[-2::-2])
    return (sum(doubled) + sum(map(int, text[::-2]))) % 10 == 0


def gs1_key(body: str) -> str:
    """Give the key that closes a GS1 number, from its other digits (weights 3, 1 from the right).

    >>> gs1_key("340093595583")
    '8'
    """
    weighted = sum(int(d) * (3 if rank % 2 == 0 else 1) for rank, d in enumerate(reversed(body)))
    return str(-weighted % 10)


def ean13_ok(text: str) -> bool:
    """Say whether the text is an EAN-13: thirteen digits closed by their key.

    >>> ean13_ok("3400935955838"), ean13_ok("3400935955839")
    (True, False)
    """
    return _digits(text, 13) and gs1_key(text[:-1]) == text[-1]


def gtin14_ok(text: str) -> bool:
    """Say whether the text is a GTIN-14, the form a DataMatrix carries (`0` + EAN-13 for a pack).

    >>> gtin14_ok("03400935955838")
    True
    """
    return _digits(text, 14) and gs1_key(text[:-1]) == text[-1]


def cip13_ok(text: str) -> bool:
    """Say whether the text is the code of a French medicine: an EAN-13 that begins with 3400.

    Source: order of 30 December 2021, annex.

    >>> cip13_ok("3400935955838"), cip13_ok("3401547575514")
    (True, False)
    """
    return text.startswith("3400") and ean13_ok(text)


def acl13_ok(text: str) -> bool:
    """Say whether the text is the code of a French health product other than a medicine (3401).

    >>> acl13_ok("3401" + "54757551" + gs1_key("340154757551"))
    True
    """
    return text.startswith("3401") and ean13_ok(text)


def cip7_ok(text: str) -> bool:
    """Say whether the text has the form of a CIP7. Its key is never a reason to reject: see below.

    >>> cip7_ok("3595583"), cip7_ok("359558")
    (True, False)
    """
    return _digits(text, 7)


def cip7_key_ok(text: str) -> bool:
    """Say whether the CIP7 carries its old key, which 39 % of the codes in use no longer do.

    Key: sum of digit × (rank + 1) over the first six, modulo 11.

    >>> cip7_key_ok("3595583"), cip7_key_ok("3014545")
    (True, False)
    """
    if not cip7_ok(text):
        return False
    return sum(int(d) * rank for rank, d in enumerate(text[:6], start=2)) % 11 == int(text[6])


def cip7_of(cip13: str) -> str:
    """Read the CIP7 inside a CIP13: its digits 6 to 12.

    >>> cip7_of("3400935955838")
    '3595583'
    """
    return cip13[5:12]


def long_code(code: str) -> str:
    """Return the thirteen digits of a CIP7 or of a GTIN that begins with 0; another code as it is.

    >>> long_code("3595583"), long_code("03400935955838"), long_code("REF")
    ('3400935955838', '3400935955838', 'REF')
    """
    if len(code) == CIP7_DIGITS and _digits(code, CIP7_DIGITS):
        return f"{_FRENCH}{code}{gs1_key(f'{_FRENCH}{code}')}"
    return code[1:] if len(code) == GTIN_DIGITS and code.startswith("0") else code


def cnk_ok(text: str) -> bool:
    """Say whether the text is a Belgian CNK: seven digits, the last one their Luhn key.

    >>> cnk_ok("0012344")
    True
    """
    return _digits(text, 7) and luhn_ok(text)


def finess_ok(text: str) -> bool:
    """Say whether the text is a FINESS: department, six digits, Luhn key.

    In Corsica (2A, 2B) only the form is checked: no public text says what the letter weighs.

    >>> finess_ok("750100042"), finess_ok("750100043"), finess_ok("2A0000014")
    (True, False, True)
    """
    if not _FINESS.fullmatch(text):
        return False
    return not text.isdigit() or luhn_ok(text)


def nir_ok(text: str) -> bool:
    """Say whether the text is a French social security number, with its key or without it.

    Fifteen characters: the key decides. Thirteen: the month, the department, and not the key of
    an EAN-13, since codes made by a shop for its own shelves begin with 2. Spaces are allowed.

    >>> nir_ok("2 95 10 99 126 111 93"), nir_ok("295109912611194"), nir_ok("3400935955838")
    (True, False, False)
    """
    text = re.sub(r"[\s.\u00a0\u202f]", "", text).upper()
    if _NIR_KEYED.fullmatch(text):
        number = int(text[:5] + _CORSICA.get(text[5:7], text[5:7]) + text[7:13])
        return _department_ok(text[5:7]) and 97 - number % 97 == int(text[13:])
    return (
        _NIR_BODY.fullmatch(text) is not None and _department_ok(text[5:7]) and not ean13_ok(text)
    )


def _department_ok(text: str) -> bool:
    # 96 was Morocco and Tunisia, 97 and 98 are overseas, 99 abroad.
    return text in {"2A", "2B"} or 1 <= int(text) <= 99


def product_code_kind(text: str) -> ProductCodeKind:
    """Name the kind of a product code from its form and key; anything else is `unknown`.

    Seven digits are a CIP7: a Belgian CNK looks the same and is told by the country of the file.

    >>> [product_code_kind(c) for c in ("3400935955838", "03400935955838", "3595583", "DIVERS")]
    ['cip13', 'gtin14', 'cip7', 'unknown']
    """
    if cip13_ok(text):
        return "cip13"
    if acl13_ok(text):
        return "acl13"
    if ean13_ok(text):
        return "ean13"
    if gtin14_ok(text):
        return "gtin14"
    return "cip7" if cip7_ok(text) else "unknown"
