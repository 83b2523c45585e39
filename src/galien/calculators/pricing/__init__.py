"""Prices: arithmetic, policy by category, effect, coherence and legality."""
