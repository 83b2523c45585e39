"""The form of a contract: its fields, made from what is typed so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from galien.records.models import Organisation
from galien.web.components.models import Field, Option
from galien.web.pages.contracts import words
from galien.web.pages.contracts.draft import BLANK_TIERS, Plain

MOST_CLAUSES = 30


@dataclass(frozen=True)
class ClauseForm:
    """A clause of the form: its number, its fields by part, whether its tiers are used."""

    number: int
    title: str
    head: tuple[Field, ...]
    tiers: tuple[tuple[Field, Field], ...]
    counting: tuple[Field, ...]
    scope: tuple[Field, ...]
    classes: tuple[Option, ...]
    tiered: bool
    scoped: bool


@dataclass(frozen=True)
class CommitmentForm:
    """A commitment of the form."""

    number: int
    title: str
    head: tuple[Field, ...]
    scope: tuple[Field, ...]
    classes: tuple[Option, ...]
    scoped: bool


@dataclass(frozen=True)
class ContractForm:
    """The whole form."""

    head: tuple[Field, ...]
    note: Field
    clauses: tuple[ClauseForm, ...]
    commitments: tuple[CommitmentForm, ...]
    conditions: tuple[Field, ...]
    members: tuple[Option, ...]


def contract_form(
    draft: Plain, organisations: list[Organisation], chosen: str, members: Mapping[str, str]
) -> ContractForm:
    """Return the form of what is typed; `organisations` are offered when there are several."""
    head = [
        Field("reference", "Référence", value=_of(draft, "reference"), required=True),
        Field("supplier", "Fournisseur", value=_of(draft, "supplier"), help="Qui facture."),
        Field("lab", "Laboratoire", value=_of(draft, "lab"), help="De qui sont les produits."),
        _select("standing", "État", draft, words.STANDINGS, "signed"),
        Field("since", "Début", kind="date", value=_of(draft, "since"), required=True),
        Field("until", "Fin", kind="date", value=_of(draft, "until")),
        Field(
            "signed_on",
            "Signé le",
            kind="date",
            value=_of(draft, "signed_on"),
            help="Ce jour décide des plafonds légaux.",
        ),
    ]
    if len(organisations) > 1:
        head.append(
            Field(
                "organisation",
                "Organisation",
                kind="select",
                required=True,
                options=tuple(
                    Option(str(each.pk), each.name, chosen=str(each.pk) == chosen)
                    for each in organisations
                ),
            )
        )
    named = [each.get("reference", "") for each in draft["commitments"]]
    return ContractForm(
        head=tuple(head),
        note=Field("note", "Remarque", kind="area", value=_of(draft, "note")),
        clauses=tuple(_clause(n, each, named) for n, each in enumerate(draft["clauses"])),
        commitments=tuple(_commitment(n, each) for n, each in enumerate(draft["commitments"])),
        conditions=_conditions(draft["conditions"]),
        members=tuple(
            Option(code, name, chosen=code in draft.get("members", ()))
            for code, name in members.items()
        ),
    )


def _clause(number: int, clause: Plain, commitments: list[str]) -> ClauseForm:
    at = f"clauses-{number}-"
    tiers = clause.get("tiers", [])
    rows = max(int(clause.get("rows", 0)), len(tiers), BLANK_TIERS)
    steps = [*tiers, *({} for _ in range(rows - len(tiers)))]
    conditions = {name: name for name in commitments if name}
    title = _of(clause, "reference") or f"Clause {number + 1}"
    return ClauseForm(
        number=number,
        title=title,
        head=(
            Field(
                f"{at}reference", "Nom de la clause", value=_of(clause, "reference"), required=True
            ),
            _select(f"{at}kind", "Nature", clause, words.KINDS, "invoice_discount"),
            Field(f"{at}rate", "Taux", value=_of(clause, "rate"), suffix="%", help="Sans paliers."),
            _select(f"{at}base", "Taux pris", clause, words.BASES, "list"),
            Field(f"{at}paid", "Unités payées", value=_of(clause, "paid")),
            Field(f"{at}free", "Unités offertes", value=_of(clause, "free")),
            _select(
                f"{at}condition",
                "À condition de tenir",
                clause,
                {"": "Aucune condition"} | conditions,
                "",
            ),
        ),
        tiers=tuple(
            (
                Field(f"{at}tiers-{rank}-minimum", "À partir de", value=_of(tier, "minimum")),
                Field(f"{at}tiers-{rank}-rate", "Taux", value=_of(tier, "rate"), suffix="%"),
            )
            for rank, tier in enumerate(steps)
        ),
        counting=_counting(at, clause, "list_amount", "line"),
        scope=_scope(at, clause),
        classes=_classes(clause),
        tiered=bool(tiers),
        scoped=bool(clause.get("scope")),
    )


def _commitment(number: int, commitment: Plain) -> CommitmentForm:
    at = f"commitments-{number}-"
    return CommitmentForm(
        number=number,
        title=_of(commitment, "reference") or f"Engagement {number + 1}",
        head=(
            Field(
                f"{at}reference",
                "Nom de l’engagement",
                value=_of(commitment, "reference"),
                required=True,
            ),
            Field(f"{at}minimum", "Au moins", value=_of(commitment, "minimum"), required=True),
            *_counting(at, commitment, "net_amount", "year"),
            _select(f"{at}consequence", "Sinon", commitment, words.CONSEQUENCES,
                    "discount_billed_back"),
        ),
        scope=_scope(at, commitment),
        classes=_classes(commitment),
        scoped=bool(commitment.get("scope")),
    )  # fmt: skip


def _counting(at: str, part: Plain, measured: str, span: str) -> tuple[Field, ...]:
    return (
        _select(f"{at}measured", "Compté en", part, words.MEASURES, measured),
        _select(f"{at}span", "Sur", part, words.SPANS, span),
        _select(f"{at}counted", "Achats comptés", part, words.COUNTED, "pharmacy"),
    )


def _scope(at: str, part: Plain) -> tuple[Field, ...]:
    scope = part.get("scope", {})

    def area(name: str, label: str, text: str) -> Field:
        lines = "\n".join(scope.get(name, ()))
        return Field(f"{at}scope-{name}", label, kind="area", value=lines, help=text)

    return (
        area("products", "Produits", "Codes CIP13, CIP7 ou EAN, un par ligne."),
        area("generic_groups", "Groupes génériques", "Numéros du répertoire, un par ligne."),
        area("ranges", "Gammes", "Une par ligne."),
        area("brands", "Marques", "Une par ligne."),
        area("labs", "Laboratoires", "Un par ligne, comme au catalogue."),
        area("excluded", "Sauf", "Codes de produits laissés de côté."),
    )


def _classes(part: Plain) -> tuple[Option, ...]:
    chosen = part.get("scope", {}).get("classes", ())
    return tuple(
        Option(name, label.capitalize(), chosen=name in chosen)
        for name, label in words.CLASSES.items()
    )


def _conditions(given: Plain) -> tuple[Field, ...]:
    returns = given.get("returns", {})

    def amount(name: str, label: str, text: str = "") -> Field:
        return Field(f"conditions-{name}", label, value=_of(given, name), suffix="€", help=text)

    return (
        Field(
            "conditions-payment_days",
            "Délai de paiement",
            value=_of(given, "payment_days"),
            suffix="j",
        ),
        amount("shipping_fee", "Port", "Par commande, hors taxes."),
        amount("free_shipping_from", "Franco dès", "Montant net de la commande."),
        Field("conditions-exclusivity", "Exclusivité", value=_of(given, "exclusivity")),
        Field(
            "conditions-returns-allowed",
            "Retours",
            kind="select",
            required=True,
            options=(
                Option("", "Refusés"),
                Option("true", "Admis", chosen=returns.get("allowed") == "true"),
            ),
        ),
        Field(
            "conditions-returns-days",
            "Retours sous",
            value=_of(returns, "days"),
            suffix="j",
        ),
        Field(
            "conditions-returns-credit_rate",
            "Retours crédités à",
            value=_of(returns, "credit_rate"),
            suffix="%",
        ),
        amount("order_cost", "Coût d’une commande"),
        amount("invoice_cost", "Coût d’une facture"),
        amount("dispute_cost", "Coût d’un litige"),
        amount("yearly_fee", "Cotisation annuelle"),
        amount("joining_fee", "Droit d’entrée"),
    )


def _of(part: Plain, name: str) -> str:
    return str(part.get(name, ""))


def _select(name: str, label: str, part: Plain, labels: Mapping[Any, str], default: str) -> Field:
    chosen = _of(part, name.rsplit("-", 1)[-1]) or default
    return Field(
        name,
        label,
        kind="select",
        required=True,
        options=tuple(
            Option(str(key), text, chosen=str(key) == chosen) for key, text in labels.items()
        ),
    )
