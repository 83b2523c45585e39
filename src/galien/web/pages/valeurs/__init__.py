"""Values offered by filters, as one types."""
