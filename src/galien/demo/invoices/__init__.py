"""Invoices of the demonstration: real Factur-X, CII and UBL files, with the mistakes suppliers make."""
