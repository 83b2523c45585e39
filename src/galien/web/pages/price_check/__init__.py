"""Prices in doubt, and margins by category."""
