"""Demand: sales corrected for days without stock, their pattern, a forecast chosen by back-test."""
