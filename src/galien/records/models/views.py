"""Saved views: an analysis kept under a name, opened with the rights of whoever opens it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from galien.records.models.organisations import Organisation


class SavedView(models.Model):
    """A page and its query string; personal, or shared with an organisation."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, related_name="saved_views", on_delete=models.CASCADE
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name="partagée avec",
        related_name="saved_views",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
    )
    page = models.CharField("page", max_length=80)
    name = models.CharField("nom", max_length=120)
    query = models.TextField("état", blank=True)
    is_default = models.BooleanField("par défaut", default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "vue enregistrée"
        ordering = ("page", "name")
        constraints = [
            models.UniqueConstraint(fields=("owner", "page", "name"), name="saved_view_once"),
        ]

    def __str__(self) -> str:
        return self.name
