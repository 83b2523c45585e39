"""What a product is: hierarchies, lab, brand, generic group, reimbursement (handbook, 20)."""

from __future__ import annotations

from galien.analytics.dimensions.kinds import ProductAttribute, ProductCode
from galien.model.price_bands import PRICE_BANDS

GENERIC_STATUS = {
    "originator": "Princeps",
    "generic": "Générique",
    "substitutable": "Substituable",
    "hybrid": "Hybride",
    "outside": "Hors répertoire",
}
REIMBURSABLE = {"true": "Remboursable", "false": "Non remboursable"}
PRESCRIPTION_STATUS = {
    "narcotic": "Stupéfiant",
    "list_i": "Liste I",
    "list_ii": "Liste II",
    "optional": "Prescription facultative",
}

product = ProductCode("product", "product_code", label_column="label")
family_1 = ProductAttribute("family_1", "family_1")
family_2 = ProductAttribute("family_2", "family_2")
universe_1 = ProductAttribute("universe_1", "universe_1")
universe_2 = ProductAttribute("universe_2", "universe_2")
segment_1 = ProductAttribute("segment_1", "segment_1")
segment_2 = ProductAttribute("segment_2", "segment_2")
brand = ProductAttribute("brand", "brand")
range_ = ProductAttribute("range", "range")
lab = ProductAttribute("lab", "lab")
product_type = ProductAttribute("product_type", "product_type")
indication = ProductAttribute("indication", "indication")
generic_status = ProductAttribute("generic_status", "generic_status", labels=GENERIC_STATUS)
generic_group = ProductAttribute("generic_group", "generic_group", "generic_group_label")
reimbursable = ProductAttribute("reimbursable", "reimbursable", labels=REIMBURSABLE)
reimbursed_product = ProductAttribute("reimbursed", "reimbursable", labels=REIMBURSABLE)
prescription_status = ProductAttribute(
    "prescription_status", "prescription_status", labels=PRESCRIPTION_STATUS
)
price_band = ProductAttribute("price_band", "price_band", labels=PRICE_BANDS)

DIMENSIONS = (
    family_1, family_2, universe_1, universe_2, segment_1, segment_2, brand, range_, lab, product,
    product_type, indication, generic_status, generic_group, prescription_status, price_band,
)  # fmt: skip
