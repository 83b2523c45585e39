"""How management balances are printed: lines that unfold, headlines, turnover seen otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from galien.calculators.accounting.lines import PARENT
from galien.calculators.accounting.statement import LineAccount, Statement, StatementLine
from galien.kernel import french
from galien.kernel.glossary import definition, label
from galien.usecases.accounts.mapping import Placed
from galien.usecases.accounts.medicines import MedicineParts
from galien.web.components.models import (
    Action,
    Better,
    CellKind,
    Change,
    Column,
    Definition,
    Headline,
    Link,
    Notice,
    PageHead,
    Row,
    TableModel,
    Tone,
)
from galien.web.gestion import Choice

RESULTS = frozenset({
    "commercial_margin", "turnover", "global_gross_margin", "value_added", "ebe", "operating_result",
    "current_result", "exceptional_result", "financial_result", "net_result", "ebe_restated",
})  # fmt: skip
CHARGES = frozenset({
    "goods_purchased", "cost_of_goods_sold", "external_charges", "taxes", "staff_costs", "depreciation",
    "other_operating_charges", "financial_charges", "exceptional_charges", "income_tax",
})  # fmt: skip
NEUTRAL = frozenset({"stock_change", "owner_costs"})
MONTHS = 12


@dataclass(frozen=True)
class ShownRow:
    """A row of the table: amounts in euros, shares as ratios; `depth` 1 is a detail, 2 an account."""

    label: str
    amount: Decimal
    share: Decimal | None
    previous: Decimal | None
    previous_share: Decimal | None
    change: Change | None
    depth: int = 0
    code: str = ""


@dataclass(frozen=True)
class ShownLine:
    """A line and what unfolds beneath it."""

    row: ShownRow
    beneath: tuple[ShownRow, ...]
    result: bool
    definition: Definition


def head(choice: Choice, made: Statement | None, *, annualised: bool) -> PageHead:
    """Return the top of the page."""
    note = ""
    if made and made.previous_last_day:
        note = f"N-1 clos le {french.day(made.previous_last_day)}"
    if annualised:
        note = f"{note} · ramené à 12 mois".removeprefix(" · ")
    actions = (
        Action("Comptes par ligne", href=f"/gestion/sig/comptes?{choice.query}", icon="columns"),
        Action("Exporter", icon="download", items=tuple(
            Link(name, f"/gestion/sig?{_query(choice, annualised=annualised)}&format={style}", download=True)
            for style, name in (("csv", "CSV"), ("xlsx", "Excel"))
        )),
    ) if made else ()  # fmt: skip
    when = f"{choice.name} · {choice.when}" if choice.year else choice.name
    return PageHead("Soldes intermédiaires de gestion", when=when, note=note, actions=actions)


def notices(
    choice: Choice, made: Statement, proposed: Sequence[Placed], *, annualised: bool
) -> tuple[Notice, ...]:
    """Return what the reader should know before reading: length, balance, owners, comparison."""
    found = [_length(choice, made, annualised=annualised), _balance(choice)]
    if proposed:
        named = ", ".join(f"{each.account} {each.label}" for each in proposed[:4])
        found.append(
            Notice(
                "Rémunération des titulaires à confirmer",
                f"Le libellé de ces comptes parle d’un titulaire\u00a0: {named}. Ils restent en charges "
                "de personnel tant que vous ne le confirmez pas\u00a0; l’EBE retraité en dépend.",
                Tone.WARNING,
                links=(Link("Revoir les comptes", f"/gestion/sig/comptes?{choice.query}"),),
            )
        )
    found.append(_owners(made))
    return tuple(each for each in found if each)


def _length(choice: Choice, made: Statement, *, annualised: bool) -> Notice | None:
    if made.months == MONTHS:
        return None
    link = Link(
        "Revenir aux montants comptables" if annualised else "Ramener à 12 mois",
        f"/gestion/sig?{_query(choice, annualised=not annualised)}",
    )
    text = (
        "Charges et produits sont multipliés par 12 et divisés par les mois de l’exercice\u00a0: une "
        "approximation, qui ignore les saisons."
        if annualised
        else "Ses montants ne se comparent pas tels quels à ceux d’une année pleine."
    )
    months = f"{made.months}\u00a0mois"
    return Notice(f"Exercice de {months}", text, Tone.INFO, links=(link,))


def _balance(choice: Choice) -> Notice | None:
    codes = {each.get("code") for each in choice.year.issues} if choice.year else set()
    if not codes & {"UNBALANCED", "LINES_NOT_COUNTED"}:
        return None
    return Notice(
        "Ce FEC n’est pas sain",
        "Il n’est pas équilibré, ou des lignes n’ont pas pu être comptées\u00a0: les soldes sont à "
        "vérifier.",
        Tone.ERROR,
        links=(Link("Voir les remarques", f"/gestion/exercices/detail?{choice.query}"),),
    )


def _owners(made: Statement) -> Notice | None:
    """Tell when the owners' pay is in the charges of one of the two years only."""
    now, before = made.amount("owner_costs"), made.previous("owner_costs")
    if before is None or bool(now) == bool(before):
        return None
    year = "de cet exercice" if now else "de l’exercice précédent"
    return Notice(
        "L’EBE ne se compare pas d’un exercice à l’autre",
        f"La rémunération des titulaires n’est en charges que dans les comptes {year}\u00a0: comparez "
        "l’EBE retraité, qui l’ajoute.",
        Tone.WARNING,
    )


def _query(choice: Choice, *, annualised: bool) -> str:
    return choice.query + ("&" + urlencode({"douze": "1"}) if annualised else "")


def headlines(made: Statement) -> tuple[Headline, ...]:
    """Return the figures on top: turnover, margins with their rates, surplus, result."""
    sold = made.rate("commercial_margin", "goods_sold")
    margin = f"{_rate(sold)} des ventes, {_rate(made.rate('commercial_margin'))} du CA"
    excluded = made.amount("turnover") - made.amount("production_resales")
    whole = _rate(made.rate("global_gross_margin"))
    apart = _rate(made.amount("global_gross_margin") / excluded if excluded else None)
    references = {
        "turnover": "",
        "commercial_margin": margin,
        "global_gross_margin": f"{whole} du CA, {apart} sans rétrocessions",
        "ebe_restated": (
            f"{_rate(made.rate('ebe_restated'))} du CA ; EBE {french.compact_amount(made.amount('ebe'))}"
        ),
        "net_result": f"{_rate(made.rate('net_result'))} du CA",
    }
    return tuple(
        Headline(
            label(code),
            french.compact_amount(made.amount(code)),
            exact=french.amount(made.amount(code)),
            change=_change(made.line(code)),
            against="sur N-1" if made.previous(code) is not None else "",
            reference=reference,
            definition=_definition(code),
        )
        for code, reference in references.items()
    )


def lines(made: Statement) -> tuple[ShownLine, ...]:
    """Return the lines of the table, each with its details and accounts beneath."""
    return tuple(
        ShownLine(_row(each), _beneath(each, made), each.code in RESULTS, _definition(each.code))
        for each in made.lines
    )


def beside(choice: Choice, made: Statement) -> tuple[str, str]:
    """Return the names of the two years, for the header."""
    before = f"{made.previous_last_day:%d/%m/%Y}" if made.previous_last_day else ""
    return (f"{made.last_day:%d/%m/%Y}", before) if choice.year else ("", "")


def _row(line: StatementLine, depth: int = 0) -> ShownRow:
    return ShownRow(
        label=line.label,
        amount=line.amount,
        share=line.share,
        previous=line.previous,
        previous_share=line.previous_share,
        change=_change(line),
        depth=depth,
        code=line.code,
    )


def _beneath(line: StatementLine, made: Statement) -> tuple[ShownRow, ...]:
    rows: list[ShownRow] = []
    in_details: set[str] = set()
    for detail in line.details:
        rows.append(_row(detail, 1))
        rows += [_account(each, line.code, made) for each in detail.accounts]
        in_details |= {each.account for each in detail.accounts}
    own = [each for each in line.accounts if each.account not in in_details]
    return (*rows, *(_account(each, line.code, made) for each in own))


def _account(account: LineAccount, code: str, made: Statement) -> ShownRow:
    turnover, before = made.amount("turnover"), made.previous("turnover")
    past = account.previous
    changed = (account.amount - past) / abs(past) if past else None
    return ShownRow(
        label=f"{account.account} {account.label}".strip(),
        amount=account.amount,
        share=account.amount / turnover if turnover else None,
        previous=past,
        previous_share=past / before if past is not None and before else None,
        change=(
            None
            if past is None or code == "stock_change"
            else Change(changed, better=_better(code))
        ),
        depth=2,
    )


def _change(line: StatementLine) -> Change | None:
    """Return the change of a line; a stock change has no sense of its own."""
    if line.previous is None or line.code == "stock_change":
        return None
    return Change(line.evolution, better=_better(line.code))


def _better(code: str) -> Better:
    line = PARENT.get(code, code)
    if {code, line} & NEUTRAL:
        return Better.NEUTRAL
    return Better.DOWN if line in CHARGES else Better.UP


def _definition(code: str) -> Definition:
    return Definition(label(code), definition(code), unit="€", source="Plan comptable général")


def _rate(ratio: Decimal | None) -> str:
    return french.percent(ratio) if ratio is not None else french.UNDEFINED


def turnover_table(made: Statement) -> TableModel:
    """Return turnover seen otherwise: without resales and cooperation, with what comes beside sales."""

    def values(code: str, sign: int = 1) -> tuple[Decimal, Decimal | None]:
        past = made.previous(code)
        return sign * made.amount(code), None if past is None else sign * past

    steps: list[tuple[str, tuple[Decimal, Decimal | None], str]] = [
        (label("turnover"), values("turnover"), "total"),
        ("Rétrocessions (7088)", values("production_resales", -1), ""),
        ("CA sans rétrocessions", _plus(values("turnover"), values("production_resales", -1)), "total"),
        ("Coopération commerciale des laboratoires", values("production_cooperation", -1), ""),
        ("CA sans rétrocessions ni coopération", _plus(
            values("turnover"), values("production_resales", -1), values("production_cooperation", -1)
        ), "total"),
        (label("objective_payments"), values("objective_payments"), ""),
        (label("duty_payments"), values("duty_payments"), ""),
        (label("public_health_payments"), values("public_health_payments"), ""),
        ("CA avec ces rémunérations", _plus(
            values("turnover"), values("payments_outside_turnover")
        ), "total"),
    ]  # fmt: skip
    return TableModel(
        caption="Chiffre d’affaires, vu autrement",
        columns=(
            Column("line", "Ligne", kind=CellKind.TEXT),
            Column("amount", "N", unit="€", decimals=2),
            Column("previous", "N-1", unit="€", decimals=2),
        ),
        rows=tuple(Row((name, *amounts), tone=tone) for name, amounts, tone in steps),
        swap="",
        id="turnover",
    )


def medicines_table(parts: MedicineParts) -> TableModel:
    """Return turnover at 2,1 % in three parts, each with its share."""
    bound = french.amount(parts.bound)
    steps = (
        ("Princeps et hors répertoire, PFHT jusqu’à 150\u00a0€", parts.originators),
        ("PFHT au-delà de 150\u00a0€", parts.dear),
        ("Génériques", parts.generics),
    )
    return TableModel(
        caption="Ventes à 2,1 % en trois parts",
        columns=(
            Column("part", "Part", kind=CellKind.TEXT),
            Column("amount", "Ventes", unit="€ HT", decimals=2),
            Column("share", "Part", kind=CellKind.RATIO, unit="%", decimals=2),
        ),
        rows=tuple(Row((name, value, _share(value, parts.whole))) for name, value in steps),
        total=Row(("Ensemble", parts.whole, _share(parts.whole, parts.whole))),
        meta=f"D’après les lignes de vente, honoraires à part. 150\u00a0€ de PFHT font {bound} TTC.",
        swap="",
        id="medicines",
    )


def _share(value: Decimal, whole: Decimal) -> Decimal | None:
    return value / whole if whole else None


def _plus(*pairs: tuple[Decimal, Decimal | None]) -> tuple[Decimal, Decimal | None]:
    past = [each[1] for each in pairs if each[1] is not None]
    now = sum((each[0] for each in pairs), Decimal(0))
    return now, sum(past, Decimal(0)) if len(past) == len(pairs) else None


def tables(made: Statement) -> tuple[TableModel, ...]:
    """Return the balances as files carry them: lines, details and accounts, exact."""
    rows = []
    for line in lines(made):
        for each in (line.row, *line.beneath):
            name = "\u00a0\u00a0" * each.depth + each.label
            rows.append(
                Row((name, each.code, each.amount, each.share, each.previous, each.previous_share))
            )
    columns = (
        Column("line", "Ligne", kind=CellKind.TEXT),
        Column("code", "Code", kind=CellKind.TEXT),
        Column("amount", f"Exercice clos le {made.last_day:%d/%m/%Y}", unit="€", decimals=2),
        Column("share", "Part du CA", kind=CellKind.RATIO),
        Column("previous", "Exercice précédent", unit="€", decimals=2),
        Column("previous_share", "Part du CA, exercice précédent", kind=CellKind.RATIO),
    )
    return (TableModel("SIG", columns, tuple(rows)), turnover_table(made))
