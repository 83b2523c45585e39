"""The topics the law is filed under, in the order they are shown, with their French titles."""

from __future__ import annotations

from typing import Final

TOPICS: Final = {
    "pharmacist_margin": "Marge du pharmacien",
    "wholesaler_margin": "Marge du grossiste-répartiteur",
    "dispensing_fees": "Honoraires de dispensation",
    "discount_ceilings": "Plafonds de remise",
    "pay": "Rémunération sur les médicaments",
    "vat": "TVA",
    "overseas": "Prix outre-mer",
    "price_ceilings": "Prix limites de vente",
    "duty": "Gardes et astreintes",
    "public_holidays": "Jours fériés",
    "missions": "Nouvelles missions",
    "assistants": "Pharmaciens adjoints",
    "licence": "Licences et quotas de population",
    "corporate_tax": "Impôt sur les sociétés",
    "fec": "Fichier des écritures comptables (FEC)",
    "chart_of_accounts": "Plan comptable",
    "management_balances": "Soldes intermédiaires de gestion",
    "indicator_reference": "Références nationales des indicateurs",
    "classification": "Classement des officines",
    "benchmark": "Références du secteur",
    "warning": "Seuils d’alerte",
    "valuation": "Évaluation d’une officine",
    "sale_prices": "Prix de cession",
    "product_codes": "Codes des produits",
    "pharmaml": "PharmaML",
    "identifiers": "Identifiants",
    "statistical_secrecy": "Secret statistique",
    "data_protection": "Protection des données",
    "health_data_hosting": "Hébergement de données de santé",
    "belgian_remuneration": "Belgique : rémunération",
    "belgian_prices": "Belgique : prix",
    "belgian_vat": "Belgique : TVA",
}
COUNTRIES: Final = {"FR": "France", "BE": "Belgique", "EU": "Union européenne"}
