"""Keeping a pharmacy's books for a year: its trade as bought and sold, the rest as its size suggests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from galien.demo.books.book import Book
from galien.demo.books.firm import Firm
from galien.demo.books.trade import MonthTrade
from galien.kernel.period import month_end, shift_months
from galien.model.accounts import ZERO

_RATES = {"0.021": "021", "0.055": "055", "0.1": "100", "0.2": "200"}
_NORMAL = Decimal("0.2")
_REDUCED = Decimal("0.021")
# Parts of a month's sales, and of its purchases in months, still unpaid at its end.
_UNCOLLECTED, _THIRD_PARTY, _UNPAID = Decimal("0.45"), Decimal("0.68"), Decimal("1.4")
# Parts of the external charges that follow turnover; the last two bear no VAT.
_EXTERNAL = {
    "606100": "0.09", "606400": "0.11", "615600": "0.17", "622600": "0.17", "623000": "0.09",
    "626000": "0.05", "628100": "0.11", "616000": "0.07", "627000": "0.14",
}  # fmt: skip
_WITHOUT_VAT = ("616000", "627000")


@dataclass(frozen=True)
class Year:
    """What a year of books is kept from; `opening` are balances by account, debits positive."""

    firm: Firm
    first_day: dt.date
    last_day: dt.date
    months: Sequence[MonthTrade]
    opening: Mapping[str, Decimal]

    @property
    def turnover(self) -> Decimal:
        """Return the year's sales, fees and rentals, excl. tax."""
        return sum((sales_of(month) for month in self.months), ZERO)

    @property
    def purchases(self) -> Decimal:
        """Return the year's purchases, excl. tax."""
        return sum((sum(month.purchases.values(), ZERO) for month in self.months), ZERO)


def sales_of(month: MonthTrade) -> Decimal:
    """Sum what a month sold excl. tax: goods, fees, rentals and resales."""
    parts = (month.sales, month.fees, month.rentals)
    return sum((sum(part.values(), ZERO) for part in parts), month.resales)


def keep_books(year: Year) -> Book:
    """Write the entries of a year, from its opening balances to its result."""
    book = Book()
    book.write("AN", year.first_day, "À nouveaux", "108000", year.opening)
    for rank, month in enumerate(year.months):
        start = shift_months(year.first_day, rank)
        _sell(book, month, month_end(start))
        _buy(book, month, month_end(start))
        _run(book, year, start, rank)
        _settle(book, year, start, rank)
    _close(book, year)
    return book


def _account(prefix: str, rate: Decimal) -> str:
    return prefix + _RATES.get(str(rate.normalize()), "200")


def _sell(book: Book, month: MonthTrade, day: dt.date) -> None:
    lines = {_account("707", rate): -amount for rate, amount in month.sales.items()}
    lines["706100"] = -sum(month.fees.values(), ZERO)
    lines["708300"] = -sum(month.rentals.values(), ZERO)
    lines["708800"] = -month.resales
    parts = (month.sales, month.fees, month.rentals)
    vat = sum((rate * each for part in parts for rate, each in part.items()), ZERO)
    lines["445710"] = -(vat + month.resales * _REDUCED)
    incl = -sum(lines.values(), ZERO)
    lines["411000"] = incl * _THIRD_PARTY
    book.write("VE", day, f"Ventes {day:%m/%Y}", "530000", lines)
    book.write("BQ", day, "Remises en banque", "512000", {"530000": -book.balance("530000")})
    unpaid = incl * _THIRD_PARTY * _UNCOLLECTED
    received = {"411000": unpaid - book.balance("411000")}
    book.write("BQ", day, "Règlements des organismes", "512000", received)


def _buy(book: Book, month: MonthTrade, day: dt.date) -> None:
    lines = {_account("607", rate): amount for rate, amount in month.purchases.items()}
    lines["445660"] = sum((rate * each for rate, each in month.purchases.items()), ZERO)
    incl = sum(lines.values(), ZERO)
    book.write("AC", day, f"Factures fournisseurs {day:%m/%Y}", "401000", lines)
    paid = max(ZERO, -book.balance("401000") - incl * _UNPAID)
    book.write("BQ", day, "Règlements fournisseurs", "512000", {"401000": paid})


def _run(book: Book, year: Year, start: dt.date, rank: int) -> None:
    firm, sold = year.firm, sales_of(year.months[rank])
    middle, end = start.replace(day=15), month_end(start)
    external = sold * firm.external
    lines = {account: external * Decimal(share) for account, share in _EXTERNAL.items()}
    lines["613200"] = firm.rent / 12
    taxed = sum((each for a, each in lines.items() if a not in _WITHOUT_VAT), ZERO)
    book.write("AC", middle, "Frais généraux", "512000", {**lines, "445660": taxed * _NORMAL})
    pay = year.turnover * firm.staff / 12
    gross = pay * Decimal("0.76")
    charges = {"645100": pay * Decimal("0.18"), "645300": pay * Decimal("0.06")}
    owed = {"421000": -gross * Decimal("0.78")}
    book.write("OD", end, f"Paie {end:%m/%Y}", "431000", {"641100": gross, **charges, **owed})
    book.write("BQ", end, "Virement des salaires", "512000", {"421000": -book.balance("421000")})
    _pay_owner(book, firm, end)
    services = {"706200": -sold * Decimal("0.0035")}
    book.write("BQ", end, "Vaccinations et entretiens payés", "512000", services)


def _pay_owner(book: Book, firm: Firm, day: dt.date) -> None:
    contributions = {"646000": firm.owner_pay * Decimal("0.42") / 12}
    if not firm.company:
        book.write("BQ", day, "Cotisations du titulaire", "512000", contributions)
        return
    # Some firms book their manager's pay among salaries, as real ledgers do.
    account = "641180" if int(firm.siren) % 2 else "644000"
    lines = {account: firm.owner_pay / 12, **contributions}
    book.write("BQ", day, "Rémunération du gérant", "512000", lines)


def _settle(book: Book, year: Year, start: dt.date, rank: int) -> None:
    """Pay what the months before left: social charges, VAT, loan; once a year the tax and results."""
    day, firm = start.replace(day=20), year.firm
    book.write("BQ", day, "TVA du mois", "512000", _cleared(book, "445660", "445710"))
    loan = max(ZERO, -book.balance("164000"))
    capital = min(loan, year.turnover * firm.loan / 144)
    interest = loan * firm.loan_rate / 12
    book.write("BQ", day, "Échéance d'emprunt", "512000", {"164000": capital, "661100": interest})
    if rank % 3 == 1:
        book.write("BQ", day, "Cotisations sociales", "512000", _cleared(book, "431000"))
    if rank == 3:
        due = _cleared(book, "409800", "418100", "444000")
        book.write("BQ", day, "Soldes de l'exercice précédent", "512000", due)
    if rank == 5:
        _share_result(book, year, day)
    if not firm.company and rank % 3 == 2:
        drawn = max(ZERO, book.balance("512000") - year.turnover * Decimal("0.04"))
        book.write("BQ", day, "Prélèvements du titulaire", "512000", {"108000": drawn})


def _cleared(book: Book, *accounts: str) -> dict[str, Decimal]:
    return {account: -book.balance(account) for account in accounts}


def _share_result(book: Book, year: Year, day: dt.date) -> None:
    result = book.balance("120000")
    kept = "106800" if year.firm.company else "108000"
    book.write("OD", day, "Affectation du résultat", kept, {"120000": -result})
    spare = book.balance("512000") - year.turnover * Decimal("0.04")
    paid = max(ZERO, min(spare, -result * year.firm.drawn))
    if year.firm.company:
        book.write("BQ", day, "Dividendes", "512000", {"106800": paid})


def _close(book: Book, year: Year) -> None:
    firm, day, turnover = year.firm, year.last_day, year.turnover
    stock = year.months[-1].stock - book.balance("370000")
    book.write("OD", day, "Stock de clôture", "603700", {"370000": stock})
    awaiting = {"707021": -turnover * firm.awaiting}
    book.write("OD", day, "Dossiers en attente de facturation", "411000", awaiting)
    rebates = {"409800": year.purchases * firm.rebates}
    book.write("OD", day, "Remises de fin d'année à recevoir", "609700", rebates)
    services = year.purchases * firm.cooperation
    lines = {"708500": -services, "445710": -services * _NORMAL}
    book.write("OD", day, "Coopération commerciale à facturer", "418100", lines)
    objectives = {"740100": -turnover * firm.objectives, "740200": -Decimal(1900)}
    book.write("BQ", day, "ROSP et astreintes", "512000", objectives)
    taxes = {"635110": turnover * Decimal("0.0032"), "633300": turnover * firm.staff / 90}
    book.write("BQ", day, "Impôts et taxes", "512000", taxes)
    worn = {"681120": turnover * Decimal("0.009")}
    book.write("OD", day, "Dotations de l'exercice", "281540", worn)
    small = {"654000": turnover * Decimal("0.0004"), "658000": turnover * Decimal("0.0003")}
    book.write("OD", day, "Écarts et créances perdues", "411000", small)
    if firm.company:
        book.write("OD", day, "Impôt sur les sociétés", "444000", {"695000": _tax(book)})


def _tax(book: Book) -> Decimal:
    profit = max(ZERO, -book.balance("6", "7"))
    low = min(profit, Decimal(42_500))
    return low * Decimal("0.15") + (profit - low) * Decimal("0.25")
