"""A product by its code, its name or a scan."""
