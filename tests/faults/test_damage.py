"""Files altered behind our back: flipped bits, cut, swapped, missing. Never a wrong figure in silence."""

from __future__ import annotations

import datetime as dt
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from galien.engines.protocol import Engine
from galien.kernel.errors import InternalError
from galien.warehouse.manifest import read_manifest
from galien.warehouse.reader import ReleaseReader
from tests.builders.warehouse import (
    PHARMACIES,
    Workspace,
    days_between,
    random_file,
    reference,
)

FIRST = dt.date(2026, 1, 30)
QUESTION = (
    "select month, pharmacy_id, sum(net_incl), sum(quantity) from sales_day "
    "group by month, pharmacy_id order by month, pharmacy_id"
)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two releases: the second holds one day more."""
    root = tmp_path_factory.mktemp("whole") / "workspace"
    workspace = Workspace(root, reference())
    for number, pharmacy in enumerate(PHARMACIES[:2]):
        days = days_between(FIRST, FIRST + dt.timedelta(3))
        workspace.load(random_file(number, pharmacy=pharmacy, days=days))
    workspace.publish()
    workspace.load(random_file(9, pharmacy=PHARMACIES[0], days=[FIRST + dt.timedelta(4)]))
    workspace.publish()
    return root


def opened(root: Path) -> tuple[Workspace, ReleaseReader]:
    """Open a workspace as a new process would, having checked nothing yet."""
    workspace = Workspace(root, reference())
    reader = ReleaseReader(
        ledger=workspace.ledger,
        store=workspace.store,
        engines=workspace.engines,
        clock=workspace.clock,
        every=0,
    )
    return workspace, reader


def answer(engine: Engine) -> list[tuple[object, ...]]:
    rows = engine.query(QUESTION)
    return list(zip(*(column.to_pylist() for column in rows.columns), strict=True))


@pytest.fixture(scope="module")
def expected(published: Path) -> dict[str, list[tuple[object, ...]]]:
    """What each release says when all is whole."""
    return truths(published)


def truths(root: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return what each release says when all is whole."""
    workspace, _ = opened(root)
    found = {}
    for release in workspace.ledger.releases():
        engine = workspace.engines.open(workspace.store.places.derived_file(release.release))
        found[release.release] = answer(engine)
        engine.close()
    return found


def flip(path: Path, rng: random.Random) -> None:
    data = bytearray(path.read_bytes())
    data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    path.write_bytes(data)


def cut(path: Path, rng: random.Random) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: rng.randrange(len(data))])


def remove(path: Path, _rng: random.Random) -> None:
    path.unlink()


def swap(path: Path, rng: random.Random) -> None:
    """Put another whole file of the same folder tree in its place."""
    others = [p for p in path.parent.parent.rglob(f"*{path.suffix}") if p != path]
    shutil.copyfile(rng.choice(others), path)


DAMAGES = (flip, cut, remove, swap)
Damage = Callable[[Path, random.Random], None]
Answer = list[tuple[object, ...]]


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize(
    "pattern", ["store/??/*.parquet", "derived/*.duckdb", "releases/*.json", "derived/*.json"]
)
def test_damage_is_never_silent(
    published: Path,
    expected: dict[str, list[tuple[object, ...]]],
    tmp_path: Path,
    pattern: str,
    damage: Damage,
) -> None:
    """The figures shown are those of the release named, an older one with a note, or none."""
    latest = opened(published)[0].ledger.current_release()
    assert latest is not None
    for seed in range(3):
        root = tmp_path / str(seed)
        shutil.copytree(published, root)
        rng = random.Random(seed)
        damage(rng.choice(sorted(root.glob(pattern))), rng)
        workspace, reader = opened(root)
        try:
            with reader.hold() as held:
                assert answer(held.engine) == expected[held.release.release]
                assert (held.note is None) == (held.release.release == latest.release)
        except InternalError as error:
            if error.code != "DAMAGED":
                raise
        finally:
            reader.close()
        assert workspace.publish().release == latest.release
        with reader_of(workspace).hold() as held:
            assert answer(held.engine) == expected[latest.release]


def test_the_analytical_file_of_another_release_is_not_served(
    published: Path, expected: dict[str, Answer], tmp_path: Path
) -> None:
    """A whole file in the place of another, of its very size: its engine has nothing to say."""
    root = tmp_path / "workspace"
    shutil.copytree(published, root)
    workspace, reader = opened(root)
    latest, before = workspace.ledger.releases()
    served, other = (workspace.store.places.derived_file(each.release) for each in (latest, before))
    size = served.stat().st_size
    served.write_bytes(other.read_bytes().ljust(size, b"\0")[:size])
    with reader.hold() as held:
        assert held.release.release == latest.release
        assert answer(held.engine) == expected[latest.release]
    reader.close()


@pytest.fixture(scope="module")
def corrected(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Answer:
    """What is said once a day of the first month is corrected, all files being whole."""
    root = tmp_path_factory.mktemp("corrected") / "workspace"
    shutil.copytree(published, root)
    return correct(root)


def correct(root: Path) -> Answer:
    workspace, reader = opened(root)
    workspace.load(random_file(11, pharmacy=PHARMACIES[1], days=[FIRST]))
    workspace.publish()
    try:
        with reader.hold() as held:
            return answer(held.engine)
    finally:
        reader.close()


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_published_upon_damage_is_right_or_refused(
    published: Path, corrected: Answer, tmp_path: Path, damage: Damage
) -> None:
    """Rows of untouched days come from files of the release before, or from deliveries."""
    for seed in range(4):
        root = tmp_path / str(seed)
        shutil.copytree(published, root)
        damage(of_the_release(root)[seed], random.Random(seed))
        try:
            assert correct(root) == corrected
        except InternalError as error:
            if error.code != "DAMAGED":
                raise


def of_the_release(root: Path) -> list[Path]:
    """Return the files of sales of the months of the current release, then the deliveries'."""
    workspace, _ = opened(root)
    current = workspace.ledger.current_release()
    assert current is not None
    manifest = read_manifest(workspace.store.places, current.release, current.manifest_sha256)
    made = [workspace.store.path(file.sha256) for file in manifest.files if file.fact == "sale_day"]
    brought = [
        workspace.store.path(fragment.sha256)
        for receipt in workspace.ledger.receipts()
        for fragment in receipt.fragments
        if fragment.fact == "sale_day"
    ]
    return made + brought


def reader_of(workspace: Workspace) -> ReleaseReader:
    return ReleaseReader(
        ledger=workspace.ledger,
        store=workspace.store,
        engines=workspace.engines,
        clock=workspace.clock,
    )


def test_a_full_check_names_what_is_damaged(published: Path, tmp_path: Path) -> None:
    root = tmp_path / "workspace"
    shutil.copytree(published, root)
    workspace, reader = opened(root)
    with reader.hold() as held:
        release = held.release
    assert reader.integrity(release.release).whole
    manifest_file = workspace.store.places.manifest(release.release)
    name = next(p for p in root.glob("store/??/*.parquet") if p.stem in manifest_file.read_text())
    flip(name, random.Random(1))
    found = reader.integrity(release.release)
    assert not found.whole
    assert name.stem[:16] in found.damage[0]
    reader.close()
