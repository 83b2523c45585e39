"""The terms that take a purchase line from its invoice to its net-net price, as a release keeps them."""

from __future__ import annotations

from enum import IntEnum, StrEnum

import pyarrow as pa

from galien.model.contracts import ClauseKind


class Source(StrEnum):
    """Where a step from list to net-net price is known from."""

    INVOICE = "invoice"
    CONTRACT = "contract"
    ESTIMATE = "estimate"


class Confidence(IntEnum):
    """How far a step can be relied upon: guessed, agreed in writing, or seen on an invoice."""

    GUESSED = 1
    AGREED = 2
    SEEN = 3


CONFIDENCE = {
    Source.INVOICE: Confidence.SEEN,
    Source.CONTRACT: Confidence.AGREED,
    Source.ESTIMATE: Confidence.GUESSED,
}
SOURCE_LABELS = {
    Source.INVOICE: "Facture ou avoir",
    Source.CONTRACT: "Contrat signé",
    Source.ESTIMATE: "Estimation",
}
CONFIDENCE_LABELS = {
    Confidence.SEEN: "Constaté",
    Confidence.AGREED: "Convenu par écrit",
    Confidence.GUESSED: "Estimé",
}

# What a purchase line does not say itself: clauses, payments and estimates give it.
AFTER_INVOICE = (ClauseKind.CASH_DISCOUNT, ClauseKind.REBATE, ClauseKind.COOPERATION)

RATE = pa.decimal128(14, 12)

# A row: from `first_day` to `last_day` of a month, a clause gives a pharmacy `rate` of `base` on what it
# buys. Without `supplier`, whoever invoices; without `scope`, every product; `document_id` narrows it to
# one document. `proof` is what shows it: the clause, or the document that paid it. Without a clause it was
# seen on an invoice. Of two contracts of the same `parties`, a line owes to the one of highest precedence.
_COLUMNS: dict[str, pa.DataType] = {
    "organisation": pa.string(),
    "contract": pa.string(),
    "parties": pa.string(),
    "precedence": pa.string(),
    "clause": pa.string(),
    "kind": pa.string(),
    "source": pa.string(),
    "proof": pa.string(),
    "pharmacy": pa.string(),
    "supplier": pa.string(),
    "month": pa.date32(),
    "first_day": pa.date32(),
    "last_day": pa.date32(),
    "document_id": pa.string(),
    "base": pa.string(),
    "rate": RATE,
    "scope": pa.string(),
}
TERMS = pa.schema(_COLUMNS)
SCOPES = pa.schema([("scope", pa.string()), ("product_code", pa.string())])
TERMS_TABLE, SCOPES_TABLE = "terms", "term_products"
