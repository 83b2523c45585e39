"""People asking: one alone, then eight at once who never pause, answers forgotten each time."""

from __future__ import annotations

import statistics
import time

import duckdb

from bench.ground import open_ground
from bench.mix import Asked, Mix, closed_loop
from bench.options import Options
from bench.report import Budget, Report, Table, say
from bench.timing import percentile
from galien.usecases.services import Services

ALONE, TOGETHER, EACH = 300, 8, 60
Row = tuple[str | float, ...]


def measure(options: Options) -> Report:
    """Measure both on the group's release."""
    report = Report("users")
    with open_ground(options.workspace) as ground:
        mix = Mix(tuple(ground.bounds.codes.values()), labs_of(ground.copy))
        rows = loops(ground.services, mix, options.seed, report)
    report.tables.append(users_table(rows))
    p95 = {str(row[0]): float(row[3]) for row in rows}
    report.budgets += [
        Budget("one user, p95", p95["1"], 60, "ms"),
        Budget("eight users at once, p95", p95["8"], 200, "ms"),
    ]
    return report


def labs_of(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Return the labs most sold, for filters."""
    rows = connection.execute(
        "select cast(d.lab as varchar) from sales_group_month s join product d using (product_id) "
        "where d.lab is not null group by d.lab order by sum(s.net_incl) desc limit 30"
    ).fetchall()
    return tuple(str(row[0]) for row in rows)


def loops(services: Services, mix: Mix, seed: int, report: Report) -> list[Row]:
    """Run both closed loops; the raw times go to the report's data."""
    say("users: warming")
    closed_loop(services, [mix.draw(60, seed)])
    rows: list[Row] = []
    for users, each in ((1, ALONE), (TOGETHER, EACH)):
        per_user = [mix.draw(each, seed + 100 * users + place) for place in range(users)]
        started, worked = time.perf_counter(), time.process_time()
        taken = closed_loop(services, per_user)
        rate = len(taken) / (time.perf_counter() - started)
        work = (time.process_time() - worked) * 1000 / len(taken)
        p95 = percentile(taken, 0.95)
        median, worst = statistics.median(taken), max(taken)
        rows.append((str(users), len(taken), median, p95, worst, rate, work))
        report.data[f"milliseconds_{users}"] = [round(each, 2) for each in taken]
        report.data[f"slowest_{users}"] = _slowest(per_user, taken)
        say(f"users: {users} at once, p95 {p95:.0f} ms")
    return rows


def users_table(rows: list[Row]) -> Table:
    """Return the table of the loops."""
    columns = (
        "users at once",
        "questions",
        "median ms",
        "p95 ms",
        "worst ms",
        "questions/s",
        "CPU ms each",
    )
    return Table("Random questions, closed loop, no pause, no answer kept", columns, rows)


def _slowest(per_user: list[list[Asked]], taken: list[float]) -> list[str]:
    asked = [each for user in per_user for each in user]
    ranked = sorted(zip(taken, asked, strict=True), key=lambda pair: -pair[0])[:10]
    return [
        f"{milliseconds:.0f} ms: {each.question.subject} by {each.question.by[0]}, "
        f"{each.question.period}, filters {[f.dimension for f in each.question.where]}, "
        f"rights on {len(each.viewer.grants) or 'all'}"
        for milliseconds, each in ranked
    ]
