"""From till to accounts, and the margins of a year by their definitions."""
