"""The catalogue: importing the public medicines database and the group's own hierarchy."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from galien.kernel.errors import InvalidInput
from galien.usecases.services import Services
from galien.warehouse.availability import availability_table, read_availability, write_availability
from galien.warehouse.bdpm import read_bdpm
from galien.warehouse.bdpm.availability import read_notices
from galien.warehouse.catalogue import read_catalogue, write_catalogue
from galien.warehouse.hierarchy import read_hierarchy


@dataclass(frozen=True)
class CatalogueCount:
    """What the catalogue holds after an import: products, versions of them, prices, own products.

    `national_shortages` counts the products that the national list of shortages names.
    """

    products: int
    versions: int
    prices: int
    hierarchy: int
    national_shortages: int


def import_bdpm(folder: Path, *, services: Services) -> CatalogueCount:
    """Import a folder of the public database; what the group said of its products stays.

    The national list of shortages takes the place of the one before, when the folder has it.
    Raises InvalidInput when the folder or a required file is missing.
    """
    if not folder.is_dir():
        raise InvalidInput(f"Dossier {folder} introuvable. Vérifiez le chemin.", code="NO_FILE")
    bdpm = read_bdpm(folder, published_on=services.clock.today())
    notices = read_notices(folder)
    place = services.workspace.catalogue
    write_catalogue(read_catalogue(place).with_bdpm(bdpm, services.law), place)
    if notices is not None:
        write_availability(availability_table(notices, bdpm.presentations), place)
    return counted(services)


def import_hierarchy(path: Path, *, services: Services) -> CatalogueCount:
    """Import the group's hierarchy; a row makes its product when new. Raises InvalidInput."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InvalidInput(
            f"Fichier {path} illisible ({error.strerror}).", code="NO_FILE"
        ) from error
    place = services.workspace.catalogue
    write_catalogue(read_catalogue(place).with_hierarchy(read_hierarchy(content)), place)
    return counted(services)


def counted(services: Services) -> CatalogueCount:
    """Count what the workspace's catalogue holds."""
    catalogue = read_catalogue(services.workspace.catalogue)
    product = catalogue.product()
    return CatalogueCount(
        products=len(product["product_code"].unique()),
        versions=product.num_rows,
        prices=catalogue.product_price.num_rows,
        hierarchy=catalogue.hierarchy.num_rows,
        national_shortages=read_availability(services.workspace.catalogue).num_rows,
    )
