"""The ledger of purchases, from list price to net-net price."""
