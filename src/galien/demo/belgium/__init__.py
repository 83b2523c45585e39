"""A Belgian pair of pharmacies, invented from its shelves to its sales."""
