"""The form of an acquisition: what is paid, what is sold, what it costs, the place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from galien.calculators.accounting.acquisition import (
    DAYS,
    Activity,
    Charges,
    Deal,
    Flow,
    Plan,
    Regime,
)
from galien.calculators.accounting.acquisition_flags import Seller
from galien.calculators.accounting.loans import Loan
from galien.kernel.errors import InvalidInput
from galien.usecases.acquisition import Starting
from galien.usecases.communes import CENSUS, commune_named
from galien.web.components.models import Field
from galien.web.typed import TypedForm

ZERO = Decimal(0)
FEES = Decimal("0.06")
EQUITY = Decimal("0.20")
RATE = Decimal("0.035")
GROUPS = (
    ("Ce qui est payé", ("prix", "stock", "frais", "apport", "bfr", "achat")),
    ("Prêts", ("pret", "taux", "duree", "pret2", "taux2", "duree2")),
    ("Ordonnances", ("ordonnances", "panier_o", "marge_o")),
    ("Comptoir", ("comptoir", "panier_c", "marge_c")),
    ("Le reste de l’activité", ("services", "volume", "prix_panier")),
    ("Charges", ("externes", "personnel", "impots", "hausse", "amortissements", "investissement")),
    ("Titulaire et impôt", ("remuneration", "regime", "taux_ir", "debut")),
    ("Le lieu", ("commune", "habitants", "departement", "pharmacies")),
    ("À demander au vendeur", ("remises", "etablissements", "retrocessions")),
)


@dataclass(frozen=True)
class Asked:
    """What the form asks: the plan, None while it lacks the essential; the seller; the place."""

    plan: Plan | None
    seller: Seller
    shares: bool
    population: int | None
    department: str
    pharmacies: int | None


def asked(form: TypedForm, start: Starting | None, *, year: int) -> Asked:
    """Read the form, prefilled with the seller's year."""
    seller = start.seller if start else Seller()
    flows = _flows(form, start)
    deal = _deal(form, start)
    charges = _charges(form, start)
    owner = form.amount("remuneration", "Rémunération du titulaire", Decimal(60_000),
                        help="Charges sociales comprises, par an.")  # fmt: skip
    regime = form.one_of(
        "regime", "Impôt", {"is": "Société (IS)", "ir": "Titulaire (IR, simplifié)"}
    )
    personal = form.percent("taux_ir", "Prélèvement à l’IR", Decimal("0.40"),
                            help="Impôt et cotisations sur le bénéfice, si IR.")  # fmt: skip
    first = form.whole("debut", "Première année", year, plain="1")
    services = form.amount(
        "services", "Prestations et locations", start.services if start else None
    )
    growth = form.percent("volume", "Croissance des factures", ZERO, signed="1", help="Par an.")
    baskets = form.percent(
        "prix_panier", "Croissance des paniers", ZERO, signed="1", help="Par an."
    )
    place = _place(form)
    seller = _seller(form, seller)
    plan = None
    if deal is not None and flows is not None and charges is not None:
        plan = Plan(
            deal=deal,
            activity=Activity(*flows, services or ZERO, growth or ZERO, baskets or ZERO),
            charges=charges,
            owner_pay=owner or ZERO,
            first_year=first or year,
            regime=Regime(regime),
            personal_rate=personal or ZERO,
        )
    return Asked(plan, seller, form.fields["achat"].options[1].chosen, *place)


def groups(form: TypedForm) -> tuple[tuple[str, tuple[Field, ...]], ...]:
    """Return the fields by group."""
    return tuple((title, form.of(*names)) for title, names in GROUPS)


def _deal(form: TypedForm, start: Starting | None) -> Deal | None:
    form.one_of("achat", "Ce qui est acheté", {"fonds": "Le fonds", "parts": "Les parts"})
    price = form.amount("prix", "Prix", start.price if start else None)
    stock = form.amount("stock", "Stock repris", start.seller.stock if start else None)
    fees = form.amount("frais", "Frais d’acquisition", None if price is None else price * FEES,
                       help="Droits, conseils, garantie : 6 % du prix par défaut.")  # fmt: skip
    days = form.amount("bfr", "Besoin en fonds de roulement", Decimal(5), suffix="j",
                       help="En jours de chiffre d’affaires HT.")  # fmt: skip
    turnover = (start.seller.turnover if start else None) or ZERO
    tied = turnover * (days or ZERO) / DAYS
    whole = sum((each or ZERO for each in (price, stock, fees)), tied)
    equity = form.amount(
        "apport",
        "Apport",
        None if price is None else whole * EQUITY,
        help="20 % du tout par défaut.",
    )
    left = max(whole - (equity or ZERO), ZERO) if price is not None else None
    amount = form.amount("pret", "Prêt amortissable", left)
    rate = form.percent("taux", "Taux", RATE)
    years = form.whole("duree", "Durée", 12, suffix="ans")
    bullet = form.amount("pret2", "Prêt remboursé à la fin", ZERO)
    bullet_rate = form.percent("taux2", "Taux", RATE)
    bullet_years = form.whole("duree2", "Durée", 7, suffix="ans")
    if price is None:
        return None
    loans = (
        Loan(amount or ZERO, rate or ZERO, max(years or 12, 1)),
        Loan(bullet or ZERO, bullet_rate or ZERO, max(bullet_years or 7, 1), bullet=True),
    )
    return Deal(
        price,
        equity or ZERO,
        tuple(loan for loan in loans if loan.amount),
        stock or ZERO,
        fees or ZERO,
        days or ZERO,
    )


def _flows(form: TypedForm, start: Starting | None) -> tuple[Flow, Flow] | None:
    kinds = (
        ("ordonnances", "panier_o", "marge_o", start.prescription if start else None),
        ("comptoir", "panier_c", "marge_c", start.counter if start else None),
    )
    found = []
    for invoices, basket, margin, known in kinds:
        count = form.whole(invoices, "Factures par an", int(known.invoices) if known else None)
        mean = form.amount(basket, "Panier moyen HT", known.basket if known else None)
        rate = form.percent(margin, "Taux de marge", known.margin_rate if known else None)
        if count is not None and mean is not None and rate is not None:
            found.append(Flow(Decimal(count), mean, rate))
    return (found[0], found[1]) if len(found) == 2 else None


def _charges(form: TypedForm, start: Starting | None) -> Charges | None:
    seller = start.seller if start else Seller()
    external = form.amount("externes", "Charges externes", seller.external)
    staff = form.amount("personnel", "Personnel", seller.staff, help="Hors titulaire.")
    taxes = form.amount("impots", "Impôts et taxes", start.taxes if start else None)
    growth = form.percent("hausse", "Hausse des charges", ZERO, signed="1", help="Par an.")
    depreciation = form.amount(
        "amortissements", "Amortissements", start.depreciation if start else ZERO,
        help="Matériel seul : le fonds ne s’amortit pas.",
    )  # fmt: skip
    investment = form.amount("investissement", "Investissements", ZERO, help="Par an.")
    if external is None or staff is None:
        return None
    return Charges(
        external,
        staff,
        taxes or ZERO,
        depreciation or ZERO,
        investment or ZERO,
        growth or ZERO,
    )


def _place(form: TypedForm) -> tuple[int | None, str, int | None]:
    """Read the place: a commune gives its people and its department, which may be typed instead."""
    text, error, found = form.given.get("commune", "").strip(), "", None
    if text:
        try:
            found = commune_named(text)
        except InvalidInput as mistake:
            error = mistake.message
    form.fields["commune"] = Field(
        "commune", "Commune", value=text, error=error, help="Nom entier ou code Insee."
    )
    population = form.whole(
        "habitants", "Habitants", found.population if found else None,
        help=f"Population municipale, Insee {CENSUS}.",
    )  # fmt: skip
    typed = form.given.get("departement", "").strip()[:3].upper()
    department = typed or (found.department if found else "")
    form.fields["departement"] = Field("departement", "Département", value=department)
    return population, department, form.whole("pharmacies", "Pharmacies de la commune", None)


def _seller(form: TypedForm, seller: Seller) -> Seller:
    return replace(
        seller,
        client_rebates=form.amount("remises", "Remises aux clients", seller.client_rebates),
        institutions=form.amount("etablissements", "Ventes à des établissements", None),
        resales=form.amount("retrocessions", "Rétrocessions", seller.resales),
    )
