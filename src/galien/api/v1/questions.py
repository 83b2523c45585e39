"""Questions: measures by dimensions, in the words of the command `galien ask`, as JSON or a file."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from galien.analytics.dimensions import DIMENSIONS, FILTERS, MARKET
from galien.analytics.measures import find_measures
from galien.analytics.question import Question
from galien.api.access import viewer
from galien.api.answers import answered
from galien.api.paging import FIRST, MOST, FigurePage, paged
from galien.api.registry import Subject
from galien.kernel import glossary
from galien.usecases.ask import ask
from galien.usecases.export import FORMATS, Download, download, to_json
from galien.usecases.filter_texts import read_filters
from galien.usecases.services import current

SUBJECTS = ("purchases", "sales", "stock", "traffic")
router = Router()


class AskParameters(Schema):
    """What is asked, in the words of the command `galien ask`."""

    measure: list[str] = Field(
        default_factory=list, description="Mesures ; sans elles, les usuelles."
    )
    by: list[str] = Field(default_factory=list, description="Dimensions qui coupent les chiffres.")
    period: str = Field("last-12-months", description="Période : 2026-10, last-month…")
    compare: str = Field(
        "previous-year", description="Comparaison : previous-year, previous-period, none…"
    )
    where: list[str] = Field(default_factory=list, description="Filtres `dimension=valeur,valeur`.")
    exclude: list[str] = Field(default_factory=list, description="Filtres qui écartent.")
    level: str = Field("invoice", description="Niveau de prix : list, invoice, net-net.")
    order: str | None = Field(
        None, description="Mesure qui range, `-mesure` pour le plus grand d’abord."
    )
    top: int | None = Field(None, description="Premières lignes seulement, le reste en une ligne.")
    constant: bool = Field(False, description="Périmètre constant.")
    format: str = Field("json", description=f"json, ou {', '.join(each[1:] for each in FORMATS)}.")
    limit: int | None = Field(None, ge=1, le=10_000, description=f"{MOST} Sans elle, toutes.")
    offset: int = Field(0, ge=0, description=FIRST)


@router.get("/ask/{subject}", summary="Poser une question")
def ask_question(
    request: HttpRequest, subject: str, parameters: Query[AskParameters]
) -> HttpResponse:
    """Répond `meta`, `columns`, `rows`, `totals` et `state`, ou un fichier (`format`).

    `subject` est purchases, sales, stock ou traffic ; `/subjects` dit leurs mesures et leurs dimensions.
    """
    asker = viewer(request, "ask")
    question = Question(
        subject=subject,
        measures=tuple(parameters.measure),
        by=tuple(parameters.by),
        period=parameters.period,
        compare=parameters.compare,
        where=(*read_filters(parameters.where), *read_filters(parameters.exclude, exclude=True)),
        level=parameters.level,
        order=parameters.order,
        top=parameters.top,
        constant_scope=parameters.constant,
    )
    scope: list[str] = []

    def made() -> dict[str, Any] | Download:
        answer = ask(question, asker, services=current())
        scope.extend(answer.meta.scope)
        if parameters.format != "json":
            return download(answer, parameters.format)
        content = to_json(answer)
        if parameters.limit is None:
            return content
        return paged(content, FigurePage(limit=parameters.limit, offset=parameters.offset))

    # A market is a list of products that its owner may change at any time.
    of_market = any(each.dimension == MARKET for each in question.where)
    return answered(request, asker, made, about=subject, pharmacies=scope, of_release=not of_market)


@router.get("/subjects", summary="Mesures et dimensions")
def subjects(request: HttpRequest) -> HttpResponse:
    """Donne, pour chaque sujet, ses mesures et ses dimensions : nom, libellé, unité, définition.

    `filters` restreignent les chiffres sans les couper ; `formats` sont ceux des fichiers.
    """
    asker = viewer(request, "ask")
    return answered(request, asker, _subjects)


def _subjects() -> dict[str, Any]:
    return {
        subject: {
            "measures": [_told(m) for m in find_measures(subject).values()],
            "dimensions": [_told(d) for d in DIMENSIONS[subject].values()],
        }
        for subject in SUBJECTS
    } | {
        "filters": [_told(glossary.term(name)) for name in (*FILTERS, MARKET)],
        "formats": [name.removeprefix(".") for name in FORMATS],
    }


def _told(declared: Any) -> dict[str, str]:
    return {
        "name": declared.name,
        "label": declared.label,
        "unit": str(declared.unit),
        "definition": declared.definition,
    }


SUBJECT = Subject(
    "", "Questions", router, order=10,
    about="Toute mesure du glossaire, par toute dimension, sur toute période, face à toute comparaison.",
)  # fmt: skip
