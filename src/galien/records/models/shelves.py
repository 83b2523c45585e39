"""Orders proposed and sent, shortages met, physical counts, price policies and price decisions."""

from __future__ import annotations

from django.db import models

from galien.records.models.organisations import Organisation, Pharmacy


class ProposedOrder(models.Model):
    """An order to a supplier, from proposal to delivery; `lines` is text data, one entry a product."""

    class State(models.TextChoices):
        """Where the order stands."""

        PROPOSED = "proposed", "Proposée"
        SENT = "sent", "Envoyée"
        DELIVERED = "delivered", "Livrée"
        DROPPED = "dropped", "Abandonnée"

    pharmacy = models.ForeignKey(Pharmacy, related_name="orders", on_delete=models.CASCADE)
    supplier = models.CharField("fournisseur", max_length=200)
    day = models.DateField("date")
    due_on = models.DateField("attendue le", null=True, blank=True)
    state = models.CharField("état", max_length=10, choices=State.choices, default=State.PROPOSED)
    lines = models.JSONField("lignes", default=list)
    sent_at = models.DateTimeField("envoyée le", null=True, blank=True)
    changed_at = models.DateTimeField("modifiée le", auto_now=True)
    changed_by = models.CharField("modifiée par", max_length=150, blank=True)

    class Meta:
        verbose_name = "commande"
        ordering = ("-day", "supplier", "pk")

    def __str__(self) -> str:
        return f"{self.supplier} · {self.day:%d/%m/%Y}"


class PhysicalCount(models.Model):
    """A physical inventory of a pharmacy; `lines` is text data: product, quantity, unit cost, expiry."""

    pharmacy = models.ForeignKey(Pharmacy, related_name="counts", on_delete=models.CASCADE)
    day = models.DateField("date")
    method = models.CharField("méthode", max_length=20, blank=True)
    lines = models.JSONField("lignes", default=list)
    sha256 = models.CharField(max_length=64, blank=True)
    locked = models.BooleanField("méthode arrêtée", default=False)
    received_at = models.DateTimeField("reçu le", auto_now_add=True)
    received_by = models.CharField("reçu de", max_length=150, blank=True)

    class Meta:
        verbose_name = "inventaire"
        ordering = ("pharmacy", "-day")
        constraints = [
            models.UniqueConstraint(
                fields=("pharmacy", "day", "method"), name="physical_count_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pharmacy} · {self.day:%d/%m/%Y}"


class PricePolicy(models.Model):
    """An organisation's price policy under a name; `body` is the whole of it, as text data."""

    organisation = models.ForeignKey(
        Organisation, related_name="price_policies", on_delete=models.CASCADE
    )
    name = models.CharField("nom", max_length=120)
    body = models.JSONField("contenu", default=dict)
    active = models.BooleanField("en vigueur", default=False)
    changed_at = models.DateTimeField("modifiée le", auto_now=True)
    changed_by = models.CharField("modifiée par", max_length=150, blank=True)

    class Meta:
        verbose_name = "politique de prix"
        ordering = ("name", "pk")
        constraints = [
            models.UniqueConstraint(fields=("organisation", "name"), name="price_policy_once"),
        ]

    def __str__(self) -> str:
        return self.name


class PriceDecision(models.Model):
    """A price decided for a product of a pharmacy, in euros incl. tax: by whom, when, and why."""

    pharmacy = models.ForeignKey(Pharmacy, related_name="price_decisions", on_delete=models.CASCADE)
    product_code = models.CharField("produit", max_length=40)
    since = models.DateField("à partir du")
    price_incl = models.DecimalField("prix TTC", max_digits=18, decimal_places=4)
    former_price_incl = models.DecimalField(
        "ancien prix TTC", max_digits=18, decimal_places=4, null=True, blank=True
    )
    cost_excl = models.DecimalField(
        "coût HT", max_digits=18, decimal_places=4, null=True, blank=True
    )
    policy = models.CharField("politique", max_length=120, blank=True)
    reason = models.CharField("raison", max_length=300, blank=True)
    run = models.CharField("passage", max_length=40, blank=True)
    decided_at = models.DateTimeField("décidé le", auto_now_add=True)
    decided_by = models.CharField("décidé par", max_length=150, blank=True)

    class Meta:
        verbose_name = "prix décidé"
        ordering = ("pharmacy", "product_code", "-since", "-pk")
        indexes = [models.Index(fields=("pharmacy", "product_code"), name="price_decision_of")]

    def __str__(self) -> str:
        return f"{self.product_code} · {self.price_incl}"
