"""How the national list is printed beside a pharmacy's stock, and the alarm of what is soon nowhere."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from galien.kernel import french
from galien.usecases.stock.missing import Listed, Missing
from galien.usecases.stock.national import Status
from galien.usecases.stock.running_out import Alert, RunningOut
from galien.web.components.models import Link, Notice, Pages, Row, TableModel, Tone
from galien.web.lists import badge, code, count, counted, day, link, plain_table, text

PRODUCT = "/donnees/catalogue/"
WORDS = {
    Status.SHORTAGE: "Rupture nationale", Status.TENSION: "Tension nationale",
    Status.DISCONTINUED: "Arrêt national", Status.BACK: "Remis à disposition",
}  # fmt: skip
TONES = {
    Status.SHORTAGE: Tone.ERROR, Status.TENSION: Tone.WARNING, Status.DISCONTINUED: Tone.NEUTRAL,
    Status.BACK: Tone.GOOD,
}  # fmt: skip
MOST_ALARMS = 5
FIRST_LISTED = 10


def status_badge(status: Status) -> Markup:
    """Return what the national list says, in two words."""
    return badge(WORDS[status], TONES[status])


def table(found: Sequence[Listed], pages: Pages | None = None) -> TableModel:
    """Return the pharmacy's products that the national list says lack."""
    columns = (
        text("product", "Produit"), text("status", "Selon l’ANSM"), day("since", "Depuis le"),
        day("updated", "Mis à jour le"), count("stock", "En stock", unit="boîtes"),
        count("sold", "Vendu en un an", unit="boîtes"), day("received", "Dernière livraison"),
        text("page", "Source"),
    )  # fmt: skip
    rows = (
        Row((
            Markup("{}<br>{} {}").format(
                link(each.label, PRODUCT + each.product_code), code(each.product_code), each.lab
            ),
            status_badge(each.notice.status), each.notice.since, each.notice.updated, each.stock,
            each.sold, each.received_on, _page(each),
        ))
        for each in found
    )  # fmt: skip
    return plain_table(
        "Liste nationale", columns, rows, pages=pages, noun=("produit", "produits"),
        identity="nationale",
    )  # fmt: skip


def _page(each: Listed) -> Markup | str:
    if not each.notice.link:
        return "–"
    return Markup(
        '<a href="{}" rel="noreferrer external" aria-label="{}">page de l’ANSM</a>'
    ).format(each.notice.link, f"Page de l’ANSM sur {each.label}")


def note(found: Missing) -> str:
    """Say what the national list is, and of which day."""
    if found.listed_on is None:
        return (
            "La liste nationale n’a pas encore été lue : importez la base publique des médicaments "
            "(galien catalogue import bdpm DOSSIER)."
        )
    return (
        f"Médicaments que l’ANSM signale en rupture, en tension ou arrêtés (liste au "
        f"{french.day(found.listed_on)}), parmi ceux que vous avez achetés ou vendus depuis un an : "
        f"{counted(len(found.national), 'produit', 'produits')}."
    )


def alarm(found: Alert | None, links: tuple[Link, ...] = ()) -> Notice | None:
    """Say what is about to run out everywhere; None when nothing is."""
    if found is None or not found.found:
        return None
    several = f"vos {french.number(found.pharmacies)} pharmacies"
    where = several if found.pharmacies > 1 else "votre pharmacie"
    said = [_short(each) for each in found.found[:MOST_ALARMS]]
    more = len(found.found) - MOST_ALARMS
    if more > 0:
        said.append(f"et {french.number(more)} autres")
    return Notice(
        f"Bientôt introuvable : {counted(len(found.found), 'médicament', 'médicaments')} pris régulièrement",
        f"Vos fournisseurs n’ont rien livré à la dernière demande, et il en reste pour moins d’une semaine "
        f"dans {where}, au {french.day(found.known_until)} : {' ; '.join(said)}.",
        Tone.WARNING,
        links,
    )


def short_group(label: str) -> str:
    """Take the reference that ends a generic group's label off it.

    >>> short_group("PROPRANOLOL (CHLORHYDRATE DE) 40 mg (AVLOCARDYL 40 mg, comprimé sécable)")
    'PROPRANOLOL (CHLORHYDRATE DE) 40 mg'
    >>> short_group("TOUJEO 300 UI/ML STYLO")
    'TOUJEO 300 UI/ML STYLO'
    """
    if not label.endswith(")"):
        return label
    depth = 0
    for place in range(len(label) - 1, 0, -1):
        depth += (label[place] == ")") - (label[place] == "(")
        if not depth:
            return label[:place].rstrip()
    return label


def _short(each: RunningOut) -> str:
    days = "aucune boîte" if not each.units else (
        f"{counted(each.units, 'boîte', 'boîtes')}, {french.number(each.days, 1)} jours au mieux"
    )  # fmt: skip
    told = f", {each.notice.status.label.lower()} selon l’ANSM" if each.notice else ""
    return f"{short_group(each.label)} ({days}, {french.number(each.daily, 1)} par jour{told})"
