"""Contracts and offers of suppliers: listed, read, written, brought in from files."""
