"""Products: attributes, prices, codes that no catalogue knows."""
