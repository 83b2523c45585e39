"""The first page: the data calendar, then the month's figures."""
