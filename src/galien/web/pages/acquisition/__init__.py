"""Buying a pharmacy: the plan over seven years."""
