"""The indicators of a pharmacy and a year."""
