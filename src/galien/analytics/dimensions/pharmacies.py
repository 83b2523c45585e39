"""Which pharmacy: itself, where it stands and what it is like."""

from __future__ import annotations

from galien.analytics.dimensions.kinds import PharmacyAttribute, PharmacyState

pharmacy = PharmacyAttribute("pharmacy", "pharmacy", "name")
department = PharmacyAttribute("department", "department")
typology = PharmacyAttribute("typology", "typology")
size_band = PharmacyAttribute("size_band", "size_band")
banner = PharmacyAttribute("banner", "banner")
lgo = PharmacyAttribute("lgo", "lgo")
group = PharmacyAttribute("group", "grouping")
data_state = PharmacyState(
    "data_state", labels={"complete": "Données complètes", "partial": "Données partielles"}
)

DIMENSIONS = (pharmacy, department, typology, size_band, banner, lgo, group)
