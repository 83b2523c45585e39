"""How a choice of labs is printed: the answer in words, each lab, the proof, what to negotiate."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from galien.calculators.discounts.optimum.rules import ZERO
from galien.kernel import french
from galien.records.models import Job
from galien.usecases.simulator import asked as words
from galien.usecases.simulator.asked import Asked
from galien.usecases.simulator.labs import Chosen, costs, largest_first, switched
from galien.usecases.simulator.members import Member
from galien.usecases.simulator.negotiation import Brief, briefs
from galien.usecases.simulator.pairs import Ranked
from galien.usecases.simulator.words import advice, clause, entry, euros, named, who_decides
from galien.web.components.models import (
    Action,
    CellKind,
    Change,
    Column,
    Empty,
    Headline,
    Link,
    Notice,
    PageHead,
    Row,
    TableModel,
    Tone,
)
from galien.web.labs_choice import (
    Choosing,
    choice_fields,
    common_fields,
    cost_fields,
    lab_options,
    notices,
    pharmacy_options,
    settings_in_words,
)
from galien.web.lists import badge, count, link, plain_table, text
from galien.web.pages.jobs.shown import outcome, progress
from galien.web.pages.simulator.shown import EXPORTS

PATH = "/achats/laboratoires"
OFFERS = "/achats/contrats?etat=offres"
CENT = Decimal("0.01")
FEWER = (4, 3, 2)
TRIFLE = 100  # a lab that brings less than a hundredth of the discounts


def address(asked: Asked) -> str:
    """Return the address of the page with these settings."""
    pairs = asked.pairs()
    return f"{PATH}?{urlencode(pairs)}" if pairs else PATH


def frame(it: Choosing, nothing: Empty | None) -> dict[str, Any]:
    """Return the head and the settings."""
    items = (
        Link("PDF pour la négociation", it.href(f"{PATH}/negociation.pdf"), download=True),
        *(Link(f"Produits et laboratoires, {label}", it.href(f"{PATH}/choix", ("format", key)),
               download=True) for key, label in EXPORTS.items()),
    )  # fmt: skip
    ticked = [
        (words.EXCLUDED, "Laboratoires écartés", lab_options(it, it.asked.excluded),
         "À côté du nom : la part de vos achats qu’il couvre."),
        (words.IMPOSED, "Laboratoires imposés", lab_options(it, it.asked.imposed), ""),
    ]  # fmt: skip
    if len(it.pharmacies) > 1:
        ticked.append(
            (words.PHARMACY, "Pharmacies", pharmacy_options(it), "Aucune cochée : toutes.")
        )
    return {
        "head": PageHead(
            "Avec quels laboratoires signer ?",
            when=it.when,
            crumbs=(Link("Achats", ""), Link("Meilleurs laboratoires", "", current=True)),
            actions=() if nothing else (
                Action("Exporter", icon="download", items=items),
                Action("Scénarios", href="/achats/scenarios"),
            ),
        ),
        "bar": it.bar(),
        "settings": {
            "action": PATH,
            "kept": it.kept()[:1] if it.asked.period != words.DEFAULT_PERIOD else (),
            "words": settings_in_words(it),
            "groups": (
                ("Ce que vous voulez", choice_fields(it)),
                ("Ce qui est compté", common_fields(it)),
                ("Ce que coûte un laboratoire, en plus de son contrat", cost_fields(it)),
            ),
            "ticked": ticked,
            "open": False,
        },
        "kept": it.kept(),
        "notices": notices(it),
        "nothing": nothing, "answer": None, "error": None, "progress": None, "ending": None,
        "study": None, "asks_study": False,
    }  # fmt: skip


def task(job: Job | None) -> dict[str, Any]:
    """Return the progress of the study of this choice, and whether it can be asked for."""
    done = job is not None and job.finished
    failed = done and job is not None and job.result is None
    return {
        "progress": progress(job) if job is not None else None,
        "ending": outcome(job) if failed and job is not None else None,
        "asks_study": job is None or failed,
    }


def answer(it: Choosing, chosen: Chosen, ranked: Ranked) -> dict[str, Any]:
    """Return the answer: whom to sign with, what each takes, the proof, the study when made."""
    every = briefs(chosen)
    return {
        "answer": {
            "verdict": _verdict(it, chosen, ranked),
            "headlines": _headlines(it, chosen),
            "labs": _labs_table(it, chosen, every),
        },
        "study": _study(it, chosen),
        "saving": {"kind": "labs", "kept": it.kept()},
    }


def _verdict(it: Choosing, chosen: Chosen, ranked: Ranked) -> dict[str, Any]:
    signed = len(chosen.optimum.best.labs)
    fewer = [each for each in FEWER if each < signed]
    links = [Link("Qui gagne, qui perd, pharmacie par pharmacie", it.href(f"{PATH}/pharmacies"))]
    links += [
        Link(f"Avec {each} laboratoires au plus", it.href(maximum=each)) for each in fewer[::-1]
    ]
    if it.asked.maximum is not None:
        links.append(Link("Avec autant de laboratoires qu’il en faut", it.href(maximum=None)))
    links.append(Link("Signer\u00a0: leurs offres", OFFERS))
    return {
        "sentence": _sentence(chosen),
        "proof": (*_proof(chosen, ranked), *_trifles(chosen)),
        "links": links,
    }


def _trifles(chosen: Chosen) -> tuple[str, ...]:
    """Name the labs that bring next to nothing: a contract costs more than it looks."""
    brought = {lab: chosen.part(lab) for lab in largest_first(chosen)}
    total = sum((part.discount for part in brought.values() if part), ZERO)
    small = {lab: part.discount for lab, part in brought.items()
             if part and part.discount * TRIFLE < total}  # fmt: skip
    if not small:
        return ()
    told = ", ".join(f"{lab} {euros(amount)}" for lab, amount in small.items())
    return (
        f"Moins d’un centième des remises\u00a0: {told}. Comptez dans les réglages ce que coûte un "
        "laboratoire de plus, ou prenez-en moins.",
    )


def _sentence(chosen: Chosen) -> str:
    best = chosen.optimum.best
    if not best.labs:
        return (
            "Ne signez avec personne : aucun ensemble de laboratoires ne fait mieux qu’aujourd’hui."
        )
    verb = "rapporte" if chosen.gain >= 0 else "coûte"
    return (
        f"Signez avec {named(largest_first(chosen))} : ce choix {verb} {euros(abs(chosen.gain))} "
        f"{'de plus' if chosen.gain >= 0 else 'de remises en moins'} qu’aujourd’hui sur la période."
    )


def _headlines(it: Choosing, chosen: Chosen) -> tuple[Headline, ...]:
    best, today = chosen.optimum.best, it.ground.today
    spent, moved = costs(chosen), switched(chosen)
    return (
        Headline(
            "De plus qu’aujourd’hui",
            f"{'+' if chosen.gain > 0 else ''}{french.compact_amount(chosen.gain)}",
            exact=french.amount(chosen.gain.quantize(CENT)),
            change=Change(chosen.gain / today if today else None),
            against=f"sur {french.compact_amount(today)}",
        ),
        Headline(
            "Remises du choix", french.compact_amount(best.total),
            exact=french.amount(best.total),
            against=f"{euros(spent)} de coûts déduits" if spent else "",
        ),
        Headline(
            "Produits qui changent de laboratoire", french.number(moved),
            against=f"sur {french.number(len(it.ground.bought))} achetés",
        ),
        Headline(
            "Preuve", "prouvé" if chosen.proved else f"à {french.percent(best.gap, 2)} près",
            exact=f"au plus {french.amount(best.bound)}",
            against=f"aucun choix ne dépasse {french.compact_amount(best.bound)}",
        ),
    )  # fmt: skip


def _labs_table(it: Choosing, chosen: Chosen, every: Sequence[Brief]) -> TableModel:
    columns = (
        text("lab", "Laboratoire"), text("state", "Choix"),
        count("products", "Produits confiés"), count("given", "Achats confiés", unit="€"),
        Column("share", "Part des achats", CellKind.WEIGHT, unit="%", decimals=0),
        count("discount", "Remise", unit="€"),
        Column("rate", "Taux", CellKind.RATIO, unit="%", decimals=1),
        count("bought", "Achats actuels", unit="€"),
        Column("covered", "Couverture", CellKind.RATIO, unit="%", decimals=0),
        Column("page", "Négociation", CellKind.MARKUP),
    )  # fmt: skip
    whole = it.ground.list_amount or Decimal(1)
    rows = [
        Row(
            cells=(
                each.lab,
                badge("retenu", Tone.GOOD) if each.chosen else badge("non retenu"),
                each.given_products if each.chosen else None,
                each.given if each.chosen else None,
                each.given / whole if each.chosen else None,
                each.given_discount if each.chosen else None,
                each.given_discount / each.given if each.given else None,
                each.bought,
                each.offered / whole,
                link("PDF", it.href(f"{PATH}/negociation.pdf", ("labo", each.lab))),
            ),
            note=_note(chosen, each.lab),
            tone="" if each.chosen else "rest",
        )
        for each in every
        if each.chosen or each.offered
    ]
    left = [each for each in chosen.optimum.assignment if each.lab is None]
    amount = sum((each.list_amount for each in left), ZERO)
    discount = sum((each.discount for each in left), ZERO)
    chosen_rows = sum(each.chosen for each in every)
    rows.insert(
        chosen_rows,
        Row(
            cells=(
                "Reliquat", "reste où il est", len(left), amount, amount / whole, discount,
                discount / amount if amount else None, None, None, "",
            )
        ),
    )  # fmt: skip
    return plain_table(
        "Laboratoires", columns, rows, noun=("ligne", "lignes"), identity="laboratoires"
    )


def _note(chosen: Chosen, lab: str) -> str:
    part, asked = chosen.part(lab), chosen.rules.lab(lab)
    said = []
    if part and part.tier_rate:
        said.append(f"palier atteint\u00a0: {french.percent(part.tier_rate, 2)}")
    if part and part.billed_back:
        said.append("sous son seuil\u00a0: remise refacturée")
    if asked.exclusive:
        said.append("veut tout ce qu’il offre")
    if asked.never:
        said.append("écarté")
    if asked.always:
        said.append("imposé")
    return ", ".join(said)


def _proof(chosen: Chosen, ranked: Ranked) -> list[str]:
    best, other = chosen.optimum.best, chosen.optimum.runner_up
    said = []
    if other is not None:
        said.append(
            f"Le meilleur autre choix, {named(other.labs)}, rapporte {euros(other.total)}\u00a0: "
            f"{euros(best.total - other.total)} de moins."
        )
    fair = next((each for each in ranked.pairs if not each.breached), None)
    if fair is not None:
        said.append(
            f"Le meilleur couple qui tient les clauses, {fair.pair.first_lab} puis "
            f"{fair.pair.second_lab}, rapporte {euros(fair.net)}."
        )
    if ranked.pairs and ranked.pairs[0].breached and ranked.pairs[0].net > best.total:
        top = ranked.pairs[0]
        said.append(
            f"{top.pair.first_lab} puis {top.pair.second_lab} rapporterait {euros(top.net)}, mais "
            "ne tient pas une exclusivité."
        )
    return said


def _study(it: Choosing, chosen: Chosen) -> dict[str, Any] | None:
    if chosen.study is None:
        return None
    worth = [each for each in chosen.study.clauses if round(each.worth) > 0]
    clauses = plain_table(
        "Ce que vaut chaque clause",
        (text("clause", "Clause levée"), text("who", "Qui décide"),
         count("worth", "Gain", unit="€"), text("labs", "On signerait avec")),
        [Row(cells=(clause(each.key), who_decides(each.key),
                    each.worth, named(each.without.labs))) for each in worth],
        noun=("clause", "clauses"), identity="clauses",
    )  # fmt: skip
    entries = plain_table(
        "Ce que chaque absent devrait offrir",
        (text("lab", "Laboratoire"), text("rate", "À ajouter"),
         Column("covered", "Couverture", CellKind.RATIO, unit="%", decimals=0)),
        [Row(cells=(each.lab, entry(each), it.ground.coverage.get(each.lab, ZERO)))
         for each in chosen.study.entries],
        noun=("laboratoire", "laboratoires"), identity="entrees",
    )  # fmt: skip
    nothing = sum(not round(each.worth) for each in chosen.study.clauses)
    return {
        "clauses": clauses if worth else None,
        "nothing": nothing,
        "entries": entries,
        "advice": advice(worth, chosen.study.entries),
    }


def members_page(it: Choosing, chosen: Chosen, found: Sequence[Member]) -> dict[str, Any]:
    """Return what the page of members prints, losers first."""
    losers = [each for each in found if each.gain < 0]
    columns = (
        text("name", "Pharmacie"), count("amount", "Achats de génériques", unit="€"),
        count("today", "Remises d’aujourd’hui", unit="€"),
        count("then", "Remises du choix", unit="€"), count("cost", "Coûts", unit="€"),
        Column("gain", "Gain", unit="€"), Column("change", "Évolution", CellKind.CHANGE),
        count("switched", "Produits qui changent"),
    )  # fmt: skip
    rows = [
        Row(
            cells=(
                each.name, each.list_amount, each.today, each.then, each.cost, each.gain,
                each.gain / each.today if each.today else None, each.switched,
            ),
            key=each.pharmacy,
            tone="partial" if each.gain < 0 else "",
        )
        for each in found
    ]  # fmt: skip
    whole = [sum((getattr(each, name) for each in found), ZERO)
             for name in ("list_amount", "today", "then", "cost", "gain")]  # fmt: skip
    total = Row(cells=("Total", *whole, whole[4] / whole[1] if whole[1] else None, None))
    table = plain_table(
        "Gain par pharmacie", columns, rows, noun=("pharmacie", "pharmacies"), identity="membres"
    )
    who = named(largest_first(chosen))
    return {
        "head": PageHead(
            "Qui gagne, qui perd ?",
            when=it.when,
            note=f"en signant avec {who}",
            crumbs=(
                Link("Achats", ""), Link("Meilleurs laboratoires", it.href(PATH)),
                Link("Par pharmacie", "", current=True),
            ),
        ),
        "verdict": Notice(
            "Toutes les pharmacies y gagnent" if not losers
            else f"{len(losers)} pharmacie{'s' if len(losers) > 1 else ''} y "
            f"perd{'ent' if len(losers) > 1 else ''}",
            "" if not losers else "En tout "
            f"{euros(-sum((each.gain for each in losers), ZERO))}\u00a0: voyez avec elles avant de signer.",
            tone=Tone.WARNING if losers else Tone.GOOD,
        ),
        "table": _with_total(table, total),
    }  # fmt: skip


def _with_total(table: TableModel, total: Row) -> TableModel:
    from dataclasses import replace

    return replace(table, total=total)
