"""`python -m bench`: measure every part, or one, print the tables, keep the figures as JSON."""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

from bench.options import Options
from bench.report import Report, say
from galien.kernel.errors import GalienError
from galien.usecases.workspace import DEFAULT_FOLDER, Workspace

PARTS = (
    "analyses", "users", "intake", "accounts", "publishing", "pages", "law", "discounts", "demand", "orders",
)  # fmt: skip
APART = ("national",)
ON_WORKSPACE = {"analyses", "users", "publishing", "pages"}


def main() -> int:
    """Run what the command line asks for; 1 when a part could not be measured."""
    arguments = _parser().parse_args()
    options = Options(arguments.workspace.absolute(), arguments.rounds, arguments.seed)
    failed = False
    for part in [arguments.only] if arguments.only else PARTS:
        say(f"── {part} ──")
        try:
            if part in ON_WORKSPACE and options.workspace.suffix != ".duckdb":
                Workspace(options.workspace).require()
            report: Report = importlib.import_module(f"bench.parts.{part}").measure(options)
        except GalienError as error:
            say(f"{part} could not be measured: {error.message}")
            failed = True
            continue
        report.print()
        say(f"kept in {report.save(seed=options.seed, rounds=options.rounds).name}")
    return int(failed)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--workspace", type=Path, default=Path(DEFAULT_FOLDER))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=(*PARTS, *APART))
    return parser


if __name__ == "__main__":
    sys.exit(main())
