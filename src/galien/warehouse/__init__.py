"""Warehouse: immutable releases of the facts, their catalogue, and how they are committed and read."""
