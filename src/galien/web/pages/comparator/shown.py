"""How the comparator is printed: its head, its choices, its key figures, what to know before reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from galien.calculators.discounts.comparator import Mark
from galien.kernel import french
from galien.kernel.errors import GalienError
from galien.usecases import comparator as use
from galien.web.analysis.filters import PERIODS
from galien.web.components.models import (
    Action,
    Chip,
    Empty,
    Field,
    FilterBar,
    FilterField,
    Headline,
    Link,
    Notice,
    Option,
    PageHead,
    Pages,
    PeriodForm,
    Toggle,
    Tone,
)
from galien.web.lists import counted
from galien.web.pages.comparator import asked, table
from galien.web.pages.comparator.asked import Choice
from galien.web.pages.comparator.table import Line

EXPORTS = (("csv", "CSV"), ("xlsx", "Excel"), ("parquet", "Parquet"))
NAMED = 3
LEVEL_LABELS = {"nette": "Remise nette-nette", "facture": "Remise facturée"}


def head(choice: Choice, when: str = "") -> PageHead:
    """Return the top of the page."""
    files = tuple(
        Link(label, choice.href(more={"format": style}), download=True) for style, label in EXPORTS
    )
    return PageHead(
        title="Où acheter mieux mes génériques ?",
        when=when,
        crumbs=(Link("Achats", ""), Link("Comparateur de remises", "", current=True)),
        actions=(Action("Exporter", primary=True, icon="download", items=files),) if when else (),
    )


def nothing(error: GalienError) -> Empty:
    """Return why there is nothing to compare."""
    return Empty("Comparaison impossible", error.message, icon="empty")


def page(
    choice: Choice, found: use.Compared, rows: Sequence[Line], pages: Pages, kept: Sequence[Line]
) -> Mapping[str, Any]:
    """Return everything the page prints."""
    return {
        "head": head(choice, when(choice, found)),
        "bar": bar(choice, found),
        "search": search(choice),
        "search_kept": choice.pairs(asked.SEARCH, asked.MONEY, asked.DAYS),
        "nothing": empty(choice, found, kept),
        "notices": notices(choice, found),
        "marks": marks(choice),
        "unread": unread(found),
        "verdict": verdict(choice, found),
        "headlines": headlines(choice, found),
        "table": table.table(choice, found, rows, pages, kept),
    }


def when(choice: Choice, found: use.Compared) -> str:
    """Return the period and the pharmacies in words."""
    scope = found.base.pharmacies
    who = choice.names.get(scope[0], scope[0]) if len(scope) == 1 else f"{len(scope)} pharmacies"
    label = found.base.period.label()
    return f"{label[:1].upper()}{label[1:]} · {who} · offres au {french.day(found.offers.day)}"


def bar(choice: Choice, found: use.Compared) -> FilterBar:
    """Return period, price level, settings, labs and pharmacies."""
    days = found.base.period
    treatment, over = choice.box == asked.TREATMENT, choice.excess == asked.COUNTED
    return FilterBar(
        periods=tuple(
            Link(label, choice.href(period=key), current=choice.period == key)
            for key, label in PERIODS
        ),
        period_form=PeriodForm(
            asked.PATH, days.first, days.last, tuple(choice.pairs(asked.PERIOD))
        ),
        levels=tuple(
            Link(label, choice.href(level=key), current=choice.level == key)
            for key, label in LEVEL_LABELS.items()
        ),
        toggles=(
            Toggle("28 et 30 ensemble", choice.href(box="" if treatment else asked.TREATMENT), treatment,
                   "Même traitement plutôt que même boîte, comparé à l’unité de prise"),
            Toggle("Au-delà des plafonds", choice.href(excess="" if over else asked.COUNTED), over,
                   "Compter ce qui dépasse le plafond légal de remise"),
        ),
        fields=(_labs(choice, found), _pharmacies(choice)),
        action=asked.PATH,
        hidden=tuple(choice.pairs(asked.LAB, asked.PHARMACY)),
        chips=_chips(choice),
        clear_href=choice.href(pharmacies=(), labs=(), only="", search=""),
        swap="",
    )  # fmt: skip


def _labs(choice: Choice, found: use.Compared) -> FilterField:
    options = tuple(Option(lab, lab, chosen=lab in choice.labs) for lab in found.offers.labs)
    return FilterField("Laboratoires comparés", options, name=asked.LAB)


def _pharmacies(choice: Choice) -> FilterField:
    options = tuple(
        Option(key, name, chosen=key in choice.pharmacies) for key, name in choice.names.items()
    )
    return FilterField("Pharmacies", options, name=asked.PHARMACY)


def _chips(choice: Choice) -> tuple[Chip, ...]:
    found = [
        Chip("Pharmacie", choice.names[each],
             choice.href(pharmacies=tuple(p for p in choice.pharmacies if p != each)))
        for each in choice.pharmacies
    ]  # fmt: skip
    found += [
        Chip("Laboratoire", each, choice.href(labs=tuple(p for p in choice.labs if p != each)))
        for each in choice.labs
    ]
    if choice.search:
        found.append(Chip("Recherche", choice.search, choice.href(search="")))
    return tuple(found)


def search(choice: Choice) -> tuple[Field, ...]:
    """Return the search of a product, and what payment terms are weighed with."""
    days = Field(asked.DAYS, "Délai de paiement habituel", value=choice.days or "30", suffix="j",
                 required=True)  # fmt: skip
    return (
        Field(asked.SEARCH, "Produit ou laboratoire actuel", kind="search", value=choice.search),
        Field(asked.MONEY, "Coût de l’argent par an", value=choice.money, suffix="%"),
        *((days,) if choice.money else ()),
    )


def empty(choice: Choice, found: use.Compared, kept: Sequence[Line]) -> Empty | None:
    """Return why no row shows; None when some do."""
    if not found.base.rows:
        return Empty(
            "Aucun générique acheté sur cette période",
            "Choisissez une autre période, ou d’autres pharmacies.",
        )
    if not found.offers.labs:
        return Empty(
            "Aucune offre à comparer",
            "Enregistrez les offres des laboratoires, en YAML, en CSV ou à la main : elles seront "
            "mises en face de vos achats.",
            links=(Link("Contrats et offres", "/achats/contrats"),),
        )
    if not kept:
        return Empty(
            "Aucun produit pour ces filtres",
            links=(Link("Tout effacer", choice.href(only="", search="")),),
        )
    return None


def notices(choice: Choice, found: use.Compared) -> tuple[Notice, ...]:
    """Return what must be known before reading: offers that pass the legal ceilings."""
    over = sorted(found.excess)
    if not over:
        return ()
    counted_ = "compté ici, à votre demande" if choice.excess else "non compté"
    more = f" et {counted(len(over) - NAMED, 'autre', 'autres')}" if len(over) > NAMED else ""
    return (
        Notice(
            f"Des offres dépassent le plafond légal (dépassement {counted_})",
            f"{', '.join(over[:NAMED])}{more} : signalées par ⚠, détaillées produit par produit.",
            Tone.WARNING,
        ),
    )


def unread(found: use.Compared) -> str:
    """Return the sentence on boxes that could not be read; empty when all were."""
    number = sum(not row.equivalence.read for row in found.base.rows)
    if not number:
        return ""
    alone = counted(number, "produit reste seul", "produits restent seuls")
    return f"{alone}, à leur code : la base publique n’écrit pas leur dosage ou leur boîte."


def marks(choice: Choice) -> tuple[Link, ...]:
    """Return the choice of the rows shown, by their mark."""
    labels = {"": "Tous", **asked.MARKS}
    return tuple(
        Link(label, choice.href(only=key), current=key == choice.only)
        for key, label in labels.items()
    )


def verdict(choice: Choice, found: use.Compared) -> Mapping[str, Any] | None:
    """Return what the comparison says in a sentence, and where to choose; None without offers."""
    if not found.offers.labs or not found.base.rows:
        return None
    compared = found.comparison
    number = compared.count(Mark.GAIN)
    gain = french.amount(compared.gain, 0)
    chosen = [pair for pair in choice.pairs() if pair[0] in (asked.PERIOD, asked.PHARMACY)]
    same = f"?{urlencode(chosen)}" if chosen else ""
    sentence = (
        f"{counted(number, 'produit s’achèterait', 'produits s’achèteraient')} mieux ailleurs\u00a0: "
        f"{gain} de plus sur la période, à prendre chacun chez le mieux-disant."
        if number
        else "Aucun produit ne s’achèterait mieux ailleurs."
    )
    return {
        "sentence": sentence,
        "proof": (
            "Nul ne signe avec tous\u00a0: voyez ce qu’il en reste avec quelques laboratoires.",
        )
        if number
        else (),
        "links": (
            Link("Le meilleur couple", f"/achats/simulateur{same}"),
            Link("Les meilleurs laboratoires", f"/achats/laboratoires{same}"),
            Link("Les offres reçues", "/achats/contrats?etat=offres"),
        ),
    }


def headlines(choice: Choice, found: use.Compared) -> tuple[Headline, ...]:
    """Return what is bought, the present discount, what switching all gains, and the count of marks."""
    base, compared = found.base, found.comparison
    listed = base.list_amount
    rate = base.discount_amount / listed if listed else None
    share = compared.gain / listed if listed else Decimal(0)
    gain, best, none = (
        compared.count(mark) for mark in (Mark.GAIN, Mark.BEST, Mark.NOT_COMPARABLE)
    )
    return (
        Headline("Achats au prix fabricant", french.compact_amount(listed), exact=french.amount(listed),
                 against=f"{french.number(base.quantity)} boîtes"),
        Headline(LEVEL_LABELS[choice.level], "–" if rate is None else french.percent(rate, 2),
                 against=french.amount(base.discount_amount, 0)),
        Headline("Gain à tout changer", french.compact_amount(compared.gain),
                 exact=french.amount(compared.gain), against=f"{french.percent(share, 2)} des achats"),
        Headline("Mieux ailleurs ↔", french.number(gain), href=choice.href(only="gain"),
                 against=f"sur {counted(len(base.rows), 'produit', 'produits')}"),
        Headline("Au mieux ✓", french.number(best), href=choice.href(only="best"),
                 against=counted(none, "non comparable", "non comparables")),
    )  # fmt: skip
