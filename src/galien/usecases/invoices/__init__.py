"""Suppliers' invoices of pharmacies: received, matched with deliveries, audited, listed."""
