"""How orders are printed: suppliers and thresholds, lines with their reason, what was sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from galien.calculators.stock.orders.proposal import COLD, SHELF
from galien.kernel import french
from galien.records.models import Job, JobState
from galien.usecases.stock.national import National, Status
from galien.usecases.stock.order_book import Kept, State, amount_of
from galien.usecases.stock.preparing import Prepared
from galien.web.components.models import Headline, Link, PageHead, Pages, Row, TableModel, Tone
from galien.web.lists import (
    badge,
    code,
    count,
    counted,
    day,
    link,
    moment,
    plain_table,
    text,
    wrapped,
)
from galien.web.pages.jobs.shown import outcome, progress

HOME = "/stock/commandes"
TONES = {
    State.PROPOSED: Tone.NEUTRAL, State.SENT: Tone.INFO, State.DELIVERED: Tone.GOOD,
    State.DROPPED: Tone.NEUTRAL,
}  # fmt: skip
LACKING = {
    Status.SHORTAGE: "Rupture nationale", Status.TENSION: "Tension nationale",
    Status.DISCONTINUED: "Arrêt de commercialisation",
}  # fmt: skip
LINES, PIECES = ("ligne", "lignes"), ("commande", "commandes")


def head(name: str) -> PageHead:
    """Return the top of the page."""
    return PageHead("Que faut-il commander, et à qui ?", when=name)


def proposed(found: Prepared) -> str:
    """Say what was proposed."""
    if not found.lines:
        return f"Rien de plus à commander, d’après les ventes connues au {french.day(found.known_until)}."
    lines = counted(len(found.lines), *LINES)
    held = counted(len(found.waiting), *LINES)
    waiting = f" {held} en attente d’une commande assez grosse." if found.waiting else ""
    return (
        f"{lines} à commander, d’après les ventes connues au {french.day(found.known_until)} et le stock "
        f"compté le {french.day(found.counted_on)}.{waiting}"
    )


def task(job: Job | None) -> dict[str, Any]:
    """Return the progress of the proposal under way, or how the last one failed."""
    failed = job is not None and job.state == JobState.FAILED
    return {
        "progress": progress(job) if job is not None else None,
        "ending": outcome(job) if failed and job is not None else None,
    }


def headlines(found: Sequence[Kept]) -> tuple[Headline, ...]:
    """Return what the open proposals come to."""
    total = sum((each.amount for each in found), Decimal(0))
    apart = sum(line["apart"] != SHELF for each in found for line in each.wanted)
    short = [each for each in found if each.missing]
    return (
        Headline("À commander", french.compact_amount(total), exact=french.amount(total),
                 reference="hors taxes, aux derniers prix connus"),
        Headline("Lignes", french.number(sum(len(each.wanted) for each in found)),
                 reference=counted(len(found), "fournisseur", "fournisseurs")),
        Headline("À valider une à une", french.number(apart), reference="froid et réserve hospitalière"),
        Headline("Sous le franco", french.number(len(short)), reference="port à payer si rien n’est ajouté"),
    )  # fmt: skip


def open_table(found: Sequence[Kept]) -> TableModel:
    """Return the open proposals, the largest first."""
    columns = (
        text("supplier", "Fournisseur"), count("amount", "Montant", unit="€ HT", decimals=2),
        count("lines", "Lignes"), count("units", "Boîtes"), text("threshold", "Franco de port"),
        day("day", "Proposée le"), day("due", "Attendue le"),
    )  # fmt: skip
    rows = (
        Row((
            link(each.row.supplier, f"{HOME}/{each.row.pk}"), each.amount, len(each.wanted),
            each.units, threshold(each), each.row.day, each.row.due_on,
        ))
        for each in found
    )  # fmt: skip
    return plain_table("Commandes à relire", columns, rows, noun=PIECES, identity="propositions")


def waiting_table(found: Sequence[Kept]) -> TableModel:
    """Return the orders too small to be worth sending, the nearest to be first."""
    columns = (
        text("supplier", "Fournisseur"), count("amount", "Montant", unit="€ HT", decimals=2),
        count("lines", "Lignes"), count("least", "Envoyée dès", unit="€ HT", decimals=0),
        count("missing", "Manque", unit="€ HT", decimals=2), count("out", "Lignes sans stock"),
    )  # fmt: skip
    ranked = sorted(found, key=lambda each: each.least - each.amount)
    rows = (
        Row((
            link(each.row.supplier, f"{HOME}/{each.row.pk}"), each.amount, len(each.wanted),
            each.least, max(Decimal(0), each.least - each.amount),
            sum(line["stock"] <= 0 for line in each.wanted),
        ))
        for each in ranked
    )  # fmt: skip
    return plain_table("Commandes en attente", columns, rows, noun=PIECES, identity="en-attente")


def threshold(kept: Kept) -> str | Markup:
    """Say whether the order reaches free shipping."""
    if not kept.free_from:
        return "–"
    if kept.missing:
        return badge(f"manque {french.amount(kept.missing)}", Tone.WARNING)
    return badge(f"atteint ({french.amount(kept.free_from, 0)})", Tone.GOOD)


def history(found: Sequence[Kept], pages: Pages) -> TableModel:
    """Return the orders that are no longer open."""
    columns = (
        text("order", "Commande"), text("supplier", "Fournisseur"), text("sent", "Envoyée"),
        text("state", "État"), count("units", "Boîtes"), count("come", "Reçues"),
        count("amount", "Montant", unit="€ HT", decimals=2), text("by", "Par"),
    )  # fmt: skip
    rows = (
        Row((
            link(f"G{each.row.pk}", f"{HOME}/{each.row.pk}"), each.row.supplier,
            moment(each.row.sent_at) or "–", state(each), each.units,
            each.units_come if each.row.sent_at else None, each.amount, each.row.changed_by,
        ))
        for each in found
    )  # fmt: skip
    return plain_table(
        "Commandes passées", columns, rows, pages=pages, noun=PIECES, identity="passees"
    )


def state(kept: Kept) -> Markup:
    """Return where an order stands."""
    found = State(kept.row.state)
    return badge(found.label, TONES[found])


def own_head(kept: Kept) -> PageHead:
    """Return the top of an order's page."""
    row = kept.row
    due = f", attendue le {french.day(row.due_on)}" if row.due_on else ""
    return PageHead(
        f"Commande G{row.pk} · {row.supplier}",
        when=f"{row.pharmacy.name} · proposée le {french.day(row.day)}{due}",
        crumbs=(Link("Commandes", f"{HOME}?pharmacie={row.pharmacy_id}"),),
    )


def own_headlines(kept: Kept) -> tuple[Headline, ...]:
    """Return what an order comes to."""
    shipping = "sans franco de port connu"
    if kept.free_from:
        shipping = (
            f"manque {french.amount(kept.missing)} pour le franco de {french.amount(kept.free_from, 0)}"
            if kept.missing
            else f"franco de {french.amount(kept.free_from, 0)} atteint"
        )
    come = f"{french.number(kept.units_come)} reçues" if kept.row.sent_at else ""
    if kept.waits:
        shipping = f"envoyée dès {french.amount(kept.least, 0)}"
    return (
        Headline("Montant", french.amount(kept.amount), reference=shipping),
        Headline("Lignes", french.number(len(kept.wanted))),
        Headline("Boîtes", french.number(kept.units), reference=come),
        Headline(
            "État",
            "En attente" if kept.waits else State(kept.row.state).label,
            reference=moment(kept.row.sent_at),
        ),
    )


def parted(kept: Kept) -> tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    """Part the lines: usual ones, the dearest first, and those to check one by one."""
    ranked = sorted(kept.lines, key=lambda each: (-amount_of(each), each["label"]))
    usual = [each for each in ranked if each["apart"] == SHELF]
    return usual, [each for each in ranked if each["apart"] != SHELF]


def lines(
    kept: Kept, found: Sequence[Mapping[str, Any]], *, editable: bool, page: Any, national: National
) -> TableModel:
    """Return usual lines, with their quantity to change."""
    size = counted(page.paginator.count, *LINES)
    where = (
        f" · page {page.number} sur {page.paginator.num_pages}"
        if page.paginator.num_pages > 1
        else ""
    )
    here = f"{HOME}/{kept.row.pk}?page="
    pages = Pages(
        page=page.number, count=page.paginator.num_pages, text=size + where,
        previous_href=f"{here}{page.number - 1}" if page.has_previous() else "",
        next_href=f"{here}{page.number + 1}" if page.has_next() else "",
    )  # fmt: skip
    return _table("Lignes", found, national, editable=editable, identity="lignes", pages=pages)


def apart_lines(
    found: Sequence[Mapping[str, Any]], *, editable: bool, national: National
) -> TableModel:
    """Return the lines to check one by one."""
    caption = "Froid et réserve hospitalière"
    return _table(caption, found, national, editable=editable, identity="a-part")


def _table(
    caption: str, found: Sequence[Mapping[str, Any]], national: National, *, editable: bool,
    identity: str, pages: Pages | None = None,
) -> TableModel:  # fmt: skip
    columns = (
        text("product", "Produit"),
        text("quantity", "Quantité") if editable else count("quantity", "Quantité"),
        text("why", "Pourquoi"), count("stock", "Stock"),
        count("raw", "Vendu", unit="par jour", decimals=2),
        count("corrected", "Corrigé", unit="par jour", decimals=2),
        count("price", "Prix net", unit="€ HT", decimals=2), count("proposed", "Proposé"),
        count("amount", "Montant", unit="€ HT", decimals=2),
    )  # fmt: skip
    rows = (
        Row((
            _product(line, national), _quantity(line) if editable else line["quantity"],
            wrapped(line["reason"]), line["stock"], Decimal(line["raw"]),
            Decimal(line["corrected"]), Decimal(line["unit_price"]) if line["unit_price"] else None,
            line["proposed"],
            amount_of(line) if line["unit_price"] else None,
        ))
        for line in found
    )  # fmt: skip
    return plain_table(caption, columns, rows, noun=LINES, identity=identity, pages=pages)


def _product(line: Mapping[str, Any], national: National) -> Markup:
    kinds = {COLD: "Froid"}
    mark = (
        badge(kinds.get(line["apart"], "Réserve hospitalière"), Tone.INFO) if line["apart"] else ""
    )
    notice = national.lasting(line["product_code"])
    lacking = "" if notice is None else badge(LACKING[notice.status], Tone.WARNING)
    return Markup("{}<br>{} {} {}").format(line["label"], code(line["product_code"]), mark, lacking)


def _quantity(line: Mapping[str, Any]) -> Markup:
    return Markup(
        '<span class="field"><input type="text" inputmode="numeric" size="4" maxlength="4" name="q-{}" '
        'value="{}" aria-label="Quantité de {}" autocomplete="off"></span>'
    ).format(line["product_code"], line["quantity"], line["label"])


def ends(kept: Kept) -> dict[str, str]:
    """Return the ends of a PharmaML message as they are offered: the pharmacy's number is its own."""
    return {"client": kept.row.pharmacy_id, "societe": "", "code": ""}
