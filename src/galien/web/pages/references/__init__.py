"""A pharmacy against its sector, and early warnings."""
