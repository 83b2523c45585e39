"""Contracts as YAML: what is written is read back, and errors say where."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
import yaml
from hypothesis import given, settings

from galien.kernel.errors import InvalidInput
from galien.model.contracts import Contract
from galien.usecases.contracts.plain import from_plain, to_plain
from galien.usecases.contracts.yaml_form import dump_yaml, read_yaml
from tests.builders.contracts import contracts

EXAMPLE = """\
# Ce que le groupement a signé.
contracts:
  - reference: ALPHA-2026
    supplier: Laboratoires Alpha
    lab: Alpha
    signed_on: 15/01/2026
    since: 2026-02-01
    until: 2026-12-31
    clauses:
      - reference: Génériques
        kind: invoice_discount
        rate: 40 %
        scope: {classes: [generic]}
      - reference: Fin d’année
        kind: rebate
        measured: net_amount
        span: year
        tiers:
          - {minimum: 10000, rate: 0.02}
          - {minimum: "20 000", rate: "3,5 %"}
        condition: Volume
      - {reference: UG, kind: free_units, paid: 10, free: 2, scope: {products: ['3400930000014']}}
    commitments:
      - {reference: Volume, minimum: 8000, consequence: rebate_lost}
    conditions:
      payment_days: 45
      free_shipping_from: 150
      returns: {allowed: oui, days: 180, credit_rate: 80 %}
"""


@settings(max_examples=60)
@given(contract=contracts())
def test_a_contract_written_is_read_back(contract: Contract) -> None:
    assert from_plain(to_plain(contract)) == contract
    assert read_yaml(dump_yaml([contract])) == (contract,)


@settings(max_examples=30)
@given(contract=contracts())
def test_what_is_written_is_yaml_for_anybody(contract: Contract) -> None:
    (read,) = yaml.load(dump_yaml([contract]), Loader=yaml.BaseLoader)["contracts"]  # noqa: S506
    assert from_plain(read) == contract


def test_an_example_reads_as_it_says() -> None:
    (contract,) = read_yaml(EXAMPLE)
    generics, yearly, units = contract.clauses
    assert contract.signed_on == dt.date(2026, 1, 15)
    assert (generics.rate, generics.scope.classes) == (Decimal("0.40"), ("generic",))
    assert [yearly.rate_at(Decimal(reached)) for reached in (9999, 10000, 20000)] == [
        Decimal(0),
        Decimal("0.02"),
        Decimal("0.035"),
    ]
    assert units.free_rate == Decimal(2) / 12
    assert contract.conditions.returns.credit_rate == Decimal("0.8")
    assert contract.commitments[0].minimum == 8000


def test_several_documents_and_one_alone_are_read() -> None:
    one = "reference: {}\nlab: Alpha\nsince: 2026-01-01\n"
    found = read_yaml("---\n" + one.format("A") + "---\n" + one.format("B"))
    assert [each.reference for each in found] == ["A", "B"]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            "rate: 40 %",
            "rate: 400 %",
            "Ligne 12, contrat « ALPHA-2026 », clause « Génériques », rate",
        ),
        ("rate: 40 %", "rate: beaucoup", "« beaucoup » n’est pas un taux"),
        ("kind: invoice_discount", "kind: invoice_discont", "« invoice_discount »"),
        ("lab: Alpha", "labo: Alpha", "Ligne 5, contrat « ALPHA-2026 » : « labo » est inconnu"),
        ("condition: Volume", "condition: Tout", "clause « Fin d’année » : sa condition « Tout »"),
        ("since: 2026-02-01", "since: 2026-02-31", "Ligne 7, contrat « ALPHA-2026 », since"),
        ("until: 2026-12-31", "until: 2025-12-31", "il finit avant de commencer"),
        ("  since: 2026-02-01", "  note: rien", "il manque « since »"),
        ("minimum: 10000", "minimum: 20000", "deux paliers commencent au même seuil"),
        ("'3400930000014'", "'34009'", "« 34009 » n’est pas un code de produit"),
        ("paid: 10, ", "", "donnez des unités gratuites"),
        ("reference: UG", "reference: Génériques", "deux clauses portent la même référence"),
        ("    since:", "   since:", "Ligne 7 : ce n’est pas du YAML"),
        (
            "rate: 40 %",
            "rate: 40 %\n        rate: 30 %",
            "Ligne 13 : la clé « rate » figure deux fois",
        ),
        ("rate: 40 %", "rate: [1, 2]", "un texte est attendu"),
        ("minimum: 8000", "minimum: 8e30", "n’est pas un nombre"),
        ("clauses:", "clauses: rien\n    autres:", "« autres » est inconnu"),
    ],
)
def test_an_error_says_where_and_what(before: str, after: str, said: str) -> None:
    assert before in EXAMPLE
    with pytest.raises(InvalidInput) as wrong:
        read_yaml(EXAMPLE.replace(before, after, 1))
    assert said in wrong.value.message


@pytest.mark.parametrize(
    "text",
    [
        "",
        "42",
        "[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]",
        "a: &a [x, x]\nb: &b [*a, *a]\n" + "c: [*b, *b]",
        "&a {reference: *a}",
        "contracts: [1]",
        "? [a, b]\n: c",
        "[" * 5000,
    ],
)
def test_what_is_no_contract_is_refused_in_words(text: str) -> None:
    with pytest.raises(InvalidInput):
        read_yaml(text)
