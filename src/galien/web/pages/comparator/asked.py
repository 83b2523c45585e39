"""What the address of the comparator asks: period, pharmacies, labs, and how offers are weighed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from urllib.parse import urlencode

from django.http import HttpRequest

from galien.kernel.errors import InvalidInput
from galien.usecases import comparator as use
from galien.usecases.discount_base import INVOICE, NET_NET
from galien.usecases.offers import Weighing
from galien.usecases.services import current
from galien.usecases.values import values
from galien.web.lists import choice
from galien.web.shell.context import viewer
from galien.web.typed import read_number

PATH, PRODUCT_PATH = "/achats/comparateur", "/achats/comparateur/produit"
PERIOD, FIRST, LAST = "period", "from", "to"
PHARMACY, LAB, LEVEL, BOX, EXCESS = "pharmacie", "labo", "niveau", "boite", "plafonds"
MONEY, DAYS = "argent", "delai"
ONLY, SEARCH, SORT, EQUIVALENCE = "repere", "q", "tri", "equivalence"
TREATMENT, COUNTED = "traitement", "comptes"
LEVELS = {"nette": NET_NET, "facture": INVOICE}
MARKS = {"gain": "Mieux ailleurs", "best": "Au mieux", "not_comparable": "Non comparables"}
SORTS = ("gain", "achats", "remise", "quantite", "produit", "labo")
MOST = 2000
HUNDRED = Decimal(100)
LONGEST_TERM = 365


@dataclass(frozen=True)
class Choice:
    """The address read. `pairs` are its settings in order, ready to be written again."""

    period: str
    pharmacies: tuple[str, ...]
    labs: tuple[str, ...]
    level: str
    box: str
    excess: str
    money: str
    days: str
    only: str
    search: str
    sort: str
    names: Mapping[str, str]

    @property
    def question(self) -> use.Asked:
        """Return what is compared."""
        return use.Asked(
            period=self.period,
            pharmacies=self.pharmacies,
            labs=self.labs,
            level=LEVELS[self.level],
            same_box=self.box != TREATMENT,
            count_excess=self.excess == COUNTED,
            weighing=Weighing(_rate(self.money), _days(self.days)),
        )

    def pairs(self, *left_out: str) -> list[tuple[str, str]]:
        """Return the settings that are not the default ones, some left out."""
        found = [
            (PERIOD, "" if self.period == use.Asked().period else self.period),
            *((PHARMACY, each) for each in self.pharmacies),
            *((LAB, each) for each in self.labs),
            (LEVEL, "" if self.level == "nette" else self.level),
            (BOX, self.box), (EXCESS, self.excess), (MONEY, self.money), (DAYS, self.days),
            (ONLY, self.only), (SEARCH, self.search),
            (SORT, "" if self.sort == SORTS[0] else self.sort),
        ]  # fmt: skip
        return [(name, value) for name, value in found if value and name not in left_out]

    def href(
        self, path: str = PATH, more: Mapping[str, str] | None = None, **changes: object
    ) -> str:
        """Return an address with the same settings, some changed, and words of its own."""
        pairs = [*replace(self, **changes).pairs(), *(more or {}).items()]  # type: ignore[arg-type]
        return f"{path}?{urlencode(pairs)}" if pairs else path


def read(request: HttpRequest) -> Choice:
    """Read the address; InvalidInput for what is no choice of the page."""
    given = {name: request.GET.get(name, "").strip() for name in (PERIOD, FIRST, LAST, MONEY, DAYS)}
    period = given[PERIOD] or use.Asked().period
    if given[FIRST] and given[LAST]:
        period = f"{given[FIRST]}..{given[LAST]}"
    who, services = viewer(request), current()
    every = values("purchases", "pharmacy", "", who, services=services, limit=MOST)
    names = {each.key: each.label for each in every}
    found = Choice(
        period=period[:40],
        pharmacies=tuple(p for p in _many(request, PHARMACY) if p in names),
        labs=_many(request, LAB),
        level=choice(request, LEVEL, LEVELS) or "nette",
        box=choice(request, BOX, (TREATMENT,)),
        excess=choice(request, EXCESS, (COUNTED,)),
        money=given[MONEY],
        days=given[DAYS],
        only=choice(request, ONLY, MARKS),
        search=request.GET.get(SEARCH, "").strip()[:80],
        sort=choice(request, SORT, SORTS) or SORTS[0],
        names=names,
    )
    _rate(found.money)
    _days(found.days)
    return found


def _many(request: HttpRequest, name: str) -> tuple[str, ...]:
    given = (str(each).strip() for each in request.GET.getlist(name))
    return tuple(dict.fromkeys(each for each in given if each))


def _rate(text: str) -> Decimal:
    """Read the cost of money: 4 typed is 4 % a year."""
    found = read_number(text) if text else Decimal(0)
    if found is None or not 0 <= found <= HUNDRED:
        raise InvalidInput(f"Coût de l’argent : « {text[:20]} » n’est pas un taux, de 0 à 100 %.")
    return found / HUNDRED


def _days(text: str) -> int:
    found = read_number(text) if text else Decimal(Weighing().usual_days)
    if found is None or not 0 <= found <= LONGEST_TERM or found != int(found):
        raise InvalidInput(f"Délai habituel : « {text[:20]} » n’est pas un nombre de jours.")
    return int(found)
