"""Kernel: money, periods, codes, units, clock and errors, on which every other layer stands."""
