"""Pay on medicines read from a group's facts: its structure, its fees, and reforms tried on it."""
