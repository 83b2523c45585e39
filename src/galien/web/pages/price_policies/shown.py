"""How policies, their trial, their runs and their labels are printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.urls import reverse

from galien.calculators.pricing.effect import Effect
from galien.kernel import french
from galien.usecases.prices.applying import Tried
from galien.usecases.prices.applying import exceptions as counted_exceptions
from galien.usecases.prices.book import KeptPolicy
from galien.usecases.prices.history import Decided, Measured, Run, Sums
from galien.usecases.prices.trial import Line, Net, Trial
from galien.web.components.models import (
    Action,
    Better,
    CellKind,
    Column,
    Headline,
    Link,
    PageHead,
    Pages,
    Row,
    TableModel,
    Tone,
)
from galien.web.lists import badge, code, count, link, moment, plain_table, text, wrapped
from galien.web.prices import changed

TITLE = "Politiques de prix"


@dataclass(frozen=True)
class Label:
    """A shelf label: the product, its price in French, its code."""

    label: str
    price: str
    code: str


def policies(kept: Sequence[KeptPolicy]) -> TableModel:
    """Return the list of policies."""
    columns = (text("name", "Politique"), text("organisation", "De"), text("changed", "Modifiée"),
               text("by", "Par"))  # fmt: skip
    rows = (
        Row(
            cells=(
                link(each.name, reverse("price-policies:one", args=[each.key])),
                each.organisation,
                moment(each.changed_at),
                each.changed_by,
            )
        )
        for each in kept
    )
    return plain_table(
        TITLE, columns, rows, noun=("politique", "politiques"), identity="politiques"
    )


def runs(found: Sequence[Run], *, pages: Pages | None = None) -> TableModel:
    """Return the times policies were applied, the last one first."""
    columns = (text("policy", "Politique"), Column("since", "Prix du", CellKind.DAY),
               count("pharmacies", "Pharmacies"), count("products", "Prix décidés"),
               text("by", "Par"), text("at", "Décidé"))  # fmt: skip
    rows = (
        Row(
            cells=(
                link(each.policy, reverse("price-policies:run", args=[each.run])),
                each.since,
                each.pharmacies,
                each.products,
                each.decided_by,
                moment(each.decided_at),
            )
        )
        for each in found
    )
    return plain_table(
        "Passages", columns, rows, pages=pages, noun=("passage", "passages"), identity="passages"
    )


def head(kept: KeptPolicy, name: str, *, writing: bool, files: Action | None = None) -> PageHead:
    """Return the top of a policy that is tried."""
    change = Action("Modifier", href=reverse("price-policies:change", args=[kept.key]))
    return PageHead(
        title=f"Que changerait « {kept.name} » ?",
        when=f"{name}, ventes des douze derniers mois",
        note=f"politique de {kept.organisation}",
        crumbs=_crumbs(kept.name),
        actions=tuple(each for each in (files, change if writing else None) if each),
    )


def headlines(found: Trial) -> tuple[Headline, ...]:
    """Return products touched, and the margin won at constant volume and as volumes answer."""
    effect = found.tried.effect
    left = french.number(len(effect.exceptions))
    return (
        Headline("Prix changés", french.number(effect.touched),
                 against=f"{french.number(effect.unchanged)} inchangés, {left} laissés"),
        Headline("Prix en question", french.number(found.doubted), against="à relire en premier"),
        _won("Marge, volumes constants", effect.constant.margin, "HT, sur les volumes d’un an"),
        _answered(effect),
    )  # fmt: skip


def _answered(effect: Effect) -> Headline:
    label = "Marge, volumes sensibles"
    if effect.expected is None or effect.low is None or effect.high is None:
        return Headline(label, "n. s.", against="sans élasticité, rien n’est dit")
    said = f"de {signed(effect.low.margin)} à {signed(effect.high.margin)} (95 %)"
    if effect.low == effect.high:
        said = f"chiffre d’affaires {signed(effect.expected.turnover)} HT"
    return _won(label, effect.expected.margin, said)


def trial_table(lines: Sequence[Line], *, pages: Pages | None = None) -> TableModel:
    """Return the prices that would change, those in doubt first, then the most sold."""
    columns = (
        text("label", "Produit"), text("product_code", "Code"),
        count("units", "Vendus", unit="u"), count("cost", "Coût", unit="€ HT", decimals=2),
        count("former", "Prix", unit="€ TTC", decimals=2),
        count("price", "Nouveau prix", unit="€ TTC", decimals=2),
        Column("moved", "Écart", CellKind.CHANGE, better=Better.NEUTRAL),
        Column("rate", "Taux de marge", CellKind.RATIO, unit="%", decimals=1),
        count("won", "Marge gagnée", unit="€ HT"), text("last", "Dernier changement"),
        text("why", "Pourquoi"),
    )  # fmt: skip
    return plain_table(
        "Prix qui changeraient",
        columns,
        map(_tried_row, lines),
        pages=pages,
        noun=("prix changé", "prix changés"),
        identity="essai",
    )


def net_table(before: Net, after: Net) -> TableModel:
    """Return the way from gross to net margin, today and with the policy."""
    columns = (text("what", "Prix libres, sur un an"), count("before", "Aujourd’hui", unit="€ HT"),
               count("after", "Avec la politique", unit="€ HT"))  # fmt: skip
    lines: tuple[tuple[str, Decimal | None, Decimal | None], ...] = (
        ("Ventes avant remises", before.sales, after.sales),
        ("Marge brute", before.gross, after.gross),
        ("+ Remises des fournisseurs", before.suppliers, after.suppliers),
        ("− Remises aux clients", before.clients, after.clients),
        *((("− Part des remises fournisseurs rendue", before.passed, after.passed),)
          if after.passed else ()),
    )  # fmt: skip
    rows = (Row(cells=each) for each in lines)
    made = plain_table(
        "De la marge brute à la marge nette",
        columns,
        rows,
        noun=("ligne", "lignes"),
        identity="marge-nette",
    )
    rates = f"{french.percent(before.rate, 1)} → {french.percent(after.rate, 1)}"
    return replace(made, total=Row(cells=(f"Marge nette ({rates})", before.net, after.net)))


def exceptions(tried: Tried) -> TableModel:
    """Return why products are left as they are, most first."""
    rows = (Row(cells=(reason, products)) for reason, products in counted_exceptions(tried))
    columns = (text("reason", "Raison"), count("products", "Produits"))
    return plain_table(
        "Laissés tels quels", columns, rows, noun=("raison", "raisons"), identity="exceptions"
    )


def run_head(run: Run, names: Mapping[str, str]) -> PageHead:
    """Return the top of a run, with its file and its labels."""
    shops = ", ".join(list(names.values())[:3]) + (
        f" et {len(names) - 3} autres" if len(names) > 3 else ""
    )
    return PageHead(
        title=f"« {run.policy} », prix du {french.day(run.since)}",
        when=f"{shops} · décidé par {run.decided_by} le {moment(run.decided_at)}",
        note=f"passage {run.run}",
        crumbs=_crumbs("Passage"),
        actions=(
            Action("Étiquettes", href=reverse("price-policies:labels", args=[run.run]), icon="print"),
            Action("Fichier de prix", href=reverse("price-policies:file", args=[run.run]),
                   icon="download", primary=True),
        ),
    )  # fmt: skip


def decided(
    rows: Sequence[Decided], names: Mapping[str, str], *, pages: Pages | None = None
) -> TableModel:
    """Return the prices of a run."""
    several = len(names) > 1
    columns = (
        text("label", "Produit"), text("product_code", "Code"),
        *((text("pharmacy", "Pharmacie"),) if several else ()),
        count("former", "Ancien prix", unit="€ TTC", decimals=2),
        count("price", "Nouveau prix", unit="€ TTC", decimals=2),
        Column("moved", "Écart", CellKind.CHANGE, better=Better.NEUTRAL), text("reason", "Raison"),
    )  # fmt: skip
    lines = (
        Row(
            cells=(
                each.label,
                code(each.product_code),
                *((names[each.pharmacy],) if several else ()),
                each.former_price_incl,
                each.price_incl,
                _moved(each.former_price_incl, each.price_incl),
                wrapped(each.reason),
            )
        )
        for each in rows
    )
    return plain_table(
        "Prix décidés", columns, lines, pages=pages, noun=("prix", "prix"), identity="prix"
    )


def measured(found: Measured) -> TableModel:
    """Return sales a day before and after, of the products changed and of the others."""
    columns = (
        text("what", "Par jour"), count("before", "Avant", decimals=2),
        count("after", "Après", decimals=2), Column("change", "Évolution", CellKind.CHANGE),
        Column("others", "Autres produits, ici", CellKind.CHANGE),
        *((Column("elsewhere", "Mêmes produits, ailleurs", CellKind.CHANGE),)
          if found.witnesses else ()),
    )  # fmt: skip
    parts = (("Unités", "units"), ("Ventes, € HT", "sales"), ("Marge, € HT", "margin"))
    rows = (
        Row(cells=(label, *_both(found.before, found.after, name),
                   _both(found.others_before, found.others_after, name)[2],
                   *((getattr(found.witnesses, name),) if found.witnesses else ())))
        for label, name in parts
    )  # fmt: skip
    return plain_table(
        "Résultat mesuré", columns, rows, noun=("mesure", "mesures"), identity="mesure"
    )


def labels_head(run: Run, number: int) -> PageHead:
    """Return the top of the page of labels."""
    back = Link(run.policy, reverse("price-policies:run", args=[run.run]))
    return PageHead(
        title="Étiquettes",
        when=f"{french.number(number)} prix du {french.day(run.since)}, à imprimer sur A4",
        crumbs=(Link(TITLE, reverse("price-policies")), back, Link("Étiquettes", "", current=True)),
    )


def labels(rows: Sequence[Decided]) -> tuple[Label, ...]:
    """Return the labels of the prices of a run."""
    return tuple(
        Label(each.label, french.amount(each.price_incl), each.product_code) for each in rows
    )


def signed(value: Decimal) -> str:
    """Write euros won with a plus sign."""
    return ("+" if value > 0 else "") + french.compact_amount(value)


def _won(label: str, value: Decimal, against: str) -> Headline:
    return Headline(label, signed(value), exact=french.amount(value), against=against)


def _tried_row(line: Line) -> Row:
    proposal, won = line.effect.proposal, line.effect.constant
    product, margin = proposal.product, proposal.margin
    why = wrapped(proposal.reason)
    if line.doubt is not None:
        why = badge("En question", Tone.WARNING) + wrapped(line.doubt.sentence)
    if line.compared:
        why += badge("Comparé", Tone.INFO)
    return Row(
        cells=(
            product.label,
            code(product.product_code),
            line.units,
            product.cost,
            product.price_incl,
            proposal.price_incl,
            _moved(product.price_incl, proposal.price_incl),
            None if margin is None else margin.margin_rate,
            won.margin,
            "" if line.change is None else changed(line.change.day, line.change.size),
            why,
        )
    )


def _moved(before: Decimal | None, after: Decimal | None) -> Decimal | None:
    return after / before - 1 if before and after is not None else None


def _both(before: Sums, after: Sums, name: str) -> tuple[Decimal, Decimal, Decimal | None]:
    one, other = getattr(before, name), getattr(after, name)
    return one, other, _moved(one, other)


def _crumbs(last: str) -> tuple[Link, ...]:
    return Link(TITLE, reverse("price-policies")), Link(last, "", current=True)
