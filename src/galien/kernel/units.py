"""Units that figures carry, with the sign shown in column headers."""

from __future__ import annotations

from enum import StrEnum


class Unit(StrEnum):
    """Unit of a column or a measure; the value is the key used in the API."""

    EUR = "eur"
    EUR_EXCL = "eur_excl"
    EUR_INCL = "eur_incl"
    BOXES = "boxes"
    COUNT = "count"
    RATIO = "ratio"
    DAYS = "days"
    TURNS = "turns"
    NONE = "none"

    @property
    def sign(self) -> str:
        """Return what a header shows beside the label.

        >>> Unit.EUR_EXCL.sign, Unit.RATIO.sign
        ('€ HT', '%')
        """
        return _SIGNS[self]

    def sign_in(self, country: str) -> str:
        """Return the sign as a country writes it: Belgium says TVAC and HTVA.

        >>> Unit.EUR_EXCL.sign_in("BE"), Unit.EUR_INCL.sign_in("FR")
        ('€ HTVA', '€ TTC')
        """
        return _BELGIAN.get(self, self.sign) if country == "BE" else self.sign

    @property
    def is_money(self) -> bool:
        """Tell whether figures of this unit are euros."""
        return self in {Unit.EUR, Unit.EUR_EXCL, Unit.EUR_INCL}


_SIGNS = {
    Unit.EUR: "€",
    Unit.EUR_EXCL: "€ HT",
    Unit.EUR_INCL: "€ TTC",
    Unit.BOXES: "u",
    Unit.COUNT: "",
    Unit.RATIO: "%",
    Unit.DAYS: "j",
    Unit.TURNS: "tours",
    Unit.NONE: "",
}
_BELGIAN = {Unit.EUR_EXCL: "€ HTVA", Unit.EUR_INCL: "€ TVAC"}
