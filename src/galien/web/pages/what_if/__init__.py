"""A proposed value of the law tried on the sales of the reader's pharmacies."""
