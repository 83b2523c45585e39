"""Sleeping and excess stock."""
