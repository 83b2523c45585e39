"""Sending files from the browser."""
