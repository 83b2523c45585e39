"""How pairs of labs are printed: the best one in words, the ranking, the products of a part."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from galien.calculators.discounts.pairs import Assign, Part
from galien.calculators.discounts.settled import Held, Settled
from galien.kernel import french
from galien.kernel.errors import InvalidInput
from galien.usecases.simulator import asked as words
from galien.usecases.simulator.pairs import PART_LABELS, Line, Ranked
from galien.usecases.simulator.words import euros
from galien.web.components.models import (
    Action,
    CellKind,
    Change,
    Column,
    Empty,
    Field,
    Headline,
    Link,
    PageHead,
    Pages,
    Row,
    TableModel,
    Tone,
)
from galien.web.labs_choice import (
    Choosing,
    assign_field,
    common_fields,
    cost_fields,
    notices,
    pharmacy_options,
    settings_in_words,
)
from galien.web.lists import badge, count, counted, plain_table, text

EXPORTS = {"csv": "CSV", "xlsx": "Excel"}
PAIR_PATH = "/achats/simulateur/couple"
PLACES = (("1er", "first"), ("2nd", "second"), ("reliquat", "remainder"))


def style(given: str) -> str:
    """Return the style of an export; InvalidInput for another."""
    if given not in EXPORTS:
        raise InvalidInput(f"L’export « {given[:20]} » n’existe pas : {', '.join(EXPORTS)}.")
    return given


def frame(it: Choosing, nothing: Empty | None) -> dict[str, Any]:
    """Return the head and the settings."""
    exports = tuple(
        Link(label, it.href("", ("format", key)), download=True) for key, label in EXPORTS.items()
    )
    actions = () if nothing else (
        Action("Exporter", icon="download", items=exports),
        Action("Les meilleurs laboratoires", href=it.href("/achats/laboratoires"), primary=True),
    )  # fmt: skip
    settings = {
        "action": it.path,
        "kept": it.kept()[:1] if it.asked.period != words.DEFAULT_PERIOD else (),
        "words": settings_in_words(it),
        "groups": (
            ("Ce qui est compté", (assign_field(it), *common_fields(it))),
            ("Ce que coûte un laboratoire, en plus de son contrat", cost_fields(it)),
        ),
        "ticked": _pharmacies(it),
        "open": False,
    }
    return {
        "head": PageHead(
            "Quel couple de laboratoires choisir ?",
            when=it.when,
            crumbs=(Link("Achats", ""), Link("Meilleur couple", "", current=True)),
            actions=actions,
        ),
        "bar": it.bar(),
        "settings": settings,
        "notices": notices(it),
        "nothing": nothing,
        "table": None,
    }


def _pharmacies(it: Choosing) -> tuple[tuple[Any, ...], ...]:
    if len(it.pharmacies) < 2:
        return ()
    return ((words.PHARMACY, "Pharmacies", pharmacy_options(it), "Aucune cochée : toutes."),)


def ranking(
    it: Choosing, ranked: Ranked, rows: Sequence[Settled], pages: Pages, typed: tuple[str, str]
) -> dict[str, Any]:
    """Return the best pair in figures, the search and the ranking."""
    return {
        "verdict": _verdict(it, ranked) if ranked.pairs else None,
        "headlines": _headlines(it, ranked) if ranked.pairs else (),
        "search": (
            Field("premier", "Premier laboratoire", kind="search", value=typed[0]),
            Field("second", "Second laboratoire", kind="search", value=typed[1]),
        ),
        "search_kept": it.kept(),
        "table": _table(it, ranked, rows, pages),
        "milliseconds": french.number(ranked.milliseconds, 1),
        "saving": {"kind": "pair", "kept": it.kept()},
        "few": len(ranked.market.labs) < 2,
    }


def _verdict(it: Choosing, ranked: Ranked) -> dict[str, Any]:
    """Say which pair is best, what it brings, and where to go from there."""
    best = ranked.pairs[0]
    first, second, gain = best.pair.first_lab, best.pair.second_lab, best.net - it.ground.today
    told = (
        f"{euros(gain)} de plus qu’aujourd’hui sur la période"
        if gain > 0
        else f"aucun couple ne fait mieux qu’aujourd’hui, il s’en faut de {euros(-gain)}"
    )
    shared = (
        "Ce que les deux couvrent va au mieux-disant."
        if it.asked.assign is Assign.BEST
        else "Le premier prend tout ce qu’il couvre, le second ce que le premier ne couvre pas."
    )
    held = "" if not best.breached else " Ce couple ne tient pas une exclusivité."
    return {
        "sentence": f"Le meilleur couple est {first} puis {second}\u00a0: {told}.",
        "proof": (f"{shared} Le reliquat reste où il est.{held}",),
        "links": (
            Link("Ce que chacun prend, produit par produit", _href(it, best)),
            Link("Plus de deux laboratoires", it.href("/achats/laboratoires")),
            Link("Comparer produit par produit", "/achats/comparateur"),
        ),
    }


def _headlines(it: Choosing, ranked: Ranked) -> tuple[Headline, ...]:
    best, today = ranked.pairs[0], it.ground.today
    gain = best.net - today
    whole = ranked.market
    covered = best.pair.first.list_amount + best.pair.second.list_amount
    share = covered / whole.list_amount if whole.list_amount else None
    return (
        Headline(
            "Meilleur couple",
            french.compact_amount(best.net),
            exact=french.amount(best.net),
            against=f"{best.pair.first_lab} puis {best.pair.second_lab}",
            href=_href(it, best),
        ),
        Headline(
            "De plus qu’aujourd’hui",
            f"{'+' if gain > 0 else ''}{french.compact_amount(gain)}",
            exact=french.amount(gain),
            change=Change(gain / today if today else None),
            against=f"sur {french.compact_amount(today)}",
        ),
        Headline(
            "Valeur couverte par le couple",
            "–" if share is None else french.percent(share, 0),
            against=f"{french.number(best.pair.first.products + best.pair.second.products)} produits "
            f"sur {french.number(whole.products)}",
        ),
        Headline(
            "Couples comparés",
            french.number(len(ranked.pairs)),
            against=f"{counted(len(whole.labs), 'laboratoire', 'laboratoires')}, en "
            f"{french.number(ranked.milliseconds, 0)} ms",
        ),
    )


def _href(it: Choosing, each: Settled, part: str = "premier") -> str:
    pair = each.pair
    return it.href(
        PAIR_PATH, ("premier", pair.first_lab), ("second", pair.second_lab), ("part", part)
    )


def _table(it: Choosing, ranked: Ranked, rows: Sequence[Settled], pages: Pages) -> TableModel:
    costly = any(each.cost for each in ranked.pairs)
    columns = [text("first", "Premier"), text("second", "Second")]
    if costly:
        columns += [count("net", "Net", unit="€"), count("cost", "Coûts", unit="€")]
    columns.append(count("total", "Total", unit="€"))
    for label, name in PLACES:
        columns += [
            Column(f"{name}_products", f"Produits {label}", CellKind.MARKUP,
                   hint="Produits couverts sur tous ceux achetés"),
            Column(f"{name}_volume", f"Volume {label}", CellKind.RATIO, unit="%", decimals=0),
            Column(f"{name}_value", f"Valeur {label}", CellKind.RATIO, unit="%", decimals=0),
            count(f"{name}_discount", f"Remise {label}", unit="€"),
        ]  # fmt: skip
        if name != "remainder":
            columns.append(count(f"{name}_extra", f"Complément {label}", unit="€"))
    made = [
        Row(cells=_cells(it, ranked, each, costly=costly), href=_href(it, each), note=_note(each))
        for each in rows
    ]
    return plain_table(
        "Couples de laboratoires", columns, made, pages=pages, noun=("couple", "couples"),
        identity="couples",
    )  # fmt: skip


def _cells(it: Choosing, ranked: Ranked, each: Settled, *, costly: bool) -> tuple[object, ...]:
    pair = each.pair
    cells: list[object] = [pair.first_lab, pair.second_lab]
    cells += [each.net, each.cost] if costly else []
    cells.append(pair.total)
    for part, word in zip((pair.first, pair.second, pair.remainder), PART_LABELS, strict=True):
        shares = part.shares_of(ranked.market)
        cells += [
            _products(part, ranked, _href(it, each, word)),
            shares["quantity"], shares["list_amount"], part.discount,
        ]  # fmt: skip
        if word != "reliquat":
            cells.append(part.extra)
    return tuple(cells)


def _products(part: Part, ranked: Ranked, href: str) -> Markup:
    share = part.shares_of(ranked.market)["products"]
    return Markup('<a href="{}">{}\u202f/\u202f{}</a> <small>{}</small>').format(
        href, french.number(part.products), french.number(ranked.market.products),
        "" if share is None else french.percent(share, 0),
    )  # fmt: skip


def _note(each: Settled) -> str:
    """Return what must be known of a pair: thresholds missed, exclusivities broken."""
    said = []
    for lab, held in ((each.pair.first_lab, each.first), (each.pair.second_lab, each.second)):
        if held.billed_back:
            said.append(f"il manque {euros(held.missing)} au seuil de {lab}")
        if held.breached:
            said.append(f"rompt l’exclusivité de {lab}")
    return ", ".join(said)


def couple(
    it: Choosing, ranked: Ranked, each: Settled, part: str, rows: Sequence[Line], pages: Pages
) -> dict[str, Any]:
    """Return what the page of a pair prints: its three parts, and the products of one."""
    pair = each.pair
    name = f"{pair.first_lab} puis {pair.second_lab}"
    here = (("premier", pair.first_lab), ("second", pair.second_lab))
    exports = tuple(
        Link(label, it.href(PAIR_PATH, *here, ("format", key)), download=True)
        for key, label in EXPORTS.items()
    )
    return {
        "head": PageHead(
            name,
            when=it.when,
            note=_note(each),
            crumbs=(
                Link("Achats", ""),
                Link("Meilleur couple", it.href("/achats/simulateur")),
                Link(name, "", current=True),
            ),
            actions=(Action("Exporter", icon="download", items=exports),),
        ),
        "headlines": (
            _part_headline(f"Premier\u00a0: {pair.first_lab}", pair.first, each.first, ranked),
            _part_headline(f"Second\u00a0: {pair.second_lab}", pair.second, each.second, ranked),
            _part_headline("Reliquat", pair.remainder, Held(), ranked),
            Headline(
                "Total net", french.compact_amount(each.net), exact=french.amount(each.net),
                against=f"coûts déduits\u00a0: {euros(each.cost)}" if each.cost
                else "les cinq montants additionnés",
            ),
        ),
        "tabs": tuple(
            Link(label, _href(it, each, key), current=key == part)
            for key, label in PART_LABELS.items()
        ),
        "table": _lines_table(rows, pages),
    }  # fmt: skip


def _part_headline(label: str, part: Part, held: Held, ranked: Ranked) -> Headline:
    share = part.shares_of(ranked.market)["list_amount"]
    given = part.discount + part.extra
    extra = f", dont complément {french.amount(part.extra)}" if part.extra else ""
    tier = f" (palier {french.percent(held.tier_rate, 2)})" if held.tier else ""
    return Headline(
        label,
        french.compact_amount(given),
        exact=french.amount(given) + extra + tier,
        against=f"{counted(part.products, 'produit', 'produits')}, "
        f"{'–' if share is None else french.percent(share, 0)} de la valeur",
        partial=f"Remise refacturée\u00a0: il manque {french.amount(held.missing)}"
        if held.billed_back
        else "",
    )


def _lines_table(rows: Sequence[Line], pages: Pages) -> TableModel:
    def rate(name: str, label: str) -> Column:
        return Column(name, label, CellKind.RATIO, unit="%", decimals=1)

    columns = (
        text("label", "Produit"), text("lab", "Laboratoire actuel"),
        count("quantity", "Boîtes"), count("list_amount", "Achats au prix fabricant", unit="€"),
        rate("current", "Remise actuelle"), rate("discount", "Remise"),
        rate("extra", "Complément"), count("gain", "Écart", unit="€"),
    )  # fmt: skip
    made = [
        Row(
            cells=(
                line.label, _lab(line), line.quantity, line.list_amount, line.current_rate,
                line.discount_rate, line.extra_rate, (line.discount - line.current).quantize(CENT),
            )
        )
        for line in rows
    ]  # fmt: skip
    return plain_table(
        "Produits de la part", columns, made, pages=pages, noun=("produit", "produits"),
        identity="produits",
    )  # fmt: skip


CENT = Decimal("0.01")


def _lab(line: Line) -> object:
    return line.lab or badge("inconnu", Tone.NEUTRAL)
