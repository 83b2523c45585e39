"""Django's entry for the records: loads the models and what follows changes of rights."""

from __future__ import annotations

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """The records application."""

    name = "galien.records"
    label = "records"
    verbose_name = "Registres"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Watch changes of rights: the epoch moves and the audit log keeps them."""
        from galien.records import rights_watch

        rights_watch.connect()
