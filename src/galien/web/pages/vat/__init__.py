"""VAT by rate, and method B."""
