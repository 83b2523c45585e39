"""The classes of a panel of pharmacies."""
