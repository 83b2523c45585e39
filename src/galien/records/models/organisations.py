"""Organisations and pharmacies: who exists, before anyone has a right to anything."""

from __future__ import annotations

from django.db import models


class OrganisationKind(models.TextChoices):
    """What an organisation is."""

    GROUP = "group", "Groupement"
    PHARMACY = "pharmacy", "Pharmacie"
    ACCOUNTING_FIRM = "accounting_firm", "Cabinet comptable"


class Organisation(models.Model):
    """A group of pharmacies, a pharmacy as a company, or an accounting firm."""

    name = models.CharField("nom", max_length=200)
    kind = models.CharField("nature", max_length=20, choices=OrganisationKind.choices)
    created_at = models.DateTimeField("créée le", auto_now_add=True)

    class Meta:
        verbose_name = "organisation"
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(fields=("kind", "name"), name="organisation_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Pharmacy(models.Model):
    """A shop, known by its FINESS number; typology, size and banner are free text."""

    finess = models.CharField("FINESS", max_length=14, primary_key=True)
    name = models.CharField("nom", max_length=200)
    department = models.CharField("département", max_length=3, blank=True)
    typology = models.CharField("typologie", max_length=100, blank=True)
    size_band = models.CharField("taille", max_length=100, blank=True)
    banner = models.CharField("enseigne", max_length=100, blank=True)
    lgo = models.CharField("logiciel", max_length=100, blank=True)
    group = models.ForeignKey(
        Organisation,
        verbose_name="groupement",
        related_name="member_pharmacies",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
    )
    organisation = models.OneToOneField(
        Organisation,
        verbose_name="société",
        related_name="pharmacy",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
    )
    created_at = models.DateTimeField("inscrite le", auto_now_add=True)

    class Meta:
        verbose_name = "pharmacie"
        ordering = ("name", "finess")

    def __str__(self) -> str:
        return self.name
