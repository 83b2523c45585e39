"""Prices: policies read, tried and applied, prices checked, history of what was decided."""
