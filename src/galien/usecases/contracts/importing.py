"""Bringing contracts in from YAML and CSV files: read, shown before anything is kept, then kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from django.db import transaction

from galien.kernel.errors import InvalidInput
from galien.model.contracts import Clause, Contract
from galien.model.viewer import Viewer
from galien.usecases.contracts.book import Kept, contracts_of, save
from galien.usecases.contracts.csv_form import MOST_BYTES, Rejected, read_csv
from galien.usecases.contracts.yaml_form import read_yaml
from galien.usecases.products import catalogue_codes
from galien.usecases.services import Services

EVERY_STANDING = ("offer", "signed", "ended")


@dataclass(frozen=True)
class Brought:
    """A file read: its contracts, rows that could not be used, codes that no catalogue knows.

    `rows` is 0 for YAML; `ignored` are the columns that nothing reads.
    """

    contracts: tuple[Contract, ...]
    rows: int = 0
    rejected: tuple[Rejected, ...] = ()
    ignored: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def read_contracts(
    content: bytes,
    name: str,
    *,
    services: Services,
    defaults: Mapping[str, str] | None = None,
) -> Brought:
    """Read a file of contracts; what its name ends with says YAML or CSV.

    Codes are those of the catalogue when it knows them (a CIP7 becomes its CIP13). `defaults` gives
    what a price list lacks of its contract. Raises InvalidInput when the file cannot be read.
    """
    known = catalogue_codes(services)
    if name.lower().endswith((".yaml", ".yml")):
        if len(content) > MOST_BYTES:
            raise InvalidInput(f"« {name} » dépasse {MOST_BYTES // 1_000_000} Mo : coupez-le.")
        contracts = tuple(with_known_codes(each, known) for each in read_yaml(_text(content, name)))
        return Brought(contracts, unknown=_unknown(contracts, known))
    found = read_csv(content, name=name, defaults=defaults, known=known)
    return Brought(
        contracts=found.contracts,
        rows=found.rows,
        rejected=found.rejected,
        ignored=found.ignored,
        unknown=_unknown(found.contracts, known),
    )


def read_path(path: Path, *, services: Services) -> Brought:
    """Read a file of the command line; InvalidInput when it cannot be opened or used."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InvalidInput(
            f"Le fichier « {path} » ne peut pas être lu ({error.strerror}). Vérifiez son chemin."
        ) from error
    try:
        return read_contracts(content, path.name, services=services)
    except InvalidInput as error:
        raise InvalidInput(f"« {path.name} ». {error.message}") from error


@transaction.atomic
def keep_all(
    contracts: Sequence[Contract],
    viewer: Viewer,
    *,
    services: Services,
    organisation: int | None = None,
) -> tuple[Kept, ...]:
    """Keep contracts, all or none; one of a known reference takes the place of the old.

    Raises what `save` raises.
    """
    return tuple(
        save(each, viewer, services=services, organisation=organisation, replacing=True)
        for each in contracts
    )


def already_kept(
    contracts: Sequence[Contract], viewer: Viewer, organisation: int | None
) -> dict[str, Kept]:
    """Return, by reference, the contracts of the organisation that these would take the place of."""
    named = {each.reference for each in contracts}
    return {
        kept.contract.reference: kept
        for kept in contracts_of(viewer, standings=EVERY_STANDING)
        if kept.contract.reference in named
        and (organisation is None or kept.organisation_key == organisation)
    }


def in_catalogue(contract: Contract, *, services: Services) -> Contract:
    """Return a contract whose product codes are those of the catalogue, when it knows them."""
    return with_known_codes(contract, catalogue_codes(services))


def with_known_codes(contract: Contract, known: Mapping[str, str]) -> Contract:
    """Return a contract whose product codes are those of the catalogue, when it knows them."""

    def codes(given: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(known.get(_bare(code), _bare(code)) for code in given))

    def mended(clause: Clause) -> Clause:
        scope = clause.scope
        if not (scope.products or scope.excluded):
            return clause
        products, excluded = codes(scope.products), codes(scope.excluded)
        return replace(clause, scope=replace(scope, products=products, excluded=excluded))

    return replace(contract, clauses=tuple(mended(each) for each in contract.clauses))


def _bare(code: str) -> str:
    return code[1:] if len(code) == 14 else code


def _unknown(contracts: Sequence[Contract], known: Mapping[str, str]) -> tuple[str, ...]:
    named = {
        code for each in contracts for clause in each.clauses for code in clause.scope.products
    }
    return tuple(sorted(named - set(known.values())))


def _text(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(f"« {name} » n’est pas en UTF-8 : enregistrez-le ainsi.") from error
