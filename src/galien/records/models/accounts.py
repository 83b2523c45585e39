"""A pharmacy's years of accounts: totals by account, corrected mappings, activity summaries."""

from __future__ import annotations

from django.db import models

from galien.records.models.organisations import Pharmacy


class AccountingYear(models.Model):
    """A year of accounts of a pharmacy, from its ledger file or entered by hand.

    A pharmacy has one of a given last day: a later file replaces it.
    """

    class Origin(models.TextChoices):
        """Where the totals come from."""

        FEC = "fec", "Fichier des écritures comptables"
        MANUAL = "manual", "Saisie manuelle"

    pharmacy = models.ForeignKey(Pharmacy, related_name="years", on_delete=models.CASCADE)
    siren = models.CharField("SIREN", max_length=9, blank=True)
    first_day = models.DateField("premier jour")
    last_day = models.DateField("dernier jour")
    origin = models.CharField("origine", max_length=10, choices=Origin.choices)
    filename = models.CharField("fichier", max_length=255, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    entries = models.BigIntegerField("écritures", default=0)
    lines = models.BigIntegerField("lignes", default=0)
    issues = models.JSONField("remarques", default=list)
    received_at = models.DateTimeField("reçu le")
    received_by = models.CharField("reçu de", max_length=150, blank=True)

    class Meta:
        verbose_name = "exercice"
        ordering = ("pharmacy", "-last_day")
        constraints = [
            models.UniqueConstraint(fields=("pharmacy", "last_day"), name="accounting_year_once"),
        ]

    def __str__(self) -> str:
        return f"{self.pharmacy} · {self.last_day:%d/%m/%Y}"


class YearTotal(models.Model):
    """The total of an account over a year, in euros."""

    year = models.ForeignKey(AccountingYear, related_name="totals", on_delete=models.CASCADE)
    account = models.CharField("compte", max_length=30)
    label = models.CharField("libellé", max_length=200, blank=True)
    debit = models.DecimalField("débit", max_digits=18, decimal_places=4)
    credit = models.DecimalField("crédit", max_digits=18, decimal_places=4)
    opening_debit = models.DecimalField("débit d’ouverture", max_digits=18, decimal_places=4)
    opening_credit = models.DecimalField("crédit d’ouverture", max_digits=18, decimal_places=4)

    class Meta:
        verbose_name = "total de compte"
        ordering = ("year", "account")
        constraints = [
            models.UniqueConstraint(fields=("year", "account"), name="year_total_once"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.label}"


class AccountRule(models.Model):
    """A firm's own correction: the accounts that begin with a prefix go to another line."""

    pharmacy = models.ForeignKey(Pharmacy, related_name="account_rules", on_delete=models.CASCADE)
    prefix = models.CharField("compte", max_length=30)
    line = models.CharField("ligne", max_length=60)
    changed_at = models.DateTimeField("modifiée le", auto_now=True)
    changed_by = models.CharField("modifiée par", max_length=150, blank=True)

    class Meta:
        verbose_name = "règle de compte"
        ordering = ("pharmacy", "prefix")
        constraints = [
            models.UniqueConstraint(fields=("pharmacy", "prefix"), name="account_rule_once"),
        ]

    def __str__(self) -> str:
        return f"{self.prefix} → {self.line}"


class ActivitySummary(models.Model):
    """The yearly summary of a dispensing software: amounts incl. tax and invoices by sale type.

    `rows` is a list of `[sale_type, gross_incl, invoices]`, amounts as text.
    """

    pharmacy = models.ForeignKey(Pharmacy, related_name="activities", on_delete=models.CASCADE)
    first_day = models.DateField("premier jour")
    last_day = models.DateField("dernier jour")
    rows = models.JSONField("ventes par type", default=list)
    clients = models.BigIntegerField("clients", null=True, blank=True)
    fte = models.DecimalField(
        "équivalents temps plein", max_digits=8, decimal_places=2, null=True, blank=True
    )
    changed_at = models.DateTimeField("modifié le", auto_now=True)
    changed_by = models.CharField("modifié par", max_length=150, blank=True)

    class Meta:
        verbose_name = "bilan d’activité"
        ordering = ("pharmacy", "-last_day")
        constraints = [
            models.UniqueConstraint(fields=("pharmacy", "last_day"), name="activity_once"),
        ]

    def __str__(self) -> str:
        return f"{self.pharmacy} · {self.last_day:%d/%m/%Y}"
