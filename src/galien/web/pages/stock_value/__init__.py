"""The stock at a date, by four methods."""
