"""Calculators: the trade's computations, pure, each given its inputs and the law of the day."""
