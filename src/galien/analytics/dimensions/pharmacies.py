"""Which pharmacy: itself, where it stands and what it is like."""

from __future__ import annotations

from galien.analytics.dimensions.kinds import PharmacyAttribute

pharmacy = PharmacyAttribute("pharmacy", "pharmacy", "name")
department = PharmacyAttribute("department", "department")
typology = PharmacyAttribute("typology", "typology")
size_band = PharmacyAttribute("size_band", "size_band")
banner = PharmacyAttribute("banner", "banner")
lgo = PharmacyAttribute("lgo", "lgo")
group = PharmacyAttribute("group", "grouping")

DIMENSIONS = (pharmacy, department, typology, size_band, banner, lgo, group)
