"""The one door for reading: a question and who asks it become an answer."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from galien.analytics.answer import Answer, AnswerMeta
from galien.analytics.dimensions import MARKET
from galien.analytics.dimensions.times import TimeKey
from galien.analytics.finish import finish
from galien.analytics.measures.kinds import Distinct, Level
from galien.analytics.measures.sales import adjusted_margin, uncosted_lines
from galien.analytics.planner import Asked, Plan, parts, plan, understand
from galien.analytics.question import Filter, Question
from galien.analytics.release import ReleaseView
from galien.analytics.sql import ROW_LIMIT, compile_plan
from galien.kernel import french
from galien.kernel.errors import InvalidInput
from galien.kernel.period import Period, parse_comparison, parse_period
from galien.model.viewer import Viewer
from galien.usecases.data_state import describe
from galien.usecases.scope import Scope, resolve_scope
from galien.usecases.services import Services


@dataclass(frozen=True)
class _Asking:
    """A question with all that was resolved for this viewer on this release."""

    asked: Asked
    view: ReleaseView
    scope: Scope
    period: Period
    comparison: Period | None

    def plan(self, asked: Asked | None = None) -> Plan:
        asked = asked or self.asked
        also = (uncosted_lines,) if self._tells_uncosted(asked) else ()
        return plan(
            asked,
            period=self.period,
            comparison=self.comparison,
            ids=self.scope.ids,
            holdings=self.view.holdings,
            also=also,
        )

    def _tells_uncosted(self, asked: Asked) -> bool:
        """Tell whether lines without cost may be in the figures: a column that is mostly not read."""
        return (
            any(p is adjusted_margin for m in asked.measures for p in parts(m))
            and "operator" not in asked.names
            and not self.view.uncosted_months.isdisjoint(self.period.months())
        )


def ask(question: Question, viewer: Viewer, *, services: Services) -> Answer:
    """Answer a question with what the viewer's rights open of the current release.

    Raises InvalidInput when the question cannot be understood, NotAllowed when no pharmacy is open
    to the viewer for it or when it names a product list of others, NotAvailable when nothing is
    published.
    """
    started = time.perf_counter()
    question, told = _with_products(question, viewer)
    asked = understand(question)
    with services.reader.hold() as held:
        view = services.reading.view(held)
        asking = _resolve(asked, viewer, view, services.clock.today())
        key: Hashable = (
            view.release,
            asking.scope.key,
            viewer.epoch,
            question,
            asking.period,
            asking.comparison,
        )
        answer = services.reading.answers.get(key)
        if answer is None:
            answer = _answer(asking)
            services.reading.answers.put(key, answer)
    state = answer.state
    if held.note:
        state = replace(state, notes=(*state.notes, held.note))
    milliseconds = round((time.perf_counter() - started) * 1000, 3)
    meta = replace(answer.meta, question=told, milliseconds=milliseconds)
    return replace(answer, state=state, meta=meta)


def _with_products(question: Question, viewer: Viewer) -> tuple[Question, Question]:
    """Return the question to answer, lists written as their products, and the one people read."""
    if all(each.dimension != MARKET for each in question.where):
        return question, question
    # Lists are in the records: a question without any is answered without them.
    from galien.usecases.markets import with_products

    return with_products(question, viewer)


def _resolve(asked: Asked, viewer: Viewer, view: ReleaseView, today: dt.date) -> _Asking:
    period = parse_period(asked.question.period, today)
    comparison = parse_comparison(asked.question.compare, period, today)
    scope = resolve_scope(asked, viewer, view, period=period, comparison=comparison)
    return _Asking(asked, view, scope, period, comparison)


def _answer(asking: _Asking) -> Answer:
    planned = asking.plan()
    exact = _run(planned, asking.view)
    if exact.num_rows > ROW_LIMIT:
        raise InvalidInput(
            f"La réponse aurait plus de {french.number(ROW_LIMIT)} lignes : ajoutez un filtre, "
            "gardez les premières lignes (top) ou choisissez une dimension moins fine."
        )
    whole = None
    if not _adds_up(planned):
        whole = _run(asking.plan(replace(asking.asked, by=())), asking.view)
        exact = _with_true_rest(asking, planned, exact)
    finished = finish(planned, exact, labels=asking.view.labels, whole=whole)
    return Answer(
        columns=finished.columns,
        table=finished.table,
        totals=finished.totals,
        meta=AnswerMeta(
            release=asking.view.release,
            period=asking.period,
            comparison=asking.comparison,
            scope=tuple(row.pharmacy for row in asking.scope.pharmacies),
            rows=finished.table.num_rows,
            milliseconds=0.0,
            table=planned.tables,
            question=planned.question,
        ),
        state=describe(
            asking.scope,
            asking.view,
            subject=asking.asked.question.subject,
            period=asking.period,
            uncosted=_uncosted(planned, exact if whole is None else whole),
        ),
    )


def _uncosted(planned: Plan, exact: pa.Table) -> int:
    """Return how many lines of the figures came without a cost."""
    name = uncosted_lines.name
    if uncosted_lines not in planned.read:
        return 0
    return int(pc.sum(exact.column(name), min_count=0).as_py())


def _run(planned: Plan, view: ReleaseView) -> pa.Table:
    statement = compile_plan(planned)
    return view.engine.query(statement.text, statement.parameters)


def _adds_up(planned: Plan) -> bool:
    """Tell whether rows add up to totals: not visits by sale type, nor stock by month."""
    overlapping = any(dimension.overlapping for dimension in planned.by)
    in_time = any(isinstance(dimension, TimeKey) for dimension in planned.by)
    return not any(
        (isinstance(measure, Distinct) and overlapping) or (isinstance(measure, Level) and in_time)
        for measure in planned.summed
    )


def _with_true_rest(asking: _Asking, planned: Plan, exact: pa.Table) -> pa.Table:
    """Count again the row of the others, where it is not the sum of what it gathers."""
    if planned.question.top is None:
        return exact
    if len(planned.by) > 1 or isinstance(planned.by[0], TimeKey):
        raise InvalidInput(
            "Les premières lignes (top) ne se gardent pas ici : ces chiffres ne s’additionnent "
            "pas d’une ligne à l’autre : retirez le top."
        )
    rows: list[dict[str, Any]] = exact.to_pylist()
    if not rows or not rows[-1]["rest"]:
        return exact
    dimension = planned.by[0]
    shown = tuple(dimension.text(row["k1"]) for row in rows[:-1])
    others = (dimension, Filter(dimension.name, shown, exclude=True))
    rest = asking.plan(replace(asking.asked, by=(), where=(*asking.asked.where, others)))
    rows[-1] |= _run(rest, asking.view).to_pylist()[0]
    return pa.Table.from_pylist(rows, schema=exact.schema)
