"""`galien prices references`: former advised prices and LPP limits, brought in from a file."""

from __future__ import annotations

import argparse
from pathlib import Path

from galien.cli.context import Context
from galien.cli.parser import FrenchParser
from galien.cli.registry import Family, Need
from galien.kernel.errors import InvalidInput


def configure(parser: FrenchParser) -> None:
    """Add the file, or the source to take out."""
    parser.add_argument(
        "file", type=Path, nargs="?", default=None, metavar="FILE.csv",
        help="product_code, source, valid_from, et advised_price, lpp_maximum ou les deux (TTC)",
    )  # fmt: skip
    parser.add_argument(
        "--forget", default=None, metavar="SOURCE", help="retire les prix de cette source"
    )
    parser.set_defaults(run=run, need=Need.WRITE)


def run(context: Context, arguments: argparse.Namespace) -> dict[str, object]:
    """Keep the lines of the file, all or none; tell what is kept in all."""
    from galien.usecases.prices import references as use

    if (arguments.file is None) == (arguments.forget is None):
        raise InvalidInput("Donnez un fichier à importer, ou --forget SOURCE.")
    told: dict[str, object] = {}
    if arguments.forget is not None:
        told["forgotten"] = use.forget(arguments.forget, services=context.services)
    else:
        try:
            content = arguments.file.read_bytes()
        except OSError as error:
            raise InvalidInput(
                f"Le fichier « {arguments.file} » ne peut pas être lu ({error.strerror}). "
                "Vérifiez son chemin."
            ) from error
        done = use.keep(
            use.read_references(content, arguments.file.name), services=context.services
        )
        told = {"lines": done.lines, "added": done.added, "changed": done.changed}
    every = use.all_references(services=context.services)
    return told | {
        "products": len({each.product_code for each in every}),
        "advised_prices": sum(each.advised_incl is not None for each in every),
        "lpp_limits": sum(each.lpp_incl is not None for each in every),
    }


ACTION = Family("references", "importe prix conseillés et limites LPP", configure, order=5)
