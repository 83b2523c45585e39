"""Orders: when to order, how much, from whom, and why, line by line."""
