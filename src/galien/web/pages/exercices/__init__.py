"""The years of accounts of pharmacies: received, typed, looked into, taken away."""
