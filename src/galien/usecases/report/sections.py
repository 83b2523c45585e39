"""The report as tables and pictures ready to set: texts in French, and plain numbers to draw with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from galien.calculators.accounting.benchmarks import Position
from galien.calculators.accounting.classification import NEW_SET, OLD_SET, Verdict
from galien.calculators.accounting.findings import Finding
from galien.calculators.accounting.statement import StatementLine
from galien.calculators.accounting.warnings import EarlyWarning, State
from galien.kernel import french, glossary
from galien.kernel.units import Unit
from galien.usecases.accounts.mapping import proposals
from galien.usecases.report.content import Report
from galien.usecases.report.words import (
    MODELS,
    NOTHING,
    OUTCOMES,
    SIDES,
    evolution,
    figure,
    headline,
    sentence,
)

STRONG = {
    "commercial_margin", "turnover", "global_gross_margin", "value_added", "ebe",
    "operating_result", "current_result", "net_result", "ebe_restated",
}  # fmt: skip
_LEFT_OUT = {"goods_purchased", "stock_change", "financial_income", "financial_charges",
             "exceptional_income", "exceptional_charges"}  # fmt: skip
CASCADE = ("turnover", "cost_of_goods_sold", "external_charges", "taxes", "staff_costs", "ebe")
TILES = (
    ("turnover", Unit.EUR_EXCL), ("global_gross_margin", Unit.EUR_EXCL),
    ("ebe_restated", Unit.EUR_EXCL), ("net_result", Unit.EUR_EXCL),
)  # fmt: skip
ACTIVITY_TILES = ("pmo", "prescription_counter_ratio")
DRAWN = ("pmo", "pmvc", "prescription_counter_ratio", "prescription_linked_share")


def sections(report: Report) -> dict[str, Any]:
    """Return everything the report prints, as plain texts, lists and numbers."""
    return {
        **_identity(report),
        "tiles": list(_tiles(report)),
        "statement": [_line(line) for line in _shown(report)],
        "cascade": list(_cascade(report)),
        "indicators": list(_indicators(report)),
        "history": list(_history(report)),
        "classes": _classes(report),
        "positions": list(_positions(report)),
        "sources": _sources(report),
        "warnings": list(_warnings(report)),
        "strengths": [_finding(each) for each in report.findings.strengths],
        "cautions": [_finding(each) for each in report.findings.cautions],
        "notes": [*_reserves(report), *report.indicators.notes],
    }


def _reserves(report: Report) -> Iterator[str]:
    """Say what the balances are to be read with: a ledger that is not sound, owners' pay, length."""
    year = report.identity.year
    if {each.get("code") for each in year.issues} & {"UNBALANCED", "LINES_NOT_COUNTED"}:
        yield (
            "Le FEC n’est pas équilibré, ou des lignes n’ont pas pu être comptées : les soldes sont à "
            "vérifier."
        )
    owners = proposals(year)
    if owners:
        named = ", ".join(f"{each.account} {each.label}" for each in owners[:4])
        yield (
            f"Le libellé de ces comptes parle d’un titulaire : {named}. Ils restent en charges de "
            "personnel tant que vous ne le confirmez pas dans les soldes de gestion ; l’EBE retraité "
            "en dépend."
        )
    if report.statement.months != 12:
        yield (
            f"Exercice de {report.statement.months} mois : les montants sont ceux de cette durée, sauf "
            "dans le classement."
        )


def _identity(report: Report) -> dict[str, Any]:
    about = report.identity
    pharmacy, year = about.pharmacy, about.year
    facts = {
        "FINESS": pharmacy.finess,
        "SIREN": year.siren,
        "Département": pharmacy.department,
        "Typologie": pharmacy.typology,
        "Enseigne": pharmacy.banner,
        "Groupement": pharmacy.group.name if pharmacy.group else "",
        "Exercice": f"du {french.day(year.first_day)} au {french.day(year.last_day)}",
        "Comptes": year.get_origin_display() + (f" {year.filename}" if year.filename else ""),
        "Activité": _activity_origin(report),
        "Données publiées": about.release,
    }
    return {
        "pharmacy": pharmacy.name,
        "year": f"Exercice clos le {french.day(year.last_day)}",
        "made_on": french.day(about.made_on),
        "months": report.statement.months,
        "identity": [[name, text] for name, text in facts.items() if text],
    }


def _activity_origin(report: Report) -> str:
    found = report.indicators.activity
    if found is None:
        return "inconnue : ni bilan d’activité ni ventes publiées sur ces dates"
    return "bilan d’activité saisi" if found.origin == "summary" else "ventes publiées"


def _tiles(report: Report) -> Iterator[dict[str, str]]:
    made = report.statement
    for code, unit in TILES:
        now, before = made.amount(code), made.previous(code)
        yield {
            "label": glossary.label(code),
            "value": french.compact_amount(now) if unit.is_money else figure(now, unit),
            "detail": figure(made.rate(code), Unit.RATIO) + " du CA" if code != "turnover" else "",
            "change": evolution(now, before),
        }
    for name in ACTIVITY_TILES:
        found, past = report.indicators.values[name], report.indicators.before.get(name)
        unit = glossary.term(name).unit
        reference = report.indicators.references.get(name)
        yield {
            "label": glossary.label(name),
            "value": figure(found.value, unit),
            "detail": f"référence {figure(reference.value, unit)}" if reference else "",
            "change": evolution(found.value, past.value if past else None),
        }


def _shown(report: Report) -> Iterator[StatementLine]:
    for line in report.statement.lines:
        if line.code not in _LEFT_OUT and (line.code in STRONG or line.amount or line.previous):
            yield line


def _line(line: StatementLine) -> dict[str, Any]:
    known = line.previous is not None
    return {
        "label": line.label,
        "amount": french.number(line.amount, 0),
        "share": figure(line.share, Unit.RATIO),
        "previous": french.number(line.previous, 0) if known else NOTHING,
        "previous_share": figure(line.previous_share, Unit.RATIO),
        "change": evolution(line.amount, line.previous),
        "strong": line.code in STRONG,
    }


def _cascade(report: Report) -> Iterator[dict[str, Any]]:
    """Give the bars from turnover to gross operating surplus: where each begins and ends, of turnover."""
    turnover = report.statement.amount("turnover")
    if turnover <= 0:
        return
    top = Decimal(1)
    for code in CASCADE:
        share = report.statement.amount(code) / turnover
        whole = code in ("turnover", "ebe")
        start, end = (Decimal(0), share) if whole else (top, top - share)
        top = end
        yield {
            "label": glossary.label(code),
            "text": figure(share, Unit.RATIO),
            "from": float(start),
            "to": float(end),
            "whole": whole,
        }


def _indicators(report: Report) -> Iterator[dict[str, str]]:
    for name, found in report.indicators.values.items():
        unit = glossary.term(name).unit
        before, reference = (
            report.indicators.before.get(name),
            report.indicators.references.get(name),
        )
        yield {
            "label": glossary.label(name),
            "value": figure(found.value, unit),
            "before": figure(before.value if before else None, unit),
            "reference": f"{figure(reference.value, unit)} ({reference.since.year})"
            if reference
            else NOTHING,
            "missing": found.missing if found.value is None else "",
        }


def _history(report: Report) -> Iterator[dict[str, Any]]:
    if report.history is None:
        return
    months = report.history.months
    for name in DRAWN:
        series = report.history.figures[name]
        known = [Decimal(str(each)) for each in series if each is not None]
        if len(known) < 2:
            continue
        unit = glossary.term(name).unit
        yield {
            "label": glossary.label(name),
            "values": [None if each is None else float(each) for each in series],
            "low": figure(min(known), unit),
            "high": figure(max(known), unit),
            "last": figure(known[-1], unit),
            "first_month": french.short_month(months[0]),
            "last_month": french.short_month(months[-1]),
        }


def _classes(report: Report) -> dict[str, Any] | None:
    found, rules = report.classified, report.rules
    if found is None or rules is None:
        return None

    def rows(names: Iterable[str], verdict: Verdict) -> list[dict[str, str]]:
        made = []
        for name in names:
            unit, band = glossary.term(name).unit, rules.bands[name]
            side = next(each for each in SIDES if name in getattr(verdict, each))
            made.append(
                {
                    "label": glossary.label(name),
                    "value": figure(found.member.indicator(name), unit),
                    "band": f"{figure(band.lower, unit)} à {figure(band.upper, unit)}",
                    "side": SIDES[side],
                }
            )
        return made

    return {
        "old": OUTCOMES[found.old.outcome],
        "new": OUTCOMES[found.new.outcome],
        "model": MODELS[found.model],
        "old_rows": rows(OLD_SET, found.old),
        "new_rows": rows(NEW_SET, found.new),
        "annualised": found.member.annualised,
    }


def _placed(report: Report) -> list[Position]:
    return [each for each in report.positions if each.value is not None and each.references]


def _sources(report: Report) -> list[str]:
    """Name the sources of the references, in the order of their numbers in the table."""
    return list(dict.fromkeys(each.references[0].source for each in _placed(report)))


def _positions(report: Report) -> Iterator[dict[str, Any]]:
    numbers = {source: str(rank) for rank, source in enumerate(_sources(report), start=1)}
    for each in _placed(report):
        reference, unit, value = each.references[0], each.benchmark.unit, each.value or Decimal(0)
        yield {
            "label": glossary.label(each.benchmark.figure),
            "value": figure(value, unit),
            "reference": figure(reference.value, unit),
            "year": str(reference.year),
            "source": numbers[reference.source],
            "ratio": float(value / reference.value) if reference.value else None,
            "good": each.good,
        }


def _warnings(report: Report) -> Iterator[dict[str, str]]:
    states = {State.ALERT: "alerte", State.CLEAR: "rien à signaler", State.UNKNOWN: "inconnu"}
    for each in report.warnings:
        yield {
            "label": each.label,
            "state": states[each.state],
            "value": figure(each.value, each.unit),
            "threshold": _threshold(each),
            "sentence": each.sentence or (f"Manque : {each.missing}." if each.missing else ""),
        }


def _threshold(warning: EarlyWarning) -> str:
    """Write a threshold in its own unit, which is not always that of the figure."""
    limit = warning.threshold
    if limit is None:
        return NOTHING
    own = {
        "goodwill": f"{french.percent(limit.value, 0)} du CA",
        "receivables": f"{french.number(limit.value, 0)} mois",
    }
    return f"{own.get(warning.code) or figure(limit.value, warning.unit)} ({limit.year})"


def _finding(finding: Finding) -> dict[str, str]:
    return {
        "label": headline(finding),
        "value": figure(finding.value, finding.unit),
        "sentence": sentence(finding),
        "origin": finding.origin,
    }
