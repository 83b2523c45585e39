"""Analyses kept under a name."""
