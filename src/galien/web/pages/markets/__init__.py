"""Product lists kept under a name."""
