"""The management balances of a pharmacy's year."""
