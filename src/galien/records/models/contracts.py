"""Contracts and offers of suppliers, their invoices, claims for what is owed, and saved scenarios."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from galien.records.models.organisations import Organisation, Pharmacy


class SupplierContract(models.Model):
    """A contract or an offer, as an organisation keeps it; `body` is the whole of it, as text data."""

    class Standing(models.TextChoices):
        """How far it binds."""

        OFFER = "offer", "Offre"
        SIGNED = "signed", "Signé"
        ENDED = "ended", "Terminé"

    organisation = models.ForeignKey(
        Organisation, related_name="contracts", on_delete=models.CASCADE
    )
    reference = models.CharField("référence", max_length=120)
    supplier = models.CharField("fournisseur", max_length=200, blank=True)
    lab = models.CharField("laboratoire", max_length=200, blank=True)
    standing = models.CharField("état", max_length=10, choices=Standing.choices)
    signed_on = models.DateField("signé le", null=True, blank=True)
    since = models.DateField("début")
    until = models.DateField("fin", null=True, blank=True)
    body = models.JSONField("contenu", default=dict)
    changed_at = models.DateTimeField("modifié le", auto_now=True)
    changed_by = models.CharField("modifié par", max_length=150, blank=True)

    class Meta:
        verbose_name = "contrat"
        ordering = ("lab", "supplier", "reference")
        constraints = [
            models.UniqueConstraint(fields=("organisation", "reference"), name="contract_once"),
        ]

    def __str__(self) -> str:
        return self.reference


class SupplierInvoice(models.Model):
    """An invoice or a credit note of a supplier, read from its electronic form.

    Amounts are in euros excl. tax, negative on a credit note; `lines` and `charges` are text data.
    """

    class Kind(models.TextChoices):
        """What the document is."""

        INVOICE = "invoice", "Facture"
        CREDIT_NOTE = "credit_note", "Avoir"

    pharmacy = models.ForeignKey(
        Pharmacy, related_name="supplier_invoices", on_delete=models.CASCADE
    )
    supplier = models.CharField("fournisseur", max_length=200)
    number = models.CharField("numéro", max_length=120)
    kind = models.CharField("nature", max_length=12, choices=Kind.choices)
    form = models.CharField("forme", max_length=20)
    issued_on = models.DateField("date")
    due_on = models.DateField("échéance", null=True, blank=True)
    total_excl = models.DecimalField("total HT", max_digits=18, decimal_places=4)
    total_incl = models.DecimalField("total TTC", max_digits=18, decimal_places=4)
    lines = models.JSONField("lignes", default=list)
    charges = models.JSONField("frais et remises", default=list)
    issues = models.JSONField("remarques", default=list)
    filename = models.CharField("fichier", max_length=255, blank=True)
    sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField("reçue le")
    received_by = models.CharField("reçue de", max_length=150, blank=True)

    class Meta:
        verbose_name = "facture"
        ordering = ("-issued_on", "supplier", "number")
        constraints = [
            models.UniqueConstraint(
                fields=("pharmacy", "supplier", "number", "kind"), name="supplier_invoice_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supplier} {self.number}"


class Claim(models.Model):
    """What a pharmacy asks back from a supplier, until credit notes answer it. Euros excl. tax.

    `findings` are the differences as they were when the claim was made, as text data; `credits` the
    numbers of the credit notes that answer it; `recovered` is what they bring.
    """

    class State(models.TextChoices):
        """Where the claim stands."""

        OPEN = "open", "À envoyer"
        SENT = "sent", "Envoyée"
        PARTIAL = "partial", "Recouvrée en partie"
        RECOVERED = "recovered", "Recouvrée"
        DROPPED = "dropped", "Abandonnée"

    pharmacy = models.ForeignKey(Pharmacy, related_name="claims", on_delete=models.CASCADE)
    supplier = models.CharField("fournisseur", max_length=200)
    reference = models.CharField("référence", max_length=60)
    state = models.CharField("état", max_length=10, choices=State.choices, default=State.OPEN)
    first_day = models.DateField("premier jour")
    last_day = models.DateField("dernier jour")
    claimed = models.DecimalField("demandé", max_digits=18, decimal_places=4)
    recovered = models.DecimalField("recouvré", max_digits=18, decimal_places=4, default=0)
    findings = models.JSONField("écarts", default=list)
    credits = models.JSONField("avoirs", default=list)
    sent_on = models.DateField("envoyée le", null=True, blank=True)
    closed_on = models.DateField("close le", null=True, blank=True)
    created_at = models.DateTimeField("créée le", auto_now_add=True)
    created_by = models.CharField("créée par", max_length=150, blank=True)

    class Meta:
        verbose_name = "réclamation"
        ordering = ("-created_at", "pk")
        constraints = [
            models.UniqueConstraint(fields=("pharmacy", "reference"), name="claim_once"),
        ]

    def __str__(self) -> str:
        return self.reference


class Scenario(models.Model):
    """A choice of labs kept under a name, to compare: what was asked, and the answer then given."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, related_name="scenarios", on_delete=models.CASCADE
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name="partagé avec",
        related_name="scenarios",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
    )
    name = models.CharField("nom", max_length=120)
    settings = models.JSONField("réglages", default=dict)
    answer = models.JSONField("réponse", default=dict)
    release = models.CharField("publication", max_length=64, blank=True)
    created_at = models.DateTimeField("créé le", auto_now_add=True)
    changed_at = models.DateTimeField("modifié le", auto_now=True)

    class Meta:
        verbose_name = "scénario"
        ordering = ("name", "pk")
        constraints = [
            models.UniqueConstraint(fields=("owner", "name"), name="scenario_once"),
        ]

    def __str__(self) -> str:
        return self.name
