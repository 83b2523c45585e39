"""The labs to sign with: the best of all sets under thresholds, tiers and clauses, with its proof."""
