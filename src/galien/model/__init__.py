"""Model: the canonical feeds and facts, their columns, units, grain and enumerations."""
