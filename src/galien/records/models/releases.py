"""The ledger's rows about published releases: what exists, what is current, who reads it."""

from __future__ import annotations

from django.db import models


class Release(models.Model):
    """A published release; its key is the hash of its content."""

    release = models.CharField(max_length=64, primary_key=True)
    number = models.BigIntegerField(unique=True)
    parent = models.CharField(max_length=64, blank=True)
    manifest_sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    facts = models.JSONField(default=list)
    ledger_sequence = models.BigIntegerField()
    bad = models.BooleanField(default=False)
    pinned = models.BooleanField("épinglée pour contrôle", default=False)

    class Meta:
        verbose_name = "publication"
        ordering = ("-number",)

    def __str__(self) -> str:
        return self.release


class Pointer(models.Model):
    """The one row that says which release everybody reads."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    release = models.ForeignKey(Release, null=True, related_name="+", on_delete=models.PROTECT)
    moves = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = "publication en vigueur"

    def __str__(self) -> str:
        return str(self.release_id)


class ReleaseLease(models.Model):
    """A reader holds a release until a moment: its files are not swept before."""

    release = models.CharField(max_length=64)
    holder = models.CharField(max_length=100)
    until = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "bail de lecture"
        constraints = [
            models.UniqueConstraint(fields=("release", "holder"), name="lease_once"),
        ]

    def __str__(self) -> str:
        return f"{self.release} · {self.holder}"
