"""Contracts and offers of suppliers: read, checked, kept, listed."""
