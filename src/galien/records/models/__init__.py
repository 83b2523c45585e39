"""The tables of the records, one module per subject."""

from __future__ import annotations

from galien.records.models.access import AccessedPharmacy, AccessLog, ApiToken
from galien.records.models.accounts import (
    AccountingYear,
    AccountRule,
    ActivitySummary,
    YearTotal,
)
from galien.records.models.contracts import (
    Claim,
    Scenario,
    SupplierContract,
    SupplierInvoice,
)
from galien.records.models.counters import Counter
from galien.records.models.jobs import Job, JobState
from galien.records.models.lists import ProductList
from galien.records.models.organisations import Organisation, OrganisationKind, Pharmacy
from galien.records.models.people import Membership, Role, User
from galien.records.models.receipts import DayVersion, LiveDay, QuarantineRow, Receipt, Resend
from galien.records.models.releases import Pointer, Release, ReleaseLease
from galien.records.models.rights import Authorisation
from galien.records.models.shelves import (
    PhysicalCount,
    PriceDecision,
    PricePolicy,
    ProposedOrder,
)
from galien.records.models.views import SavedView

__all__ = [
    "AccessLog",
    "AccessedPharmacy",
    "AccountRule",
    "AccountingYear",
    "ActivitySummary",
    "ApiToken",
    "Authorisation",
    "Claim",
    "Counter",
    "DayVersion",
    "Job",
    "JobState",
    "LiveDay",
    "Membership",
    "Organisation",
    "OrganisationKind",
    "Pharmacy",
    "PhysicalCount",
    "Pointer",
    "PriceDecision",
    "PricePolicy",
    "ProductList",
    "ProposedOrder",
    "QuarantineRow",
    "Receipt",
    "Release",
    "ReleaseLease",
    "Resend",
    "Role",
    "SavedView",
    "Scenario",
    "SupplierContract",
    "SupplierInvoice",
    "User",
    "YearTotal",
]
