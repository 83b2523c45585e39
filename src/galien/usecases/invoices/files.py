"""Auditing invoices on disk against a contract on disk, without a workspace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from galien.calculators.discounts.audit.bought import line_key
from galien.calculators.discounts.audit.found import Audit, Facts, Known
from galien.calculators.discounts.audit.holding import same_firm
from galien.calculators.discounts.audit.whole import audit
from galien.intake import InvoiceReading, read_invoices
from galien.kernel import french
from galien.kernel.errors import DataRefused, InvalidInput, refusal
from galien.model.contracts import Contract, ProductKeys, Standing
from galien.model.invoices import Invoice
from galien.usecases.contracts.yaml_form import read_yaml


@dataclass(frozen=True)
class Audited:
    """An invoice of a file and its audit."""

    reading: InvoiceReading
    invoice: Invoice
    audit: Audit


def audit_files(invoice: Path, contract: Path, *, today: dt.date) -> tuple[Audited, ...]:
    """Audit each invoice of a file against the contracts of a YAML file.

    The contracts given are those to audit against, whoever they name: a name that differs from the
    seller's is told. Raises InvalidInput when a file cannot be read, DataRefused when an invoice is
    refused, with the reason.
    """
    try:
        text = contract.read_bytes().decode("utf-8-sig")
        readings = read_invoices(invoice, today=today)
    except UnicodeDecodeError as error:
        raise InvalidInput(
            f"Contrat {contract} illisible : donnez un fichier YAML en UTF-8.", code="NO_FILE"
        ) from error
    except OSError as error:
        raise InvalidInput(
            f"Fichier {error.filename} illisible ({refusal(error)}).", code="NO_FILE"
        ) from error
    contracts = read_yaml(text, name=contract.name)
    return tuple(_audited(each, contracts) for each in readings)


def _audited(reading: InvoiceReading, contracts: Sequence[Contract]) -> Audited:
    invoice = reading.invoice
    if invoice is None:
        issue = reading.issues[0]
        raise DataRefused(
            f"Facture {reading.filename} refusée ({issue.code}). {issue.message}", code=issue.code
        )
    found = audit(
        invoice, [_of_seller(each, invoice) for each in contracts], _facts(invoice, contracts)
    )
    notes = (*_remarks(invoice, contracts), *found.notes)
    return Audited(reading, invoice, replace(found, notes=notes))


def _of_seller(contract: Contract, invoice: Invoice) -> Contract:
    """Let a contract hold for the seller, under whatever name it was written."""
    return replace(contract, supplier=invoice.seller.name, members=())


def _facts(invoice: Invoice, contracts: Sequence[Contract]) -> Facts:
    """Without a catalogue, take products to be of the lab of the contract, when there is one only."""
    labs = {each.lab for each in contracts}
    lab = labs.pop() if len(labs) == 1 else ""
    codes = {line_key(each) for each in invoice.lines}
    return Facts(products={code: Known(ProductKeys(code, lab=lab)) for code in codes})


def _remarks(invoice: Invoice, contracts: Sequence[Contract]) -> Iterator[str]:
    for each in contracts:
        if not same_firm(each.supplier or each.lab, invoice.seller.name):
            yield (
                f"Le contrat « {each.reference} » est au nom de {each.supplier or each.lab}, la facture "
                f"de {invoice.seller.name} : contrôlée quand même."
            )
        if not each.in_force(invoice.issued_on):
            yield (
                f"Le contrat « {each.reference} » n’est pas en cours le "
                f"{french.day(invoice.issued_on)}, date de la facture."
            )
        if each.standing is Standing.OFFER:
            yield f"Le contrat « {each.reference} » est une offre, pas encore signée."
