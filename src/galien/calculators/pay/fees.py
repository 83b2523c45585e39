"""Dispensing fees: what the law gives for what was sold, beside what was billed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

_NOTHING = Decimal(0)

CANNOT_BE_COMPUTED = (
    "Honoraire lié à l’âge : l’âge du patient n’est jamais gardé.",
    "Honoraire de médicaments spécifiques : leur liste n’est pas dans la base publique.",
    "Honoraire d’ordonnance complexe : le nombre de lignes d’une ordonnance n’est pas gardé.",
)


@dataclass(frozen=True)
class FeeCheck:
    """Fees due by the law on the boxes and prescriptions sold, and fees billed: euros incl. tax.

    `boxes` counts the boxes that bear a fee of their own, `prescriptions` the invoices of prescription.
    """

    boxes: int = 0
    prescriptions: int = 0
    due_by_box: Decimal = _NOTHING
    due_by_prescription: Decimal = _NOTHING
    billed: Decimal = _NOTHING

    @property
    def due(self) -> Decimal:
        """Return what the facts allow to compute: fees per box and per prescription."""
        return self.due_by_box + self.due_by_prescription

    @property
    def beyond(self) -> Decimal:
        """Return what was billed beyond it: the fees that cannot be computed, and any mistake.

        >>> FeeCheck(2, 1, Decimal("2.04"), Decimal("0.61"), Decimal("4.33")).beyond
        Decimal('1.68')
        """
        return self.billed - self.due

    def __add__(self, other: FeeCheck) -> FeeCheck:
        """Add two periods or two pharmacies."""
        return FeeCheck(
            self.boxes + other.boxes,
            self.prescriptions + other.prescriptions,
            self.due_by_box + other.due_by_box,
            self.due_by_prescription + other.due_by_prescription,
            self.billed + other.billed,
        )
