"""Durable jobs: long work that shows its progress, can be cancelled and survives a restart."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


class JobState(models.TextChoices):
    """Where a job stands."""

    QUEUED = "queued", "En attente"
    RUNNING = "running", "En cours"
    DONE = "done", "Terminé"
    FAILED = "failed", "Échoué"
    CANCELLED = "cancelled", "Annulé"


class Job(models.Model):
    """A load, a publication, an export… `attempt` is the fencing number of who runs it now."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("nature", max_length=40)
    arguments = models.JSONField(default=dict)
    state = models.CharField(
        "état", max_length=10, choices=JobState.choices, default=JobState.QUEUED
    )
    progress = models.FloatField("avancement", default=0.0)
    message = models.CharField("message", max_length=500, blank=True)
    cancel_requested = models.BooleanField("annulation demandée", default=False)
    result = models.JSONField("résultat", null=True)
    error_code = models.CharField(max_length=40, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        related_name="jobs",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
    )
    task = models.UUIDField(null=True)
    attempt = models.PositiveSmallIntegerField("tentative", default=0)
    heartbeat_at = models.DateTimeField("dernier signe de vie", null=True)
    created_at = models.DateTimeField("demandé le", auto_now_add=True)
    finished_at = models.DateTimeField("terminé le", null=True)

    class Meta:
        verbose_name = "tâche"
        ordering = ("-created_at",)
        indexes = [models.Index(fields=("state", "heartbeat_at"), name="job_alive")]

    def __str__(self) -> str:
        return f"{self.kind} {self.get_state_display()}"

    @property
    def finished(self) -> bool:
        """Tell whether nothing more will happen to the job."""
        return self.state in (JobState.DONE, JobState.FAILED, JobState.CANCELLED)
