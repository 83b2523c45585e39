"""How contracts are printed: the table of them, one of them part by part, its legal ceilings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from galien.calculators.discounts.ceilings import Finding
from galien.kernel import french
from galien.model.contracts import ZERO, Clause, Conditions, Contract, Standing
from galien.usecases.contracts.book import Kept
from galien.usecases.contracts.ceilings import Checked
from galien.usecases.contracts.csv_rows import percent
from galien.web.components.models import Action, Link, PageHead, Row, TableModel, Tone
from galien.web.lists import badge, count, day, link, plain_table, text, wrapped, written
from galien.web.pages.contracts import words

PATH = "/achats/contrats"
SHOWN_CODES = 60
# A price list of thousands of rates is read in its file; the page shows how it begins.
SHOWN_CLAUSES, SHOWN_FINDINGS = 100, 50


@dataclass(frozen=True)
class Products:
    """The products a clause names one by one: their codes and names, and how many are not shown."""

    clause: str
    named: tuple[tuple[str, str], ...]
    more: int


def table(rows: Iterable[tuple[Kept, Checked]], today: dt.date) -> TableModel:
    """Return the table of contracts."""
    columns = (
        text("reference", "Contrat"),
        text("party", "Fournisseur"),
        text("standing", "État"),
        day("since", "Début"),
        day("until", "Fin"),
        count("clauses", "Clauses"),
        written("gives", "Donne au plus"),
        text("ceilings", "Plafonds"),
    )
    return plain_table(
        "Contrats et offres",
        columns,
        [_row(kept, checked, today) for kept, checked in rows],
        noun=("contrat", "contrats"),
    )


def _row(kept: Kept, checked: Checked, today: dt.date) -> Row:
    contract = kept.contract
    party = contract.supplier or contract.lab
    if contract.supplier and contract.lab and contract.lab != contract.supplier:
        party = f"{contract.supplier} ({contract.lab})"
    most = max((each.most for each in checked.findings), default=None)
    return Row(
        cells=(
            link(contract.reference, f"{PATH}/{kept.key}"),
            party,
            standing(contract, today),
            contract.since,
            contract.until,
            len(contract.clauses),
            "" if most is None else words.percent_of(most),
            excess_badge(checked),
        ),
        key=str(kept.key),
    )


def standing(contract: Contract, today: dt.date) -> Markup:
    """Return the state of a contract on a day, as a word."""
    if contract.standing is Standing.ENDED:
        return badge("Retiré")
    if contract.until is not None and contract.until < today:
        return badge("Échu")
    if contract.since > today:
        return badge("À venir", Tone.INFO)
    if contract.standing is Standing.OFFER:
        return badge("Offre", Tone.INFO)
    return badge("Signé, en vigueur", Tone.GOOD)


def excess_badge(checked: Checked) -> Markup:
    """Return whether a contract keeps under the legal ceilings, as a word."""
    if not checked.findings:
        return badge("Sans objet")
    if checked.excesses:
        return badge(f"Dépassé de {points(checked.excesses[0].excess)}", Tone.WARNING)
    return badge("Respectés", Tone.GOOD)


def points(ratio: Decimal) -> str:
    r"""Write a difference of rates.

    >>> points(Decimal("0.0268"))
    '2,68\u202fpoints'
    """
    plural = "s" if ratio >= Decimal("0.02") else ""
    return f"{french.number(ratio * 100, 2)}\u202fpoint{plural}"


def head(kept: Kept, *, may_write: bool) -> PageHead:
    """Return the top of the page of a contract."""
    contract = kept.contract
    parties = " · ".join(dict.fromkeys(filter(None, (contract.supplier, contract.lab))))
    actions = [Action("Télécharger en YAML", f"{PATH}/{kept.key}/yaml", icon="file")]
    if may_write:
        actions.insert(0, Action("Modifier", f"{PATH}/{kept.key}/modifier", primary=True))
    return PageHead(
        title=contract.reference,
        when=f"{parties} · {span(contract)}",
        note=kept.organisation,
        crumbs=(Link("Contrats et offres", PATH), Link(contract.reference, "", current=True)),
        actions=tuple(actions),
    )


def span(contract: Contract) -> str:
    """Write when a contract holds."""
    begins = french.day(contract.since)
    return (
        f"du {begins} au {french.day(contract.until)}" if contract.until else f"depuis le {begins}"
    )


def clauses(contract: Contract) -> TableModel:
    """Return the clauses of a contract."""
    columns = (
        text("reference", "Clause"),
        text("kind", "Nature"),
        text("scope", "Produits"),
        text("gives", "Donne"),
        text("counted", "Se compte"),
        text("condition", "À condition de tenir"),
    )
    return plain_table(
        "Clauses",
        columns,
        [_clause(each) for each in contract.clauses[:SHOWN_CLAUSES]],
        noun=("clause", "clauses"),
        identity="clauses",
    )


def _clause(clause: Clause) -> Row:
    given = wrapped(Markup("<br>").join(words.given(clause)))
    return Row(
        cells=(
            clause.reference,
            words.KINDS[clause.kind],
            words.scope(clause.scope),
            given,
            words.counted(clause),
            clause.condition,
        )
    )


def commitments(contract: Contract) -> TableModel:
    """Return what the contract asks for."""
    columns = (
        text("reference", "Engagement"),
        text("minimum", "Au moins"),
        text("scope", "Produits"),
        text("consequence", "Sinon"),
    )
    rows = [
        Row(
            cells=(
                each.reference,
                words.promised(each),
                words.scope(each.scope),
                words.CONSEQUENCES[each.consequence],
            )
        )
        for each in contract.commitments
    ]
    return plain_table(
        "Engagements", columns, rows, noun=("engagement", "engagements"), identity="engagements"
    )


def payments(contract: Contract) -> TableModel:
    """Return what the supplier has paid of the clauses."""
    columns = (
        text("document", "Document"),
        text("clause", "Clause"),
        day("first", "Du"),
        day("last", "Au"),
        count("amount", "Montant", unit="€ HT", decimals=2),
    )
    rows = [
        Row(cells=(each.document, each.clause, each.first, each.last, each.amount))
        for each in contract.payments
    ]
    return plain_table(
        "Versements", columns, rows, noun=("versement", "versements"), identity="versements"
    )


def conditions(contract: Contract, members: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the conditions that a contract tells, each with its words."""
    of = contract.conditions
    rows = [
        ("Signé le", french.day(contract.signed_on) if contract.signed_on else ""),
        ("Paiement", f"à {of.payment_days} jours" if of.payment_days is not None else ""),
        ("Port", _shipping(of)),
        ("Exclusivité", of.exclusivity),
        ("Retours", _returns(of)),
        ("Coût d’une commande", _euros(of.order_cost)),
        ("Coût d’une facture", _euros(of.invoice_cost)),
        ("Coût d’un litige", _euros(of.dispute_cost)),
        ("Cotisation annuelle", _euros(of.yearly_fee)),
        ("Droit d’entrée", _euros(of.joining_fee)),
        ("Pharmacies", ", ".join(members.get(each, each) for each in contract.members)),
    ]
    return tuple((label, value) for label, value in rows if value)


def _euros(amount: Decimal) -> str:
    return f"{french.number(amount, 2)}\u202f€" if amount else ""


def _shipping(of: Conditions) -> str:
    if of.free_shipping_from is None:
        return _euros(of.shipping_fee)
    free = f"franco dès {french.number(of.free_shipping_from)}\u202f€ HT"
    return f"{_euros(of.shipping_fee)}, {free}" if of.shipping_fee > ZERO else free


def _returns(of: Conditions) -> str:
    if not of.returns.allowed:
        return "refusés"
    within = f" sous {of.returns.days} jours" if of.returns.days is not None else ""
    return f"admis{within}, crédités à {percent(of.returns.credit_rate)}"


def ceilings(checked: Checked) -> TableModel:
    """Return what a contract gives by class against the legal ceilings."""
    columns = (
        text("class", "Classe"),
        text("clauses", "Clauses réunies"),
        count("products", "Produits"),
        count("most", "Remise au plus", unit="%", decimals=2),
        count("ceiling", "Plafond", unit="%", decimals=2),
        text("excess", "Constat"),
    )
    return plain_table(
        "Plafonds légaux",
        columns,
        [_ceiling(each) for each in checked.findings[:SHOWN_FINDINGS]],
        noun=("ensemble de produits", "ensembles de produits"),
        identity="plafonds",
    )


def _ceiling(finding: Finding) -> Row:
    if finding.ceiling is None:
        said = badge("Plafond non établi")
    elif finding.sure_excess:
        said = badge(f"Dépassé de {points(finding.excess)}", Tone.WARNING)
    elif finding.excess:
        said = badge(f"Dépassé de {points(finding.excess)} au palier le plus haut", Tone.WARNING)
    else:
        said = badge("Respecté", Tone.GOOD)
    return Row(
        cells=(
            words.CLASSES[finding.product_class].capitalize(),
            wrapped(" + ".join(finding.clauses)),
            finding.products or None,
            finding.most * 100,
            None if finding.ceiling is None else finding.ceiling * 100,
            said,
        )
    )


def sources(checked: Checked) -> tuple[tuple[str, str, str], ...]:
    """Return the law cited: what is said, the title of its source and its address."""
    used = {each.product_class for each in checked.findings}
    return tuple(
        (
            f"{cited.label} : {french.percent(cited.value, 2)} depuis le {french.day(cited.since)}",
            cited.source.title,
            cited.source.link,
        )
        for name, cited in checked.law.items()
        if name in used
    )


def products(contract: Contract, labels: dict[str, str]) -> tuple[Products, ...]:
    """Return the products that clauses name one by one."""
    return tuple(
        Products(
            clause=each.reference,
            named=tuple(
                (code, labels.get(code, "Absent du catalogue"))
                for code in each.scope.products[:SHOWN_CODES]
            ),
            more=max(0, len(each.scope.products) - SHOWN_CODES),
        )
        for each in contract.clauses[:SHOWN_CLAUSES]
        if each.scope.products
    )
