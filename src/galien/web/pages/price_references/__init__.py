"""Former advised prices and LPP limits."""
