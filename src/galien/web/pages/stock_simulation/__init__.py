"""A year of a pharmacy replayed with a policy of stock."""
