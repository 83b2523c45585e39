"""How a valuation is printed: its form, its methods side by side, the sensitivity of one."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from galien.calculators.accounting.valuation import (
    Business,
    Method,
    Valuation,
    sensitivity,
)
from galien.kernel import french
from galien.web.components.models import (
    Action,
    CellKind,
    Column,
    Field,
    Headline,
    Link,
    PageHead,
    Row,
    TableModel,
)
from galien.web.components.pictures import ChartCard, ChartKind, ChartModel, Series
from galien.web.components.svg import chart_svg
from galien.web.gestion import Choice
from galien.web.lists import count, plain_table, text, wrapped
from galien.web.typed import TypedForm

LABELS = {
    "turnover_share": "Part du chiffre d’affaires",
    "ebe_multiple": "Multiple de l’EBE retraité",
    "gross_margin_multiple": "Multiple de la marge brute",
    "value_per_client": "Valeur ajoutée par client",
    "value_per_sale": "Valeur ajoutée par vente",
}
TURNOVERS = ("ca1", "ca2", "ca3")
GROUPS = (
    ("Chiffre d’affaires HT", TURNOVERS),
    ("Résultats de la dernière année", ("ebe", "marge", "stock")),
    ("Activité de la dernière année", ("clients", "factures", "par_client")),
)


@dataclass(frozen=True)
class Tables:
    """The tables of the page: methods, and the sensitivity of the method chosen."""

    methods: TableModel
    sensitivity: TableModel | None
    tabs: tuple[Link, ...]

    @property
    def all(self) -> tuple[TableModel, ...]:
        """Return those that a file holds."""
        return (self.methods, self.sensitivity) if self.sensitivity else (self.methods,)


def business(form: TypedForm, known: Business) -> Business:
    """Read the form, prefilled with what the accounts say."""
    turnovers = [
        form.amount(name, label, known.turnovers[rank] if rank < len(known.turnovers) else None)
        for rank, (name, label) in enumerate(
            zip(TURNOVERS, ("Dernière année", "Année précédente", "Deux ans avant"), strict=True)
        )
    ]
    return Business(
        turnovers=tuple(each for each in turnovers if each is not None),
        ebe_restated=form.amount("ebe", "EBE retraité", known.ebe_restated, signed="1",
                                 help="Excédent brut, rémunération et charges du titulaire ajoutées."),
        global_gross_margin=form.amount("marge", "Marge brute globale", known.global_gross_margin),
        stock=form.amount("stock", "Stock", known.stock, help="Compté à part, au coût remisé."),
        clients=form.whole("clients", "Clients", known.clients),
        invoices=form.whole("factures", "Factures", known.invoices),
        per_client=form.amount("par_client", "Valeur ajoutée par client retenue", None,
                               help="Vide : celle de l’officine."),
    )  # fmt: skip


def groups(form: TypedForm) -> tuple[tuple[str, tuple[Field, ...]], ...]:
    """Return the fields by group."""
    return tuple((title, form.of(*names)) for title, names in GROUPS)


def head(choice: Choice | None, files: Action) -> PageHead:
    """Return the top of the page."""
    name = choice.name if choice and choice.year else ""
    return PageHead(
        title="Combien vaut cette pharmacie ?",
        when=f"{name}, comptes {choice.when}" if choice and name else "D’après les chiffres saisis",
        note="fonds et matériel compris, stock à part",
        actions=(files,),
    )


def headlines(found: Valuation) -> tuple[Headline, ...]:
    """Return what the methods span, and the stock."""
    if found.span is None:
        return ()
    low, high = found.span
    used = [each.value for each in found.methods if each.value is not None]
    middle = sum(used, Decimal(0)) / len(used)
    stock = french.compact_amount(found.stock) if found.stock is not None else "–"
    return (
        Headline("La plus basse", french.compact_amount(low), exact=french.amount(low, 0)),
        Headline("Moyenne des méthodes", french.compact_amount(middle),
                 exact=french.amount(middle, 0), against=f"{len(used)} méthodes sur 5"),
        Headline("La plus haute", french.compact_amount(high), exact=french.amount(high, 0)),
        Headline("Stock, en plus", stock,
                 against="estimé à 10 % du CA" if found.stock_estimated else "au bilan ou saisi"),
    )  # fmt: skip


def tables(found: Valuation, form: TypedForm, path: str) -> Tables:
    """Return the methods side by side, and the sensitivity of the one chosen."""
    columns = (
        text("method", "Méthode"),
        count("base", "Base", unit="€"),
        count("factor", "Coefficient", decimals=2),
        count("value", "Valeur", unit="€"),
        count("low", "Bas", unit="€"),
        count("high", "Haut", unit="€"),
        text("reference", "Référence"),
    )
    rows = (
        Row(
            cells=(
                LABELS[each.code], each.base, each.factor, each.value, each.low, each.high,
                _reference(each),
            ),
            note=each.note,
        )
        for each in found.methods
    )  # fmt: skip
    chosen = _chosen(found, form)
    return Tables(
        plain_table("Cinq méthodes", columns, rows, noun=("méthode", "méthodes")),
        None if chosen is None else _sensitivity(chosen),
        tuple(
            Link(LABELS[each.code], form.href(path, methode=each.code), current=each is chosen)
            for each in found.methods
            if each.value is not None
        ),
    )


def chart(found: Valuation) -> ChartCard | None:
    """Draw the values side by side."""
    known = [each for each in found.methods if each.value is not None]
    if not known:
        return None
    model = ChartModel(
        ChartKind.BARS,
        "Valeur selon la méthode",
        categories=tuple(LABELS[each.code] for each in known),
        series=(Series("Valeur", tuple(each.value for each in known)),),
        swap="",
    )
    return ChartCard(model, svg=chart_svg(model, width=360, live=True), id="valeurs")


def heat(found: Valuation, form: TypedForm) -> ChartCard | None:
    """Draw the sensitivity of the method chosen as a heat map."""
    chosen = _chosen(found, form)
    table = sensitivity(chosen) if chosen else None
    if chosen is None or table is None:
        return None
    steps = tuple(french.evolution(step, 0) for step in table.steps)
    model = ChartModel(
        ChartKind.HEATMAP,
        f"Sensibilité : {LABELS[chosen.code].lower()}",
        categories=steps,
        bands=steps,
        series=tuple(
            Series(step, tuple(value / 1000 for value in values))
            for step, values in zip(steps, table.values, strict=True)
        ),
        unit="k€",
        swap="",
    )
    note = "En lignes, la base bouge ; en colonnes, le coefficient. Valeurs en k€."
    return ChartCard(model, note=note, svg=chart_svg(model, width=560, live=True), id="sensibilite")


def notes(found: Valuation) -> tuple[str, ...]:
    """Return what is missing and what to keep in mind."""
    missing = [
        f"{LABELS[each.code]} : il manque {each.missing}." for each in found.methods if each.missing
    ]
    return (
        *missing,
        "Chaque référence est datée : la dernière enquête connue sert jusqu’à la suivante.",
        "Le stock, plus de 80 % de médicaments, se reprend à part au coût remisé, après inventaire.",
    )


def _chosen(found: Valuation, form: TypedForm) -> Method | None:
    known = [each for each in found.methods if each.value is not None]
    asked = form.given.get("methode", "")
    return next((each for each in known if each.code == asked), next(iter(known), None))


def _reference(method: Method) -> object:
    known = method.reference
    if known is None:
        return wrapped(f"Il manque {method.missing}." if method.missing else "–")
    return wrapped(f"{known.year}, {known.source}")


def _sensitivity(method: Method) -> TableModel | None:
    table = sensitivity(method)
    if table is None:
        return None
    columns = (
        text("base", "Base"),
        *(
            Column(str(step), f"Coef. {french.evolution(step, 0)}", kind=CellKind.NUMBER, unit="€")
            for step in table.steps
        ),
    )
    rows = (
        Row(cells=(french.evolution(step, 0), *values))
        for step, values in zip(table.steps, table.values, strict=True)
    )
    caption = f"Sensibilité de la méthode : {LABELS[method.code].lower()}"
    return plain_table(caption, columns, rows, identity="sensitivity")
