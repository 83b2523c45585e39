"""`galien law`: dated values of the law, and the regulated margin of a price."""

from __future__ import annotations

import argparse
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from galien.cli.context import Context
from galien.cli.output import Column, Rows
from galien.cli.parser import FrenchParser, decimal
from galien.cli.registry import Family, Need
from galien.cli.what_if import add_what_if
from galien.kernel.errors import NotAvailable

if TYPE_CHECKING:
    from galien.calculators.margin import RegulatedPrice
    from galien.law import Cited, LawValue

COLUMNS = (
    Column("name", "Nom"),
    Column("label", "Libellé"),
    Column("topic", "Thème"),
    Column("value", "Valeur"),
    Column("unit", "Unité"),
    Column("since", "Depuis"),
    Column("until", "Jusqu’au"),
    Column("source", "Source"),
)


CHECK_COLUMNS = (
    Column("case", "Cas"),
    Column("label", "Libellé"),
    Column("count", "Présentations"),
    Column("examples", "Exemples"),
)


def configure(parser: FrenchParser) -> None:
    """Add the sub-commands."""
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="liste les paramètres")
    listing.add_argument("--topic", metavar="THÈME", default=None)
    listing.set_defaults(run=run_list, need=Need.NOTHING)
    value = actions.add_parser("value", help="donne une valeur un jour donné")
    value.add_argument("name", metavar="NOM")
    value.set_defaults(run=run_value, need=Need.NOTHING)
    margin = actions.add_parser("margin", help="décompose un prix réglementé")
    price = margin.add_mutually_exclusive_group(required=True)
    price.add_argument("--price", type=euros, metavar="PFHT", default=None)
    price.add_argument("--public-price", type=euros, metavar="PPTTC", default=None)
    margin.add_argument("--generic-of", type=euros, metavar="PFHT", default=None)
    margin.add_argument("--vat", type=ratio, metavar="TAUX", default=None)
    margin.set_defaults(run=run_margin, need=Need.NOTHING)
    check = actions.add_parser("check-prices", help="vérifie les prix de la base publique")
    check.add_argument("folder", type=Path, metavar="DOSSIER")
    check.add_argument("--case", metavar="CAS", default=None, help="liste les produits d’un cas")
    check.set_defaults(run=run_check_prices, need=Need.NOTHING)
    add_what_if(actions)


def euros(text: str) -> Decimal:
    """Read a price; ArgumentTypeError when it is none or negative."""
    read = decimal(text)
    if read < 0:
        raise argparse.ArgumentTypeError(f"« {text} » : un prix n’est pas négatif")
    return read


def ratio(text: str) -> Decimal:
    """Read a rate of VAT as a ratio; ArgumentTypeError when it looks like a percentage."""
    read = decimal(text)
    if not 0 <= read < 1:
        raise argparse.ArgumentTypeError(
            f"« {text} » : un taux s’écrit entre 0 et 1 (0.021 pour 2,1 %)"
        )
    return read


def run_list(context: Context, arguments: argparse.Namespace) -> Rows:
    """List parameters with their value of the day, empty when the day has none."""
    from galien.law import Law

    rows = []
    for parameter in Law.load().parameters(topic=arguments.topic):
        found = parameter.find(context.clock.today())
        dated = _dated(found) if found else dict.fromkeys(("value", "since", "until", "source"))
        known = {"label": parameter.label, "topic": parameter.topic, "name": parameter.name}
        full = {**dated, **known, "unit": str(parameter.unit)}
        rows.append([full[column.name] for column in COLUMNS])
    return Rows(COLUMNS, rows)


def run_value(context: Context, arguments: argparse.Namespace) -> dict[str, object]:
    """Give one value; null, with its sentence, when the law of the day has none."""
    from galien.law import Law

    parameter = Law.load().parameter(arguments.name)
    try:
        return {"name": parameter.name, **_dated(parameter.on(context.clock.today()))}
    except NotAvailable as unknown:
        context.say(unknown.message)
        nothing = dict.fromkeys(("value", "unit", "since", "until", "source"))
        return {"name": parameter.name, **nothing, "unit": str(parameter.unit)}


def run_margin(context: Context, arguments: argparse.Namespace) -> dict[str, object]:
    """Take a price apart; what the law of the day leaves unknown is null, with its sentence."""
    from galien.calculators import margin
    from galien.law import Law

    law, day = Law.load(), context.clock.today()
    if arguments.price is not None:
        price = margin.regulated_price(
            law, arguments.price, on=day, generic_of=arguments.generic_of, vat=arguments.vat
        )
    else:
        try:
            price = margin.regulated_price_from_public(
                law,
                arguments.public_price,
                on=day,
                generic_of=arguments.generic_of,
                vat=arguments.vat,
            )
        except NotAvailable as unknown:
            context.say(unknown.message)
            given = margin.regulated_price(law, Decimal(0), on=day, vat=arguments.vat)
            return _only_public(arguments.public_price, given, unknown.message)
    for sentence in price.unknown:
        context.say(sentence)
    return _taken_apart(price)


def run_check_prices(context: Context, arguments: argparse.Namespace) -> Rows:
    """Check the public files against the law of their day, case by case, or list one case."""
    from galien.law import Law
    from galien.usecases.check_prices import check_public_files

    checked = check_public_files(
        arguments.folder,
        law=Law.load(),
        today=context.clock.today(),
        on=getattr(arguments, "on", None),
    )
    meta = {"on": checked.on, "by_chance": checked.by_chance}
    if arguments.case is not None:
        codes = [[code] for code, cases in checked.cases.items() if arguments.case in cases]
        return Rows((Column("product_code", "Code du produit"),), codes, meta=meta)
    return Rows(
        CHECK_COLUMNS,
        [[each.case, each.label, each.count, " ".join(each.examples)] for each in checked.verdicts],
        totals={
            "presentations": checked.presentations,
            "prices_back": checked.prices_back,
            "consistent": checked.consistent,
        },
        meta=meta,
    )


def _only_public(public: Decimal, known: RegulatedPrice, sentence: str) -> dict[str, object]:
    """Return a public price whose ex-factory price cannot be found that day."""
    from galien.kernel.money import round_amount

    rate = known.vat_rate
    return {
        **dict.fromkeys(_taken_apart(known)),
        "box_fee": None if known.box_fee is None else round_amount(known.box_fee),
        "public_price_excl": None if rate is None else round_amount(public / (1 + rate)),
        "public_price_incl": round_amount(public),
        "slices": [],
        "unknown": [sentence],
    }


def _taken_apart(price: RegulatedPrice) -> dict[str, object]:
    from galien.kernel.money import round_amount

    def amount(value: object) -> object:
        return None if value is None else round_amount(value)  # type: ignore[arg-type]

    return {
        "ex_factory_price": amount(price.ex_factory_price),
        "margin": amount(price.margin),
        "box_fee": amount(price.box_fee),
        "markup_rate": price.markup_rate,
        "margin_rate": price.margin_rate,
        "wholesaler_margin": amount(price.wholesaler_margin),
        "public_price_excl": amount(price.public_price_excl),
        "public_price_incl": amount(price.public_price_incl),
        "slices": [
            {
                "from": each.start,
                "to": each.end,
                "rate": each.rate,
                "base": amount(each.base),
                "margin": each.margin,
            }
            for each in price.slices
        ],
        "unknown": list(price.unknown),
    }


def _dated(cited: Cited[LawValue]) -> dict[str, object]:
    return {
        "value": _plain(cited.value),
        "unit": str(cited.unit),
        "since": cited.begun_on,
        "until": cited.until,
        "source": cited.source.title,
    }


def _plain(value: LawValue) -> object:
    from galien.law import Banded, Scale

    if isinstance(value, Scale):
        return [{"from": bracket.start, "rate": bracket.rate} for bracket in value.brackets]
    if isinstance(value, Banded):
        return [{"up_to": band.up_to, "value": band.value} for band in value.bands]
    return value


FAMILY = Family("law", "Le droit en vigueur un jour donné, avec sa source.", configure, order=30)
