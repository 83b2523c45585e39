"""Suppliers' invoices: received, audited, each with what it owes."""
