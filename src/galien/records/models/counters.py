"""Named counters: they order what clocks cannot, and serialise who writes."""

from __future__ import annotations

from django.db import models

LEDGER = "ledger"
RIGHTS = "rights"


class Counter(models.Model):
    """A number that only grows. Locking its row serialises the writers of its subject."""

    name = models.CharField(max_length=30, primary_key=True)
    value = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} = {self.value}"


def locked(name: str) -> Counter:
    """Return the counter, its row locked to the end of the transaction (made when missing)."""
    Counter.objects.get_or_create(name=name)
    return Counter.objects.select_for_update().get(name=name)


def next_value(name: str) -> int:
    """Add one to the counter within the transaction and return the new value."""
    counter = locked(name)
    counter.value += 1
    counter.save(update_fields=["value"])
    return counter.value


def current_value(name: str) -> int:
    """Return the counter's value, 0 when nothing was ever counted."""
    return Counter.objects.filter(name=name).values_list("value", flat=True).first() or 0
