"""Law: the regulated figures of pharmacy, each dated, sourced and read on the day it applies."""

from __future__ import annotations

from galien.law.banded import Band, Banded
from galien.law.book import VALUES_FOLDER, Law
from galien.law.consultation import Consultation
from galien.law.parameters import Bracket, Cited, LawValue, Parameter, Scale, Source
from galien.law.price_structure import PriceStructure

__all__ = [
    "VALUES_FOLDER",
    "Band",
    "Banded",
    "Bracket",
    "Cited",
    "Consultation",
    "Law",
    "LawValue",
    "Parameter",
    "PriceStructure",
    "Scale",
    "Source",
]
