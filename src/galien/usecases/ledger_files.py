"""Ledger files on disk: checked, and turned into management balances, without a workspace."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

import yaml

from galien.calculators.accounting.lines import destinations
from galien.calculators.accounting.rules import check_correction, rules_for
from galien.calculators.accounting.statement import Statement, statement
from galien.intake import FecReading, read_fec
from galien.kernel.errors import DataRefused, InvalidInput, refusal
from galien.model.accounts import Ledger


def read_file(path: Path) -> FecReading:
    """Read a ledger file; InvalidInput when there is none, DataRefused when it cannot be read."""
    try:
        found = read_fec(path)
    except OSError as error:
        raise InvalidInput(
            f"Fichier {path} illisible ({refusal(error)}).", code="NO_FILE"
        ) from error
    ledger_in(found)
    return found


def ledger_in(reading: FecReading) -> Ledger:
    """Return the ledger of a reading; DataRefused, with the reason, when it has none."""
    if reading.ledger is None:
        issue = reading.issues[0]
        raise DataRefused(f"FEC refusé ({issue.code}). {issue.message}", code=issue.code)
    return reading.ledger


def statement_of_files(
    ledger: Ledger, previous: Ledger | None, corrections: Mapping[str, str]
) -> Statement:
    """Return the management balances of ledgers read from files, each under its year's rules."""
    return statement(
        ledger,
        rules_for(ledger.first_day, corrections),
        previous,
        previous_rules=rules_for(previous.first_day, corrections) if previous else None,
    )


def read_corrections(path: Path) -> dict[str, str]:
    """Read a firm's corrections of the account table: line or detail by account prefix.

    YAML or JSON, `prefix: line` or `line: [prefix, …]`, under `accounts` or not; or CSV with a header
    `prefix,line`. InvalidInput for a file that is neither, an account or a line that does not exist.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(
            f"Correspondance {path} illisible : donnez un fichier YAML en UTF-8.", code="NO_FILE"
        ) from error
    found = dict(_pairs(text, path))
    for prefix, line in found.items():
        check_correction(prefix, line)
    return found


def _pairs(text: str, path: Path) -> list[tuple[str, str]]:
    if path.suffix.lower() == ".csv":
        delimiter = max(",;\t", key=text.split("\n", 1)[0].count)
        rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))[1:]
        return [(row[0].strip(), row[1].strip()) for row in rows if len(row) > 1]
    try:
        declared = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        raise _unreadable(path) from error
    if isinstance(declared, dict) and isinstance(declared.get("accounts"), dict):
        declared = declared["accounts"]
    if not isinstance(declared, dict):
        raise _unreadable(path)
    pairs = []
    for name, value in declared.items():
        if str(name) in destinations():
            pairs += [(str(each), str(name)) for each in _listed(value)]
        else:
            pairs.append((str(name), str(value)))
    return pairs


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _unreadable(path: Path) -> InvalidInput:
    return InvalidInput(
        f'Correspondance {path.name} : écrivez une ligne par compte, « "6411": owner_costs ».',
        code="MAPPING",
    )
