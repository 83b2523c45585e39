"""A firm's accounts: the lines of its management balances, and what is read from them."""
