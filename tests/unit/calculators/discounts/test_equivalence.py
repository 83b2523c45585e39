"""Which boxes replace one another, on names written as labs write them."""

from __future__ import annotations

import pytest

from galien.calculators.discounts.boxes import form_of, read_box
from galien.calculators.discounts.equivalence import Placed, Presentation, equivalences
from galien.calculators.discounts.strengths import read_strength


def said(code: str, **texts: str) -> Presentation:
    known = {
        "generic_group": "21",
        "group_label": "PARACETAMOL 1 g (DOLIPRANE 1 g, comprimé)",
        "lab": f"LAB {code}",
        "form": "comprimé",
        "strength": "1 g",
        "pack": "boîte de 8",
    }
    return Presentation(code, **(known | texts))


def placed(*presentations: Presentation, same_box: bool = True) -> list[Placed]:
    found = equivalences(presentations, same_box=same_box)
    return [found[each.code] for each in presentations]


def keys(*presentations: Presentation, same_box: bool = True) -> list[str]:
    return [each.equivalence.key for each in placed(*presentations, same_box=same_box)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1 g", "1000 mg"),
        ("70 mg/2 800 UI", "70 mg/2800 UI"),
        ("2 POUR CENT", "20 mg/ml"),
        ("0,5 mg/2 ml", "0,25 mg/mL"),
        ("4,6 mg/24 heures", "4,6 mg/24 h"),
        ("250 microgrammes/ 25 microgrammes/dose", "250 microgrammes/25 microgrammes/dose"),
        ("40 microgrammes/mL + 5 mg/mL", "40 microgrammes/5 mg par mL"),
        ("1 000 000 UI", "1 M.U.I."),
    ],
)
def test_one_strength_written_in_two_ways(one: str, other: str) -> None:
    first, second = (read_strength(text) for text in (one, other))
    assert first is not None
    assert second is not None
    if "par mL" in other:  # the volume holds both substances; written once, it is read once
        assert first.volume == second.volume
        return
    assert first.key == second.key


def test_strengths_that_differ_stay_apart() -> None:
    texts = ("20 mg", "10 mg", "20 mg/5 ml", "20 mg/12,5 mg", "20 UI")
    assert len({getattr(read_strength(text), "key", None) for text in texts}) == len(texts)
    assert read_strength("FORTE") is None


def test_tablets_and_capsules_of_immediate_release_are_one_form_by_law() -> None:
    assert (
        len(set(keys(said("1"), said("2", form="gélule"), said("3", form="comprimé pelliculé"))))
        == 1
    )
    others = (
        "comprimé orodispersible",
        "comprimé à libération prolongée",
        "comprimé effervescent(e)",
    )
    assert len(set(keys(said("1"), *(said(f"o{n}", form=f) for n, f in enumerate(others))))) == 4


def test_28_and_30_are_one_treatment_but_not_one_box() -> None:
    month = [said("1", pack="boîte de 28"), said("2", pack="boîte de 30")]
    quarter = [said("3", pack="boîte de 84"), said("4", pack="boîte de 90")]
    assert len(set(keys(*month, *quarter))) == 4
    assert len(set(keys(*month, *quarter, same_box=False))) == 2
    found = placed(*month, same_box=False)
    assert [each.units for each in found] == [28, 30]
    assert found[0].equivalence.units == 30
    assert found[0].equivalence.pack == "boîte de 28 ou 30"


def test_a_name_without_strength_takes_the_only_one_of_its_group() -> None:
    assert len(set(keys(said("1"), said("2", strength="")))) == 1
    several = placed(said("1"), said("2", strength="500 mg"), said("3", strength=""))
    assert [each.equivalence.read for each in several] == [True, True, False]


def test_a_box_that_cannot_be_read_stands_alone() -> None:
    found = placed(said("1", pack=""), said("2", pack=""), said("3"))
    assert len({each.equivalence.key for each in found}) == 3
    assert [each.equivalence.read for each in found] == [False, False, True]


def test_a_group_of_two_strengths_names_each_box_by_its_own() -> None:
    found = placed(said("1"), said("2", strength="500 mg"))
    assert [each.equivalence.label for each in found] == [
        "Paracetamol 1 g, boîte de 8",
        "Paracetamol 500 mg, boîte de 8",
    ]


def powder(code: str, pack: str, lab: str = "") -> Presentation:
    form = "poudre pour suspension buvable"
    return said(code, form=form, strength="250 mg/5 ml", pack=pack, lab=lab or code)


def test_the_weight_of_a_powder_does_not_tell_the_bottle_it_makes() -> None:
    one = [
        powder("1", "1 flacon de 60 ml"),
        powder("2", "1 flacon de 6,6 g"),
        powder("3", "1 flacon de 36 g"),
    ]
    assert len(set(keys(*one))) == 1
    assert placed(*one)[1].equivalence.pack == "1 flacon de 60 ml"


def test_weights_stay_apart_where_a_lab_sells_two_bottles() -> None:
    sold = [
        powder("1", "1 flacon de 50 ml", "EG"),
        powder("2", "1 flacon de 100 ml", "EG"),
        powder("3", "1 flacon de 8,35 g", "TEVA"),
    ]
    assert len(set(keys(*sold))) == 3


def test_what_one_dose_holds_counts_where_the_strength_is_a_concentration() -> None:
    injected = form_of("solution injectable")
    dissolved = read_strength("10 mg/ml")
    boxes = [
        read_box(pack, injected, dissolved)
        for pack in ("10 ampoules de 2 ml", "10 ampoules de 5 ml")
    ]
    assert [box.key if box else None for box in boxes] == ["10x2ml", "10x5ml"]
    sachet = read_box(
        "30 sachets de 3,76 g", form_of("poudre pour solution buvable"), read_strength("3 g")
    )
    assert sachet is not None
    assert (sachet.key, sachet.wording) == ("30", "30 sachets")


def test_a_container_without_content_takes_the_volume_of_its_strength() -> None:
    injected = form_of("solution injectable")
    box = read_box("10 ampoules", injected, read_strength("20 mg/2 ml"))
    assert box == read_box("10 ampoules de 2 ml", injected, read_strength("20 mg/2 ml"))
