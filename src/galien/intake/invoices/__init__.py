"""Suppliers' electronic invoices (Factur-X, CII, UBL): read, checked, reduced to what an audit needs."""
