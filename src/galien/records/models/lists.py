"""Saved product lists ("marchés"): product codes kept under a name, personal or shared."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from galien.records.models.organisations import Organisation


class ProductList(models.Model):
    """Product codes under a name, one a line; read by its owner and, when shared, an organisation."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, related_name="product_lists", on_delete=models.CASCADE
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name="partagé avec",
        related_name="product_lists",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
    )
    name = models.CharField("nom", max_length=120)
    codes = models.TextField("codes des produits")
    updated_at = models.DateTimeField("modifié le", auto_now=True)

    class Meta:
        verbose_name = "marché"
        ordering = ("name", "pk")
        constraints = [
            models.UniqueConstraint(fields=("owner", "name"), name="product_list_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def products(self) -> tuple[str, ...]:
        """Product codes, in order."""
        return tuple(self.codes.split())
