"""`galien load`: loading a file, releasing or dropping one that is held; one receipt on stdout."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from galien.cli.context import Context
from galien.cli.parser import FrenchParser, moment
from galien.cli.registry import Family, Need
from galien.kernel.errors import InvalidInput
from galien.kernel.money import round_amount

if TYPE_CHECKING:
    from galien.warehouse.ledger import ReceiptRecord

FEEDS = ("sales", "purchases", "stock")
LISTED_ISSUES = 1_000
DATA_REFUSED = 3
HELD_ACTIONS = ("release", "discard")
SENTENCES = {
    "held": "Fichier en attente ({code}) : vérifiez, puis « galien load release {receipt} » "
    "pour le charger ou « galien load discard {receipt} » pour l’écarter.",
    "refused": "Fichier refusé ({code}). {first}",
}


def configure(parser: FrenchParser) -> None:
    """Add the options; `release RECEIPT` and `discard RECEIPT` stand in the file's place."""
    parser.add_argument(
        "words",
        nargs="+",
        metavar="FICHIER | release RÉCÉPISSÉ | discard RÉCÉPISSÉ",
        help="le fichier à charger, ou le sort d’un fichier en attente",
    )
    parser.add_argument("--feed", choices=FEEDS, help="flux du fichier")
    parser.add_argument("--pharmacy", metavar="FINESS", help="pharmacie qui l’envoie")
    parser.add_argument("--mapping", metavar="NOM", default="galien", help="correspondance")
    parser.add_argument("--exported-at", type=moment, metavar="MOMENT", default=None)
    parser.add_argument(
        "--append",
        action="store_true",
        default=False,
        help="complète les jours au lieu de les remplacer",
    )
    parser.set_defaults(run=run, need=Need.WRITE)


def run(context: Context, arguments: argparse.Namespace) -> dict[str, object]:
    """Load a file, or decide of a held one; exit 3 when it is held or refused."""
    receipt = _decided(context, arguments.words)
    if receipt is None:
        receipt = _loaded(context, arguments)
    status = receipt.status.value
    if status in SENTENCES:
        context.exit_code = DATA_REFUSED
        first = receipt.issues[0].message if receipt.issues else ""
        context.say(
            SENTENCES[status].format(code=receipt.code, receipt=receipt.receipt, first=first)
        )
    return printed(receipt)


def _decided(context: Context, words: list[str]) -> ReceiptRecord | None:
    from galien.usecases import load as use

    if len(words) == 1:
        return None
    if len(words) != 2 or words[0] not in HELD_ACTIONS:
        raise InvalidInput(
            "galien load : donnez un seul fichier, ou « release » ou « discard » suivi d’un "
            "récépissé.",
            code="USAGE",
        )
    decide = use.release_held if words[0] == "release" else use.discard_held
    return decide(words[1], services=context.services)


def _loaded(context: Context, arguments: argparse.Namespace) -> ReceiptRecord:
    from galien.usecases.load import LoadOrder, load

    missing = [name for name in ("feed", "pharmacy") if not hasattr(arguments, name)]
    if missing:
        options = ", ".join(f"--{name}" for name in missing)
        raise InvalidInput(f"galien load : il manque {options}.", code="USAGE")
    order = LoadOrder(
        path=Path(arguments.words[0]),
        feed=arguments.feed,
        pharmacy=arguments.pharmacy,
        mapping=arguments.mapping,
        exported_at=arguments.exported_at,
        append=arguments.append,
        sender="cli",
    )
    return load(order, services=context.services)


def printed(receipt: ReceiptRecord) -> dict[str, object]:
    """Return a receipt under the keys that scripts read."""
    return {
        "receipt": receipt.receipt,
        "sha256": receipt.sha256,
        "status": receipt.status.value,
        "code": receipt.code,
        "received": receipt.received,
        "accepted": receipt.accepted,
        "quarantined": receipt.quarantined,
        "duplicates": receipt.duplicates,
        "replaced_days": list(receipt.replaced_days),
        "issues": [
            {
                "line": issue.line,
                "column": issue.column,
                "code": issue.code,
                "message": issue.message,
            }
            for issue in receipt.issues[:LISTED_ISSUES]
        ],
        "sums": _sums(receipt.sums),
    }


def _sums(sums: Mapping[str, Decimal]) -> dict[str, object]:
    return {
        "quantity": sums.get("quantity", Decimal(0)),
        "amount": round_amount(sums.get("amount", Decimal(0))),
    }


FAMILY = Family(
    "load", "Charge un fichier de pharmacie et rend son récépissé.", configure, order=10
)
