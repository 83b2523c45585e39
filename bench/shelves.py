"""Shelves, orders and a year of sales to work on: drawn ones, and a pharmacy of the group as it was."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from bench.duck import open_duckdb
from galien.calculators.stock.arrays import Floats
from galien.calculators.stock.orders.proposal import Shelf
from galien.calculators.stock.orders.quantity import Prices
from galien.calculators.stock.orders.split import Supplier
from galien.calculators.stock.outcomes import Replay
from galien.calculators.stock.policies import Goods
from galien.kernel.errors import NotAvailable

DAYS = 365
TIERED, FREE, TIERS = 0.4, 0.1, 3


def drawn_shelf(rows: int, seed: int) -> Shelf:
    """Draw products that sell from once a year to forty a day, four in ten with three tiers of discount."""
    chance = np.random.default_rng(seed)
    demand = chance.lognormal(-2.5, 1.5, rows)
    minima = np.sort(chance.integers(5, 100, (rows, TIERS)), axis=1).astype(np.float64)
    minima[chance.random(rows) >= TIERED] = np.inf
    paid = np.where(chance.random(rows) < FREE, 10.0, 0.0)
    prices = Prices(
        chance.uniform(1, 60, rows).round(2), minima,
        np.sort(chance.uniform(0, 0.3, (rows, TIERS)), axis=1), paid, (paid > 0).astype(np.float64),
    )  # fmt: skip
    return Shelf.of(
        prices,
        demand=demand,
        deviation=np.sqrt(demand),
        on_hand=chance.poisson(demand * 20).astype(np.float64),
        lead=chance.uniform(0.5, 4, rows),
        lead_deviation=chance.uniform(0, 1, rows),
        multiple=chance.choice([1.0, 1.0, 1.0, 2.0, 3.0, 10.0], rows),
        shelf_life=np.where(chance.random(rows) < 0.1, chance.uniform(30, 300, rows), np.inf),
    )


def drawn_order(lines: int, seed: int) -> tuple[Floats, Floats, tuple[Supplier, ...]]:
    """Draw what four suppliers ask for the lines of an order: two wholesalers, two labs with thresholds."""
    chance = np.random.default_rng(seed)
    amounts = chance.lognormal(2.5, 0.8, (lines, 1)) * chance.uniform(0.9, 1.05, (lines, 4))
    amounts[:, 2:][chance.random((lines, 2)) < 0.6] = np.inf
    suppliers = (
        Supplier("Répartiteur 1", order_cost=1.0),
        Supplier("Répartiteur 2", order_cost=1.0, tiers=((800.0, 0.01), (2000.0, 0.025))),
        Supplier("Laboratoire 1", shipping_fee=15.0, free_from=300.0, order_cost=2.0),
        Supplier("Laboratoire 2", minimum=200.0, order_cost=2.0, tiers=((500.0, 0.03),)),
    )
    return amounts.round(2), np.zeros_like(amounts), suppliers


def drawn_year(products: int, seed: int) -> Replay:
    """Draw a pharmacy's year, and the four months before it."""
    chance = np.random.default_rng(seed)
    rates = chance.lognormal(-2.5, 1.4, (products, 1))
    asked = chance.poisson(rates, (products, DAYS + 112)).astype(np.float64)
    cost = chance.lognormal(2.0, 1.0, products).round(2)
    none = np.zeros(products)
    goods = Goods(
        tuple(str(n) for n in range(products)), (cost * 1.35).round(2), cost,
        np.ceil(rates[:, 0] * 10), np.ones(products), none, np.ones(products), ("A",) * products,
    )  # fmt: skip
    return Replay(goods, asked[:, 112:], asked[:, :112])


def real_year(derived: Path) -> tuple[Replay, Floats, Floats]:
    """Return the last year of the first pharmacy of a release: what is replayed, sold and delivered.

    Returns are left out of what was asked. Classes follow the value that went out before the year.
    """
    with open_duckdb(derived, read_only=True) as connection:
        found = connection.execute(_QUERY).fetchnumpy()
    names = ("product", "day", "sold", "delivered", "price", "cost", "opening")
    columns = {name: np.ma.filled(found[name], 0) for name in names}
    if not len(columns["product"]):
        raise NotAvailable("Aucune vente publiée : rien à rejouer.")
    row, day = columns["product"].astype(np.int64), columns["day"].astype(np.int64)
    sold = np.zeros((int(row.max()) + 1, int(day.max()) + 1))
    delivered, facts = np.zeros_like(sold), np.zeros((3, len(sold)))
    np.add.at(sold, (row, day), columns["sold"].astype(np.float64))
    np.add.at(delivered, (row, day), columns["delivered"].astype(np.float64))
    for number, name in enumerate(names[4:]):
        facts[number, row] = columns[name].astype(np.float64)
    start = sold.shape[1] - DAYS
    kept = facts[1] > 0
    sold, delivered, facts = np.maximum(sold[kept], 0.0), delivered[kept], facts[:, kept]
    value = facts[1] * sold[:, :start].sum(axis=1)
    order = np.argsort(-value, kind="stable")
    share = np.empty(len(value))
    share[order] = (np.cumsum(value[order]) - value[order]) / value.sum()
    classes = tuple("A" if each < 0.8 else "B" if each < 0.95 else "C" for each in share)
    ones = np.ones(len(value))
    goods = Goods(
        tuple(map(str, range(len(ones)))),
        facts[0],
        facts[1],
        facts[2],
        ones,
        0 * ones,
        ones,
        classes,
    )
    return Replay(goods, sold[:, start:], sold[:, :start]), sold[:, start:], delivered[:, start:]


_QUERY = """
    with bounds as (
        select (select min(pharmacy_id) from sales_day) as pharmacy,
               max(month) + interval 1 month as until, max(month) - interval 16 month as first,
               max(month) + interval 1 month - interval 365 day as since
        from sales_month
    ),
    moves as (
        select product_id, day, quantity as sold, 0 as delivered, net_excl, cost_excl
        from sales_day, bounds where pharmacy_id = pharmacy and sale_type <> 'resale'
        union all
        select product_id, day, 0, delivered_quantity + coalesce(free_quantity, 0), 0, 0
        from purchase_line, bounds where pharmacy_id = pharmacy
    ),
    facts as (
        select product_id, sum(net_excl) / nullif(sum(sold), 0) as price,
               sum(cost_excl) / nullif(sum(sold), 0) as cost
        from moves where sold > 0 group by product_id
    ),
    held as (
        select product_id, sum(quantity) as opening from stock_level, bounds
        where pharmacy_id = pharmacy
          and on_date = (select max(on_date) from stock_level, bounds where on_date < since)
        group by product_id
    )
    select dense_rank() over (order by product_id) - 1 as product,
           date_diff('day', first::date, day) as day, sum(sold)::double as sold,
           sum(delivered)::double as delivered, any_value(coalesce(price, 0))::double as price,
           any_value(coalesce(cost, 0))::double as cost, any_value(coalesce(opening, 0))::double as opening
    from moves join bounds on day >= first and day < until
    left join facts using (product_id) left join held using (product_id)
    group by product_id, day, first
"""
