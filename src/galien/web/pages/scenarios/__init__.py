"""Choices of labs kept under a name, and compared."""
