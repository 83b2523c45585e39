"""How the network's volumes answered its own price changes."""
