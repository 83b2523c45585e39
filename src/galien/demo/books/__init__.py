"""The books of the demonstration's pharmacies: ledgers (FEC) written from what they bought and sold."""
