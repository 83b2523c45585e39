"""Authorisations: what a pharmacy lets another organisation see, signed, dated and withdrawable."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q

from galien.records.models.organisations import Organisation, Pharmacy


def every_feed() -> list[str]:
    """Return the feeds an authorisation opens when nothing else is said."""
    return ["sales", "purchases", "stock"]


class AuthorisationQuerySet(models.QuerySet["Authorisation"]):
    """Questions asked of authorisations."""

    def in_force(self, today: dt.date) -> AuthorisationQuerySet:
        """Return those signed by `today` and not withdrawn."""
        return self.filter(withdrawn_at__isnull=True, signed_on__lte=today)


class Authorisation(models.Model):
    """A signed record: a pharmacy opens feeds, for some days of data, to an organisation.

    `valid_from` and `valid_to` bound the days of data that may be seen (none: no bound).
    Withdrawal closes everything at the next request.
    """

    pharmacy = models.ForeignKey(Pharmacy, related_name="authorisations", on_delete=models.CASCADE)
    organisation = models.ForeignKey(
        Organisation, related_name="authorisations", on_delete=models.CASCADE
    )
    feeds = models.JSONField("flux", default=every_feed)
    signed_by = models.CharField("signée par", max_length=200)
    signed_on = models.DateField("signée le")
    valid_from = models.DateField("données à partir du", null=True, blank=True)
    valid_to = models.DateField("données jusqu’au", null=True, blank=True)
    document = models.CharField("document", max_length=300, blank=True)
    withdrawn_at = models.DateTimeField("retirée le", null=True, blank=True)
    withdrawn_by = models.CharField("retirée par", max_length=200, blank=True)

    objects = AuthorisationQuerySet.as_manager()

    class Meta:
        verbose_name = "autorisation"
        ordering = ("pharmacy", "organisation", "signed_on")
        indexes = [
            models.Index(
                fields=("organisation", "pharmacy"),
                condition=Q(withdrawn_at__isnull=True),
                name="authorisation_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.pharmacy} → {self.organisation}"

    def withdraw(self, *, at: dt.datetime, by: str) -> None:
        """Withdraw the authorisation; a second withdrawal changes nothing."""
        if self.withdrawn_at is None:
            self.withdrawn_at = at
            self.withdrawn_by = by
            self.save(update_fields=["withdrawn_at", "withdrawn_by"])
