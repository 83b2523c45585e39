"""How much of each medicine the country takes: boxes a year, and how they spread over the months."""

from __future__ import annotations

import numpy as np

from galien.demo.public import Floats, Medicines

# Reimbursed ÷ base and boxes (millions) by first letter of the ATC, Open Medic 2025.
_REIMBURSED_SHARE = {
    "L": 0.973, "N": 0.850, "A": 0.887, "J": 0.783, "B": 0.925, "C": 0.884, "R": 0.786,
    "S": 0.885, "D": 0.706, "H": 0.909, "M": 0.836, "G": 0.658, "V": 0.514, "P": 0.817,
}  # fmt: skip
_BOXES = {
    "L": 22.417, "N": 840.257, "A": 418.770, "J": 157.049, "B": 130.071, "C": 242.394,
    "R": 149.736, "S": 78.206, "D": 76.592, "H": 57.937, "M": 83.061, "G": 59.891, "V": 4.492,
    "P": 5.902,
}  # fmt: skip
_FIRST_LETTERS = tuple(_BOXES)
_SURE_ABOVE = 3000
GENERIC_SHARE_OF_BOXES = 0.461
_OTHER_RATES = {30: 0.52, 35: 0.55, 15: 0.32, 100: 1.0}

# Mean sales a day by month, January first, as a ratio of the year: the real series of one
# pharmacy over 2014-2019 for eight groups; the others are the nearest of those eight.
_MONTHS = {
    "M01AB": (1.00, 0.99, 0.98, 1.02, 0.96, 0.94, 1.03, 1.08, 0.99, 0.99, 1.04, 0.98),
    "M01AE": (1.12, 1.19, 1.00, 0.92, 0.94, 0.91, 0.97, 0.93, 1.02, 1.00, 0.98, 1.03),
    "N02BA": (1.19, 1.20, 1.03, 0.95, 0.96, 0.97, 0.90, 0.89, 0.87, 1.02, 1.08, 0.95),
    "N02BE": (1.36, 1.20, 0.99, 0.85, 0.76, 0.68, 0.65, 0.68, 1.06, 1.39, 1.08, 1.31),
    "N05B": (1.24, 1.02, 0.93, 0.88, 0.84, 0.89, 0.94, 1.02, 1.04, 1.07, 1.05, 1.08),
    "N05C": (1.33, 0.95, 1.05, 0.80, 1.02, 0.99, 0.80, 1.03, 0.88, 0.88, 1.13, 1.13),
    "R03": (1.23, 1.24, 1.13, 1.03, 0.90, 0.78, 0.53, 0.56, 0.79, 1.29, 1.12, 1.42),
    "R06": (0.57, 0.60, 1.12, 1.65, 1.76, 1.56, 1.18, 0.95, 0.90, 0.69, 0.55, 0.48),
}
_NEAREST = {
    "R01": "R03", "R02": "N02BE", "R05": "R03", "J01": "N02BE", "S01G": "R06", "R06": "R06",
    "R03": "R03", "N05B": "N05B", "N05C": "N05C", "M01AB": "M01AB", "M01AE": "M01AE",
    "N02BA": "N02BA", "N02BE": "N02BE", "H02": "N02BE",
}  # fmt: skip
# Influenza vaccine is given from mid-October; the calendar of the French campaign, not a series.
_VACCINE_INFLUENZA = (0.5, 0.1, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.05, 5.2, 4.6, 1.55)


def national_boxes(medicines: Medicines) -> Floats:
    """Estimate the boxes delivered in a year in the country, 0 where nothing was reimbursed.

    Published boxes are kept. The others are the reimbursed amount over the price before fee and the
    share reimbursed; then the cheap ones, whose share is the least sure, are scaled so that each
    first letter of the ATC holds its published boxes and generics make 46 % of all boxes.
    """
    price = _typical_price(medicines)
    share = np.array([_REIMBURSED_SHARE.get(code[:1], 0.87) for code in medicines.atc])
    # What costs much is taken by patients reimbursed in full.
    share = np.clip(share + 0.25 * np.clip((price - 4000) / 60_000, 0, 1), 0, 0.985)
    for rate, reimbursed in _OTHER_RATES.items():
        share = np.where(medicines.rate == rate, reimbursed, share)
    sold = (medicines.reimbursed > 0) & (price > 0)
    unit = price / 100
    estimated = np.where(sold, medicines.reimbursed / np.maximum(unit * share, 0.01), 0.0)
    known = sold & (medicines.boxes > 0)
    boxes = np.where(known, medicines.boxes, estimated)
    known |= price > _SURE_ABOVE
    for _ in range(6):
        boxes = _scaled_by_letter(medicines, boxes, known)
        boxes = _scaled_by_register(medicines, boxes, known)
    return boxes


def _typical_price(medicines: Medicines) -> Floats:
    first = medicines.price[:, 0]
    return np.where(first > 0, first, medicines.price.max(axis=1)).clip(0).astype(np.float64)


def _scaled_by_letter(medicines: Medicines, boxes: Floats, known: np.ndarray) -> Floats:
    letters = np.array([code[:1] for code in medicines.atc])
    scaled = boxes.copy()
    for letter in _FIRST_LETTERS:
        mine = letters == letter
        fixed, free = boxes[mine & known].sum(), boxes[mine & ~known].sum()
        if free > 0:
            scaled[mine & ~known] *= np.clip((_BOXES[letter] * 1e6 - fixed) / free, 0.5, 2.0)
    return scaled


def _scaled_by_register(medicines: Medicines, boxes: Floats, known: np.ndarray) -> Floats:
    generic = medicines.generic == 1
    others = boxes[~generic].sum()
    wanted = others * GENERIC_SHARE_OF_BOXES / (1 - GENERIC_SHARE_OF_BOXES)
    fixed, free = boxes[generic & known].sum(), boxes[generic & ~known].sum()
    factor = np.clip((wanted - fixed) / max(free, 1.0), 0.5, 2.0)
    return np.where(generic & ~known, boxes * factor, boxes)


def seasons(atc: np.ndarray) -> Floats:
    """Give the twelve monthly factors of each ATC code (rows), around 1, January first."""
    table = np.ones((len(atc), 12))
    for rank, code in enumerate(atc):
        if code[:5] == "J07BB":
            table[rank] = _VACCINE_INFLUENZA
            continue
        for length in (5, 4, 3):
            nearest = _NEAREST.get(code[:length])
            if nearest:
                table[rank] = _MONTHS[nearest]
                break
    return table
