"""Whom to sign with: pairs of labs, the best labs in any number, each member's gain, what to negotiate."""
