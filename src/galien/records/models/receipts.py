"""The ledger's rows about files: receipts, versions of days, what is live, what is set aside."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Receipt(models.Model):
    """What became of a file; received = accepted + quarantined + duplicates, always."""

    receipt = models.CharField(max_length=40, primary_key=True)
    sequence = models.BigIntegerField(unique=True)
    sha256 = models.CharField(max_length=64)
    content_hash = models.CharField(max_length=64, blank=True)
    feed = models.CharField(max_length=20)
    pharmacy = models.CharField(max_length=14)
    mapping = models.CharField(max_length=100)
    filename = models.CharField(max_length=255, blank=True)
    sender = models.CharField(max_length=150, blank=True)
    status = models.CharField(max_length=12)
    code = models.CharField(max_length=40, blank=True)
    received = models.BigIntegerField(default=0)
    accepted = models.BigIntegerField(default=0)
    quarantined = models.BigIntegerField(default=0)
    duplicates = models.BigIntegerField(default=0)
    received_at = models.DateTimeField()
    exported_at = models.DateTimeField(null=True)
    append = models.BooleanField(default=False)
    replaced_days = models.JSONField(default=list)
    days = models.JSONField(default=list)
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    sums = models.JSONField(default=dict)
    fragments = models.JSONField(default=list)
    dropped_columns = models.JSONField(default=list)

    class Meta:
        verbose_name = "récépissé"
        ordering = ("-sequence",)
        indexes = [
            models.Index(fields=("pharmacy", "feed", "sha256"), name="receipt_bytes"),
            models.Index(fields=("pharmacy", "feed", "content_hash"), name="receipt_content"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("pharmacy", "feed", "sha256"),
                condition=Q(status="accepted"),
                name="receipt_accepted_once",
            ),
        ]

    def __str__(self) -> str:
        return self.receipt


class Resend(models.Model):
    """The same bytes or content received again, noted beside the first receipt."""

    receipt = models.ForeignKey(Receipt, related_name="resends", on_delete=models.CASCADE)
    sha256 = models.CharField(max_length=64)
    filename = models.CharField(max_length=255, blank=True)
    sender = models.CharField(max_length=150, blank=True)
    received_at = models.DateTimeField()
    exported_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "renvoi"
        ordering = ("receipt", "received_at")

    def __str__(self) -> str:
        return f"{self.receipt_id} ({self.received_at:%d/%m/%Y})"


class QuarantineRow(models.Model):
    """A problem of a file: physical line, reason, masked extract, never a visit or a time."""

    receipt = models.ForeignKey(Receipt, related_name="quarantine", on_delete=models.CASCADE)
    line = models.BigIntegerField()
    column = models.CharField(max_length=100, blank=True)
    code = models.CharField(max_length=40)
    message = models.TextField()
    severity = models.CharField(max_length=10)
    extract = models.TextField(blank=True)

    class Meta:
        verbose_name = "ligne en quarantaine"
        ordering = ("receipt", "line", "id")

    def __str__(self) -> str:
        return f"{self.receipt_id}:{self.line} {self.code}"


class DayVersion(models.Model):
    """A version of a (pharmacy, feed, day), brought by one receipt.

    `order_at` is the export time of the file, else its time of receipt; `sequence` settles ties.
    """

    receipt = models.ForeignKey(Receipt, related_name="versions", on_delete=models.CASCADE)
    pharmacy = models.CharField(max_length=14)
    feed = models.CharField(max_length=20)
    day = models.DateField()
    order_at = models.DateTimeField()
    sequence = models.BigIntegerField()
    append = models.BooleanField(default=False)

    class Meta:
        verbose_name = "version d’un jour"
        ordering = ("pharmacy", "feed", "day", "order_at", "sequence")
        constraints = [
            models.UniqueConstraint(fields=("receipt", "day"), name="version_once"),
        ]
        indexes = [models.Index(fields=("pharmacy", "feed", "day"), name="version_of_day")]

    def __str__(self) -> str:
        return f"{self.pharmacy} {self.feed} {self.day} ({self.receipt_id})"


class LiveDay(models.Model):
    """The receipts a (pharmacy, feed, day) is made of, and the number of its last change."""

    pharmacy = models.CharField(max_length=14)
    feed = models.CharField(max_length=20)
    day = models.DateField()
    receipts = models.JSONField(default=list)
    sequence = models.BigIntegerField(db_index=True)

    class Meta:
        verbose_name = "jour en vigueur"
        ordering = ("pharmacy", "feed", "day")
        constraints = [
            models.UniqueConstraint(fields=("pharmacy", "feed", "day"), name="live_day_once"),
        ]

    def __str__(self) -> str:
        return f"{self.pharmacy} {self.feed} {self.day}"
