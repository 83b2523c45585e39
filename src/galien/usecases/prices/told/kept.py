"""The policies that are kept and the prices they decided, told with their author and their result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from galien.usecases.prices.book import KeptPolicy
from galien.usecases.prices.history import Decided, Measured, Run
from galien.usecases.prices.policy_text import policy_plain

Plain = dict[str, Any]


def policy_told(kept: KeptPolicy) -> Plain:
    """Return what a list says of a policy; `digest` tells this text from another."""
    return {
        "key": kept.key,
        "name": kept.name,
        "organisation": kept.organisation,
        "digest": kept.digest,
        "changed_at": kept.changed_at,
        "changed_by": kept.changed_by,
    }


def whole_policy_told(kept: KeptPolicy) -> Plain:
    """Return a policy with its content, under the keys of its file, and its text as it was written."""
    return policy_told(kept) | {"policy": policy_plain(kept.written), "text": kept.text}


def run_told(run: Run) -> Plain:
    """Return a policy applied once: which, from when, by whom, on how many pharmacies and products."""
    return asdict(run)


def whole_run_told(run: Run, rows: Sequence[Decided], result: Measured | None) -> Plain:
    """Return a run with the prices it decided (`rows`) and what sales made of them (`measured`)."""
    return run_told(run) | {
        "measured": None if result is None else asdict(result),
        "rows": [asdict(each) for each in rows],
    }
