"""Everything the demonstration sells, in one table: real medicines first, then the invented range."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa

from galien.demo import assortment, demand, regulated
from galien.demo.hierarchy import invented_rows, medicine_rows, universes
from galien.demo.public import ABSENT, Bools, Floats, Ints, Medicines, Texts

_FAMILY_CARE = (
    "A",
    "B03",
    "B05",
    "C05",
    "D",
    "G01",
    "M0",
    "N02",
    "P03",
    "R",
    "S01",
    "V03AX",
    "N07BA",
)
_COUNTER_CARE = (
    "A02",
    "A03",
    "A06",
    "A07",
    "A12",
    "D",
    "M01AE",
    "M02",
    "N02BE",
    "R01",
    "R02",
    "R05",
)
# Marks that files are cut with have no place in a label.
_CUTS = str.maketrans({";": ",", "|": " ", '"': None, "\t": " "})
_OUT_OF_REACH = ("V03AN", "B05", "V08", "V09", "N01")


@dataclass(frozen=True)
class Catalogue:
    """One entry per product sold; amounts in cents, VAT per mille, `versions` as in `Medicines`.

    `price` is tax included and before fee; of a free price it is only the reference that each
    pharmacy starts from. `ex_factory` and `wholesaler` are excl. tax, 0 for a free price, whose
    purchase price is `cost_share` of its selling price excl. tax.
    """

    code: Texts
    label: Texts
    lab: Texts
    lab_id: Ints
    labs: tuple[str, ...]
    atc: Texts
    universe: Texts
    regulated: Bools
    generic: Ints
    pack_group: Ints
    vat: Ints
    fee: Ints
    price: Ints
    ex_factory: Ints
    wholesaler: Ints
    cost_share: Floats
    boxes: Floats
    counter: Floats
    prescribed: Floats
    rental: Bools
    months: Floats
    versions: tuple[dt.date, ...]

    def __len__(self) -> int:
        return len(self.code)

    @cached_property
    def code_column(self) -> pa.StringArray:
        """The product codes, as files write them."""
        return pa.array(self.code.tolist(), pa.string())

    @cached_property
    def label_column(self) -> pa.StringArray:
        """The product labels, as files write them."""
        return pa.array([str(label).translate(_CUTS) for label in self.label.tolist()], pa.string())

    def version(self, day: dt.date) -> int:
        """Give the column of prices in force on a day; the first one serves before it."""
        return max(sum(1 for since in self.versions if since <= day) - 1, 0)


@dataclass(frozen=True)
class Shop:
    """The catalogue with the two files that describe it to the group."""

    catalogue: Catalogue
    hierarchy: tuple[tuple[str, ...], ...]
    labels: tuple[tuple[str, str], ...]


def build_shop(medicines: Medicines, data: Path, rng: np.random.Generator) -> Shop:
    """Assemble what is sold and the hierarchy of every medicine and invented product."""
    invented = assortment.invent(rng)
    boxes = demand.national_boxes(medicines)
    free = _free_medicines(medicines)
    kept = np.flatnonzero((boxes > 0) | free)
    catalogue = _catalogue(medicines, invented, boxes, kept, rng)
    hierarchy = (*medicine_rows(medicines, data), *invented_rows(invented))
    labels = [
        *zip(medicines.code, medicines.label, strict=True),
        *zip(invented.code, invented.label, strict=True),
    ]
    return Shop(catalogue, tuple(hierarchy), tuple(labels))


def _catalogue(
    medicines: Medicines,
    invented: assortment.Assortment,
    boxes: Floats,
    kept: Ints,
    rng: np.random.Generator,
) -> Catalogue:
    size, more = len(kept), len(invented.code)
    price, regulated_price = _prices(medicines, kept, rng)
    ex_factory = _ex_factory(medicines, kept, price, regulated_price)
    wholesaler = np.stack(
        [
            regulated.wholesaler_cents(ex_factory[:, v].astype(np.float64), on=day)
            for v, day in enumerate(medicines.versions)
        ],
        axis=1,
    )
    lab = np.concatenate([medicines.holder[kept], invented.lab])
    labs, lab_id = np.unique(lab.astype(str), return_inverse=True)
    counter, prescribed = _appeal(medicines, kept, boxes[kept], regulated_price, rng)
    shelves = (*assortment.SHELVES, assortment.RENTALS)
    shelf_months = np.array([shelves[s].months for s in invented.shelf])
    months = np.concatenate([demand.seasons(medicines.atc[kept]), shelf_months])
    columns = len(medicines.versions)
    universe = [universes(medicines, int(i))[0] for i in kept]
    return Catalogue(
        code=np.concatenate([medicines.code[kept], invented.code]),
        label=np.concatenate([medicines.label[kept], invented.label]),
        lab=lab,
        lab_id=lab_id.astype(np.int64),
        labs=tuple(labs.tolist()),
        atc=np.concatenate([medicines.atc[kept], np.full(more, "", object)]),
        universe=np.array([*universe, *(shelves[s].universe[0] for s in invented.shelf)], object),
        regulated=np.concatenate([regulated_price, np.zeros(more, bool)]),
        generic=np.concatenate([medicines.generic[kept], np.zeros(more, np.int64)]),
        pack_group=np.concatenate([_pack_groups(medicines, kept), np.full(more, -1)]),
        vat=np.concatenate(
            [np.where(regulated_price, 21, 100), [shelves[s].vat for s in invented.shelf]]
        ).astype(np.int64),
        fee=np.concatenate(
            [np.where(regulated_price, medicines.fee[kept], 0), np.zeros(more, np.int64)]
        ),
        price=np.concatenate([price, np.repeat(invented.price[:, None], columns, axis=1)]),
        ex_factory=np.concatenate([ex_factory, np.zeros((more, columns), np.int64)]),
        wholesaler=np.concatenate(
            [
                np.round(wholesaler).astype(np.int64) * regulated_price[:, None],
                np.zeros((more, columns), np.int64),
            ]
        ),
        cost_share=np.concatenate(
            [rng.uniform(0.64, 0.74, size), [shelves[s].cost for s in invented.shelf]]
        ),
        boxes=np.concatenate([np.where(regulated_price, boxes[kept], 0), np.zeros(more)]),
        counter=np.concatenate([counter, invented.counter]),
        prescribed=np.concatenate([prescribed, invented.prescribed]),
        rental=np.concatenate([np.zeros(size, bool), invented.shelf == len(shelves) - 1]),
        months=months,
        versions=medicines.versions,
    )


def _free_medicines(medicines: Medicines) -> Bools:
    """Say which medicines without a price a town pharmacy sells: self-care, and some on the list."""
    out_of_reach = np.array([code.startswith(_OUT_OF_REACH) for code in medicines.atc])
    usual = np.array([_usual_form(label) for label in medicines.label.astype(str)])
    family = np.array([code.startswith(_FAMILY_CARE) for code in medicines.atc])
    without_price = medicines.on_sale & ~medicines.hospital & (medicines.price.max(axis=1) <= 0)
    selling = without_price & ~out_of_reach & (family | medicines.homeopathic) & ~medicines.listed
    listed = (
        without_price & medicines.listed & usual & (medicines.pack > 1) & (medicines.pack <= 90)
    )
    return np.asarray(selling | (listed & (np.arange(len(listed)) % 4 == 0)), np.bool_)


def _usual_form(label: str) -> bool:
    return not any(word in label.upper() for word in ("INJ", "PERF", "BOUTEILLE", "BAR"))


def _prices(medicines: Medicines, kept: Ints, rng: np.random.Generator) -> tuple[Ints, Bools]:
    price = medicines.price[kept].copy()
    regulated_price = price.max(axis=1) > 0
    # A fee read as a price, once, in the official file: see the note beside the data.
    low = (price > 0) & (price * 10 < price.max(axis=1, keepdims=True))
    price = np.where(low, ABSENT, price)
    reference = np.round(rng.lognormal(np.log(690), 0.42, len(kept)) / 10) * 10 - 1
    listed = medicines.listed[kept] & ~regulated_price
    reference = np.where(listed, reference * 2.2, reference).astype(np.int64)
    return np.where(regulated_price[:, None], price, reference[:, None]), regulated_price


def _ex_factory(medicines: Medicines, kept: Ints, price: Ints, regulated_price: Bools) -> Ints:
    """Invert each version of the prices; a generic earns its originator's margin in value."""
    result = np.zeros(price.shape, np.int64)
    for version, day in enumerate(medicines.versions):
        public = np.where(regulated_price, price[:, version].clip(0), 0)
        own = regulated.ex_factory_cents(public, on=day)
        lent = _originator_margins(medicines, kept, own, day)
        values = regulated.ex_factory_cents(public, on=day, margin=lent)
        result[:, version] = np.where(public > 0, np.round(values), 0).astype(np.int64)
    return result


def _originator_margins(medicines: Medicines, kept: Ints, own: Floats, day: dt.date) -> Floats:
    """Give the margin each generic borrows from a pack of the same size of its group, else NaN."""
    margins = regulated.margin_cents(own, on=day)
    lent = np.full(len(kept), np.nan)
    reference = {
        (medicines.group[i], medicines.pack[i]): margins[rank]
        for rank, i in enumerate(kept)
        if medicines.generic[i] == 2 and own[rank] > 0
    }
    for rank, i in enumerate(kept):
        if medicines.generic[i] == 1:
            lent[rank] = reference.get((medicines.group[i], medicines.pack[i]), np.nan)
    return lent


def _appeal(
    medicines: Medicines,
    kept: Ints,
    boxes: Floats,
    regulated_price: Bools,
    rng: np.random.Generator,
) -> tuple[Floats, Floats]:
    """Weigh medicines at the counter (27 % reimbursable, 30 % self-care) and free ones prescribed."""
    counter_care = np.array([code.startswith(_COUNTER_CARE) for code in medicines.atc[kept]])
    reimbursable = np.where(regulated_price & ~medicines.listed[kept] & counter_care, boxes, 0.0)
    brands, brand = np.unique(medicines.brand[kept].astype(str), return_inverse=True)
    appeal = rng.lognormal(0, 1.0, len(brands))[brand] * rng.lognormal(0, 0.9, len(kept))
    self_care = np.where(~regulated_price & ~medicines.listed[kept], appeal, 0.0)
    on_list = np.where(~regulated_price & medicines.listed[kept], appeal, 0.0)
    counter = 0.27 * reimbursable / reimbursable.sum() + 0.30 * self_care / self_care.sum()
    prescribed = 0.022 * on_list / on_list.sum() + 0.018 * self_care / self_care.sum()
    return counter, prescribed


def _pack_groups(medicines: Medicines, kept: Ints) -> Ints:
    """Number the packs that replace each other: same generic group, same number of units."""
    keys = [f"{medicines.group[i]}|{medicines.pack[i]}" for i in kept]
    _, numbers = np.unique(np.array(keys), return_inverse=True)
    return np.where(medicines.generic[kept] > 0, numbers, -1).astype(np.int64)
