"""The ledger file of a firm (FEC): read in every way it is written, checked, reduced to its accounts."""
