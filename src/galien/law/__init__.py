"""Law: the regulated figures of pharmacy, each dated, sourced and read on the day it applies."""

from galien.law.book import VALUES_FOLDER, Law
from galien.law.parameters import Bracket, Cited, LawValue, Parameter, Scale, Source

__all__ = [
    "VALUES_FOLDER",
    "Bracket",
    "Cited",
    "Law",
    "LawValue",
    "Parameter",
    "Scale",
    "Source",
]
