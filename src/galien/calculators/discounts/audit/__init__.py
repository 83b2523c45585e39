"""The audit of a supplier's invoice: what was agreed and is not on it, in euros to claim."""
