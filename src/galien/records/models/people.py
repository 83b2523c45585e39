"""People and the role they hold in an organisation."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models

from galien.records.models.organisations import Organisation


class Role(models.TextChoices):
    """What a person does in an organisation, from the widest duties to the narrowest."""

    ADMINISTRATOR = "administrator", "Administrateur"
    NETWORK_MANAGER = "network_manager", "Animateur de réseau"
    BUYER = "buyer", "Acheteur"
    ANALYST = "analyst", "Analyste"
    ACCOUNTANT = "accountant", "Expert-comptable"
    OWNER = "owner", "Titulaire"
    TEAM_MEMBER = "team_member", "Membre de l’équipe"


class User(AbstractUser):
    """A person who signs in: the least needed to greet them and to answer for their acts."""

    display_name = models.CharField("nom affiché", max_length=150, blank=True)

    class Meta:
        verbose_name = "utilisateur"
        ordering = ("username",)

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """Return the name to print: the chosen one, else first and last, else the sign-in."""
        return self.display_name or self.get_full_name() or self.username

    @property
    def initials(self) -> str:
        """Return one or two capitals for the avatar.

        >>> User(username="x", display_name="Claire Petit").initials
        'CP'
        """
        words = [word for word in self.shown_name.replace("-", " ").split() if word[0].isalnum()]
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


class Membership(models.Model):
    """A person in an organisation, with one role."""

    user = models.ForeignKey(User, related_name="memberships", on_delete=models.CASCADE)
    organisation = models.ForeignKey(
        Organisation, related_name="memberships", on_delete=models.CASCADE
    )
    role = models.CharField("rôle", max_length=20, choices=Role.choices)
    created_at = models.DateTimeField("depuis le", auto_now_add=True)

    PRECEDENCE: ClassVar[tuple[str, ...]] = tuple(Role.values)

    class Meta:
        verbose_name = "appartenance"
        constraints = [
            models.UniqueConstraint(fields=("user", "organisation"), name="membership_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.organisation}"
