"""Margins by category, and the free prices of one."""
