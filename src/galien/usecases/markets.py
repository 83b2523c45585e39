"""Saved product lists ("marchés"): product codes kept under a name, then read as a filter of questions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from galien.analytics.dimensions import DIMENSIONS, MARKET, check_combination
from galien.analytics.question import Filter, Question
from galien.kernel import french
from galien.kernel.errors import InvalidInput, NotAllowed
from galien.model.viewer import Viewer
from galien.records.models import Organisation, ProductList, User
from galien.records.scope import visible_to
from galien.usecases import access_log
from galien.usecases.ask import ask
from galien.usecases.products import catalogue_codes
from galien.usecases.services import Services

MOST, LONGEST_NAME, LONGEST_TEXT = 5_000, 120, 500_000
UNKNOWN_CODE = "UNKNOWN_MARKET"
_SHOWN = 3


@dataclass(frozen=True)
class MarketOrder:
    """A list to keep: its name, codes as typed, and the organisation it is shared with, if any."""

    name: str
    text: str
    organisation: str = ""


@dataclass(frozen=True)
class Saved:
    """A list that was kept, and how many of its codes no catalogue knows."""

    market: ProductList
    unknown: int


def listed(viewer: Viewer) -> QuerySet[ProductList]:
    """Return the viewer's own lists and those shared with their organisations."""
    return visible_to(viewer).product_lists().select_related("owner", "organisation")


def found(text: str, viewer: Viewer) -> ProductList:
    """Return the list of a number or a name; one's own comes first when names are the same.

    Raises NotAllowed, in the words of an absence, for one the viewer may not read; InvalidInput when
    several lists of others bear the name.
    """
    lists = listed(viewer)
    if text.isascii() and text.isdigit():
        named = list(lists.filter(pk=int(text[:18])))
    else:
        named = [each for each in lists if french.fold(each.name) == french.fold(text.strip())]
    own = [each for each in named if str(each.owner_id) == viewer.user_id]
    named = own or named
    if not named:
        raise NotAllowed(
            f"Le marché « {text[:60]} » n’existe pas : choisissez-le dans la page Marchés.",
            code=UNKNOWN_CODE,
        )
    if len(named) > 1:
        numbers = ", ".join(str(each.pk) for each in named)
        raise InvalidInput(
            f"Plusieurs marchés portent le nom « {text[:60]} » : écrivez son numéro ({numbers})."
        )
    return named[0]


def organisations(user: User) -> QuerySet[Organisation]:
    """Return the organisations a person may share a list with."""
    return Organisation.objects.filter(memberships__user=user).distinct()


def save(order: MarketOrder, user: User, *, services: Services, key: int | None = None) -> Saved:
    """Keep a list, or change the one of that number.

    Raises InvalidInput when its name or codes cannot be used, NotAllowed when it is another's or when
    the organisation is not one of the person's.
    """
    market = ProductList(owner=user) if key is None else _own(key, user)
    market.name = _name(order.name)
    codes, unknown = read_codes(order.text, known=catalogue_codes(services))
    market.codes = "\n".join(codes)
    market.organisation = _organisation(order.organisation, user)
    try:
        with transaction.atomic():
            market.save()
    except IntegrityError as error:
        raise InvalidInput(f"Vous avez déjà un marché « {market.name} ».") from error
    return Saved(market, unknown)


def own(key: int, user: User) -> ProductList:
    """Return a list of one's own, to change it; NotAllowed for another's."""
    return _own(key, user)


def delete(key: int, user: User) -> None:
    """Delete a list of one's own; NotAllowed for another's."""
    _own(key, user).delete()


def read_codes(text: str, *, known: dict[str, str]) -> tuple[tuple[str, ...], int]:
    """Read codes typed or pasted, one a line or a cell; tell how many no catalogue knows.

    `known` gives the product code of each code of the catalogue, CIP7 among them. What follows a tab
    or a semicolon is a label and is left. Raises InvalidInput naming the first lines that hold no code.

    >>> read_codes("34009 300 00014 ; Générique", known={})
    (('3400930000014',), 1)
    """
    if len(text) > LONGEST_TEXT:
        raise InvalidInput(
            "Ce texte est trop long pour une liste de codes : gardez les codes seuls."
        )
    codes: dict[str, bool] = {}
    wrong: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        cell = re.split(r"[\t;]", line, maxsplit=1)[0].strip()
        whole = re.sub(r"[\s.-]", "", cell)
        parts = [whole] if _plausible(whole, known) else re.split(r"[\s,]+", cell)
        for part in filter(None, parts):
            if not _plausible(part, known):
                wrong.append(f"ligne {number} « {part[:30]} »")
                continue
            code = part[1:] if len(part) == 14 and part[0] == "0" else part
            codes[known.get(code, code)] = code in known
    if wrong:
        more = f" et {french.number(len(wrong) - _SHOWN)} autres" if len(wrong) > _SHOWN else ""
        raise InvalidInput(
            f"Ces textes ne sont pas des codes de produit : {', '.join(wrong[:_SHOWN])}{more}. "
            "Écrivez un code CIP13, CIP7, ACL ou EAN par ligne."
        )
    if not codes or len(codes) > MOST:
        raise InvalidInput(
            f"Un marché tient de 1 à {french.number(MOST)} produits ; "
            f"vous en donnez {french.number(len(codes))}."
        )
    return tuple(sorted(codes)), list(codes.values()).count(False)


def sold_or_bought(question: Question, viewer: Viewer, *, services: Services) -> tuple[str, ...]:
    """Return the products that the filters of a question keep over its period; the look is logged.

    Raises InvalidInput when they are too many or the subject has no products.
    """
    _check_subject(question)
    asked = replace(question, measures=(), by=("product",), compare="none", order=None, top=None)
    answer = ask(asked, viewer, services=services)
    codes = tuple(sorted(code for code in answer.table.column("product").to_pylist() if code))
    if len(codes) > MOST:
        raise InvalidInput(
            f"Ces filtres gardent {french.number(len(codes))} produits, un marché en tient "
            f"{french.number(MOST)} : ajoutez un filtre avant d’en faire un marché."
        )
    access_log.note(
        access_log.VIEW,
        f"Produits d’un marché ({question.subject})",
        viewer,
        services=services,
        pharmacies=answer.meta.scope,
        release=answer.meta.release,
    )
    return codes


def with_products(question: Question, viewer: Viewer) -> tuple[Question, Question]:
    """Return a question whose lists are written as the products they hold, and as people read it.

    The first is asked, so that what is kept of answers follows the content of lists; the second
    carries the names of the lists. Raises what `found` raises, and InvalidInput for a subject
    without products.
    """
    asked, told = [], []
    for each in question.where:
        if each.dimension != MARKET:
            asked.append(each)
            told.append(each)
            continue
        _check_subject(question)
        markets = [found(value, viewer) for value in each.values]
        codes = sorted({code for market in markets for code in market.products})
        asked.append(Filter("product", tuple(codes), each.exclude))
        told.append(replace(each, values=tuple(market.name for market in markets)))
    return replace(question, where=tuple(asked)), replace(question, where=tuple(told))


def made_of_products(question: Question) -> bool:
    """Tell whether a question can be asked of the products of a list."""
    try:
        _check_subject(question)
    except InvalidInput:
        return False
    return True


def names(keys: Iterable[str], viewer: Viewer) -> dict[str, str]:
    """Return the name of each list of those the viewer may read."""
    return {key: found(key, viewer).name for key in keys}


def _check_subject(question: Question) -> None:
    if "product" not in DIMENSIONS.get(question.subject, ()):
        raise InvalidInput(
            f"« {question.subject} » ne se compte pas par produit : retirez le filtre « {MARKET} »."
        )
    check_combination((*question.by, *(each.dimension for each in question.where), MARKET))


def _plausible(text: str, known: dict[str, str]) -> bool:
    return text in known or re.fullmatch(r"[0-9]{7}|[0-9]{13}|0[0-9]{13}", text) is not None


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > LONGEST_NAME or name.isdigit():
        raise InvalidInput(
            "Donnez au marché un nom d’au plus 120 caractères, qui ne soit pas qu’un nombre."
        )
    return name


def _organisation(text: str, user: User) -> Organisation | None:
    if not text:
        return None
    one = organisations(user).filter(pk=int(text)).first() if text.isdigit() else None
    if one is None:
        raise NotAllowed("Cette organisation n’existe pas.", code="UNKNOWN_ORGANISATION")
    return one


def _own(key: int, user: User) -> ProductList:
    market = ProductList.objects.filter(pk=key, owner=user).first()
    if market is None:
        raise NotAllowed("Ce marché n’existe pas.", code=UNKNOWN_CODE)
    return market
