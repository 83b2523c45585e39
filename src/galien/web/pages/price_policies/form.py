"""The form of a price policy: its fields, made from what is typed so far, errors beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from galien.calculators.pricing.arithmetic import Rounding
from galien.calculators.pricing.policy import Policy, Priced, propose
from galien.kernel import french
from galien.usecases.prices.choices import NAMES
from galien.usecases.prices.policy_file import Volumes, WrittenPolicy
from galien.web.components.models import Field, Option
from galien.web.pages.price_calculator.shown import ENDINGS, WAYS
from galien.web.pages.price_policies.check import value_label
from galien.web.pages.price_policies.draft import FACTOR, MARGIN, Plain, text_of
from galien.web.typed import read_number

MOST_CATEGORIES = 30
AIMS = {MARGIN: "une marge sur le prix (%)", FACTOR: "un coefficient (×)"}
VOLUMES = {
    Volumes.NETWORK.value: "mesurée sur le réseau",
    Volumes.ASSUMED.value: "supposée",
    Volumes.CONSTANT.value: "aucune (volumes constants)",
}
FIRST = ("universe_1", "product_type", "vat_rate", "universe_2", "family_1", "lab")
BOXES = 15  # values shown as boxes; beyond, one types among those that exist
LISTED = 1000  # values sent for the browser to propose while one types
SAID = 4  # values named in the title of a category's products
SHOWN_COST, SHOWN_VAT = Decimal(10), Decimal("0.20")


@dataclass(frozen=True)
class Attribute:
    """A way to say what a category holds: boxes of values, and a field to add one when they are many."""

    name: str
    label: str
    boxes: tuple[Option, ...]
    add: Field | None
    listed: bool


@dataclass(frozen=True)
class BandForm:
    """A line of a form: its fields, and what it gives on an example."""

    fields: tuple[Field, ...]
    example: str = ""


@dataclass(frozen=True)
class CategoryForm:
    """A category of the form: its number, its fields by part, the price of the example."""

    number: int
    title: str
    name: Field
    floor: Field
    held: str
    held_open: bool
    attributes: tuple[Attribute, ...]
    others: tuple[Attribute, ...]
    others_open: bool
    bands: tuple[BandForm, ...]
    rounding: tuple[BandForm, ...]
    example: str
    under: str


@dataclass(frozen=True)
class PolicyForm:
    """The whole form. `lists` are the values that the browser proposes, by attribute."""

    name: Field
    example: tuple[Field, ...]
    rounding: tuple[BandForm, ...]
    categories: tuple[CategoryForm, ...]
    image_gap: Field
    products: tuple[tuple[Field, ...], ...]
    rebates: tuple[tuple[Field, ...], ...]
    hidden: tuple[tuple[str, str], ...]
    passed_on: Field
    effect: tuple[Field, ...]
    costs: tuple[Field, ...]
    lists: tuple[tuple[str, Sequence[str]], ...]
    categories_error: str


@dataclass(frozen=True)
class Known:
    """What the form is made beside: values that exist, products' names, the margin to reach."""

    choices: Mapping[str, Sequence[str]]
    labels: Mapping[str, str]
    even: Decimal | None = None


def policy_form(
    draft: Plain, errors: Mapping[str, str], known: Known, written: WrittenPolicy | None
) -> PolicyForm:
    """Return the form of what is typed; `written` is the policy it makes, None when it makes none."""
    make = _Maker(errors)
    priced = _examples(draft, written)
    categories = tuple(
        _category(make, number, row, known, priced)
        for number, row in enumerate(draft["categories"])
    )
    names = [text_of(row, "name") for row in draft["categories"]]
    return PolicyForm(
        name=make.text("name", "Nom de la politique", draft, required=True),
        example=(
            make.text("example_cost", "Coût HT de l’exemple", _shown(draft), suffix="€"),
            make.text("example_vat", "TVA de l’exemple", _shown(draft), suffix="%"),
        ),
        rounding=_rounding(make, "rounding", draft["rounding"], written.policy.rounding if written else None),
        categories=categories,
        image_gap=make.text(
            "image_gap", "Écart à la médiane des concurrents", draft, suffix="%",
            help="−2 pour rester 2 % dessous. Vaut pour les produits d’image.",
        ),
        products=tuple(_product(make, n, row, known) for n, row in enumerate(draft["products"])),
        rebates=tuple(_rebate(make, n, row, names) for n, row in enumerate(draft["rebates"])),
        hidden=tuple(
            (f"rebates-{n}-{name}", row[name])
            for n, row in enumerate(draft["rebates"])
            for name in ("name", "where")
            if row.get(name)
        ),
        passed_on=make.text(
            "passed_on", "Part des remises fournisseurs rendue aux clients", draft, suffix="%",
            help="Une décision à part : les prix et les marges se comptent sans elle.",
        ),
        effect=(
            make.select("volumes", "Élasticité", draft, VOLUMES),
            make.text("elasticity", "Élasticité supposée", draft,
                      help="−0,8 : 1 % de prix en plus fait 0,8 % de ventes en moins."),
            make.text("standard_error", "Son erreur type", draft),
        ),
        costs=(
            make.text("fixed_costs", "Charges fixes d’un an", draft, suffix="€"),
            make.text("turnover", "Chiffre d’affaires HT d’un an", draft, suffix="€"),
        ),
        lists=tuple(
            (name, known.choices.get(name, ()))
            for name in NAMES
            if BOXES < len(known.choices.get(name, ())) <= LISTED
        ),
        categories_error=errors.get("categories", ""),
    )  # fmt: skip


@dataclass(frozen=True)
class _Maker:
    """Makes fields with what was typed and what is wrong of it."""

    errors: Mapping[str, str]

    def text(
        self, name: str, label: str, part: Mapping[str, Any], *, at: str = "", **more: Any
    ) -> Field:
        return Field(
            f"{at}{name}", label, value=text_of(part, name), autocomplete="off",
            error=self.errors.get(f"{at}{name}", ""), **more,
        )  # fmt: skip

    def select(
        self,
        name: str,
        label: str,
        part: Mapping[str, Any],
        labels: Mapping[str, str],
        *,
        at: str = "",
    ) -> Field:
        chosen = text_of(part, name) or next(iter(labels))
        options = tuple(Option(key, text, chosen=key == chosen) for key, text in labels.items())
        error = self.errors.get(f"{at}{name}", "")
        return Field(
            f"{at}{name}", label, kind="select", required=True, options=options, error=error
        )

    def box(self, name: str, label: str, part: Mapping[str, Any], *, at: str) -> Field:
        return Field(f"{at}{name}", label, kind="check", checked=bool(part.get(name)))


def _category(
    make: _Maker, number: int, row: Plain, known: Known, priced: Mapping[int, str]
) -> CategoryForm:
    at = f"categories-{number}-"
    others = [name for name in NAMES if name not in FIRST]
    return CategoryForm(
        number=number,
        title=text_of(row, "name") or f"Catégorie {number + 1}",
        name=make.text("name", "Nom de la catégorie", row, at=at, required=True),
        floor=make.text("floor_margin", "Marge plancher", row, at=at, suffix="%",
                        help="Aucun prix ne descend dessous, ni sous le coût."),
        held=_held(row["where"]),
        held_open=not row.get("name") or any(f"{at}add-{name}" in make.errors for name in FIRST),
        attributes=tuple(_attribute(make, at, name, row, known) for name in FIRST),
        others=tuple(_attribute(make, at, name, row, known) for name in others),
        others_open=any(row["where"].get(name) or f"{at}add-{name}" in make.errors for name in others),
        bands=tuple(_band(make, at, n, band) for n, band in enumerate(row["bands"])),
        rounding=_rounding(make, f"{at}rounding", row["rounding"], None),
        example=priced.get(number, ""),
        under=_under(row["bands"], known.even),
    )  # fmt: skip


def _attribute(make: _Maker, at: str, name: str, row: Plain, known: Known) -> Attribute:
    exist = known.choices.get(name, ())
    chosen = row["where"].get(name, [])
    few = len(exist) <= BOXES
    # What a category names and the catalogue no longer has stays ticked: it is for the user to take off.
    offered = [*exist, *(each for each in chosen if each not in exist)] if few else chosen
    add = None
    if not few:
        add = make.text(
            f"add-{name}", "Ajouter", {f"add-{name}": row.get("adding", {}).get(name, "")}, at=at
        )
    return Attribute(
        name,
        NAMES[name],
        tuple(Option(each, value_label(name, each), chosen=each in chosen) for each in offered),
        add,
        listed=not few and len(exist) <= LISTED,
    )


def _held(where: Mapping[str, Sequence[str]]) -> str:
    """Say what a category holds, shortly."""
    told = [
        ", ".join(value_label(name, each) for each in values[:SAID])
        + (f" et {len(values) - SAID} autres" if len(values) > SAID else "")
        for name, values in where.items()
        if values
    ]
    return " · ".join(told) or "tous ceux que les précédentes laissent"


def _band(make: _Maker, at: str, number: int, band: Plain) -> BandForm:
    at = f"{at}bands-{number}-"
    return BandForm(
        (
            make.text("from", "À partir d’un coût HT de", band, at=at, suffix="€"),
            make.select("aim", "Viser", band, AIMS, at=at),
            make.text("value", "Valeur", band, at=at, required=number == 0),
        )
    )


def _rounding(
    make: _Maker, at: str, rows: Sequence[Plain], rule: Rounding | None
) -> tuple[BandForm, ...]:
    return tuple(
        BandForm(
            (
                make.text("from", "À partir d’un prix TTC de", row, at=f"{at}-{n}-", suffix="€"),
                make.select("ending", "Le prix finit", row, ENDINGS, at=f"{at}-{n}-"),
                make.select("way", "Arrondi", row, WAYS, at=f"{at}-{n}-"),
            ),
            _rounded(row, rule),
        )
        for n, row in enumerate(rows)
    )


def _rounded(row: Plain, rule: Rounding | None) -> str:
    """Tell what a band of rounding makes of a price of its own."""
    start = read_number(text_of(row, "from") or "0")
    if rule is None or start is None:
        return ""
    price = start + Decimal("4.32")
    rounded = rule.rounded(price)
    return f"{french.amount(price)} → {french.amount(rounded)}" if rounded is not None else ""


def _product(make: _Maker, number: int, row: Plain, known: Known) -> tuple[Field, ...]:
    at, code = f"products-{number}-", text_of(row, "code")
    named = known.labels.get(code, "" if not code else "Inconnu du catalogue.")
    return (
        make.text("code", "Code du produit", row, at=at, help=named),
        make.text("floor", "Plancher TTC", row, at=at, suffix="€"),
        make.text("ceiling", "Plafond TTC", row, at=at, suffix="€"),
        make.box("image", "Produit d’image", row, at=at),
        make.box("excluded", "Laissé de côté", row, at=at),
    )


def _rebate(make: _Maker, number: int, row: Plain, names: Sequence[str]) -> tuple[Field, ...]:
    at = f"rebates-{number}-"
    whole = "les produits qu’un fichier nomme" if row.get("where") else "tous les prix libres"
    labels = {"": whole} | {name: f"« {name} »" for name in names if name}
    if text_of(row, "category") not in labels:
        labels[text_of(row, "category")] = f"« {text_of(row, 'category')} » (retirée)"
    return (
        make.select("category", "Remise sur", row, labels, at=at),
        make.text("rate", "Taux", row, at=at, suffix="%", required=True),
        make.text("floor_margin", "Marge plancher", row, at=at, suffix="%"),
    )


def _shown(draft: Plain) -> dict[str, str]:
    """Return the example as typed, or the usual one."""
    return {
        "example_cost": text_of(draft, "example_cost") or french.typed(SHOWN_COST),
        "example_vat": text_of(draft, "example_vat") or french.typed(SHOWN_VAT * 100),
    }


def _examples(draft: Plain, written: WrittenPolicy | None) -> dict[int, str]:
    """Tell what each category makes of the product of the example."""
    shown = _shown(draft)
    cost, vat = read_number(shown["example_cost"]), read_number(shown["example_vat"])
    if written is None or cost is None or vat is None or cost <= 0 or not 0 <= vat <= 100:
        return {}
    found = {}
    for number, category in enumerate(written.policy.categories):
        alone = Policy("", (category,), written.policy.rounding)
        attributes = {name: next(iter(values)) for name, values in category.where.items()}
        [made] = propose(alone, [Priced("", cost, vat / 100, attributes=attributes)])
        if made.price_incl is not None and made.margin is not None:
            found[number] = (
                f"Un produit acheté {french.amount(cost)} HT se vend {french.amount(made.price_incl)} TTC : "
                f"marge {french.percent(made.margin.margin_rate, 1)}."
            )
    return found


def _under(bands: Sequence[Plain], even: Decimal | None) -> str:
    """Say when a target does not reach the margin that covers fixed costs."""
    if even is None:
        return ""
    rates = []
    for band in bands:
        value = read_number(text_of(band, "value")) if text_of(band, "value") else None
        if value is None or (band.get("aim") == FACTOR and value <= 0):
            continue
        if band.get("aim") == FACTOR:
            rates.append(1 - 1 / value)
        elif value < 100:
            rates.append(value / 100)
    if not rates or min(rates) >= even:
        return ""
    return (
        f"Vise {french.percent(min(rates), 1)}, sous la marge d’équilibre de {french.percent(even, 1)} : "
        "ces ventes ne couvrent pas leur part des charges fixes."
    )
